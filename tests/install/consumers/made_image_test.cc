#include <watertight/generator.h>
#include <watertight/gtest.h>

namespace {

using ::testing::Not;
using ::watertight::Build;
using ::watertight::Image;

TEST(MadeImage, KeepsWhatALaterStepOverwrites) {
  const auto built = Build(R"(
    FROM scratch
    COPY secret.txt /app/
    COPY empty /app/secret.txt
  )",
                           {{"secret.txt", "hunter2\n"}, {"empty", ""}});
  const Image image = Image::OpenBytes("made.tar", built.bytes);
  EXPECT_THAT(image, watertight::HasFile("/app/secret.txt", watertight::HasContent("")));
  EXPECT_THAT(image, Not(watertight::NeverStores("**/secret.txt")));
}

TEST(MadeImage, StoresNothingOfAnotherStage) {
  const auto built = Build(R"(
    FROM scratch AS build
    COPY . /src/
    FROM scratch
    COPY --from=build /src/app.js /app/
  )",
                           {{"app.js", "//\n"}, {".npmrc", "_authToken=hunter2\n"}});
  const Image image = Image::OpenBytes("made.tar", built.bytes);
  EXPECT_NO_LEAKED_FILE(image, "**/.npmrc");
  EXPECT_HISTORY_CLEAN(image);
  EXPECT_INTACT(image);
}

TEST(MadeImage, RecordsABuildArgument) {
  const auto built =
      Build("FROM scratch\nARG PASSWORD\nENV PASSWORD=$PASSWORD\nCOPY app /\n", {{"app", ""}},
            {.builder = "classic-20.10", .build_args = {{"PASSWORD", "hunter2"}}});
  EXPECT_THAT(Image::OpenBytes("made.tar", built.bytes), Not(watertight::HasCleanHistory()));
}

}  // namespace
