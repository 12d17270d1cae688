// Which sources of COPY a BuildKit client forgets to send: seen with 0.8, 0.13 and 0.25.
#include "generator/build/follow_paths.h"

#include <gmock/gmock.h>

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FileTree Context() {
  FileTree context;
  context.MakeDirectory("dir", {});
  context.MakeFile("dir/in", {}, Rope());
  context.MakeFile("dir/sub", {}, Rope());
  context.MakeSymlink("to-dir", {}, "dir");
  return context;
}

TEST(UnsentSources, ASecondWayThroughALinkIsNotFollowed) {
  EXPECT_THAT(UnsentSources(Context(), {"/to-dir/sub", "/to-dir/in"}), ElementsAre("/to-dir/sub"));
}

TEST(UnsentSources, WhatIsSentForAnotherReasonIsThere) {
  EXPECT_THAT(UnsentSources(Context(), {"/to-dir/in", "/to-dir/sub", "/dir"}), IsEmpty());
  EXPECT_THAT(UnsentSources(Context(), {"/to-dir/in", "/to-dir/sub", "/"}), IsEmpty());
  EXPECT_THAT(UnsentSources(Context(), {"/to-dir/in", "/dir/sub"}), IsEmpty());
}

TEST(UnsentSources, WhatIsMissingIsNoneOfThem) {
  EXPECT_THAT(UnsentSources(Context(), {"/absent", "/to-dir/absent"}), IsEmpty());
}

}  // namespace
}  // namespace watertight::generator
