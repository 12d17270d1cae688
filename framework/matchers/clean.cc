// HasCleanHistory and HasCleanConfig: what the configuration document gives away.

#include <algorithm>
#include <iterator>
#include <set>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/recovery.h"
#include "framework/scan/step_text.h"
#include "watertight/matchers/leaks.h"

namespace watertight {
namespace {

constexpr std::size_t kTextWidth = 76;
constexpr std::size_t kAllSteps = 12;  // a history of so many steps is shown whole
constexpr std::size_t kFieldsShown = 10;
constexpr std::size_t kCommandsShown = 5;

std::string Line(const std::string& text) { return "\n    " + text; }

std::string RuleOf(const Finding& finding) {
  return finding.secret > 0 ? "known value " + std::to_string(finding.secret) : finding.rule;
}

std::string What(const Finding& finding) {
  return (finding.name.empty() ? "" : Printable(finding.name) + ", ") + RuleOf(finding);
}

std::string Values(const std::vector<Finding>& findings) {
  std::set<std::string> values;
  for (const Finding& finding : findings) values.insert(finding.value);
  return Count(values.size(), "secret");
}

std::string Proof(const Image& image, const std::vector<Finding>& findings) {
  std::vector<std::string> commands;
  for (const Finding& finding : findings) {
    const std::string command = RecoverCommand(image, finding);
    if (std::find(commands.begin(), commands.end(), command) == commands.end()) {
      commands.push_back(command);
    }
  }
  std::string text = " " + RecoverLead(image, commands.size());
  for (std::size_t i = 0; i < commands.size() && i < kCommandsShown; ++i) {
    text += Line(commands[i]);
  }
  if (commands.size() > kCommandsShown) {
    text += Line("… and " + std::to_string(commands.size() - kCommandsShown) + " more");
  }
  return text;
}

// What fails; the others are allowed.
std::vector<Finding> Errors(const std::vector<Finding>& findings) {
  std::vector<Finding> errors;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(errors),
               [](const Finding& finding) { return finding.level == Level::kError; });
  return errors;
}

// One step: its text, what leaks in it, and its other fields if they leak.
class StepRows {
 public:
  // all: what no text may show, beside the findings that are told.
  StepRows(const Image& image, const std::vector<Finding>& findings,
           const std::vector<Finding>& all)
      : image_(image), findings_(findings), all_(all) {}

  std::string Text() {
    const std::vector<HistoryStep>& history = image_.history();
    const bool all = history.size() <= kAllSteps;
    std::size_t skipped = 0;
    for (const HistoryStep& step : history) {
      if (!all && Of(step).empty()) {
        ++skipped;
        continue;
      }
      Skip(&skipped);
      AddStep(step);
    }
    Skip(&skipped);
    return text_;
  }

 private:
  std::vector<Finding> Of(const HistoryStep& step) const {
    std::vector<Finding> found;
    for (const Finding& finding : findings_) {
      if (finding.step == step.index) found.push_back(finding);
    }
    return found;
  }

  void Skip(std::size_t* skipped) {
    if (*skipped > 0) text_ += Line("… " + Count(*skipped, "other step"));
    *skipped = 0;
  }

  void AddStep(const HistoryStep& step) {
    const std::size_t digits = std::to_string(image_.history().size() - 1).size();
    const std::vector<Finding> found = Of(step);
    const std::string label = Padded("step " + std::to_string(step.index), 5 + digits) + "  ";
    const std::string indent(label.size() + 7, ' ');
    const std::string kept = found.empty() ? "" : Redacted(found.front().value);
    text_ += Line(label + (found.empty() ? "       " : "leaks  ") +
                  CutAround(StepText(step, all_), kept, kTextWidth));
    for (const char* name : {"comment", "author"}) AddField(step, name, indent);
    for (const Finding& finding : found) text_ += Line(indent + "  " + What(finding));
  }

