// HasSize, of whatever has one.

#include "watertight/matchers/size.h"

#include <algorithm>

#include "framework/matchers/layer_table.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/step_text.h"
#include "watertight/leaks.h"

namespace watertight {
namespace {

constexpr std::size_t kLayersShown = 8;
constexpr std::size_t kHistoryWidth = 64;

// The largest layers, with the steps that made them.
std::string LargestLayers(const Image& image) {
  std::vector<const Layer*> layers;
  for (const Layer& layer : image.layers()) layers.push_back(&layer);
  std::stable_sort(layers.begin(), layers.end(),
                   [](const Layer* a, const Layer* b) { return a->size() > b->size(); });
  const std::size_t shown = std::min(layers.size(), kLayersShown);
  const std::vector<Finding> findings = FindHistoryLeaks(image);
  std::size_t width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    width = std::max(width, std::to_string(layers[i]->size()).size());
  }
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const Layer& layer = *layers[i];
    const std::string size = std::to_string(layer.size());
    text += "\n    layer " + Padded(std::to_string(layer.index()), 3) +
            std::string(width - size.size(), ' ') + size;
    if (const auto step = layer.step()) {
      text += "  " + Cut(StepText(image.history()[static_cast<std::size_t>(*step)], findings),
                         kHistoryWidth);
    }
  }
  if (layers.size() > shown) text += "\n    … " + Count(layers.size() - shown, "smaller layer");
  return text;
}

bool ReportSize(const ::testing::Matcher<std::int64_t>& bytes, std::uint64_t size,
                std::ostream* out) {
  if (out != nullptr) *out << "whose size is " << Count(size, "byte");
  return bytes.Matches(static_cast<std::int64_t>(size));
}

}  // namespace

SizeMatcher::SizeMatcher(::testing::Matcher<std::int64_t> bytes) : bytes_(std::move(bytes)) {}

bool SizeMatcher::MatchAndExplain(const Image& image, std::ostream* out) const {
  const auto judge = [&]() -> Verdict {
    Verdict verdict = Verdict::Of(bytes_.Matches(static_cast<std::int64_t>(image.size())));
    if (out == nullptr) return verdict;
    verdict.text = "whose " + Count(image.layers().size(), "layer") + " have " +
                   Count(image.size(), "byte") + (image.layers().empty() ? "" : ":") +
                   LargestLayers(image);
    return verdict;
  };
  return ReportJudgement(image, judge, out);
}

bool SizeMatcher::MatchAndExplain(const Layer& layer, std::ostream* out) const {
  const auto judge = [&]() -> Verdict {
    return {bytes_.Matches(static_cast<std::int64_t>(layer.size())) ? Answer::kYes : Answer::kNo,
            "whose size is " + Count(layer.size(), "byte")};
  };
  return ReportJudgement(judge, out);
}

bool SizeMatcher::MatchAndExplain(const RootfsEntry& entry, std::ostream* out) const {
  return ReportSize(bytes_, entry.size(), out);
}

bool SizeMatcher::MatchAndExplain(const Entry& entry, std::ostream* out) const {
  return ReportSize(bytes_, entry.size(), out);
}

void SizeMatcher::DescribeTo(std::ostream* out) const {
  *out << "has a size in bytes that ";
  bytes_.DescribeTo(out);
}

void SizeMatcher::DescribeNegationTo(std::ostream* out) const {
  *out << "has a size in bytes that ";
  bytes_.DescribeNegationTo(out);
}

SizeMatcher HasSize(::testing::Matcher<std::int64_t> bytes) {
  return SizeMatcher(std::move(bytes));
}

}  // namespace watertight
