#include "generator/dockerfile/platform.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <vector>

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr const char* kPlainPattern = R"(^[A-Za-z0-9_-]+$)";
constexpr const char* kVersionPattern = R"(^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.-]*)\))?$)";
constexpr const char* kFeaturePattern =
    R"(^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$)";
constexpr const char* kPartPattern = R"(^[A-Za-z0-9_.-]+$)";
constexpr std::string_view kSystems[] = {
    "aix",   "android", "darwin", "dragonfly", "freebsd", "hurd",    "illumos", "ios", "js",
    "linux", "nacl",    "netbsd", "openbsd",   "plan9",   "solaris", "windows", "zos"};
constexpr std::string_view kArchitectures[] = {
    "386",     "amd64",   "amd64p32", "arm",    "armbe",  "arm64",    "arm64be",   "ppc64",
    "ppc64le", "loong64", "mips",     "mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le",
    "ppc",     "riscv",   "riscv64",  "s390",   "s390x",  "sparc",    "sparc64",   "wasm"};

struct Alias {
  std::string_view architecture;
  std::string_view variant;  // * for any
  std::string_view to_architecture;
  std::string_view to_variant;  // = for the same
};
constexpr std::array kAliases = {
    Alias{"i386", "*", "386", ""},        Alias{"x86_64", "v1", "amd64", ""},
    Alias{"x86-64", "v1", "amd64", ""},   Alias{"amd64", "v1", "amd64", ""},
    Alias{"x86_64", "*", "amd64", "="},   Alias{"x86-64", "*", "amd64", "="},
    Alias{"aarch64", "8", "arm64", ""},   Alias{"aarch64", "v8", "arm64", ""},
    Alias{"arm64", "8", "arm64", ""},     Alias{"arm64", "v8", "arm64", ""},
    Alias{"arm64", "v8.0", "arm64", ""},  Alias{"arm64", "9", "arm64", "v9"},
    Alias{"arm64", "9.0", "arm64", "v9"}, Alias{"arm64", "v9.0", "arm64", "v9"},
    Alias{"aarch64", "*", "arm64", "="},  Alias{"armhf", "*", "arm", "v7"},
    Alias{"armel", "*", "arm", "v6"},     Alias{"arm", "", "arm", "v7"},
    Alias{"arm", "7", "arm", "v7"},       Alias{"arm", "5", "arm", "v5"},
    Alias{"arm", "6", "arm", "v6"},       Alias{"arm", "8", "arm", "v8"},
};

void SetArchitecture(Platform& platform, std::string_view architecture, std::string_view variant) {
  platform.architecture = Lower(architecture);
  platform.variant = Lower(variant);
  for (const Alias& alias : kAliases) {
    if (alias.architecture != platform.architecture) continue;
    if (alias.variant != "*" && alias.variant != platform.variant) continue;
    platform.architecture = alias.to_architecture;
    if (alias.to_variant != "=") platform.variant = alias.to_variant;
    return;
  }
}

template <size_t kSize>
bool Contains(const std::string_view (&list)[kSize], std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> parts;
  for (int i = 0; i < 3; ++i) {
    const size_t slash = text.find('/');
    if (slash == std::string_view::npos) break;
    parts.emplace_back(text.substr(0, slash));
    text.remove_prefix(slash + 1);
  }
  parts.emplace_back(text);
  return parts;
}

Error Invalid(const std::string& text) { return Error(text + ": invalid argument"); }

Error InvalidPart(const std::string& part, std::string_view whole, const char* pattern) {
  return Invalid(Quote(part) + " is an invalid component of " + Quote(whole) +
                 ": platform specifier component must match " + Quote(pattern));
}

void ReadSystem(Platform& platform, const std::string& part, std::string_view whole,
                PlatformSyntax syntax) {
  static const RE2 versions(kVersionPattern);
  static const RE2 features(kFeaturePattern);
  const bool newest = syntax == PlatformSyntax::kFeatures;
  if (!RE2::FullMatch(part, newest ? features : versions, &platform.os, &platform.os_version)) {
    throw Invalid(Quote(part) + " is an invalid OS component of " + Quote(whole) +
                  ": OSAndVersion specifier component must match " +
                  Quote(newest ? kFeaturePattern : kVersionPattern));
  }
  platform.os = Lower(platform.os);
  if (platform.os == "macos") platform.os = "darwin";
}

void CheckParts(const std::vector<std::string>& parts, std::string_view whole,
                PlatformSyntax syntax) {
  static const RE2 plain(kPlainPattern);
  static const RE2 dotted(kPartPattern);
  const bool old = syntax == PlatformSyntax::kPlain;
  for (size_t i = old ? 0 : 1; i < parts.size(); ++i) {
    if (RE2::FullMatch(parts[i], old ? plain : dotted)) continue;
    throw InvalidPart(parts[i], whole, old ? kPlainPattern : kPartPattern);
  }
}

}  // namespace

Platform ParsePlatform(std::string_view text, PlatformSyntax syntax) {
  if (text.find('*') != std::string_view::npos) {
    throw Invalid(Quote(text) + ": wildcards not yet supported");
  }
  const auto parts = Split(text);
  Platform platform;
  if (syntax == PlatformSyntax::kPlain) CheckParts(parts, text, syntax);
  ReadSystem(platform, parts[0], text, syntax);
  CheckParts(parts, text, syntax);
  if (parts.size() == 4) throw Invalid(Quote(text) + ": cannot parse platform specifier");
  if (parts.size() > 1) {
    SetArchitecture(platform, parts[1], parts.size() == 3 ? parts[2] : "");
    if (parts.size() == 3 && platform.architecture == "arm64" && platform.variant.empty()) {
      platform.variant = "v8";
    }
  } else if (Contains(kSystems, platform.os)) {
    platform.architecture = "amd64";
  } else {
    SetArchitecture(platform, parts[0], "");
    if (!Contains(kArchitectures, platform.architecture)) {
      throw Invalid(Quote(text) + ": unknown operating system or architecture");
    }
    platform.os = "linux";
  }
  const bool default_arm = platform.architecture == "arm" && platform.variant == "v7";
  if (default_arm && parts.size() < 3) platform.variant.clear();
  return platform;
}

Platform NormalizePlatform(const Platform& platform) {
  Platform normalized = platform;
  normalized.os = platform.os == "macos" ? "darwin" : Lower(platform.os);
  SetArchitecture(normalized, platform.architecture, platform.variant);
  return normalized;
}

std::string FormatPlatform(const Platform& platform) {
  std::string text = platform.os;
  if (!platform.os_version.empty()) text += "(" + platform.os_version + ")";
  if (!platform.architecture.empty()) text += "/" + platform.architecture;
  if (!platform.variant.empty()) text += "/" + platform.variant;
  return text;
}

}  // namespace watertight::generator
