// Commands in a container of the image.

#include <utility>

#include "cli/structure_tests/engine.h"
#include "cli/structure_tests/expand.h"
#include "cli/structure_tests/patterns.h"
#include "cli/structure_tests/test_work.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

using Lines = std::vector<std::string>;

// With the image's variables for those in the values.
ContainerPlan::Variables Expanded(const TestWork& work, const std::vector<TestPair>& pairs) {
  ContainerPlan::Variables variables;
  for (const TestPair& pair : pairs) {
    const auto value = [&](const std::string& name) { return ImageValue(work.image, name); };
    variables.emplace_back(pair.key, Expand(pair.value, value));
  }
  return variables;
}

ContainerPlan PlanOf(const TestWork& work, const CommandTest& test) {
  ContainerPlan plan;
  plan.options = work.tests.run_options;
  plan.setup = test.setup;
  plan.env = plan.setup_env = Expanded(work, work.tests.global_env);
  for (auto& variable : Expanded(work, test.env)) plan.setup_env.push_back(std::move(variable));
  // As written, in the container of the command.
  for (const TestPair& pair : test.env) plan.env.emplace_back(pair.key, pair.value);
  for (const std::string& word : test.command) {
    plan.command.push_back(
        Expand(word, [&](const std::string& name) { return EnvValue(work, name); }));
  }
  return plan;
}

void JudgeStream(const TestWork& work, const char* name, const std::string& text,
                 const std::vector<TestPattern>& expected, const std::vector<TestPattern>& excluded,
                 Lines* wrong) {
  for (const std::string& line : Mismatches(work.tests.file, GoText(text), expected, excluded)) {
    wrong->push_back(std::string(name) + " (" + Counted(text.size(), "byte") + ") " + line);
  }
}

Lines Wrong(const TestWork& work, const CommandTest& test, const ContainerResult& result) {
  if (!result.problem.empty()) return {result.problem};
  Lines wrong;
  JudgeStream(work, "its error output", result.error, test.expected_error, test.excluded_error,
              &wrong);
  JudgeStream(work, "its output", result.output, test.expected_output, test.excluded_output,
              &wrong);
  if (result.exit_code != test.exit_code) {
    wrong.push_back("its exit code is " + std::to_string(result.exit_code) + ", not " +
                    std::to_string(test.exit_code));
  }
  return wrong;
}

}  // namespace

CheckResult RunCommand(const TestWork& work, const CommandTest& test) {
  const Engines::Found& found = work.engines.For(work.image);
  if (found.image == nullptr) {
    CheckResult result;
    result.status = CheckStatus::kSkipped;
    result.detail = result.message = found.why;
    return result;
  }
  const Lines wrong = Wrong(work, test, found.image->Run(PlanOf(work, test)));
  if (wrong.empty()) return Passed("in " + found.image->program());
  std::string evidence = "whose container in " + found.image->program() + " does otherwise:";
  for (const std::string& line : wrong) evidence += "\n    " + line;
  return FailedBy(work, {"runs " + Printable(test.command.front()) + " as the test describes it",
                         evidence, "", wrong.front(), test.place});
}

}  // namespace watertight::cli
