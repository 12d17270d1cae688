#include "framework/image/skopeo_runs.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "framework/image/path.h"
#include "framework/image/process.h"
#include "framework/image/silence.h"
#include "watertight/error.h"

namespace watertight {
namespace {

using Words = std::vector<std::string>;

bool SkipsTls() {
  const char* verify = getenv("WATERTIGHT_TLS_VERIFY");
  return verify != nullptr &&
         (std::string_view(verify) == "0" || std::string_view(verify) == "false");
}

// time="…" level=fatal msg="reading manifest ci in reg.example.com/app: manifest unknown"
std::string OwnWords(const std::string& error) {
  constexpr std::size_t kMostWords = 500;
  std::string words = error.substr(0, error.find_last_not_of("\n\r ") + 1);
  words = words.substr(words.rfind('\n') + 1);
  constexpr std::string_view kMessage = " msg=\"";
  const std::size_t message = words.find(kMessage);
  if (message != std::string::npos && words.ends_with('"')) {
    std::string text;
    for (std::size_t i = message + kMessage.size(); i + 1 < words.size(); ++i) {
      const bool escape = words[i] == '\\' && i + 2 < words.size();
      if (escape) ++i;
      text += escape && (words[i] == 'n' || words[i] == 't') ? ' ' : words[i];
    }
    words = text;
  }
  if (words.empty()) return "it says nothing more";
  return Printable(words.substr(0, kMostWords)) + (words.size() > kMostWords ? "…" : "");
}

}  // namespace

SkopeoRuns::SkopeoRuns(bool of_storage, const OpenOptions& options)
    : of_storage_(of_storage), options_(options), silence_(SilenceLimit()) {}

std::string SkopeoRuns::Inspect(const std::string& source) {
  Words words = {"skopeo", "inspect", "--raw"};
  if (SkipsTls()) words.emplace_back("--tls-verify=false");
  words.push_back(source);
  return Run(words);
}

std::string SkopeoRuns::Copy(const std::string& source, std::uint64_t total) {
  const std::string target = folder_.path() + "/" + std::to_string(copies_++);
  total_ = total;
  Words words = {"skopeo"};
  for (const std::string& word : Overrides()) words.push_back(word);
  words.insert(words.end(), {"copy", "--quiet"});
  if (SkipsTls()) words.emplace_back("--src-tls-verify=false");
  words.insert(words.end(), {source, "dir:" + target});
  Run(words);
  return target;
}

Words SkopeoRuns::Overrides() const {
  Words words;
  if (!of_storage_ || options_.platform.empty()) return words;
  std::string left = options_.platform;
  for (const char* flag : {"--override-os=", "--override-arch=", "--override-variant="}) {
    const std::size_t slash = left.find('/');
    if (!left.empty()) words.push_back(flag + left.substr(0, slash));
    left = slash == std::string::npos ? "" : left.substr(slash + 1);
  }
  return words;
}

std::string SkopeoRuns::Run(const Words& words) {
  ProcessOptions process;
  process.environment = {"TMPDIR=" + folder_.path()};  // its own files go with the folder
  process.started = [this](pid_t skopeo) { folder_.Watch(skopeo); };
  process.may_go_on = [this] { return GoesOn(); };
  silent_ = false;
  last_bytes_ = 0;
  last_growth_ = Clock::now();
  ProcessResult result = RunProcess(words, process);
  folder_.Watch(0);
  if (result.exit_code == 0) return std::move(result.output);
  if (result.exit_code == -1) {
    throw Error(ErrorCode::kUnsupported,
                "reading it needs skopeo, which is not installed here (package skopeo)");
  }
  if (silent_) {
    throw Error(ErrorCode::kIo, "skopeo has fetched nothing for " +
                                    std::to_string(silence_.count()) +
                                    " s; WATERTIGHT_TIMEOUT allows more");
  }
  const std::string words_of_it = OwnWords(result.error);
  const bool full = words_of_it.find(strerror(ENOSPC)) != std::string::npos ||
                    words_of_it.find("no space left") != std::string::npos;
  throw Error(ErrorCode::kIo,
              "skopeo: " + words_of_it + (full ? "; TMPDIR names another folder" : ""));
}

bool SkopeoRuns::GoesOn() {
  const std::uint64_t bytes = folder_.Bytes();
  const auto now = Clock::now();
  if (bytes != last_bytes_) last_growth_ = now;
  last_bytes_ = bytes;
  if (options_.progress) options_.progress(bytes, total_ > bytes ? total_ : 0);
  silent_ = now - last_growth_ > silence_;
  return !silent_;
}

}  // namespace watertight
