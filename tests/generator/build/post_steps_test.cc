// docker build --squash, docker commit and docker import, beside what Docker 20.10.24 (with
// --experimental) and 28.5.2 wrote for the same steps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "generator/archives/json.h"
#include "generator/archives/sha256.h"
#include "generator/build/commit.h"
#include "generator/build/import.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kClock = 1767225600;
constexpr const char* kTime = "2026-01-01T00:00:00Z";

BuildRequest Request(const std::string& dockerfile, const std::string& builder) {
  return {.dockerfile = dockerfile,
          .context = MemoryContext({{"f", "one\n"}, {"d/g", "two\n"}}),
          .builder = builder,
          .names = {"app"}};
}

Json Document(const BuiltImage& image) { return ParseJson(image.saved.config, "config"); }

struct Row {
  std::string created_by;
  std::string comment;
  bool empty = false;
  bool operator==(const Row&) const = default;
};

std::vector<Row> History(const BuiltImage& image) {
  std::vector<Row> rows;
  for (const HistoryEntry& entry : ReadHistory(Document(image), "config")) {
    rows.push_back({entry.created_by, entry.comment, entry.empty_layer});
  }
  return rows;
}

// The names in a tar of small entries without PAX records.
std::vector<std::string> Names(const SavedLayer& layer) {
  const std::string tar = layer.tar.ToString();
  std::vector<std::string> names;
  for (size_t at = 0; at < tar.size() && tar[at] != 0;) {
    names.emplace_back(tar.c_str() + at);
    const size_t size = std::stoul(tar.substr(at + 124, 11), nullptr, 8);
    at += 512 + (size + 511) / 512 * 512;
  }
  return names;
}

TEST(Squash, MergesAllLayersOnScratch) {
  BuildRequest request =
      Request("FROM scratch\nCOPY f /app/f\nCOPY d /d/\nENV A=b\n", "classic-20.10");
  const BuiltImage plain = Build(request);
  request.squash = true;
  const BuiltImage squashed = Build(request);
  ASSERT_EQ(squashed.saved.layers.size(), 1U);
  EXPECT_THAT(Names(squashed.saved.layers[0]), ElementsAre("app/", "app/f", "d/", "d/g"));
  const std::vector<Row> history = History(squashed);
  ASSERT_EQ(history.size(), 4U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(history[i].empty);
    EXPECT_EQ(history[i].created_by, History(plain)[i].created_by);
  }
  EXPECT_EQ(history[3], (Row{"", "create new from " + Digest(plain.saved.config)}));
  EXPECT_EQ(Document(squashed).TextOf("parent"), Document(plain).Find("config")->TextOf("Image"));
}

TEST(Squash, LeavesTheBaseAlone) {
  const std::string base = "FROM scratch AS one\nCOPY f /app/f\nCOPY f /app/kept\n";
  const BuiltImage below = Build(Request(base, "classic-20.10"));
  const std::string steps = base + "FROM one\nCOPY d /app-d/\nCOPY d /app/\nUSER 1\n";
  BuildRequest request = Request(steps, "classic-20.10");
  const BuiltImage plain = Build(request);
  request.squash = true;
  const BuiltImage squashed = Build(request);
  ASSERT_EQ(squashed.saved.layers.size(), 3U);
  EXPECT_EQ(squashed.saved.layers[1].diff_id, below.saved.layers[1].diff_id);
  // Sorted by whole paths: a hyphen goes before a slash.
  EXPECT_THAT(Names(squashed.saved.layers[2]), ElementsAre("app/", "app-d/", "app-d/g", "app/g"));
  const std::vector<Row> history = History(squashed);
  ASSERT_EQ(history.size(), 6U);
  EXPECT_FALSE(history[1].empty);
  EXPECT_TRUE(history[2].empty);
  EXPECT_EQ(history[5],
            (Row{"", "merge " + Digest(plain.saved.config) + " to " + Digest(below.saved.config)}));
}

TEST(Squash, TakesASingleLayerAsItIs) {
  BuildRequest request = Request("FROM scratch\nCOPY f /f\nENV A=1\n", "classic-28");
  const std::string layer = Build(request).saved.layers[0].diff_id;
  request.squash = true;
  EXPECT_EQ(Build(request).saved.layers[0].diff_id, layer);
}

