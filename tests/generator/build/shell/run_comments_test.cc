#include "generator/build/run_comments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string ErrorOf(const std::string& comment) {
  try {
    ParseRunComments({comment});
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

FileTree Applied(const std::vector<std::string>& comments) {
  FileTree tree;
  tree.MakeDirectory("etc", {});
  tree.MakeFile("etc/passwd", {.mode = 0644}, Rope("app:x:1000:1001::/home/app:/bin/sh\n"));
  ApplyRunComments(tree, ParseRunComments(comments), "/srv", "app");
  return tree;
}

TEST(RunComments, OthersAreNoneOfThem) {
  EXPECT_THAT(ParseRunComments({" installs the tool", "watertight is a tool", ""}), SizeIs(0));
}

TEST(RunComments, WriteMakesAFileWithItsDirectories) {
  const FileTree tree = Applied({" watertight: write /opt/app/token a  b"});
  const Inode* file = tree.Find("/opt/app/token");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->content.ToString(), "a  b\n");
  EXPECT_EQ(file->attributes.mode, 0644U);
  EXPECT_EQ(file->attributes.uid, 1000);
  EXPECT_EQ(file->attributes.gid, 1001);
  EXPECT_EQ(tree.Find("/opt")->attributes.mode, 0755U);
}

TEST(RunComments, EscapesMakeLinesAndLeaveTheLastNewlineOut) {
  const FileTree tree = Applied({"watertight: write a one\\ntwo\\tx\\c"});
  EXPECT_EQ(tree.Find("/srv/a")->content.ToString(), "one\ntwo\tx");
}

TEST(RunComments, LinesApplyInOrder) {
  const FileTree tree =
      Applied({"watertight: write f 1", "watertight: append f 2", "watertight: chmod 0600 f",
               "watertight: chown 0:5 f", "watertight: symlink l f", "watertight: directory d 1777",
               "watertight: write \"with blank\" x", "watertight: delete l"});
  EXPECT_EQ(tree.Find("/srv/f")->content.ToString(), "1\n2\n");
  EXPECT_EQ(tree.Find("/srv/f")->attributes.mode, 0600U);
  EXPECT_EQ(tree.Find("/srv/f")->attributes.gid, 5);
  EXPECT_EQ(tree.Find("/srv/d")->attributes.mode, 01777U);
  EXPECT_NE(tree.Find("/srv/with blank"), nullptr);
  EXPECT_EQ(tree.Find("/srv/l"), nullptr);
}

TEST(RunComments, ADirectoryIsDeletedWithAllInIt) {
  const FileTree tree = Applied({"watertight: write d/e/f x", "watertight: delete d"});
  EXPECT_EQ(tree.Find("/srv/d"), nullptr);
}

TEST(RunComments, DeletingWhatIsNotThereIsAnError) {
  EXPECT_THROW(Applied({"watertight: delete none"}), Error);
}

TEST(RunComments, ErrorsSayWhatIsRight) {
  EXPECT_THAT(ErrorOf("watertight: wirte a b"),
              HasSubstr("unknown action wirte; there are: append"));
  EXPECT_THAT(ErrorOf("watertight:"), HasSubstr("an action is missing"));
  EXPECT_THAT(ErrorOf("watertight: write"),
              HasSubstr("a path is missing; write `# watertight: write PATH TEXT`"));
  EXPECT_THAT(ErrorOf("watertight: chmod u+x f"), HasSubstr("u+x is no octal mode"));
  EXPECT_THAT(ErrorOf("watertight: delete a b"), HasSubstr("\"b\" is too much"));
  EXPECT_THAT(ErrorOf("watertight: write \"a b"), HasSubstr("a quote is not closed"));
  EXPECT_THAT(ErrorOf("watertight: chown root f"), HasSubstr("no pair of numbers"));
  EXPECT_THAT(ErrorOf("watertight: symlink a"), HasSubstr("the target is missing"));
  EXPECT_THROW(ParseRunComments({"watertight: nothing", "watertight: delete a"}), Error);
}

}  // namespace
}  // namespace watertight::generator
