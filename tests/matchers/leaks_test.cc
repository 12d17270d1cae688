// What the recorded experiments leak, as examples/article/README.md tells it.

#include <cstdlib>

#include "tests/matchers/messages.h"
#include "tests/matchers/recorded.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(NeverStores, FindsADeletedFile) {
  for (const char* name : {"copy-then-delete.classic", "copy-then-delete.buildkit"}) {
    EXPECT_THAT(Recorded(name), Not(NeverStores("secret.txt"))) << name;
    EXPECT_THAT(Recorded(name), Not(NeverStores("/app/secret.txt"))) << name;
    EXPECT_THAT(Recorded(name), Not(NeverStores("*.pem", "**/secret.*"))) << name;
  }
}

TEST(NeverStores, FindsWhatAnOpaqueMarkerHides) {
  EXPECT_THAT(Recorded("directory-replaced.classic"), Not(NeverStores("*.key")));
  EXPECT_THAT(Recorded("directory-replaced.buildkit"), Not(NeverStores("*.key")));
}

TEST(NeverStores, FindsWhatTheContainerShows) {
  EXPECT_THAT(Recorded("copy-then-delete.classic"), Not(NeverStores("/bin/sh")));
}

TEST(NeverStores, HoldsForWhatOneRunMakesAndDeletes) {
  EXPECT_NO_LEAKED_FILE(Recorded("same-run.buildkit"), "secret.txt");
  EXPECT_NO_LEAKED_FILE(Recorded("secret-mount.buildkit"), "secret.txt", "**/token");
  EXPECT_NO_LEAKED_FILE(Recorded("multi-stage.classic"), "secret.txt");
  ASSERT_NO_LEAKED_FILE(Recorded("multi-stage.buildkit"), "secret.txt") << "streams";
}

TEST(NeverStores, ExceptNarrows) {
  const Image& image = Recorded("copy-then-delete.classic");
  EXPECT_THAT(image, NeverStores("secret.*", Except("app/secret.txt")));
  EXPECT_THAT(image, Not(NeverStores("secret.*", Except("lib/secret.txt"))));
  EXPECT_THROW(NeverStores(PathPatterns{{}, {Glob("x")}}), Error);
}

TEST(HasCleanHistory, FindsTheBuildArgument) {
  EXPECT_THAT(Recorded("build-arg.classic"), Not(HasCleanHistory()));
  EXPECT_THAT(Recorded("build-arg.buildkit"), Not(HasCleanHistory()));
  EXPECT_THAT(Recorded("build-arg.classic"), HasCleanHistory(CleanOptions().Allow("SECRET")));
}

TEST(HasCleanHistory, HoldsForASecretMountAndForStages) {
  EXPECT_HISTORY_CLEAN(Recorded("secret-mount.buildkit"));
  EXPECT_HISTORY_CLEAN(Recorded("multi-stage.classic"));
  ASSERT_HISTORY_CLEAN(Recorded("multi-stage.buildkit"),
                       CleanOptions().Known(Secret::Value("supersecretstring")));
}

TEST(HasCleanHistory, FindsAKnownValueWhateverItIsBoundTo) {
  const auto known = CleanOptions().Known(Secret::Value("the product")).Allow("*");
  EXPECT_THAT(Recorded("same-run.buildkit"), Not(HasCleanHistory(known)));
}

TEST(HasCleanConfig, TellsHistoryFromConfiguration) {
  // ENV API_TOKEN= came last: the value is in the history alone. The classic builder keeps the
  // configuration of its last step, which has none either.
  EXPECT_THAT(Recorded("env.buildkit"), AllOf(HasCleanConfig(), Not(HasCleanHistory())));
  EXPECT_CONFIG_CLEAN(Recorded("env.classic"));
  ASSERT_CONFIG_CLEAN(Recorded("multi-stage.classic"), CleanOptions());
}

TEST(Messages, ShowSecretsOnlyWhenAskedTo) {
  const Image& image = Recorded("build-arg.classic");
  EXPECT_THAT(Explained<Image>(image, HasCleanHistory()), Not(HasSubstr("supersecretstring")));
  setenv("WATERTIGHT_REVEAL", "1", 1);
  const std::string revealed = Explained<Image>(image, HasCleanHistory());
  unsetenv("WATERTIGHT_REVEAL");
  EXPECT_THAT(revealed, HasSubstr("SECRET=supersecretstring"));
}

// GoogleTest asks with a listener that has no stream.
TEST(Messages, AreNotBuiltForNobody) {
  const Image& image = Recorded("copy-then-delete.classic");
  EXPECT_FALSE(::testing::Value(image, NeverStores("secret.txt")));
  EXPECT_FALSE(::testing::Value(Recorded("build-arg.classic"), HasCleanHistory()));
}

TEST(IsIntact, HoldsForRecordedImages) {
  EXPECT_INTACT(Recorded("copy-then-delete.classic"));
  ASSERT_INTACT(Recorded("overwritten.buildkit")) << "streams";
}

}  // namespace
}  // namespace watertight::testing
