#include <watertight/gtest.h>

#include <string>

namespace {

using namespace testing;
using namespace watertight;

Image Saved(const std::string& name) { return Image::Open(IMAGES "/" + name + ".tar"); }

// COPY ./secret.txt, then RUN rm: the container does not show the file, but layer 1 stores it.
TEST(CopyThenDelete, NeverStoresTheSecret) {
  EXPECT_NO_LEAKED_FILE(Saved("copy-then-delete.classic"), "**/secret.txt");
}

// --build-arg SECRET=…: no file holds the value, but the history does.
TEST(BuildArgument, StaysOutOfTheHistory) { EXPECT_HISTORY_CLEAN(Saved("build-arg.classic")); }

// Built in a stage of its own, of which only the product is copied.
TEST(MultiStage, KeepsTheSecretOut) {
  const Image app = Saved("multi-stage.classic");
  EXPECT_NO_LEAKED_FILE(app, "**/secret.txt");
  EXPECT_HISTORY_CLEAN(app);
  EXPECT_CONFIG_CLEAN(app);
}

TEST(MultiStage, HoldsTheProduct) {
  EXPECT_THAT(Saved("multi-stage.classic"),
              AllOf(HasFile("/app/product", HasContent("the product\n")), HasLayerCount(Le(3)),
                    HasCmd({"/bin/sh", "-c", "cat /app/product"}), WastesAtMost(0)));
}

}  // namespace
