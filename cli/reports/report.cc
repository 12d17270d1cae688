#include "cli/reports/report.h"

#include <algorithm>

namespace watertight::cli {

bool Failed(const CheckedImage& checked) {
  return std::any_of(checked.results.begin(), checked.results.end(), [](const CheckResult& result) {
    return result.status == CheckStatus::kFailed;
  });
}

bool CheckReport::Failed() const {
  return std::any_of(images.begin(), images.end(),
                     [](const CheckedImage& checked) { return cli::Failed(checked); });
}

}  // namespace watertight::cli
