// Commands in a container of the image.

#include "cli/structure_tests/test_work.h"

namespace watertight::cli {

CheckResult RunCommand(const TestWork& /*work*/, const CommandTest& /*test*/) {
  CheckResult result;
  result.status = CheckStatus::kSkipped;
  result.detail = "no container is started";
  result.message = "no container is started";
  return result;
}

}  // namespace watertight::cli
