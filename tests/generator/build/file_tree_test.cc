#include "generator/build/file_tree.h"

#include <gmock/gmock.h>

namespace watertight::generator {
namespace {

using testing::ElementsAre;

std::vector<std::string> Changed(const FileTree& tree) {
  std::vector<std::string> texts;
  for (const Change& change : tree.Changes()) {
    const char* kind = change.kind == Change::Kind::kEntry      ? ""
                       : change.kind == Change::Kind::kWhiteout ? "-"
                                                                : "!";
    texts.push_back(kind + change.path);
  }
  return texts;
}

// d1/sub/s, d2/sub/s, f, keep/orig, lnk -> keep
FileTree Lower() {
  FileTree tree;
  for (const char* path : {"d1", "d1/sub", "d2", "d2/sub", "keep"}) tree.MakeDirectory(path, {});
  for (const char* path : {"d1/sub/s", "d2/sub/s", "f", "keep/orig", "keep/vl"}) {
    tree.MakeFile(path, {}, Rope(path));
  }
  tree.MakeSymlink("lnk", {}, "keep");
  tree.BeginLayer();
  return tree;
}

TEST(FileTree, StoresOnlyWhatWasTouched) {
  FileTree tree = Lower();
  EXPECT_THAT(Changed(tree), ElementsAre());
  tree.Modify("d1/sub/s", Follow::kNo);
  EXPECT_THAT(Changed(tree), ElementsAre("d1", "d1/sub", "d1/sub/s"));
}

TEST(FileTree, ARemovedNameLeavesAWhiteoutOnlyIfALowerLayerHasIt) {
  FileTree tree = Lower();
  tree.MakeFile("new", {}, Rope());
  tree.Remove("new");
  tree.RemoveAll("d1");
  tree.Remove("f");
  EXPECT_THAT(Changed(tree), ElementsAre("-d1", "-f"));
}

TEST(FileTree, ADirectoryMadeAnewIsOpaque) {
  FileTree tree = Lower();
  tree.RemoveAll("d2");
  tree.MakeDirectory("d2", {});
  tree.MakeFile("d2/new", {}, Rope());
  tree.Remove("f");
  tree.MakeDirectory("f", {});
  EXPECT_THAT(Changed(tree), ElementsAre("d2", "!d2", "d2/new", "f", "!f"));
  tree.RemoveAll("d2");
  EXPECT_THAT(Changed(tree), ElementsAre("-d2", "f", "!f"));
}

TEST(FileTree, AFileInPlaceOfADirectoryNeedsNoWhiteout) {
  FileTree tree = Lower();
  tree.RemoveAll("d2");
  tree.MakeFile("d2", {}, Rope());
  EXPECT_THAT(Changed(tree), ElementsAre("d2"));
}

TEST(FileTree, AHardLinkToALowerFileCopiesItUp) {
  FileTree tree = Lower();
  ASSERT_EQ(tree.Link("keep/orig", "keep/hard"), std::errc());
  const std::vector<Change> changes = tree.Changes();
  ASSERT_THAT(Changed(tree), ElementsAre("keep", "keep/hard", "keep/orig"));
  EXPECT_EQ(changes[1].number, changes[2].number);
}

TEST(FileTree, RemovesThroughSymbolicLinksOnTheWay) {
  FileTree tree = Lower();
  tree.Remove("lnk/vl");
  EXPECT_THAT(Changed(tree), ElementsAre("keep", "-keep/vl"));
}

TEST(FileTree, RenamesADirectoryOfLowerLayersNotInPlace) {
  FileTree tree = Lower();
  EXPECT_EQ(tree.Rename("keep", "moved"), std::errc::cross_device_link);
  tree.MakeDirectory("young", {});
  EXPECT_EQ(tree.Rename("young", "old"), std::errc());
  EXPECT_EQ(tree.Rename("f", "g"), std::errc());
  EXPECT_THAT(Changed(tree), ElementsAre("-f", "g", "old", "!old"));
}

TEST(FileTree, ACopyKeepsItsFiles) {
  FileTree tree = Lower();
  const FileTree before = tree;
  tree.Modify("f", Follow::kNo, [](Inode& inode) { inode.content = Rope("changed"); });
  tree.RemoveAll("d1");
  EXPECT_EQ(before.Find("f")->content.ToString(), "f");
  EXPECT_NE(before.Find("d1/sub/s"), nullptr);
  EXPECT_EQ(tree.Find("f")->content.ToString(), "changed");
}

TEST(FileTree, TouchingOneNameOfALowerFileBreaksItsLinks) {
  FileTree tree = Lower();
  tree.Link("f", "g");
  tree.BeginLayer();
  tree.Modify("g", Follow::kNo, [](Inode& inode) { inode.content = Rope("changed"); });
  EXPECT_EQ(tree.Find("f")->content.ToString(), "f");
  EXPECT_THAT(Changed(tree), ElementsAre("g"));
}

TEST(FileTree, PathsNeverLeaveTheRootAndLinksMayLoop) {
  FileTree tree = Lower();
  tree.MakeSymlink("up", {}, "../../../keep");
  tree.MakeSymlink("loop", {}, "loop");
  EXPECT_EQ(tree.Resolve("/up/./orig", Follow::kNo).path, "keep/orig");
  EXPECT_EQ(tree.Resolve("loop/x", Follow::kNo).error, std::errc::too_many_symbolic_link_levels);
  EXPECT_EQ(tree.Resolve("f/x", Follow::kNo).error, std::errc::not_a_directory);
  EXPECT_EQ(tree.Resolve("no/x", Follow::kNo).error, std::errc::no_such_file_or_directory);
}

TEST(FileTree, ACopyOfAllFilesKeepsLinks) {
  FileTree tree;
  tree.set_keeps_links(true);
  tree.MakeFile("a", {}, Rope("1"));
  tree.Link("a", "b");
  tree.BeginLayer();
  tree.Modify("a", Follow::kNo, [](Inode& inode) { inode.content = Rope("2"); });
  EXPECT_EQ(tree.Find("b")->content.ToString(), "2");
  EXPECT_EQ(tree.Resolve("a", Follow::kNo).number, tree.Resolve("b", Follow::kNo).number);
}

TEST(FileTree, RestoresADirectoryAsIfItWasNeverTouched) {
  FileTree tree = Lower();
  const FileTree earlier = tree;
  tree.MakeFile("d1/new", {}, Rope("new"));
  tree.Modify("d1/sub/s", Follow::kNo, [](Inode& inode) { inode.content = Rope("changed"); });
  tree.Restore("d1", earlier);
  EXPECT_EQ(tree.Find("d1/new"), nullptr);
  EXPECT_EQ(tree.Find("d1/sub/s"), earlier.Find("d1/sub/s"));
  EXPECT_THAT(Changed(tree), ElementsAre());
}

}  // namespace
}  // namespace watertight::generator
