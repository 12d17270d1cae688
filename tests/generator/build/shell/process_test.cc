#include "generator/build/shell/process.h"

#include <gtest/gtest.h>

namespace watertight::generator {
namespace {

// Expectations are what Linux does.
class ProcessCalls : public testing::Test {
 protected:
  ProcessCalls() {
    tree_.set_clock(100);
    tree_.MakeDirectory("tmp", {.mode = 01777});
    tree_.MakeDirectory("private", {.mode = 0700});
    tree_.MakeFile("private/f", {.mode = 0644}, Rope("x"));
    tree_.MakeFile("tmp/root", {.mode = 0644}, Rope("root\n"));
    tree_.MakeDirectory("group", {.mode = 02775, .gid = 50});
    user_.credentials = {.uid = 1000, .gid = 1000, .groups = {50}};
  }

  FileTree tree_;
  Machine machine_{.tree = tree_};
  Process root_{machine_};
  Process user_{machine_};
};

TEST_F(ProcessCalls, OthersMayNotEnterOrWrite) {
  EXPECT_EQ(user_.Stat("/private/f").error, std::errc::permission_denied);
  EXPECT_EQ(root_.Stat("/private/f").error, std::errc());
  EXPECT_EQ(user_.WriteFile("/tmp/root", Rope("y")), std::errc::permission_denied);
  EXPECT_EQ(user_.MakeDirectory("/new"), std::errc::permission_denied);
  EXPECT_EQ(user_.SetMode("/tmp/root", 0777), std::errc::operation_not_permitted);
  EXPECT_EQ(user_.SetOwner("/tmp/root", {.uid = 1000}), std::errc::operation_not_permitted);
}

TEST_F(ProcessCalls, AStickyDirectoryProtectsItsFiles) {
  EXPECT_EQ(user_.Remove("/tmp/root"), std::errc::operation_not_permitted);
  EXPECT_EQ(user_.WriteFile("/tmp/mine", Rope("m")), std::errc());
  EXPECT_EQ(user_.Remove("/tmp/mine"), std::errc());
}

TEST_F(ProcessCalls, NewFilesFollowTheUmaskAndTheDirectorysGroup) {
  user_.umask = 027;
  EXPECT_EQ(user_.MakeDirectory("/group/d"), std::errc());
  EXPECT_EQ(user_.WriteFile("/group/f", Rope("f")), std::errc());
  const Inode& directory = *tree_.Find("group/d");
  EXPECT_EQ(directory.attributes.mode, 02750U);
  EXPECT_EQ(directory.attributes.gid, 50);
  EXPECT_EQ(tree_.Find("group/f")->attributes.mode, 0640U);
  EXPECT_EQ(tree_.Find("group/f")->attributes.uid, 1000);
}

TEST_F(ProcessCalls, AnOwnerChangeDropsSetuid) {
  root_.WriteFile("/tmp/s", Rope("s"));
  root_.SetMode("/tmp/s", 06755);
  root_.SetOwner("/tmp/s", {.uid = 1000});
  EXPECT_EQ(tree_.Find("tmp/s")->attributes.mode, 0755U);
}

TEST_F(ProcessCalls, DescriptorsShareTheirPlaceInAFile) {
  root_.WriteFile("/tmp/lines", Rope("one\ntwo\nthree"));
  const Opened file = root_.Open("/tmp/lines", {.read = true});
  Process child = root_;
  EXPECT_EQ(child.ReadLine(file.descriptor), "one\n");
  EXPECT_EQ(root_.Read(file.descriptor, 2), "tw");
  EXPECT_EQ(root_.ReadAllText(file.descriptor), "o\nthree");
  EXPECT_EQ(root_.ReadLine(file.descriptor), std::nullopt);
}

TEST_F(ProcessCalls, WritingInTheMiddleAndBehindTheEnd) {
  root_.WriteFile("/tmp/w", Rope("abcdef"));
  const Opened file = root_.Open("/tmp/w", {.write = true});
  root_.descriptors[file.descriptor]->offset = 2;
  EXPECT_EQ(root_.Write(file.descriptor, "XY"), std::errc());
  EXPECT_EQ(tree_.Find("tmp/w")->content.ToString(), "abXYef");
  root_.descriptors[file.descriptor]->offset = 8;
  root_.Write(file.descriptor, "z");
  EXPECT_EQ(tree_.Find("tmp/w")->content.ToString(), std::string("abXYef\0\0z", 9));
}

TEST_F(ProcessCalls, AFileLivesAsLongAsItIsOpen) {
  root_.WriteFile("/tmp/gone", Rope("still here"));
  const Opened file = root_.Open("/tmp/gone", {.read = true});
  root_.Remove("/tmp/gone");
  EXPECT_EQ(root_.ReadAllText(file.descriptor), "still here");
}

TEST_F(ProcessCalls, ErrorsAreToldByTheLibraryOfTheImage) {
  EXPECT_EQ(root_.Text(std::errc::cross_device_link), "Invalid cross-device link");
  machine_.libc = Libc::kMusl;
  EXPECT_EQ(root_.Text(std::errc::cross_device_link), "Cross-device link");
  EXPECT_EQ(root_.Text(std::errc::permission_denied), "Permission denied");
}

}  // namespace
}  // namespace watertight::generator
