#include "framework/image/silence.h"

#include <cstdlib>

#include "framework/image/path.h"
#include "framework/image/tar_fields.h"
#include "watertight/error.h"

namespace watertight {

std::chrono::seconds SilenceLimit() {
  constexpr std::chrono::minutes kDefault{5};
  constexpr std::uint64_t kMost = 1'000'000;
  const char* given = getenv("WATERTIGHT_TIMEOUT");
  if (given == nullptr || *given == '\0') return kDefault;
  const auto seconds = ParseDecimal(given);
  if (!seconds || *seconds == 0 || *seconds > kMost) {
    throw Error(
        ErrorCode::kUsage,
        "WATERTIGHT_TIMEOUT is a number of seconds from 1 to 1000000, not " + Printable(given));
  }
  return std::chrono::seconds(*seconds);
}

}  // namespace watertight