  void AddField(const HistoryStep& step, const std::string& name, const std::string& indent) {
    const std::string field = "history[" + std::to_string(step.index) + "]." + name;
    const auto found = std::find_if(findings_.begin(), findings_.end(),
                                    [&](const Finding& finding) { return finding.field == field; });
    if (found == findings_.end()) return;
    const std::string& text = name == "author" ? step.author : step.comment;
    text_ +=
        Line(indent + name + ": " +
             CutAround(Printable(Redact(text, field, all_)), Redacted(found->value), kTextWidth));
  }

  const Image& image_;
  const std::vector<Finding>& findings_;
  const std::vector<Finding>& all_;
  std::string text_;
};

Verdict JudgeHistory(const Image& image, const CleanOptions& options, bool explain) {
  const std::vector<Finding> all = FindHistoryLeaks(image, options);
  const std::vector<Finding> findings = Errors(all);
  Verdict verdict = Verdict::Of(findings.empty());
  if (!explain) return verdict;
  if (findings.empty()) {
    verdict.text = "whose " + Count(image.history().size(), "history step") + " give away nothing";
    return verdict;
  }
  verdict.text = "whose history gives away " + Values(findings) + ":" +
                 StepRows(image, findings, all).Text() +
                 "\n  Whoever holds the image can read its history." + Proof(image, findings) +
                 "\n  To mend it: RUN --mount=type=secret in place of ARG and ENV "
                 "(docs/fixing-leaks.md).";
  return verdict;
}

// "config.Env[1]  API_TOKEN=supe… (14 bytes, 92ab01f3)   generic-secret"
std::string FieldRows(const std::vector<Finding>& findings) {
  struct Row {
    std::string field, value, what;
  };
  std::vector<Row> rows;
  std::size_t field_width = 0;
  std::size_t value_width = 0;
  for (std::size_t i = 0; i < findings.size() && i < kFieldsShown; ++i) {
    const Finding& finding = findings[i];
    const std::string name = finding.name.empty() ? "" : Printable(finding.name) + "=";
    rows.push_back({Printable(finding.field), Cut(name + Redacted(finding.value), kTextWidth),
                    RuleOf(finding)});
    field_width = std::max(field_width, Width(rows.back().field));
    value_width = std::max(value_width, Width(rows.back().value));
  }
  std::string text;
  for (const Row& row : rows) {
    text += Line(Padded(row.field, field_width) + "  " + Padded(row.value, value_width) + "   " +
                 row.what);
  }
  if (findings.size() > kFieldsShown) {
    text += Line("… and " + std::to_string(findings.size() - kFieldsShown) + " more");
  }
  return text;
}

Verdict JudgeConfig(const Image& image, const CleanOptions& options, bool explain) {
  const std::vector<Finding> findings = Errors(FindConfigLeaks(image, options));
  Verdict verdict = Verdict::Of(findings.empty());
  if (!explain) return verdict;
  if (findings.empty()) {
    verdict.text = "whose configuration gives away nothing";
    return verdict;
  }
  verdict.text = "whose configuration gives away " + Values(findings) + ":" + FieldRows(findings) +
                 "\n  Whoever holds the image can read its configuration." +
                 Proof(image, findings) +
                 "\n  To mend it: give the value when the container starts, not when the image is "
                 "built (docs/fixing-leaks.md).";
  return verdict;
}

class CleanHistoryMatcher {
 public:
  using is_gtest_matcher = void;

  explicit CleanHistoryMatcher(CleanOptions options) : options_(std::move(options)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement([&] { return JudgeHistory(image, options_, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const { *out << "has a history that gives away no secret"; }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has a history that gives away a secret";
  }

 private:
  CleanOptions options_;
};

class CleanConfigMatcher {
 public:
  using is_gtest_matcher = void;

  explicit CleanConfigMatcher(CleanOptions options) : options_(std::move(options)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement([&] { return JudgeConfig(image, options_, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has a configuration that gives away no secret";
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has a configuration that gives away a secret";
  }

 private:
  CleanOptions options_;
};

}  // namespace

::testing::Matcher<const Image&> HasCleanHistory(CleanOptions options) {
  return CleanHistoryMatcher(std::move(options));
}

::testing::Matcher<const Image&> HasCleanConfig(CleanOptions options) {
  return CleanConfigMatcher(std::move(options));
}

}  // namespace watertight
