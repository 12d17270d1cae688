// Layers as Docker's overlay2 and kaniko write them, and what a layer does to the files below it.
#include "generator/build/layer_tar.h"

#include <gmock/gmock.h>

#include "generator/build/apply_layer.h"
#include "generator/build/init_layer.h"
#include "generator/build/kaniko_layer.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kClock = 1'700'000'000;

// "TYPE name" of each ustar entry, with " -> link"; headers of PAX records are left out.
std::vector<std::string> Entries(const Rope& tar) {
  const std::string bytes = tar.ToString();
  std::vector<std::string> entries;
  for (std::size_t at = 0; at + 512 <= bytes.size() && bytes[at] != '\0';) {
    const auto text = [&](std::size_t offset, std::size_t size) {
      return std::string(bytes.substr(at + offset, size).c_str());
    };
    const std::string link = text(157, 100);
    if (bytes[at + 156] != 'x') {
      entries.push_back(bytes.substr(at + 156, 1) + " " + text(0, 100) +
                        (link.empty() ? "" : " -> " + link));
    }
    const std::size_t size = std::stoul(text(124, 12), nullptr, 8);
    at += 512 + (size + 511) / 512 * 512;
  }
  return entries;
}

FileTree Lower() {
  FileTree tree;
  tree.set_clock(kClock - 100);
  for (const char* path : {"d", "d/a", "d/b"}) tree.MakeDirectory(path, {});
  for (const char* path : {"d/a/1", "d/b/2", "x", "y"}) tree.MakeFile(path, {}, Rope(path));
  tree.BeginLayer();
  tree.set_clock(kClock);
  return tree;
}

std::vector<std::string> Overlay2(const FileTree& before, const FileTree& after) {
  return Entries(LayerTar(before, after, FileRulesOf("buildkit-0.25"), Store::kOverlay2));
}

// Seen in docker save of 20.10, 26.1 and 28.5 over Linux 5.8 and later.
TEST(LayerTar, WhiteoutsAreOneFileAndLinkToTheFirst) {
  const FileTree before = Lower();
  FileTree after = before;
  after.RemoveAll("d/a");
  after.Remove("x");
  after.Remove("y");
  EXPECT_THAT(Overlay2(before, after),
              ElementsAre("5 d/", "0 d/.wh.a", "0 .wh.x -> d/a", "0 .wh.y -> d/a"));
}

TEST(LayerTar, AWhiteoutOfARenameIsAFileOfItsOwn) {
  const FileTree before = Lower();
  FileTree after = before;
  after.Rename("x", "z");
  after.Remove("d/b/2");
  after.Remove("y");
  EXPECT_THAT(Overlay2(before, after),
              ElementsAre("5 d/", "5 d/b/", "0 d/b/.wh.2", "0 .wh.x", "0 .wh.y -> d/b/2", "0 z"));
}

TEST(ApplyLayer, DoesWhatTheLayerSays) {
  const FileTree before = Lower();
  FileTree container = before;
  container.RemoveAll("d/a");
  container.MakeDirectory("d/a", {.mode = 0700, .mtime = 5});
  container.MakeFile("d/a/new", {}, Rope("new"));
  container.Link("d/a/new", "again");
  container.Remove("x");
  FileTree after = before;
  ApplyLayer(after, container.Changes());
  EXPECT_EQ(after.Find("x"), nullptr);
  EXPECT_EQ(after.Find("d/a/1"), nullptr);
  EXPECT_EQ(after.Find("d/a")->attributes.mode, 0700U);
  EXPECT_EQ(after.Find("d/a/new")->content.ToString(), "new");
  EXPECT_EQ(after.Find("again"), after.Find("d/a/new"));
  EXPECT_EQ(after.Find("d/b/2"), before.Find("d/b/2")) << "what did not change is shared";
}

// daemon/initlayer/setup_unix.go of Docker.
TEST(InitLayer, HasWhatContainersMountThingsOn) {
  FileTree tree = Lower();
  tree.MakeDirectory("etc", {.mode = 0755, .mtime = 1});
  tree.MakeFile("etc/mtab", {}, Rope("old"));
  tree.BeginLayer();
  AddInitLayer(tree);
  for (const char* path : {".dockerenv", "dev/console", "dev/pts", "dev/shm", "etc/hosts",
                           "etc/hostname", "etc/resolv.conf", "proc", "sys"}) {
    EXPECT_NE(tree.Find(path), nullptr) << path;
  }
  EXPECT_EQ(tree.Find("etc/mtab")->link, "/proc/mounts");
  EXPECT_EQ(tree.Find("etc")->attributes.mtime, kClock);
  EXPECT_THAT(tree.Changes(), ElementsAre()) << "all of it is below the container's own layer";
}

FileTree KanikoDisk() {
  FileTree tree = Lower();
  tree.MakeSymlink("link", {.mtime = kClock - 1}, "d/b");
  tree.MakeDirectory("v", {.mtime = kClock - 1});
  tree.MakeDirectory("proc", {.mtime = kClock - 1});
  tree.BeginLayer();
  return tree;
}

TEST(KanikoLayer, ASnapshotHasDirectoriesThatWereTouched) {
  const FileTree before = KanikoDisk();
  FileTree after = before;
  after.MakeFile("d/gone", {}, Rope());
  after.Remove("d/gone");
  after.MakeFile("v/in-volume", {}, Rope());
  after.MakeFile("proc/no", {}, Rope());
  after.Remove("y");
  const std::set<std::string> volumes = {"/v"};
  EXPECT_THAT(Entries(KanikoSnapshot(before, {.files = after, .volumes = volumes}).tar),
              ElementsAre("5 /", "0 .wh.y", "5 d/", "5 v/"));
}

TEST(KanikoLayer, ALinkBringsWhatItLeadsTo) {
  const FileTree disk = KanikoDisk();
  const std::set<std::string> none;
  EXPECT_THAT(Entries(KanikoFiles({.files = disk, .volumes = none}, {"/link/2"}).tar),
              ElementsAre("5 /", "5 d/", "5 d/b/", "0 d/b/2", "2 link -> d/b"));
}

TEST(KanikoLayer, HardLinksAreAbsolute) {
  const FileTree before = KanikoDisk();
  FileTree after = before;
  after.MakeFile("m", {.mtime = kClock}, Rope("m"));
  after.Link("m", "n");
  const std::set<std::string> none;
  EXPECT_THAT(Entries(KanikoSnapshot(before, {.files = after, .volumes = none}).tar),
              ElementsAre("5 /", "0 m", "1 n -> /m"));
}

TEST(KanikoLayer, NoTwoLayersAreTheSame) {
  const FileTree disk = KanikoDisk();
  const std::set<std::string> none;
  const auto tar = [&](std::size_t layer) {
    return KanikoFiles({.files = disk, .volumes = none, .layer = layer}, {"/x"}).tar.ToString();
  };
  EXPECT_EQ(tar(1), tar(1));
  EXPECT_NE(tar(1), tar(2));
}

}  // namespace
}  // namespace watertight::generator
