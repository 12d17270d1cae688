#include "cli/structure_tests/run.h"

#include <string>
#include <utility>

#include "cli/image_run.h"
#include "cli/structure_tests/contents.h"
#include "cli/structure_tests/engine.h"
#include "cli/structure_tests/test_work.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

using Tests = std::shared_ptr<const StructureTests>;

// What all checks of a file hold on to.
struct Shared {
  Tests tests;
  std::shared_ptr<Engines> engines;
  std::shared_ptr<TestContents> contents;
};

// kind: "FileContentTest". name: of the test; may be empty. test: one of tests.
template <typename T>
Check CheckOf(const Shared& shared, const char* kind, const std::string& name, const T& test,
              CheckResult (*judge)(const TestWork& work, const T& test)) {
  const auto make = [shared, &test, judge](ImageRun& run) {
    run.search();  // of nothing: says that no message waits for a search
    const TestWork work{run.image(), *shared.tests, *shared.engines, *shared.contents};
    try {
      return judge(work, test);
    } catch (const Error& error) {
      return FailedBy(
          work, {"can be judged", "of which a part cannot be read: " + std::string(error.what()),
                 "", "cannot be judged", test.place});
    }
  };
  return {kind + (name.empty() ? "" : "." + Printable(name)), false, make};
}

}  // namespace

std::vector<Check> ChecksOf(const Tests& tests) {
  const Shared shared{tests, std::make_shared<Engines>(), std::make_shared<TestContents>()};
  std::vector<Check> checks;
  for (const CommandTest& test : tests->commands) {
    checks.push_back(CheckOf(shared, "CommandTest", test.name, test, RunCommand));
  }
  for (const FileContentTest& test : tests->contents) {
    checks.push_back(CheckOf(shared, "FileContentTest", test.name, test, RunFileContent));
  }
  for (const FileExistenceTest& test : tests->existences) {
    checks.push_back(CheckOf(shared, "FileExistenceTest", test.name, test, RunFileExistence));
  }
  for (const LicenseTest& test : tests->licenses) {
    const bool is_first = &test == &tests->licenses.front();
    const std::string number = is_first ? "" : std::to_string(&test - tests->licenses.data() + 1);
    checks.push_back(CheckOf(shared, "LicenseTest", number, test, RunLicense));
  }
  if (tests->metadata) {
    checks.push_back(CheckOf(shared, "MetadataTest", "", *tests->metadata, RunMetadata));
  }
  return checks;
}

Policy PolicyBesideTests() {
  Policy policy;
  policy.off.insert(kNoSecrets);
  return policy;
}

}  // namespace watertight::cli
