#include "framework/image/docker_daemon.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include "framework/image/daemon_address.h"
#include "framework/image/http.h"
#include "framework/image/json.h"
#include "framework/image/path.h"
#include "framework/image/reference.h"
#include "framework/image/silence.h"
#include "framework/image/spool.h"
#include "framework/image/tar_fields.h"
#include "watertight/error.h"

namespace watertight {
namespace {

// An answer to /_ping needs no work.
constexpr std::chrono::seconds kPingSilence{30};

using Version = std::pair<std::uint64_t, std::uint64_t>;  // major, minor
// The newest that this code was written for, and the first that takes a platform.
constexpr Version kNewest{1, 51};
constexpr Version kTakesPlatform{1, 48};

Version ParseVersion(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return {};
  const auto major = ParseDecimal(text.substr(0, dot));
  const auto minor = ParseDecimal(text.substr(dot + 1));
  if (!major || !minor) return {};
  return {static_cast<std::uint64_t>(*major), static_cast<std::uint64_t>(*minor)};
}

std::string PercentEncoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || c == '-' || c == '.' || c == '_') {
      encoded += c;
    } else {
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

// One conversation with a daemon.
class Daemon {
 public:
  Daemon() : address_(FindDaemon()), silence_(SilenceLimit()) {}

  // Agrees on a version.
  void Greet() {
    const std::chrono::seconds silence = std::min(kPingSilence, silence_);
    const HttpAnswer answer = Get("/_ping", silence);
    const auto told = answer.headers.find("api-version");
    version_ = told == answer.headers.end() ? Version() : ParseVersion(told->second);
    if (answer.status != 200 || version_ == Version()) {
      throw Error(ErrorCode::kIo, "what listens at " + address_.name +
                                      " is no Docker daemon: it answers /_ping with " +
                                      std::to_string(answer.status) +
                                      (answer.status == 200 ? " and no Api-Version" : ""));
    }
    version_ = std::min(version_, kNewest);
  }

  // What the daemon knows of an image.
  Json Inspect(const std::string& name) {
    const HttpAnswer answer = Get(Path(name, "json"), silence_);
    Check(answer);
    std::vector<Note> notes;
    return ParseJson(answer.body, "the Docker daemon's answer", &notes);
  }

  // size: that it will have, as far as is known; else 0.
  SharedBytes Save(const std::string& name, std::uint64_t size, const OpenOptions& options) {
    SpoolFile file(options.progress, size);
    const std::string path = Path(name, "get") + PlatformQuery(options.platform);
    const HttpAnswer answer =
        Get(path, silence_, [&file](std::string_view piece) { file.Write(piece); });
    if (!answer.failure.empty()) {
      throw Error(ErrorCode::kIo, Spoken() + " stopped after " + std::to_string(file.size()) +
                                      " bytes of the image: " + answer.failure);
    }
    Check(answer);
    return file.Finish();
  }

  bool TakesPlatform() const { return version_ >= kTakesPlatform; }

 private:
  std::string Spoken() const { return "the Docker daemon at " + address_.name; }

  std::string Path(const std::string& name, const char* what) const {
    const auto& [major, minor] = version_;
    return "/v" + std::to_string(major) + "." + std::to_string(minor) + "/images/" + name + "/" +
           what;
  }

  std::string PlatformQuery(const std::string& platform) const {
    if (platform.empty() || !TakesPlatform()) return "";
    std::vector<std::string> parts(1);
    for (const char c : platform) {
      if (c == '/') {
        parts.emplace_back();
      } else {
        parts.back() += c;
      }
    }
    parts.resize(3);
    Json json = {{"os", ToUtf8(parts[0])}, {"architecture", ToUtf8(parts[1])}};
    if (!parts[2].empty()) json["variant"] = ToUtf8(parts[2]);
    return "?platform=" + PercentEncoded(json.dump());
  }

  // An answer, whole or, of a sink, not. Throws when there is none.
  HttpAnswer Get(const std::string& path, std::chrono::seconds silence,
                 const HttpSink& sink = nullptr) {
    HttpAnswer answer = HttpGet(address_.server, path, silence, sink);
    if (answer.failure.empty() || (sink && answer.status == 200)) return answer;
    if (answer.system_error == EACCES) {
      throw Error(ErrorCode::kIo, "may not use " + Spoken() +
                                      ": Permission denied; root may, and who is in the group of "
                                      "its socket (often docker)");
    }
    const std::string reason =
        answer.system_error != 0 ? strerror(answer.system_error) : answer.failure;
    throw Error(ErrorCode::kIo, "cannot reach " + Spoken() + ": " + reason + "; is it running?");
  }

  void Check(const HttpAnswer& answer) const {
    if (answer.status == 200) return;
    const ErrorCode code = answer.status == 404 ? ErrorCode::kNotFound : ErrorCode::kIo;
    throw Error(code, Spoken() + " answers " + std::to_string(answer.status) + ": " +
                          OwnWords(answer.body));
  }

  // "no such image: app:ci" of {"message": "no such image: app:ci"}.
  static std::string OwnWords(const std::string& body) {
    constexpr std::size_t kMostWords = 300;
    std::string words = body;
    try {
      std::vector<Note> notes;
      const Json json = ParseJson(body, "", &notes);
      const std::string message = JsonObject(json, "").String("message");
      if (!message.empty()) words = message;
    } catch (const Error&) {
      // Not every server in its place answers in JSON.
    }
    while (!words.empty() && (words.back() == '\n' || words.back() == '\r')) words.pop_back();
    if (words.empty()) return "nothing more";
    return Printable(words.substr(0, kMostWords)) + (words.size() > kMostWords ? "…" : "");
  }

  DaemonAddress address_;
  std::chrono::seconds silence_;
  Version version_;
};

bool IsName(const std::string& name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@+";
  return !name.empty() && name.find_first_not_of(kAllowed) == std::string::npos &&
         name.front() != '-' && name.front() != '/' && name.back() != '/' &&
         name.find("//") == std::string::npos && name.find("..") == std::string::npos;
}

bool HasTagOrDigest(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return name.find_first_of(":@", slash == std::string::npos ? 0 : slash) != std::string::npos;
}

// To `docker save` a name without a tag is all images of it.
std::string WithTag(const std::string& name, const JsonObject& inspected) {
  if (HasTagOrDigest(name)) return name;
  for (const std::string& tag : inspected.Strings("RepoTags")) {
    const bool same = FullName(tag) == FullName(name);
    if (same || tag.ends_with("/" + name + ":latest"))
      return name + ":latest";  // podman: localhost/
  }
  return name;  // an id
}

// With containerd's store it also counts what is unpacked.
std::uint64_t SizeOf(const JsonObject& inspected) {
  if (inspected.Find("Descriptor") != nullptr) return 0;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(inspected.Integer("Size"), 0));
}

}  // namespace

SavedImage SaveFromDaemon(const std::string& name, const OpenOptions& options) {
  if (!IsName(name))
    throw Error(ErrorCode::kUsage, "behind docker-daemon: the name of an image is expected");
  Daemon daemon;
  daemon.Greet();
  const Json document = daemon.Inspect(name);
  const JsonObject inspected(document, "the Docker daemon's answer");
  const std::string full = WithTag(name, inspected);
  SavedImage saved;
  saved.tar = daemon.Save(full, SizeOf(inspected), options);
  saved.command = {"docker", "save"};
  if (!options.platform.empty() && daemon.TakesPlatform()) {
    saved.command.insert(saved.command.end(), {"--platform", options.platform});
  }
  saved.command.push_back(full);
  return saved;
}

}  // namespace watertight
