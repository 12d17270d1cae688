// os/architecture/variant, as in --platform.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator {

struct Platform {
  std::string os;
  std::string architecture;
  std::string variant;
  std::string os_version;
  bool operator==(const Platform&) const = default;
};

// How much of the syntax containerd knew: systems had no versions, then no features of versions.
enum class PlatformSyntax { kPlain, kVersions, kFeatures };

// Normalised: aarch64 is arm64, x86_64 is amd64. A name alone is an operating system (on amd64) or
// an architecture (of linux). Throws: Error, in containerd's words.
Platform ParsePlatform(std::string_view text, PlatformSyntax syntax = PlatformSyntax::kFeatures);

// The same names for what a configuration or a user wrote: arm64/v8 is arm64, arm is arm/v7.
Platform NormalizePlatform(const Platform& platform);

std::string FormatPlatform(const Platform& platform);

}  // namespace watertight::generator