TEST(Squash, IsRefusedWhereDockerRefusesIt) {
  const auto message = [](BuildRequest request) -> std::string {
    request.squash = true;
    try {
      Build(request);
    } catch (const Error& error) {
      return error.message();
    }
    return "built";
  };
  EXPECT_EQ(message(Request("FROM scratch\nENV A=1\n", "classic-20.10")),
            "error squashing image: error getting image layer: layer does not exist");
  const std::string empty = "FROM scratch AS a\nCOPY f /f\nFROM a\nENV A=1\n";
  const std::string layer = Build(Request(empty, "classic-20.10")).saved.layers[0].diff_id;
  EXPECT_EQ(message(Request(empty, "classic-20.10")),
            "error squashing image: error getting tar stream to parent: layer ID '" + layer +
                "' is not a parent of the specified layer: cannot provide diff to non-parent");
  EXPECT_THAT(message(Request("FROM scratch\nCOPY f /f\n", "buildkit-0.25")),
              testing::HasSubstr("classic builder"));
}

constexpr const char* kService =
    "FROM scratch\nCOPY f /f\nENV MODE=production\nLABEL tier=service\nUSER app\n"
    "HEALTHCHECK --interval=30s --retries=2 CMD test\nONBUILD RUN x\nSHELL [\"/bin/q\"]\n"
    "ENTRYPOINT [\"/server\"]\nCMD [\"--port\"]\n";

CommitRequest Committed() {
  CommitRequest request;
  request.command = {"sh", "-c", "echo c > /committed"};
  request.env = {{"RUNENV", "run"}, {"MODE", "test"}};
  request.author = "Me <a@b>";
  request.message = "a message";
  request.changes = {"ENV CC=cc RUNENV=over", "LABEL x=y", "CMD [\"z\"]", "WORKDIR /q"};
  request.run = [](FileTree& files, const ImageConfig&) {
    files.MakeFile("committed", {.mode = 0644, .mtime = files.clock()}, Rope("c\n"));
  };
  request.names = {"debug"};
  return request;
}

TEST(Commit, WritesTheContainerDown) {
  const BuiltImage image = Commit(Build(Request(kService, "classic-28")), Committed());
  const Json document = Document(image);
  const std::string container = document.TextOf("container");
  const std::string start = R"({"Hostname":")" + container.substr(0, 12) +
                            R"(","Domainname":"","User":"app","AttachStdin":false,)"
                            R"("AttachStdout":true,"AttachStderr":true,"Tty":false,)"
                            R"("OpenStdin":false,"StdinOnce":false,)";
  const std::string check = R"("Healthcheck":{"Test":["CMD-SHELL","test"],"Interval":30000000000,)"
                            R"("Retries":2},"Image":"app","Volumes":null,)";
  const std::string path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  EXPECT_EQ(Write(*document.Find("config"), kGoCompact),
            start + R"("Env":["RUNENV=over","MODE=test",")" + path + R"(","CC=cc"],"Cmd":["z"],)" +
                check +
                R"("WorkingDir":"/q","Entrypoint":["/server"],"OnBuild":null,)"
                R"("Labels":{"tier":"service","x":"y"}})");
  EXPECT_EQ(Write(*document.Find("container_config"), kGoCompact),
            start + R"("Env":["RUNENV=run","MODE=test",")" + path + R"("],)" +
                R"("Cmd":["sh","-c","echo c \u003e /committed"],)" + check +
                R"("WorkingDir":"","Entrypoint":["/server"],"OnBuild":null,)"
                R"("Labels":{"tier":"service"}})");
  const Json last = document.Find("history")->items().back();
  EXPECT_EQ(Write(last, kGoCompact), R"({"created":")" + std::string(kTime) +
                                         R"(","created_by":"sh -c echo c \u003e /committed",)"
                                         R"("author":"Me \u003ca@b\u003e","comment":"a message"})");
  EXPECT_EQ(document.TextOf("author"), "Me <a@b>");
  EXPECT_EQ(document.Find("comment"), nullptr);
  EXPECT_THAT(Names(image.saved.layers.back()), ElementsAre("committed"));
}

TEST(Commit, OfAnIdleContainerHasNoLayer) {
  CommitRequest request = Committed();
  request.run = {};
  const BuiltImage below = Build(Request(kService, "classic-28"));
  const BuiltImage image = Commit(below, request);
  EXPECT_EQ(image.saved.layers.size(), below.saved.layers.size());
  EXPECT_TRUE(History(image).back().empty);
}

TEST(Commit, LeavesOutWhatHappensInVolumes) {
  CommitRequest request = Committed();
  request.run = [](FileTree& files, const ImageConfig&) {
    files.MakeFile("vol/new", {.mode = 0644}, Rope("x"));
    files.Remove("kept/f");
  };
  const BuiltImage image = Commit(
      Build(Request("FROM scratch\nCOPY f /kept/\nVOLUME /vol /kept\n", "classic-28")), request);
  EXPECT_THAT(Names(image.saved.layers.back()), ElementsAre("vol/"));
  EXPECT_NE(image.files.Find("kept/f"), nullptr);
  EXPECT_EQ(image.files.Find("vol/new"), nullptr);
}

