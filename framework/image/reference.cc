#include "framework/image/reference.h"

#include <sys/stat.h>

#include <string_view>

#include "framework/image/tar_fields.h"
#include "watertight/error.h"

namespace watertight {
namespace {

enum class Behind : std::uint8_t { kPath, kName };

struct Transport {
  std::string_view name;
  Behind behind;
  std::string_view mark = "";  // before the name
};
constexpr Transport kTransports[] = {{"docker-archive", Behind::kPath},
                                     {"oci-archive", Behind::kPath},
                                     {"oci", Behind::kPath},
                                     {"dir", Behind::kPath},
                                     {"docker-daemon", Behind::kName},
                                     {"docker", Behind::kName, "//"},
                                     {"containers-storage", Behind::kName}};

// The name of an image that is no file. Throws: Error, kUsage.
std::string NameBehind(const Transport& transport, std::string_view text) {
  const std::string before = std::string(transport.name) + ":" + std::string(transport.mark);
  if (!text.starts_with(transport.mark) || text.size() == transport.mark.size()) {
    throw Error(ErrorCode::kUsage, "behind " + before + " the name of an image is expected");
  }
  return std::string(text.substr(transport.mark.size()));
}

bool Exists(const std::string& path) {
  struct stat status = {};
  return path == "-" || stat(path.c_str(), &status) == 0;
}

// app.tar:app:ci, without the transport that a name needs.
bool NamesImageOfFile(const std::string& text) {
  for (std::size_t end = text.find(':'); end != std::string::npos; end = text.find(':', end + 1)) {
    if (end > 0 && Exists(text.substr(0, end))) return true;
  }
  return false;
}

// "app:ci" or "team/app", and not "app.tar".
bool MayNameImage(const std::string& text) {
  constexpr std::string_view kOfNames =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@";
  const bool begins = text.front() != '.' && text.front() != '/' && text.front() != '-';
  const std::string last = text.substr(text.rfind('/') + 1);
  return begins && text.find_first_not_of(kOfNames) == std::string::npos && !last.empty() &&
         (last.find_first_of(":@") != std::string::npos || last.find('.') == std::string::npos);
}

}  // namespace

Reference ParseReference(const std::string& text) {
  if (text.empty()) throw Error(ErrorCode::kUsage, "no image was named");
  Reference reference;
  reference.path = text;
  const std::size_t colon = text.find(':');
  for (const Transport& transport : kTransports) {
    if (text.substr(0, colon) != transport.name || colon == std::string::npos) continue;
    reference.transport = transport.name;
    reference.path.clear();
    if (transport.behind == Behind::kName) {
      reference.name = NameBehind(transport, std::string_view(text).substr(colon + 1));
      break;
    }
    reference.path = text.substr(colon + 1);
    // A path may hold a colon itself: the longest prefix that exists is the path.
    std::size_t cut = reference.path.size();
    while (!Exists(reference.path.substr(0, cut))) {
      const std::size_t next = cut == 0 ? std::string::npos : reference.path.rfind(':', cut - 1);
      if (next == std::string::npos) {
        cut = reference.path.find(':');
        break;
      }
      cut = next;
    }
    if (cut == std::string::npos || cut >= reference.path.size()) break;
    NameImage(reference.path.substr(cut + 1), &reference);
    reference.path.resize(cut);
    break;
  }
  if (reference.transport.empty() && !Exists(text) && NamesImageOfFile(text)) {
    throw Error(ErrorCode::kNotFound,
                "is no file; to name one image of a file, write docker-archive: or oci-archive: "
                "before it");
  }
  if (reference.transport.empty() && !Exists(text) && MayNameImage(text)) {
    throw Error(
        ErrorCode::kNotFound,
        "is no file or folder; for an image of the Docker daemon write docker-daemon:" + text);
  }
  return reference;
}

void NameImage(const std::string& name, Reference* reference) {
  if (!name.starts_with("@")) {
    reference->tag = name;
    return;
  }
  const auto index = ParseDecimal(std::string_view(name).substr(1));
  if (!index) throw Error(ErrorCode::kUsage, "after @ the number of an image is expected");
  reference->index = static_cast<std::size_t>(*index);
}

std::string FullName(const std::string& name) {
  std::string full = name;
  const std::size_t slash = full.rfind('/');
  const std::size_t tag = full.find(':', slash == std::string::npos ? 0 : slash);
  if (tag == std::string::npos && full.find('@') == std::string::npos) full += ":latest";
  const std::size_t first_slash = full.find('/');
  const std::string host = full.substr(0, first_slash);
  const bool has_host = first_slash != std::string::npos &&
                        (host.find_first_of(".:") != std::string::npos || host == "localhost");
  if (has_host) return full;
  return first_slash == std::string::npos ? "docker.io/library/" + full : "docker.io/" + full;
}

}  // namespace watertight
