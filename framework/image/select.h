// Which of an archive's images a reference means.

#pragma once

#include <string>

#include "framework/image/documents.h"
#include "framework/image/reference.h"

namespace watertight {

// The machine's own platform: "linux/amd64".
std::string HostPlatform();
// "linux/arm64" fits "linux/arm64/v8".
bool PlatformFits(const std::string& wanted, const std::string& platform);

// Throws: Error, kSeveralImages, kNotFound, kNotAnImage; what() lacks the archive's name.
Candidate SelectImage(const Archive& archive, const Documents& documents,
                      const Reference& reference, const OpenOptions& options);

}  // namespace watertight