TEST(Commit, InContainerdTellsNothingOfTheContainer) {
  CommitRequest request = Committed();
  request.docker.store = Store::kContainerd;
  BuildRequest build = Request(kService, "classic-28");
  build.store = Store::kContainerd;
  const Json document = Document(Commit(Build(build), request));
  EXPECT_EQ(document.Find("container"), nullptr);
  EXPECT_EQ(document.Find("container_config"), nullptr);
  EXPECT_EQ(document.Find("config")->Find("Hostname"), nullptr);
  EXPECT_EQ(document.Find("config")->Find("OnBuild"), nullptr);
}

TEST(Commit, RefusesOtherChanges) {
  const BuiltImage below = Build(Request(kService, "classic-28"));
  const auto message = [&](const std::string& version, const std::string& change) -> std::string {
    CommitRequest request = Committed();
    request.docker.version = version;
    request.changes = {change};
    try {
      Commit(below, request);
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  };
  EXPECT_EQ(message("20.10", "STOPSIGNAL 9"), "stopsignal is not a valid change command");
  EXPECT_EQ(message("28", "STOPSIGNAL 9"), "");
  EXPECT_EQ(message("28", "RUN x"), "RUN is not a valid change command");
  EXPECT_EQ(message("27", "ENV A=1"), "there is no Docker 27 here; there are 20.10, 26 and 28");
}

TEST(Import, HasOneLayerAndOneEntry) {
  ImportRequest request;
  request.docker.version = "20.10";
  request.message = "msg";
  request.changes = {"ENV A=b", "CMD x y", "WORKDIR /q/"};
  const BuiltImage image = Import(Build(Request(kService, "classic-20.10")), request);
  const std::string none =
      R"({"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,)"
      R"("AttachStderr":false,"Tty":false,"OpenStdin":false,"StdinOnce":false,)";
  ASSERT_EQ(image.saved.layers.size(), 1U);
  EXPECT_EQ(image.saved.config,
            R"({"architecture":"amd64","comment":"msg","config":)" + none +
                R"("Env":["A=b"],"Cmd":["/bin/sh","-c","x y"],"Image":"","Volumes":null,)"
                R"("WorkingDir":"/q/","Entrypoint":null,"OnBuild":null,"Labels":null},)"
                R"("container_config":)" +
                none +
                R"("Env":null,"Cmd":null,"Image":"","Volumes":null,"WorkingDir":"",)"
                R"("Entrypoint":null,"OnBuild":null,"Labels":null},"created":")" +
                kTime + R"(","docker_version":"20.10.24+dfsg1","history":[{"created":")" + kTime +
                R"(","comment":"msg"}],"os":"linux","rootfs":{"type":"layers","diff_ids":[")" +
                image.saved.layers[0].diff_id + R"("]}})");
  EXPECT_THAT(Names(image.saved.layers[0]),
              ElementsAre(".dockerenv", "dev/", "dev/console", "dev/pts/", "dev/shm/", "etc/",
                          "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf", "f", "proc/",
                          "sys/"));
}

TEST(Mounts, LeaveTheDirectoriesAboveAlone) {
  FileTree tree;
  tree.set_clock(kClock);
  tree.MakeDirectory("a", {.mode = 0755});
  tree.MakeDirectory("a/m", {.mode = 0755});
  tree.MakeFile("a/m/old", {.mode = 0644}, Rope("old"));
  tree.MakeFile("outside", {.mode = 0644}, Rope("x"));
  tree.BeginLayer();
  const FileTree before = tree;
  ASSERT_EQ(tree.Mount("a/m", before, "a/m", false), std::errc());
  EXPECT_EQ(tree.MakeFile("a/m/new", {.mode = 0644}, Rope("new")), std::errc());
  EXPECT_EQ(tree.Remove("a/m/old"), std::errc());
  EXPECT_EQ(tree.Link("outside", "a/m/link"), std::errc::cross_device_link);
  EXPECT_EQ(tree.Rename("a/m/new", "new"), std::errc::cross_device_link);
  EXPECT_EQ(tree.RemoveAll("a/m"), std::errc::device_or_resource_busy);
  EXPECT_NE(tree.Find("a/m/new"), nullptr);
  EXPECT_FALSE(tree.RootChanged());
  tree.Unmount();
  EXPECT_EQ(tree.Find("a/m/new"), nullptr);
  ASSERT_NE(tree.Find("a/m/old"), nullptr);
  EXPECT_EQ(tree.Find("a/m/old")->content.ToString(), "old");
  EXPECT_TRUE(tree.Changes().empty());
}

}  // namespace
}  // namespace watertight::generator
