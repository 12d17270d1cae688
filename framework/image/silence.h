// How long a daemon or a registry may say nothing.

#pragma once

#include <chrono>

namespace watertight {

// WATERTIGHT_TIMEOUT in seconds; else five minutes: Docker writes all of an image to its disk
// before it sends the first byte. Throws: Error, kUsage.
std::chrono::seconds SilenceLimit();

}  // namespace watertight
