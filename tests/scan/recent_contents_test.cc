#include "framework/scan/recent_contents.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watertight::testing {
namespace {

constexpr std::size_t kBlock = 1000;
constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30;

// Bytes of which each place has others.
std::string Text(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::to_string(text.size()) + ",";
  text.resize(size);
  return text;
}

struct File {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
  bool wanted = false;
};

// What is kept of files that are told of before their blocks come, as a walk behind the search
// does; hits: by the number of the block with which they show.
ContentsByOffset KeptOf(const std::string& text, const std::vector<File>& files,
                        const std::map<std::size_t, std::vector<std::uint64_t>>& hits,
                        std::uint64_t most = kPlenty, std::size_t block = kBlock) {
  ContentBudget budget(most);
  RecentContents recent(&budget);
  for (const File& file : files) recent.Expect(file.begin, file.size, file.wanted);
  std::size_t number = 0;
  const auto hits_with = [&](std::size_t i) {
    const auto found = hits.find(i);
    return found == hits.end() ? std::vector<std::uint64_t>() : found->second;
  };
  for (std::size_t at = 0; at < text.size(); at += block, ++number) {
    Block made;
    made.bytes = text.substr(at, block);
    recent.Take(std::make_shared<const Block>(std::move(made)), hits_with(number));
  }
  return recent.Finish(hits_with(number));
}

TEST(RecentContents, AreKeptWhenTheyAreWantedOrHit) {
  const std::string text = Text(10'500);
  const ContentsByOffset kept =
      KeptOf(text, {{512, 100, false}, {700, 100, true}, {900, 3200, false}, {4200, 300, false}},
             {{3, {3500}}});
  EXPECT_EQ(kept, (ContentsByOffset{{700, text.substr(700, 100)}, {900, text.substr(900, 3200)}}));
}

TEST(RecentContents, AreKeptForHitsAtTheirFirstAndLastByteOnly) {
  const std::string text = Text(5000);
  const File file{1024, 500, false};
  for (const std::uint64_t inside : {1024U, 1300U, 1523U}) {
    EXPECT_EQ(KeptOf(text, {file}, {{1, {inside}}}).size(), 1U) << inside;
  }
  for (const std::uint64_t outside : {1023U, 1524U}) {
    EXPECT_EQ(KeptOf(text, {file}, {{1, {outside}}}).size(), 0U) << outside;
  }
}

TEST(RecentContents, AreKeptForHitsThatShowWithTheNextBlockOrAtTheEnd) {
  const std::string text = Text(5000);
  EXPECT_EQ(KeptOf(text, {{1500, 500, false}}, {{2, {1900}}}).size(), 1U);
  EXPECT_EQ(KeptOf(text, {{4400, 600, false}}, {{5, {4900}}}),
            (ContentsByOffset{{4400, text.substr(4400)}}));
}

TEST(RecentContents, AreNotKeptBeyondTheBudget) {
  const std::string text = Text(5000);
  const std::vector<File> files = {{0, 600, true}, {600, 600, true}, {1200, 100, true}};
  const ContentsByOffset kept = KeptOf(text, files, {}, 700);
  EXPECT_EQ(kept, (ContentsByOffset{{0, text.substr(0, 600)}, {1200, text.substr(1200, 100)}}));
}

TEST(RecentContents, AreWholeOrNotKept) {
  const std::uint64_t largest = RecentContents::kLargest;
  const std::string text = Text(static_cast<std::size_t>(2 * largest + 3'000'000));
  constexpr std::size_t kLarge = std::size_t{512} << 10;
  const ContentsByOffset kept =
      KeptOf(text, {{100, largest, true}, {100 + largest, largest + 1, true}}, {}, kPlenty, kLarge);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept.at(100) == text.substr(100, static_cast<std::size_t>(largest)));
  // Told of when its blocks have gone.
  ContentBudget budget(kPlenty);
  RecentContents recent(&budget);
  for (std::size_t at = 0; at < text.size(); at += kLarge) {
    Block made;
    made.bytes = text.substr(at, kLarge);
    recent.Take(std::make_shared<const Block>(std::move(made)), {});
  }
  recent.Expect(100, 50, true);
  recent.Expect(text.size() - 50, 50, true);
  EXPECT_EQ(recent.Finish({}),
            (ContentsByOffset{{text.size() - 50, text.substr(text.size() - 50)}}));
}

}  // namespace
}  // namespace watertight::testing
