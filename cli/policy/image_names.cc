#include "cli/policy/image_names.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "framework/image/reference.h"
#include "framework/scan/wildcard.h"
#include "watertight/error.h"
#include "watertight/glob.h"

namespace watertight::cli {
namespace {

namespace fs = std::filesystem;

struct Transport {
  std::string_view prefix;
  bool has_path;
};
constexpr Transport kTransports[] = {{"docker-archive:", true},
                                     {"oci-archive:", true},
                                     {"oci:", true},
                                     {"dir:", true},
                                     {"docker://", false},
                                     {"docker-daemon:", false},
                                     {"containers-storage:", false}};

const Transport* FindTransport(std::string_view reference) {
  const auto* const found =
      std::find_if(std::begin(kTransports), std::end(kTransports),
                   [&](const Transport& one) { return reference.starts_with(one.prefix); });
  return found == std::end(kTransports) ? nullptr : found;
}

// A reference in its parts; one that the library does not read is a text alone.
Reference Parts(const std::string& reference) {
  try {
    return ParseReference(reference);
  } catch (const Error&) {
    Reference text;
    text.path = reference;
    return text;
  }
}

bool IsSamePath(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

// "images/app.tar" of "/srv/images/app.tar" in /srv; "../app.tar" above of it.
std::string FromFolder(const std::string& folder, const std::string& path) {
  const fs::path base = fs::absolute(folder.empty() ? "." : folder).lexically_normal();
  return fs::absolute(path).lexically_normal().lexically_relative(base).string();
}

bool PathFits(const std::string& name, const std::string& folder, const std::string& path) {
  const bool bare = name.find('/') == std::string::npos;
  if (bare && fs::path(path).filename() == name) return true;
  if (!bare && IsSamePath((fs::path(folder) / name).string(), path)) return true;
  if (!IsPattern(name)) return false;
  const Glob glob(fs::path(name).lexically_normal().string());
  const bool absolute = name.starts_with('/');
  return glob.Matches(absolute ? fs::absolute(path).lexically_normal().string().substr(1)
                               : FromFolder(folder, path));
}

// A run of digits without its leading zeros.
std::string_view NumberAt(std::string_view text, std::size_t at, std::size_t* end) {
  while (at < text.size() && text[at] == '0') ++at;
  *end = std::min(text.find_first_not_of("0123456789", at), text.size());
  return text.substr(at, *end - at);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Below `root` as deep as the pattern goes, what the glob fits.
std::vector<std::string> Walk(const fs::path& root, const fs::path& folder, const Glob& glob,
                              std::ptrdiff_t depth) {
  std::vector<std::string> found;
  const fs::path start = folder / root;
  std::error_code error;
  if (!fs::is_directory(start.empty() ? "." : start, error)) return found;
  auto entry = fs::recursive_directory_iterator(start.empty() ? "." : start, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path path =
        (root / entry->path().lexically_relative(start.empty() ? "." : start)).lexically_normal();
    const std::string text = path.string();
    if (glob.Matches(path.is_absolute() ? text.substr(1) : text)) {
      found.push_back((folder / path).string());
    }
    if (entry.depth() + 1 >= depth) entry.disable_recursion_pending();
  }
  if (error) {
    throw Error(ErrorCode::kIo, start.string() + ": cannot be read: " + error.message());
  }
  std::sort(found.begin(), found.end(), ComesBefore);
  return found;
}

}  // namespace

std::string_view TransportOf(std::string_view reference) {
  const Transport* const transport = FindTransport(reference);
  return transport == nullptr ? "" : transport->prefix;
}

bool NamesPath(std::string_view reference) {
  const Transport* const transport = FindTransport(reference);
  return transport == nullptr || transport->has_path;
}

std::string InFolder(const std::string& folder, const std::string& reference) {
  if (!NamesPath(reference) || reference == "-") return reference;
  const std::string_view transport = TransportOf(reference);
  const fs::path path = fs::path(folder) / reference.substr(transport.size());
  return std::string(transport) + path.lexically_normal().string();
}

bool IsPattern(std::string_view text) { return text.find_first_of("*?[{") != std::string::npos; }

bool NameFits(const std::string& name, const std::string& folder, const std::string& reference) {
  if (!NamesPath(name)) return MatchesWildcard(name, reference);
  if (!NamesPath(reference)) return false;
  const std::string_view transport = TransportOf(name);
  const std::string_view other = TransportOf(reference);
  if (!transport.empty() && !other.empty() && transport != other) return false;
  const Reference image = Parts(reference);
  if (transport.empty()) return PathFits(name, folder, image.path);
  const Reference wanted = Parts(InFolder(folder, name));
  if (!wanted.tag.empty() && FullName(wanted.tag) != FullName(image.tag)) return false;
  if (wanted.index && wanted.index != image.index) return false;
  return IsSamePath(wanted.path, image.path) ||
         PathFits(name.substr(transport.size()), folder, image.path);
}

std::vector<std::string> ImagesOf(const std::string& name, const std::string& folder) {
  const std::string reference = InFolder(folder, name);
  std::error_code error;
  const std::string_view transport = TransportOf(name);
  const std::string pattern = name.substr(transport.size());
  if (!IsPattern(pattern) || !NamesPath(name) || fs::exists(Parts(reference).path, error)) {
    return {reference};
  }
  const fs::path path = fs::path(pattern).lexically_normal();
  fs::path root;
  std::ptrdiff_t depth = 0;
  for (const fs::path& part : path) {
    if (depth == 0 && !IsPattern(part.string())) {
      root /= part;
    } else {
      ++depth;
    }
  }
  if (pattern.find("**") != std::string::npos) depth = PTRDIFF_MAX;
  std::vector<std::string> found = Walk(root, folder, Glob(path.string()), depth);
  for (std::string& one : found) one.insert(0, transport);
  return found;
}

bool ComesBefore(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < a.size() && k < b.size()) {
    if (IsDigit(a[i]) && IsDigit(b[k])) {
      const std::string_view x = NumberAt(a, i, &i);
      const std::string_view y = NumberAt(b, k, &k);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else if (a[i] != b[k]) {
      return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[k]);
    } else {
      ++i;
      ++k;
    }
  }
  if (i < a.size() || k < b.size()) return k < b.size();
  return a < b;  // "a1" and "a01"
}

}  // namespace watertight::cli
