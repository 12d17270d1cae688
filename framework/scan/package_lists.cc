#include "framework/scan/package_lists.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "framework/image/hash.h"
#include "framework/image/json.h"
#include "framework/image/path.h"
#include "framework/scan/rules/checksums.h"
#include "watertight/error.h"

namespace watertight {
namespace {

// The next line, without its end, taken off the text.
std::string_view TakeLine(std::string_view* text) {
  const std::size_t end = text->find('\n');
  std::string_view line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool IsHex(std::string_view text, std::size_t size) {
  return text.size() == size &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Empty when it is not base64 of that many bytes.
std::string HexOfBase64(std::string_view text, std::size_t size) {
  std::string bytes;
  if (!DecodeBase64(text, &bytes) || bytes.size() != size) return {};
  return ToHex(bytes);
}

constexpr std::size_t kMd5Digits = 32;

// dpkg's md5sums: "DIGEST  usr/bin/openssl", as md5sum writes it.
void ReadMd5Sums(std::string_view path, std::string_view text, const ShippedFileSink& sink) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  name = name.substr(0, name.rfind(".md5sums"));
  const std::string package = "dpkg package " + std::string(name.substr(0, name.find(':')));
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    const std::string_view digest = line.substr(0, line.find(' '));
    if (!IsHex(digest, kMd5Digits) || line.size() < kMd5Digits + 3) continue;
    sink({CleanName(line.substr(kMd5Digits + 2)).path, HashKind::kMd5, std::string(digest), package,
          Level::kNote});
  }
}

// dpkg's status: under "Conffiles:", lines such as " /etc/profile DIGEST" or " … DIGEST obsolete".
void ReadConffiles(std::string_view /*path*/, std::string_view text, const ShippedFileSink& sink) {
  std::string package;
  bool listed = false;
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    if (line.starts_with("Package: ")) package = "dpkg package " + std::string(line.substr(9));
    if (!line.starts_with(' ')) listed = line.starts_with("Conffiles:");
    const std::size_t space = line.find(' ', 1);
    if (!listed || space == std::string_view::npos || line.front() != ' ') continue;
    const std::string_view digest = line.substr(space + 1, kMd5Digits);
    if (!IsHex(digest, kMd5Digits)) continue;
    sink({CleanName(line.substr(1, space - 1)).path, HashKind::kMd5, std::string(digest), package,
          Level::kNote});
  }
}

// apk's installed: "P:busybox", of a folder "F:bin", of a file in it "R:busybox" and then
// "Z:Q1BASE64", where Q1 stands for SHA-1.
void ReadApk(std::string_view /*path*/, std::string_view text, const ShippedFileSink& sink) {
  constexpr std::size_t kSha1 = 20;
  std::string package;
  std::string folder;
  std::string file;
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    if (line.size() < 2 || line[1] != ':') continue;
    const std::string_view value = line.substr(2);
    if (line[0] == 'P') package = "apk package " + std::string(value);
    if (line[0] == 'F') folder = value;
    if (line[0] == 'R') file = folder + "/" + std::string(value);
    if (line[0] != 'Z' || !value.starts_with("Q1")) continue;
    const std::string digest = HexOfBase64(value.substr(2), kSha1);
    if (digest.empty()) continue;
    sink({CleanName(file).path, HashKind::kSha1, digest, package, Level::kNote});
  }
}

