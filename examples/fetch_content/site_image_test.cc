#include <watertight/gtest.h>

TEST(Site, NeverStoresThePassword) { EXPECT_NO_LEAKED_FILE(watertight::TestImage(), "**/.npmrc"); }

TEST(Site, GivesAwayNoSecret) { EXPECT_NO_SECRETS(watertight::TestImage()); }
