// A file whose content matches patterns.

#include "cli/structure_tests/patterns.h"
#include "cli/structure_tests/test_work.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {

CheckResult RunFileContent(const TestWork& work, const FileContentTest& test) {
  const std::string shown = ShownPath(test.path);
  const std::string claim = "has " + shown + " with the content that the test describes";
  std::string text;
  try {
    text = GoText(ReadContent(work, test.path));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return FailedBy(work, {claim, "whose rootfs " + std::string(error.what()), "",
                           shown + " cannot be read", test.place});
  }
  const std::vector<std::string> wrong =
      Mismatches(work.tests.file, text, test.expected, test.excluded);
  if (wrong.empty()) {
    return Passed(shown + ", " + Counted(test.expected.size() + test.excluded.size(), "pattern"));
  }
  std::string evidence = "whose " + shown + " is not so:";
  for (const std::string& line : wrong) evidence += "\n    " + line;
  const std::string see =
      "To see it: watertight cat " + Printable(work.image.reference()) + " " + shown;
  return FailedBy(work, {claim, evidence, see, shown + " " + wrong.front(), test.place});
}

}  // namespace watertight::cli
