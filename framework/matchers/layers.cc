// Matchers of the layers as a whole.

#include "watertight/matchers/layers.h"

#include <algorithm>
#include <sstream>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/step_text.h"

namespace watertight {
namespace {

constexpr std::size_t kFilesShown = 8;

class LayerCountMatcher {
 public:
  using is_gtest_matcher = void;

  explicit LayerCountMatcher(::testing::Matcher<int> count) : count_(std::move(count)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    if (out != nullptr) *out << "which has " << Count(image.layers().size(), "layer");
    return count_.Matches(static_cast<int>(image.layers().size()));
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has a number of layers that ";
    count_.DescribeTo(out);
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has a number of layers that ";
    count_.DescribeNegationTo(out);
  }

 private:
  ::testing::Matcher<int> count_;
};

// "7 bytes   app/secret.txt   layer 1, deleted in layer 2".
std::string LargestHidden(const Image& image) {
  std::vector<StoredEntry> hidden;
  for (const StoredEntry& stored : image.stored()) {
    if (!stored.visible && stored.removed_by && stored.entry->size() > 0) hidden.push_back(stored);
  }
  std::stable_sort(hidden.begin(), hidden.end(), [](const StoredEntry& a, const StoredEntry& b) {
    return a.entry->size() > b.entry->size();
  });
  std::string text;
  for (std::size_t i = 0; i < hidden.size() && i < kFilesShown; ++i) {
    const StoredEntry& stored = hidden[i];
    const bool overwritten = stored.removed_by->how == RemovalKind::kOverwritten;
    text += "\n    " + Printable(stored.entry->path()) + "   " +
            Count(stored.entry->size(), "byte") + ", layer " + std::to_string(stored.layer) +
            (overwritten ? ", overwritten" : ", deleted") + " in layer " +
            std::to_string(stored.removed_by->layer);
  }
  if (hidden.size() > kFilesShown) {
    text += "\n    … and " + std::to_string(hidden.size() - kFilesShown) + " more";
  }
  return text;
}

class WasteMatcher {
 public:
  using is_gtest_matcher = void;

  WasteMatcher(double most, bool percent) : most_(most), percent_(percent) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement(
        image, [&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const { *out << "wastes at most " << Most(); }
  void DescribeNegationTo(std::ostream* out) const { *out << "wastes more than " << Most(); }

 private:
  std::string Most() const {
    std::ostringstream text;
    if (percent_) {
      text << most_ << "% of its size";
    } else {
      text << Count(static_cast<std::uint64_t>(most_), "byte");
    }
    return text.str();
  }

  Verdict Judge(const Image& image, bool explain) const {
    const auto wasted = static_cast<double>(image.wasted());
    const double size = static_cast<double>(image.size());
    const double share = size == 0 ? 0 : 100 * wasted / size;
    Verdict verdict = Verdict::Of((percent_ ? share : wasted) <= most_);
    if (!explain) return verdict;
    std::ostringstream text;
    text.precision(2);
    text << "whose layers store " << Count(image.wasted(), "byte")
         << " that the container does not show";
    if (percent_) text << std::fixed << ", " << share << "% of " << Count(image.size(), "byte");
    const std::string hidden = LargestHidden(image);
    if (!hidden.empty()) text << ":" << hidden;
    if (!hidden.empty() && verdict.answer == Answer::kNo) {
      text << "\n  To mend it: delete a file in the RUN that makes it (docs/fixing-leaks.md).";
    }
    verdict.text = text.str();
    return verdict;
  }

  double most_;
  bool percent_;
};

}  // namespace

void PrintTo(const Percent& percent, std::ostream* out) { *out << percent.value << "%"; }

::testing::Matcher<const Image&> HasLayerCount(::testing::Matcher<int> count) {
  return LayerCountMatcher(std::move(count));
}

::testing::Matcher<const Image&> WastesAtMost(std::int64_t bytes) {
  return WasteMatcher(static_cast<double>(bytes), false);
}

::testing::Matcher<const Image&> WastesAtMost(Percent percent) {
  return WasteMatcher(percent.value, true);
}

}  // namespace watertight