// RECORD of wheels: "requests/api.py,sha256=BASE64URL,6377", below the folder of the .dist-info. A
// package that was not taken from an index has a direct_url.json (PEP 610): it is the image's own.
void ReadWheelRecord(std::string_view path, std::string_view text, const ShippedFileSink& sink) {
  constexpr std::size_t kSha256 = 32;
  constexpr std::string_view kHash = ",sha256=";
  if (text.find(".dist-info/direct_url.json,") != std::string_view::npos) return;
  const auto [info, record] = SplitParent(path);
  const auto [folder, name] = SplitParent(info);
  const std::string package = "pip package " + std::string(name.substr(0, name.find('-')));
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    const std::size_t hash = line.rfind(kHash);
    if (hash == std::string_view::npos) continue;
    std::string_view file = line.substr(0, hash);
    if (file.size() > 2 && file.front() == '"') file = file.substr(1, file.size() - 2);
    const std::string_view digits = line.substr(hash + kHash.size());
    const std::string digest = HexOfBase64(digits.substr(0, digits.find(',')), kSha256);
    if (digest.empty()) continue;
    sink({CleanName(std::string(folder) + "/" + std::string(file)).path, HashKind::kSha256, digest,
          package, Level::kWarning});
  }
}

// Null for what is no JSON, or so long that nobody wrote it.
Json ReadJson(std::string_view text) {
  constexpr std::size_t kLongest = std::size_t{16} << 20;
  if (text.size() > kLongest) return nullptr;
  try {
    std::vector<Note> notes;
    return ParseJson(std::string(text), "", &notes);
  } catch (const Error&) {
    return nullptr;
  }
}

bool IsFromPublicRegistry(const Json& package) {
  constexpr std::string_view kRegistries[] = {"https://registry.npmjs.org/",
                                              "https://registry.yarnpkg.com/"};
  if (!package.is_object() || !package.contains("integrity")) return false;
  const auto resolved = package.find("resolved");
  if (resolved == package.end() || !resolved->is_string()) return false;
  const auto from = resolved->get<std::string>();
  return std::any_of(std::begin(kRegistries), std::end(kRegistries),
                     [&](std::string_view begin) { return from.starts_with(begin); });
}

// What npm installed, as it writes down in node_modules: "packages": {"node_modules/a":
// {"resolved": "https://…/a-1.0.0.tgz", "integrity": "sha512-…"}}. The digest is of the package as
// a whole, so that the folder is all that can be told. Only packages of the public registry are
// everybody's.
void ReadNpmLock(std::string_view path, std::string_view text, const ShippedFileSink& sink) {
  const std::string folder(SplitParent(SplitParent(path).first).first);
  const Json lock = ReadJson(text);
  if (!lock.is_object() || !lock.contains("packages")) return;
  for (const auto& [name, package] : lock["packages"].items()) {
    const std::size_t last = name.rfind("node_modules/");
    if (last == std::string::npos || !IsFromPublicRegistry(package)) continue;
    sink({CleanName(folder + "/" + name).path, HashKind::kSha256, "",
          "npm package " + name.substr(name.find('/', last) + 1), Level::kWarning});
  }
}

struct ListFormat {
  std::string_view begin;
  std::string_view end;
  void (*read)(std::string_view path, std::string_view text, const ShippedFileSink& sink);
};
constexpr ListFormat kFormats[] = {
    {"var/lib/dpkg/info/", ".md5sums", ReadMd5Sums},
    {"var/lib/dpkg/status.d/", ".md5sums", ReadMd5Sums},  // distroless images
    {"var/lib/dpkg/status", "var/lib/dpkg/status", ReadConffiles},
    {"lib/apk/db/installed", "lib/apk/db/installed", ReadApk},
    {"usr/lib/apk/db/installed", "usr/lib/apk/db/installed", ReadApk},
    {"", ".dist-info/RECORD", ReadWheelRecord},
    {"", "node_modules/.package-lock.json", ReadNpmLock},
};

const ListFormat* FormatOf(std::string_view path) {
  const auto format =
      std::find_if(std::begin(kFormats), std::end(kFormats), [path](const ListFormat& one) {
        return path.starts_with(one.begin) && path.ends_with(one.end);
      });
  return format == std::end(kFormats) ? nullptr : format;
}

}  // namespace

bool IsPackageList(std::string_view path) { return FormatOf(path) != nullptr; }

void ReadPackageList(std::string_view path, std::string_view text, const ShippedFileSink& sink) {
  if (const ListFormat* format = FormatOf(path)) format->read(path, text, sink);
}

}  // namespace watertight
