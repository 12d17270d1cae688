// HasNoSecrets: no carrier of the image holds what a rule takes for a secret.

#include "framework/matchers/made_search.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "framework/matchers/layer_table.h"
#include "framework/matchers/places_table.h"
#include "framework/matchers/verdict.h"
#include "watertight/matchers/leaks.h"

namespace watertight {
namespace {

class Evidence {
 public:
  Evidence(const Image& image, std::vector<Finding> findings)
      : image_(image), findings_(std::move(findings)) {
    in_history_ = FindHistoryLeaks(image);
    std::copy_if(findings_.begin(), findings_.end(), std::back_inserter(in_history_),
                 [](const Finding& finding) { return finding.step.has_value(); });
    allowed_ = static_cast<std::size_t>(
        std::count_if(findings_.begin(), findings_.end(),
                      [](const Finding& finding) { return !finding.allowed.empty(); }));
    std::erase_if(findings_, [](const Finding& finding) { return finding.level != Level::kError; });
  }

  bool empty() const { return findings_.empty(); }

  // ", beside 2 that are allowed".
  std::string Allowed() const {
    if (allowed_ == 0) return "";
    return ", beside " + std::to_string(allowed_) +
           (allowed_ == 1 ? " that is allowed" : " that are allowed");
  }

  // "which holds 2 secrets in 3 places".
  std::string Sentence() const {
    std::set<std::string> values;
    for (const Finding& finding : findings_) values.insert(finding.value);
    return "which holds " + Count(values.size(), "secret") +
           (findings_.size() == values.size() ? "" : " in " + Count(findings_.size(), "place"));
  }

  std::string Table() const {
    const PlacesTable table{image_, findings_, in_history_, nullptr, [](const Finding& finding) {
                              return finding.rule + " " + Redacted(finding.value);
                            }};
    return table.Text();
  }

  std::string Proof() const { return TakeOutText(image_, findings_); }

 private:
  const Image& image_;
  std::vector<Finding> findings_;
  std::vector<Finding> in_history_;
  std::size_t allowed_ = 0;
};

class HasNoSecretsMatcher {
 public:
  using is_gtest_matcher = void;

  explicit HasNoSecretsMatcher(std::function<ValueSearch(const Image&)> search)
      : search_(std::move(search)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement([&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const { *out << "holds no secret, in no carrier"; }
  void DescribeNegationTo(std::ostream* out) const { *out << "holds a secret in some carrier"; }

 private:
  Verdict Judge(const Image& image, bool explain) const {
    ValueSearch search = search_(image);
    const Evidence evidence(image, std::move(search.findings));
    if (!search.unreadable.empty()) return Unread(search.unreadable, evidence);
    Verdict verdict = Verdict::Of(evidence.empty());
    if (!explain) return verdict;
    if (evidence.empty()) {
      verdict.text = "whose " + Count(image.layers().size(), "layer") +
                     " and documents hold nothing that a rule takes for a secret" +
                     evidence.Allowed() + UnsearchedText(search.notes);
      return verdict;
    }
    verdict.text = evidence.Sentence() + ":" + evidence.Table() + evidence.Proof() +
                   UnsearchedText(search.notes) +
                   "\n  To mend it: RUN --mount=type=secret, or a build stage of its own "
                   "(docs/fixing-leaks.md). Of what is no secret: SecretOptions().Allow(…).";
    return verdict;
  }

  static Verdict Unread(const std::vector<std::string>& errors, const Evidence& evidence) {
    std::string text = "which cannot be judged, because not all of it can be read:";
    for (const std::string& error : errors) text += EvidenceLine(error);
    if (!evidence.empty()) {
      text += "\n  Of what can be read: " + evidence.Sentence() + ":" + evidence.Table();
    }
    return {Answer::kUnknown, text +
                                  "\n  What cannot be read is never clean: save the image again, "
                                  "or mend the archive."};
  }

  std::function<ValueSearch(const Image&)> search_;
};

}  // namespace

::testing::Matcher<const Image&> HasNoSecrets(SecretOptions options) {
  return HasNoSecretsMatcher(
      [options = std::move(options)](const Image& image) { return FindSecrets(image, options); });
}

::testing::Matcher<const Image&> HasNoSecretsIn(const ValueSearch& search) {
  return HasNoSecretsMatcher([&search](const Image& /*image*/) { return search; });
}

}  // namespace watertight
