#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <watertight/gtest.h>

#include <string>

namespace {

using ::testing::Not;
using ::watertight::Image;

Image Article(const std::string& name) { return Image::Open(IMAGES "/" + name + ".tar"); }

TEST(AppImage, NeverStoredTheSecret) {
  EXPECT_NO_LEAKED_FILE(Article("multi-stage.classic"), "**/secret.txt");
}

TEST(AppImage, RecordsNoBuildSecret) { EXPECT_HISTORY_CLEAN(Article("multi-stage.buildkit")); }

TEST(AppImage, IsIntact) { EXPECT_INTACT(Article("secret-mount.buildkit")); }

TEST(AppImage, FailsWhereTheSecretIsStored) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_NO_LEAKED_FILE(Article("copy-then-delete.classic"), "**/secret.txt"), "tar -xOf");
}

TEST(AppImage, HidesTheSecretFromTheContainer) {
  EXPECT_THAT(Article("copy-then-delete.classic"), watertight::LacksFile("/app/secret.txt"));
  EXPECT_THAT(
      Article("overwritten.buildkit"),
      watertight::HasFile("/app/secret.txt", Not(watertight::HasContent("supersecretfile\n"))));
}

}  // namespace
