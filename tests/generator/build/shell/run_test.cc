#include "generator/build/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::HasSubstr;

FileTree Image() {
  FileTree tree;
  tree.MakeDirectory("bin", {});
  tree.MakeDirectory("etc", {});
  tree.MakeFile("bin/dash", {.mode = 0755}, Rope("\177ELF"));
  tree.MakeFile("bin/tool", {.mode = 0755}, Rope("\177ELF"));
  tree.MakeFile("bin/yes", {.mode = 0755}, Rope("\177ELF"));
  tree.MakeFile("bin/plain", {.mode = 0644}, Rope("text"));
  tree.MakeSymlink("bin/sh", {.mode = 0777}, "dash");
  tree.MakeFile("etc/passwd", {.mode = 0644},
                Rope("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n"));
  tree.MakeFile("etc/group", {.mode = 0644}, Rope("root:x:0:\nextra:x:70:other,app\n"));
  tree.BeginLayer();
  return tree;
}

std::string ErrorOf(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string ErrorOfCommand(const std::vector<std::string>& arguments) {
  FileTree tree = Image();
  return ErrorOf([&] { RunCommand({.tree = tree, .arguments = arguments}); });
}

TEST(RunCommand, RunsAsTheUserInTheDirectory) {
  FileTree tree = Image();
  tree.MakeDirectory("srv", {.mode = 0755, .uid = 1000});
  const RunResult result = RunCommand({.tree = tree,
                                       .arguments = {"/bin/sh", "-c", "echo $HOME $PWD $X > f"},
                                       .environment = {{"X", "x"}},
                                       .workdir = "/srv",
                                       .user = "app"});
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_EQ(tree.Find("srv/f")->content.ToString(), "/home/app /srv x\n");
  EXPECT_EQ(tree.Find("srv/f")->attributes.uid, 1000);
  EXPECT_EQ(tree.Find("srv/f")->attributes.gid, 1001);
}

TEST(RunCommand, WhatThePathDoesNotHoldEndsWith127) {
  FileTree tree = Image();
  const RunResult result =
      RunCommand({.tree = tree, .arguments = {"/bin/sh", "-c", "nosuch || echo $?"}});
  EXPECT_EQ(result.output, "/bin/sh: 1: nosuch: not found\n127\n");
}

TEST(RunCommand, AProgramWithoutAModelIsAnError) {
  EXPECT_THAT(ErrorOfCommand({"/bin/sh", "-c", "tool --install || true"}),
              HasSubstr("`tool` is not modelled; say what it does with `# watertight: "));
  EXPECT_THAT(ErrorOfCommand({"tool"}), HasSubstr("`tool` is not modelled"));
}

TEST(RunCommand, TheExecFormFailsInTheRuntimesWords) {
  EXPECT_EQ(ErrorOfCommand({"nosuch"}), "exec: \"nosuch\": executable file not found in $PATH");
  EXPECT_EQ(ErrorOfCommand({"/nosuch"}),
            "exec: \"/nosuch\": stat /nosuch: no such file or directory");
  EXPECT_EQ(ErrorOfCommand({"/bin/plain"}), "exec: \"/bin/plain\": permission denied");
}

TEST(RunCommand, EndlessScriptsAreErrors) {
  EXPECT_THAT(ErrorOfCommand({"/bin/sh", "-c", "while :; do :; done"}), HasSubstr("does not end"));
  EXPECT_THAT(ErrorOfCommand({"/bin/sh", "-c", "f() { f; }; f"}), HasSubstr("does not end"));
  EXPECT_THAT(ErrorOfCommand({"/bin/sh", "-c", "x=aaaaaaaa; while :; do x=$x$x; done"}),
              HasSubstr("does not end"));
  EXPECT_THAT(ErrorOfCommand({"/bin/sh", "-c", "f() { (f | f); }; f"}), HasSubstr("does not end"));
  EXPECT_THAT(ErrorOfCommand({"/bin/sh", "-c", "yes > /x"}), HasSubstr("does not end"));
  EXPECT_THAT(ErrorOfCommand({"/bin/sh", "-c", "echo $(yes)"}), HasSubstr("does not end"));
}

TEST(ResolveUser, TakesNamesAndNumbers) {
  const FileTree tree = Image();
  EXPECT_EQ(ResolveUser(tree, "").credentials.uid, 0);
  EXPECT_EQ(ResolveUser(tree, "").home, "/root");
  const RunUser app = ResolveUser(tree, "app");
  EXPECT_EQ(app.credentials.gid, 1001);
  EXPECT_THAT(app.credentials.groups, testing::ElementsAre(70));
  EXPECT_EQ(ResolveUser(tree, "1000").credentials.gid, 1001);
  EXPECT_EQ(ResolveUser(tree, "app:extra").credentials.gid, 70);
  EXPECT_EQ(ResolveUser(tree, "5:6").credentials.gid, 6);
  EXPECT_EQ(ResolveUser(tree, "77").credentials.uid, 77);
  EXPECT_EQ(ErrorOf([&] { ResolveUser(tree, "nobody"); }),
            "unable to find user nobody: no matching entries in passwd file");
  EXPECT_EQ(ErrorOf([&] { ResolveUser(tree, "app:none"); }),
            "unable to find group none: no matching entries in group file");
}

}  // namespace
}  // namespace watertight::generator
