#include <watertight/gtest.h>

namespace {

using namespace testing;
using namespace watertight;

TEST(Site, HasThePage) {
  EXPECT_THAT(TestImage(), HasFile("/app/index.html", HasContent(HasSubstr("<h1>"))));
}

TEST(Site, NeverStoresThePassword) { EXPECT_NO_LEAKED_FILE(TestImage(), "**/.npmrc"); }

TEST(Site, RunsUnprivileged) { EXPECT_THAT(TestImage(), RunsAs("www-data")); }

TEST(Site, WastesNothing) { EXPECT_THAT(TestImage(), WastesAtMost(0)); }

}  // namespace
