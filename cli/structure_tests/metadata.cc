// What the image's configuration says.

#include <algorithm>
#include <string>

#include "cli/check_work.h"
#include "cli/structure_tests/patterns.h"
#include "cli/structure_tests/test_work.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/matchers/shown_value.h"

namespace watertight::cli {
namespace {

using Lines = std::vector<std::string>;

// value: null when there is none. what: "variable", "label".
void JudgePair(const TestWork& work, const char* what, const TestPair& pair,
               const std::string* value, Lines* wrong) {
  const std::string name = std::string(what) + " " + Printable(pair.key);
  if (value == nullptr) {
    wrong->push_back("no " + name);
    return;
  }
  if (!pair.is_regex) {
    if (*value == pair.value) return;
    wrong->push_back(name + " is " + ShownValue(pair.key, *value) + ", not " +
                     ShownValue(pair.key, pair.value));
    return;
  }
  const TestPattern pattern{pair.value, pair.place};
  for (const std::string& line : Mismatches(work.tests.file, GoText(*value), {pattern}, {})) {
    wrong->push_back(name + " is " + ShownValue(pair.key, *value) + " and " + line);
  }
}

void JudgeEnv(const TestWork& work, const MetadataTest& test, Lines* wrong) {
  const Config& config = work.image.config();
  for (const TestPair& pair : test.env) {
    const char* const found = config.FindEnv(pair.key);
    const std::string value = found == nullptr ? "" : found;
    JudgePair(work, "variable", pair, found == nullptr ? nullptr : &value, wrong);
  }
  for (const TestPair& pair : test.unbound_env) {
    if (config.FindEnv(pair.key) == nullptr) continue;
    wrong->push_back("variable " + Printable(pair.key) + " is there");
  }
}

void JudgeLabels(const TestWork& work, const MetadataTest& test, Lines* wrong) {
  const auto& labels = work.image.config().labels;
  for (const TestPair& pair : test.labels) {
    const auto found = labels.find(pair.key);
    JudgePair(work, "label", pair, found == labels.end() ? nullptr : &found->second, wrong);
  }
}

void JudgeWords(const char* what, const std::optional<Lines>& asked,
                const std::optional<Lines>& given, Lines* wrong) {
  if (!asked || *asked == given.value_or(Lines())) return;
  wrong->push_back(std::string(what) + " is " + ShownWords(given.value_or(Lines())) + ", not " +
                   ShownWords(*asked));
}

void JudgeText(const char* what, const std::string& asked, const std::string& given, Lines* wrong) {
  if (asked.empty() || asked == given) return;
  wrong->push_back(std::string(what) + " is " + ShownValue(what, given) + ", not " +
                   ShownValue(what, asked));
}

void JudgeMembers(const char* what, const Lines& there, const Lines& away, const Lines& given,
                  Lines* wrong) {
  const auto has = [&](const std::string& one) {
    return std::find(given.begin(), given.end(), one) != given.end();
  };
  for (const std::string& one : there) {
    if (!has(one)) wrong->push_back("no " + std::string(what) + " " + Printable(one));
  }
  for (const std::string& one : away) {
    if (has(one)) wrong->push_back(std::string(what) + " " + Printable(one) + " is there");
  }
}

}  // namespace

CheckResult RunMetadata(const TestWork& work, const MetadataTest& test) {
  const Config& config = work.image.config();
  Lines wrong;
  JudgeEnv(work, test, &wrong);
  JudgeLabels(work, test, &wrong);
  JudgeWords("cmd", test.cmd, config.cmd, &wrong);
  JudgeWords("entrypoint", test.entrypoint, config.entrypoint, &wrong);
  JudgeText("workdir", test.working_dir, config.working_dir, &wrong);
  JudgeText("user", test.user, config.user, &wrong);
  Lines ports;
  for (const std::string& port : config.exposed_ports)
    ports.push_back(port.substr(0, port.find('/')));
  JudgeMembers("port", test.exposed_ports, test.unexposed_ports, ports, &wrong);
  JudgeMembers("volume", test.volumes, test.unmounted_volumes, config.volumes, &wrong);
  if (wrong.empty()) return Passed(Counted(test.CountClaims(), "claim"));
  std::string evidence = "whose configuration is another:";
  for (const std::string& line : wrong) evidence += "\n    " + line;
  return FailedBy(work, {"has the configuration that the test describes", evidence, "",
                         wrong.front() + AndMore(wrong.size()), test.place});
}

}  // namespace watertight::cli
