// NeverContains: no carrier of the image holds a known value, in any encoding.

#include <map>

#include "framework/matchers/layer_table.h"
#include "framework/matchers/made_search.h"
#include "framework/matchers/places_table.h"
#include "framework/matchers/verdict.h"
#include "watertight/matchers/leaks.h"

namespace watertight {
namespace {

std::string Names(const std::vector<Secret>& values) {
  std::vector<std::string> names;
  for (const Secret& value : values) names.push_back(Redacted(value.value()));
  return Enumerated(names, "or");
}

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
    PlacesTable table{image_, findings_, in_history_, nullptr, nullptr};
    if (values_.size() > 1) {
      table.before = [](const Finding& finding) {
        return "value " + std::to_string(finding.secret) + "  ";
      };
    }
    return table.Text();
  }

  std::string Proof() const { return TakeOutText(image_, findings_); }

 private:
  const Image& image_;
  const std::vector<Secret>& values_;
  const std::vector<Finding>& findings_;
  std::vector<Finding> in_history_;
};

class NeverContainsMatcher {
 public:
  using is_gtest_matcher = void;

  // made: of the same image, or null.
  explicit NeverContainsMatcher(std::vector<Secret> values, const ValueSearch* made)
      : values_(std::move(values)), made_(made) {}

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
    const ValueSearch search = made_ != nullptr ? *made_ : FindKnownValues(image, values_);
    const Evidence evidence(image, values_, search);
    if (!search.unreadable.empty()) return Unread(search, evidence);
    Verdict verdict = Verdict::Of(search.findings.empty());
    if (!explain) return verdict;
    if (search.findings.empty()) {
      verdict.text = "whose " + Count(image.layers().size(), "layer") +
                     " and documents hold no such value" + UnsearchedText(search.notes);
      return verdict;
    }
    verdict.text = evidence.Sentence() + ":" + evidence.Table() + evidence.Proof() +
                   UnsearchedText(search.notes) +
                   "\n  To mend it: RUN --mount=type=secret, or a build stage of its own "
                   "(docs/fixing-leaks.md).";
    return verdict;
  }

  static Verdict Unread(const ValueSearch& search, const Evidence& evidence) {
    std::string text = "which cannot be judged, because not all of it can be read:";
    for (const std::string& error : search.unreadable) text += EvidenceLine(error);
    if (!search.findings.empty()) {
      text += "\n  Of what can be read: " + evidence.Sentence() + ":" + evidence.Table();
    }
    return {Answer::kUnknown, text +
                                  "\n  What cannot be read is never clean: save the image again, "
                                  "or mend the archive."};
  }

  std::vector<Secret> values_;
  const ValueSearch* made_;
};

}  // namespace

::testing::Matcher<const Image&> NeverContains(std::vector<Secret> values) {
  if (values.empty()) throw Error(ErrorCode::kUsage, "NeverContains: no value was given");
  return NeverContainsMatcher(std::move(values), nullptr);
}

::testing::Matcher<const Image&> NeverContainsIn(std::vector<Secret> values,
                                                 const ValueSearch& search) {
  return NeverContainsMatcher(std::move(values), &search);
}

}  // namespace watertight
