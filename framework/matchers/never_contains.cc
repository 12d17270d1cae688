// NeverContains: no carrier of the image holds a known value, in any encoding.

#include <algorithm>
#include <map>
#include <optional>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"
#include "framework/scan/recovery.h"
#include "framework/scan/step_text.h"
#include "watertight/matchers/leaks.h"

namespace watertight {
namespace {

constexpr std::size_t kPlacesShown = 20;
constexpr std::size_t kPlaceWidth = 72;
constexpr std::size_t kStepWidth = 64;
constexpr std::size_t kCommandsShown = 5;
constexpr std::size_t kNotesShown = 5;

std::string Line(const std::string& text) {
  return "\n    " + text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string Names(const std::vector<Secret>& values) {
  std::vector<std::string> names;
  for (const Secret& value : values) names.push_back(Redacted(value.value()));
  return Enumerated(names, "or");
}

// One place where a value is, beside the step that made it.
struct Row {
  std::string where;  // "layer 1, deleted in layer 2"; "history", "config" of what is in no layer
  std::string place;
  std::string step;
};

class Evidence {
 public:
  Evidence(const Image& image, const std::vector<Secret>& values, const ValueSearch& search)
      : image_(image), values_(values), findings_(search.findings) {
    CleanOptions known;
    for (const Secret& value : values) known.Known(value);
    in_history_ = FindHistoryLeaks(image, known);
  }

  // "which holds supe… (17 bytes, 829d2bf2) in 3 places".
  std::string Sentence() const {
    std::map<int, std::size_t> counts;
    for (const Finding& finding : findings_) ++counts[finding.secret];
    std::vector<std::string> parts;
    for (const auto& [number, count] : counts) {
      const Secret& value = values_[static_cast<std::size_t>(number) - 1];
      parts.push_back(Redacted(value.value()) + " in " + Count(count, "place"));
    }
    return "which holds " + Enumerated(parts);
  }

  std::string Table() const {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < findings_.size() && i < kPlacesShown; ++i) {
      rows.push_back(RowOf(findings_[i]));
    }
    std::size_t where = 0;
    std::size_t place = 0;
    for (const Row& row : rows) {
      where = std::max(where, Width(row.where));
      place = std::max(place, Width(row.place));
    }
    std::string text;
    for (const Row& row : rows) {
      text += Line(Padded(row.where, where) + "  " + Padded(row.place, place) + "   " + row.step);
    }
    if (findings_.size() > kPlacesShown) {
      text += Line("… and " + std::to_string(findings_.size() - kPlacesShown) + " more");
    }
    return text;
  }

  std::string Proof() const {
    const std::vector<std::string> commands = RecoverCommands(image_, findings_, kCommandsShown);
    std::string text =
        "\n  Whoever holds the image can take it out. " + RecoverLead(image_, commands.size());
    for (const std::string& command : commands) text += Line(command);
    return text;
  }

 private:
  Row RowOf(const Finding& finding) const {
    Row row;
    row.place = Cut(PlaceText(finding), kPlaceWidth);
    if (values_.size() > 1)
      row.place = "value " + std::to_string(finding.secret) + "  " + row.place;
    const auto fate = FateOf(image_, finding);
    row.where = fate            ? FateText(*fate)
                : finding.layer ? "layer " + std::to_string(*finding.layer)
                                : ToString(finding.carrier);
    if (const auto step = StepOf(finding)) {
      row.step =
          Cut(StepText(image_.history()[static_cast<std::size_t>(*step)], in_history_), kStepWidth);
    }
    return row;
  }

  std::optional<int> StepOf(const Finding& finding) const {
    if (finding.step || !finding.layer) return finding.step;
    return image_.layers()[static_cast<std::size_t>(*finding.layer)].step();
  }

  const Image& image_;
  const std::vector<Secret>& values_;
  const std::vector<Finding>& findings_;
  std::vector<Finding> in_history_;
};

std::string NotesText(const std::vector<Note>& notes) {
  if (notes.empty()) return "";
  std::string text = "\n  Not all of it was searched:";
  for (std::size_t i = 0; i < notes.size() && i < kNotesShown; ++i) {
    const Note& note = notes[i];
    std::string place = note.layer ? "layer " + std::to_string(*note.layer) : "";
    if (!note.path.empty()) place += (place.empty() ? "" : ", ") + Printable(note.path);
    text += Line(place + (place.empty() ? "" : ": ") + note.text);
  }
  if (notes.size() > kNotesShown) {
    text += Line("… and " + std::to_string(notes.size() - kNotesShown) + " more");
  }
  return text;
}

class NeverContainsMatcher {
 public:
  using is_gtest_matcher = void;

  explicit NeverContainsMatcher(std::vector<Secret> values) : values_(std::move(values)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement([&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "never contains " << Names(values_) << ", in no carrier and no encoding";
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "contains " << Names(values_) << " in some carrier";
  }

 private:
  Verdict Judge(const Image& image, bool explain) const {
    const ValueSearch search = FindKnownValues(image, values_);
    const Evidence evidence(image, values_, search);
    if (!search.unreadable.empty()) return Unread(search, evidence);
    Verdict verdict = Verdict::Of(search.findings.empty());
    if (!explain) return verdict;
    if (search.findings.empty()) {
      verdict.text = "whose " + Count(image.layers().size(), "layer") +
                     " and documents hold no such value" + NotesText(search.notes);
      return verdict;
    }
    verdict.text = evidence.Sentence() + ":" + evidence.Table() + evidence.Proof() +
                   NotesText(search.notes) +
                   "\n  To mend it: RUN --mount=type=secret, or a build stage of its own "
                   "(docs/fixing-leaks.md).";
    return verdict;
  }

  static Verdict Unread(const ValueSearch& search, const Evidence& evidence) {
    std::string text = "which cannot be judged, because not all of it can be read:";
    for (const std::string& error : search.unreadable) text += Line(error);
    if (!search.findings.empty()) {
      text += "\n  Of what can be read: " + evidence.Sentence() + ":" + evidence.Table();
    }
    return {Answer::kUnknown, text +
                                  "\n  What cannot be read is never clean: save the image again, "
                                  "or mend the archive."};
  }

  std::vector<Secret> values_;
};

}  // namespace

::testing::Matcher<const Image&> NeverContains(std::vector<Secret> values) {
  if (values.empty()) throw Error(ErrorCode::kUsage, "NeverContains: no value was given");
  return NeverContainsMatcher(std::move(values));
}

}  // namespace watertight
