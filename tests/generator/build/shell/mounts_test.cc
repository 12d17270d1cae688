#include "generator/build/mounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FileTree Base() {
  FileTree tree;
  for (const char* path : {"dev", "proc", "sys", "etc", "var", "run"}) tree.MakeDirectory(path, {});
  tree.MakeFile("etc/hosts", {.mode = 0644}, Rope("old\n"));
  tree.BeginLayer();
  return tree;
}

Mount MakeMount(const std::string& type, const std::function<void(Mount&)>& fill) {
  Mount mount;
  mount.type = type;
  fill(mount);
  return mount;
}

std::vector<std::string> PathsOf(const FileTree& tree) {
  std::vector<std::string> paths;
  for (const Change& change : tree.Changes()) paths.push_back(change.path);
  return paths;
}

TEST(Mounts, HideWhatIsThereAndLeaveNothing) {
  FileTree tree = Base();
  FileTree files;
  files.MakeFile("a", {}, Rope("mounted\n"));
  EXPECT_EQ(tree.Mount("/var", files, "/", false), std::errc());
  EXPECT_EQ(tree.MakeFile("/var/b", {}, Rope("b")), std::errc());
  EXPECT_EQ(tree.Find("/var/a")->content.ToString(), "mounted\n");
  const FileTree left = tree.Unmount();
  EXPECT_NE(left.Find("/b"), nullptr);
  EXPECT_EQ(tree.Find("/var/a"), nullptr);
  EXPECT_FALSE(tree.RootChanged());
  EXPECT_THAT(PathsOf(tree), IsEmpty());
}

TEST(Mounts, AreBusyAndOtherFileSystems) {
  FileTree tree = Base();
  tree.Mount("/var", FileTree(), "/", false);
  tree.MakeFile("/f", {}, Rope("x"));
  EXPECT_EQ(tree.Remove("/var"), std::errc::device_or_resource_busy);
  EXPECT_EQ(tree.Rename("/var", "/v"), std::errc::device_or_resource_busy);
  EXPECT_EQ(tree.Rename("/f", "/var/f"), std::errc::cross_device_link);
  EXPECT_EQ(tree.Link("/f", "/var/f"), std::errc::cross_device_link);
  tree.Unmount();
  EXPECT_EQ(tree.Rename("/f", "/var/f"), std::errc());
}

TEST(Mounts, CanBeReadOnly) {
  FileTree tree = Base();
  FileTree files;
  files.MakeFile("a", {}, Rope("a"));
  tree.Mount("/var", files, "/", true);
  EXPECT_EQ(tree.MakeFile("/var/b", {}, Rope()), std::errc::read_only_file_system);
  EXPECT_EQ(tree.Remove("/var/a"), std::errc::read_only_file_system);
  EXPECT_EQ(tree.Modify("/var/a", Follow::kNo), std::errc::read_only_file_system);
  tree.Unmount();
}

TEST(Mounts, OfTheRuntimeLeaveNoTraceInACompleteTree) {
  FileTree tree = Base();
  {
    RunMounts mounts(tree, {}, {});
    mounts.AddRuntime({"/etc/hosts"});
    EXPECT_EQ(tree.Find("/dev/null")->type, FileType::kCharDevice);
    EXPECT_EQ(tree.Find("/etc/hosts")->content.ToString(), "");
  }
  EXPECT_EQ(tree.Find("/etc/hosts")->content.ToString(), "old\n");
  EXPECT_THAT(PathsOf(tree), IsEmpty());
}

TEST(Mounts, MissingPointsOfTheRuntimeStayOrMarkTheirDirectory) {
  FileTree tree = Base();
  RunMounts mounts(tree, {}, {});
  mounts.AddRuntime({"/etc/resolv.conf"});
  EXPECT_THAT(mounts.created(), ElementsAre("/etc/resolv.conf"));
  mounts.Release();
  EXPECT_THAT(PathsOf(tree), ElementsAre("etc"));

  FileTree empty;
  empty.BeginLayer();
  RunMounts others(empty, {}, {});
  others.AddRuntime({});
  others.Release();
  EXPECT_THAT(PathsOf(empty), ElementsAre("dev", "proc", "sys"));
}

TEST(Mounts, SecretsAreFilesThatMayLeaveTheirDirectories) {
  const std::map<std::string, std::string> secrets = {{"token", "hunter2\n"}};
  const Mount secret = MakeMount("secret", [](Mount& mount) { mount.id = "token"; });
  for (const auto& [trace, left] :
       {std::pair<MountTrace, std::vector<std::string>>{MountTrace::kNone, {}},
        {MountTrace::kRemoved, {"run"}},
        {MountTrace::kDirectoriesStay, {"run", "run/secrets"}}}) {
    FileTree tree = Base();
    RunMounts mounts(tree, {.files = {}, .secrets = &secrets}, {.mounts = trace});
    mounts.Add(secret, "/");
    const Inode* file = tree.Find("/run/secrets/token");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->content.ToString(), "hunter2\n");
    EXPECT_EQ(file->attributes.mode, 0400U);
    mounts.Release();
    EXPECT_EQ(PathsOf(tree), left);
  }
}

TEST(Mounts, ASecretThatIsMissingMatters) {
  FileTree tree = Base();
  const std::map<std::string, std::string> secrets;
  RunMounts mounts(tree, {.files = {}, .secrets = &secrets}, {});
  mounts.Add(MakeMount("secret", [](Mount& mount) { mount.id = "x"; }), "/");
  EXPECT_THROW(mounts.Add(MakeMount("secret",
                                    [](Mount& mount) {
                                      mount.id = "x";
                                      mount.required = true;
                                    }),
                          "/"),
               Error);
}

TEST(Mounts, CachesAreKeptForLaterRuns) {
  FileTree tree = Base();
  std::map<std::string, FileTree> caches;
  const Mount cache = MakeMount("cache", [](Mount& mount) { mount.target = "/var/cache"; });
  {
    RunMounts mounts(tree, {.files = {}, .caches = &caches}, {});
    mounts.Add(cache, "/");
    tree.MakeFile("/var/cache/kept", {}, Rope("k"));
  }
  EXPECT_EQ(tree.Find("/var/cache"), nullptr);
  RunMounts mounts(tree, {.files = {}, .caches = &caches}, {});
  mounts.Add(cache, "/");
  EXPECT_NE(tree.Find("/var/cache/kept"), nullptr);
}

TEST(Mounts, BindsShowAStageAndDiscardWrites) {
  FileTree tree = Base();
  FileTree stage;
  stage.MakeDirectory("out", {});
  stage.MakeFile("out/app", {}, Rope("app"));
  {
    RunMounts mounts(tree, {.files = [&](const std::string&) { return &stage; }}, {});
    mounts.Add(MakeMount("bind",
                         [](Mount& mount) {
                           mount.from = "build";
                           mount.source = "/out";
                           mount.target = "mnt";
                         }),
               "/var");
    EXPECT_EQ(tree.Find("/var/mnt/app")->content.ToString(), "app");
    tree.MakeFile("/var/mnt/new", {}, Rope());
  }
  EXPECT_EQ(stage.Find("out/new"), nullptr);
  EXPECT_EQ(tree.Find("/var/mnt"), nullptr);
}

}  // namespace
}  // namespace watertight::generator
