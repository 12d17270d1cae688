#include "cli/reports/report.h"

#include <algorithm>

namespace watertight::cli {

bool CheckReport::Failed() const {
  return std::any_of(images.begin(), images.end(), [](const CheckedImage& checked) {
    return std::any_of(
        checked.results.begin(), checked.results.end(),
        [](const CheckResult& result) { return result.status == CheckStatus::kFailed; });
  });
}

}  // namespace watertight::cli
