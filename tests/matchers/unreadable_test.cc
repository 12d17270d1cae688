// An image with a layer that cannot be read: every assertion that needs it fails, in both
// directions and inside every combinator.

#include "tests/matchers/golden.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Conditional;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Matcher;
using ::testing::Not;

using ImageMatcher = Matcher<const Image&>;

// Layer 1 is a gzip stream that ends too early.
Image TruncatedImage(const TemporaryFolder& folder) {
  const MadeImage made = MakeImage({{{"a", '0', "one"}}, {{"b", '0', std::string(5000, 'b')}}});
  OciLayout layout;
  int layer = 0;
  layout.SetIndex({layout.AddImage(made, [&](const std::string& tar) {
    if (layer++ == 0) return tar;
    const std::string whole = Compressed(tar, "gzip");
    return whole.substr(0, whole.size() - 20);
  })});
  WriteFile(folder.Path("cut.tar"), MakeTar(layout.files()));
  return Image::Open(folder.Path("cut.tar"));
}

class Unreadable : public ::testing::Test {
 protected:
  void ExpectFails(const ImageMatcher& matcher) {
    const std::vector<std::string> messages = FailuresOf([&] { EXPECT_THAT(image_, matcher); });
    ASSERT_FALSE(messages.empty());
    EXPECT_THAT(messages, ::testing::Contains(HasSubstr("layer 1 (blobs/sha256/")));
  }

  TemporaryFolder folder_;
  const Image image_ = TruncatedImage(folder_);
};

struct NeedsLayers {
  const char* name;
  ImageMatcher (*make)();
};

const std::vector<NeedsLayers>& All() {
  static const std::vector<NeedsLayers> all = {
      {"NeverStores", [] { return NeverStores("secret.txt"); }},
      {"NeverStoresWhatIsThere", [] { return NeverStores("a"); }},
      {"HasFile", [] { return HasFile("/a"); }},
      {"HasFileThatIsMissing", [] { return HasFile("/missing"); }},
      {"HasFileWithMode", [] { return HasFile("/a", HasMode(0644)); }},
      {"HasDirectory", [] { return HasDirectory("/"); }},
      {"HasSymlink", [] { return HasSymlink("/a", "b"); }},
      {"LacksFile", [] { return LacksFile("/a"); }},
      {"LacksFileThatIsMissing", [] { return LacksFile("/missing"); }},
      {"HasNoSetuidFiles", [] { return HasNoSetuidFiles(); }},
      {"HasSize", []() -> ImageMatcher { return HasSize(::testing::Gt(0)); }},
      {"WastesAtMost", [] { return WastesAtMost(Percent(100)); }},
  };
  return all;
}

TEST_F(Unreadable, FailsEveryMatcherInBothDirections) {
  for (const NeedsLayers& test : All()) {
    SCOPED_TRACE(test.name);
    ExpectFails(test.make());
    ExpectFails(Not(test.make()));
    ExpectFails(Not(Not(test.make())));
  }
}

TEST_F(Unreadable, FailsInsideEveryCombinator) {
  for (const NeedsLayers& test : All()) {
    SCOPED_TRACE(test.name);
    const ImageMatcher matcher = test.make();
    ExpectFails(AllOf(HasLayerCount(2), Not(matcher)));
    ExpectFails(AnyOf(matcher, HasLayerCount(2)));
    ExpectFails(Not(AllOf(HasLayerCount(2), matcher)));
    ExpectFails(Not(AnyOf(matcher, HasLayerCount(7))));
    ExpectFails(Conditional(true, Not(matcher), HasLayerCount(2)));
  }
}

TEST_F(Unreadable, FailsInsideContainers) {
  const std::vector<Image> images = {image_};
  EXPECT_FALSE(FailuresOf([&] { EXPECT_THAT(images, Each(NeverStores("x"))); }).empty());
  EXPECT_FALSE(FailuresOf([&] { EXPECT_THAT(images, Each(Not(NeverStores("x")))); }).empty());
  EXPECT_FALSE(FailuresOf([&] { EXPECT_THAT(images, Not(Each(NeverStores("x")))); }).empty());
}

TEST_F(Unreadable, FailsWhatComparesWithIt) {
  const MadeImage made = MakeImage({{{"a", '0', "one"}}});
  WriteFile(folder_.Path("whole.tar"), MakeTar(DockerArchive(made)));
  const Image whole = Image::Open(folder_.Path("whole.tar"));
  EXPECT_FALSE(FailuresOf([&] { EXPECT_THAT(whole, HasSameContentAs(image_)); }).empty());
  EXPECT_FALSE(FailuresOf([&] { EXPECT_THAT(whole, Not(HasSameContentAs(image_))); }).empty());
  ExpectFails(HasSameContentAs(whole));
  ExpectFails(Not(HasSameContentAs(whole)));
}

// A macro reports it once.
TEST_F(Unreadable, FailsAMacroOnce) {
  const std::vector<std::string> messages =
      FailuresOf([&] { EXPECT_NO_LEAKED_FILE(image_, "secret.txt"); });
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_THAT(messages[0], HasSubstr("cannot be judged"));
  EXPECT_THAT(messages[0], HasSubstr("layer 1 (blobs/sha256/"));
}

TEST_F(Unreadable, StillTellsWhatTheOtherLayersStore) {
  const std::vector<std::string> messages =
      FailuresOf([&] { EXPECT_NO_LEAKED_FILE(image_, "/a"); });
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_THAT(messages[0], HasSubstr("layer 0 stores a"));
}

// What needs no layer is judged as ever.
TEST_F(Unreadable, DoesNotConcernTheDocuments) {
  EXPECT_HISTORY_CLEAN(image_);
  EXPECT_CONFIG_CLEAN(image_);
  EXPECT_THAT(image_, AllOf(HasLayerCount(2), Not(RunsAs("node"))));
}

// Damage is what IsIntact is about: that it is there is an answer.
TEST_F(Unreadable, IsNotIntact) {
  EXPECT_THAT(image_, Not(IsIntact()));
  EXPECT_EQ(FailuresOf([&] { EXPECT_INTACT(image_); }).size(), 1U);
}

}  // namespace
}  // namespace watertight::testing
