// IsIntact: Image::Validate as a matcher.

#include "watertight/matchers/intact.h"

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/recovery.h"

namespace watertight {
namespace {

constexpr std::size_t kViolationsShown = 10;

// `… | sha256sum` of the layers that a violation names, to compare by hand.
std::string Proof(const Image& image, const std::vector<Violation>& violations) {
  for (const Layer& layer : image.layers()) {
    const std::string prefix = "layer " + std::to_string(layer.index()) + " (";
    for (const Violation& violation : violations) {
      if (!violation.place.starts_with(prefix) || !layer.present()) continue;
      return " " + RecoverLead(image, 1) + "\n    " + RecoverBlobCommand(image, layer.blob()) +
             " | sha256sum";
    }
  }
  return "";
}

std::string Evidence(const Image& image, const std::vector<Violation>& violations) {
  std::string text;
  for (std::size_t i = 0; i < violations.size() && i < kViolationsShown; ++i) {
    text += "\n    " + violations[i].place + ": " + violations[i].text;
  }
  if (violations.size() > kViolationsShown) {
    text += "\n    … and " + std::to_string(violations.size() - kViolationsShown) + " more";
  }
  return text + "\n  Engines refuse or misread such an archive." + Proof(image, violations) +
         "\n  To mend it: save or copy the image again (docs/fixing-leaks.md).";
}

class IsIntactMatcher {
 public:
  using is_gtest_matcher = void;

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement([&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "is intact: its bytes are what its documents claim";
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "is damaged: some bytes are not what a document claims";
  }

 private:
  static Verdict Judge(const Image& image, bool explain) {
    const std::vector<Violation> violations = image.Validate();
    Verdict verdict = Verdict::Of(violations.empty());
    if (!explain) return verdict;
    if (violations.empty()) {
      verdict.text = "whose " + Count(image.layers().size(), "layer") + " and " +
                     Count(image.manifests().size(), "manifest") + " fit one another";
    } else {
      verdict.text =
          "which has " + Count(violations.size(), "violation") + ":" + Evidence(image, violations);
    }
    return verdict;
  }
};

}  // namespace

::testing::Matcher<const Image&> IsIntact() { return IsIntactMatcher(); }

}  // namespace watertight
