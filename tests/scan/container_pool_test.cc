#include "framework/scan/container_pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "framework/scan/value_set.h"
#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

constexpr const char* kValue = "Zq7-kVw93LmTx02p";
constexpr std::size_t kContainers = 40;
constexpr std::size_t kFiller = 300'000;

const ValueSet& Set() {
  static const ValueSet set({kValue});
  return set;
}

// Every third holds the value, every fifth is cut.
bool Holds(std::size_t i) { return i % 3 == 0; }
bool IsCut(std::size_t i) { return i % 5 == 1; }

// What can be read of a cut one is searched: the value stands near its begin.
std::string Container(std::size_t i) {
  std::string text = "number " + std::to_string(i) + (Holds(i) ? " " : " not ");
  if (Holds(i)) text += kValue;
  for (std::size_t word = i; text.size() < kFiller; word = word * 48271 % 2147483647) {
    text += std::to_string(word) + "\n";
  }
  const std::string packed = Compressed(text, "gzip");
  return IsCut(i) ? packed.substr(0, packed.size() / 2) : packed;
}

const std::vector<std::string>& Containers() {
  static const std::vector<std::string> containers = [] {
    std::vector<std::string> made;
    for (std::size_t i = 0; i < kContainers; ++i) made.push_back(Container(i));
    return made;
  }();
  return containers;
}

// More of them than may wait.
TEST(PoolOfContainers, OpensThemAllAndTellsOfThemInOrder) {
  for (const unsigned threads : {1U, 3U}) {
    ContainerPool pool(Set(), SearchLimits{}, threads);
    for (std::size_t i = 0; i < kContainers; ++i) {
      const std::string& content = Containers()[i];
      pool.Open({nullptr, i * kFiller, content.size(), "f" + std::to_string(i), false}, content);
    }
    std::vector<std::size_t> holding;
    std::vector<std::size_t> cut;
    std::uint64_t last = 0;
    for (const OpenedContainer& one : pool.Finish()) {
      const std::size_t i = one.place.offset / kFiller;
      EXPECT_GE(one.place.offset, last);
      last = one.place.offset;
      if (!one.hits.inside.empty()) holding.push_back(i);
      if (!one.hits.left_out.empty()) cut.push_back(i);
      EXPECT_EQ(one.content != nullptr, !one.hits.inside.empty()) << i;
      EXPECT_TRUE(one.content == nullptr || *one.content == Containers()[i]) << i;
    }
    std::vector<std::size_t> all_holding;
    std::vector<std::size_t> all_cut;
    for (std::size_t i = 0; i < kContainers; ++i) {
      if (Holds(i)) all_holding.push_back(i);
      if (IsCut(i)) all_cut.push_back(i);
    }
    EXPECT_EQ(holding, all_holding) << threads;
    EXPECT_EQ(cut, all_cut) << threads;
  }
}

TEST(PoolOfContainers, NeedsNone) {
  ContainerPool pool(Set(), SearchLimits{}, 4);
  EXPECT_TRUE(pool.Finish().empty());
  const ContainerPool unfinished(Set(), SearchLimits{}, 4);
}

}  // namespace
}  // namespace watertight::testing
