// What builders do to files around instructions, seen in the images that they made.
#include <gtest/gtest.h>

#include "generator/build/build.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

BaseEntry EntryOf(const std::string& path, char type, std::uint32_t mode) {
  BaseEntry entry;
  entry.path = path;
  entry.type = type;
  entry.mode = mode;
  entry.mtime = 1;
  return entry;
}

// /etc/passwd and a directory with the set-group-ID bit, from long ago.
BaseImage Base() {
  BaseImage base;
  base.name = "base";
  base.config =
      R"({"architecture":"amd64","config":{},"os":"linux","rootfs":{"type":"layers","diff_ids":)"
      R"(["sha256:6cf1e3ce6ba9e3e2a8fd1a7dbea6e3d0ab6ee9ae4a8e9f7a2d56b9f8e2f2c9a5"]}})";
  base.layers.push_back(
      {Rope(), "sha256:6cf1e3ce6ba9e3e2a8fd1a7dbea6e3d0ab6ee9ae4a8e9f7a2d56b9f8e2f2c9a5", {}});
  base.rootfs = {EntryOf("etc", '5', 0755), EntryOf("etc/passwd", '0', 0644),
                 EntryOf("log", '5', 02775), EntryOf("run", '5', 0755), EntryOf("link", '2', 0777)};
  base.rootfs[2].gid = 50;
  base.rootfs.back().link = "run";
  return base;
}

BuildRequest RequestOf(const std::string& dockerfile, const std::string& builder) {
  BuildRequest request;
  request.dockerfile = dockerfile;
  request.context = MemoryContext({{"a", "a\n", {}}});
  request.builder = builder;
  request.bases = [](const std::string& name) -> std::optional<BaseImage> {
    return name == "base" ? std::optional(Base()) : std::nullopt;
  };
  return request;
}

BuiltImage Built(const std::string& dockerfile, const std::string& builder) {
  return Build(RequestOf(dockerfile, builder));
}

std::string ErrorOf(const std::string& dockerfile, const std::string& builder) {
  try {
    Built(dockerfile, builder);
  } catch (const Error& error) {
    return error.message();
  }
  return "none";
}

const Attributes& AttributesOf(const BuiltImage& image, const std::string& path) {
  return image.files.Find(path)->attributes;
}

TEST(ClassicContainers, HaveAnInitLayerThatTheImageHasNot) {
  for (const char* builder : {"classic-20.10", "classic-26", "classic-28"}) {
    const BuiltImage image = Built("FROM base\n# watertight: write /etc/x y\nRUN true\n", builder);
    EXPECT_NE(image.files.Find("etc/x"), nullptr) << builder;
    EXPECT_EQ(image.files.Find(".dockerenv"), nullptr) << builder;
    EXPECT_EQ(image.files.Find("etc/hosts"), nullptr) << builder;
    EXPECT_EQ(image.files.Find("dev"), nullptr) << builder;
    EXPECT_EQ(AttributesOf(image, "etc").mtime, image.files.clock()) << builder;
    EXPECT_EQ(image.saved.layers.size(), 2U) << builder;
  }
}

TEST(ClassicContainers, AWorkdirOfTheInitLayerIsThereAlready) {
  EXPECT_EQ(Built("FROM base\nWORKDIR /dev\n", "classic-28").saved.layers.size(), 1U);
  EXPECT_EQ(Built("FROM base\nWORKDIR /new\n", "classic-28").saved.layers.size(), 2U);
}

TEST(Workdir, InheritsTheGroupOfADirectoryThatSetsIt) {
  const Attributes classic =
      AttributesOf(Built("FROM base\nWORKDIR /log/x\n", "classic-28"), "log/x");
  EXPECT_EQ(classic.mode, 02755U);
  EXPECT_EQ(classic.gid, 0);
  const Attributes kit =
      AttributesOf(Built("FROM base\nWORKDIR /log/x\n", "buildkit-0.25"), "log/x");
  EXPECT_EQ(kit.mode, 02755U);
  EXPECT_EQ(kit.gid, 50);
  const Attributes buildah =
      AttributesOf(Built("FROM base\nWORKDIR /log/x\n", "buildah-1.28"), "log/x");
  EXPECT_EQ(buildah.mode, 0755U);
}

TEST(Buildkit, NamesAMissingSourceInItsReleasesWords) {
  EXPECT_EQ(ErrorOf("FROM scratch\nCOPY no /\n", "buildkit-0.8"),
            "failed to compute cache key: \"/no\" not found: not found");
  EXPECT_EQ(ErrorOf("FROM base AS b\nFROM scratch\nCOPY --from=b /x/y /\n", "buildkit-0.8"),
            "failed to compute cache key: failed to walk /x: lstat /x: no such file or directory");
}

TEST(Kaniko, UnpacksTheBaseOnlyForStepsThatReadFiles) {
  EXPECT_EQ(AttributesOf(Built("FROM base\nWORKDIR /log/x\n", "kaniko"), "log").mode, 0755U);
  EXPECT_EQ(AttributesOf(Built("FROM base\nCOPY a /log/x/a\n", "kaniko"), "log").mode, 02775U);
  EXPECT_EQ(AttributesOf(Built("FROM base\nCOPY a /log/x/a\n", "kaniko"), "log/x").mode, 02755U);
}

TEST(Kaniko, AStageEndsAsItsLayersSay) {
  const BuiltImage image = Built("FROM base AS a\nCOPY a /1\nFROM a\nCOPY a /2\n", "kaniko");
  EXPECT_EQ(image.files.Find("etc/passwd")->attributes.mtime, 1);
  EXPECT_NE(image.files.Find("1"), nullptr);
  EXPECT_NE(image.files.Find("2"), nullptr);
}

TEST(Kaniko, KeepsArgumentsForLaterStages) {
  const BuiltImage image =
      Built("FROM base AS a\nARG X=1\nFROM base\nENV Y=$X\nCOPY a /a\n", "kaniko");
  EXPECT_NE(image.saved.config.find("Y=1"), std::string::npos) << image.saved.config;
}

TEST(Kaniko, SaysWhichSourceIsMissing) {
  const std::string frame =
      "error building stage: failed to get files used from context: failed to get fileinfo for ";
  EXPECT_EQ(ErrorOf("FROM scratch\nCOPY no /\n", "kaniko"),
            frame + "/workspace/no: lstat /workspace/no: no such file or directory");
  EXPECT_EQ(ErrorOf("FROM base AS b\nFROM scratch\nCOPY --from=b /no /\n", "kaniko"),
            frame + "/kaniko/0/no: lstat /kaniko/0/no: no such file or directory");
}

TEST(Kaniko, RefusesArchivesThatItCannotUnpack) {
  BuildRequest request = RequestOf("FROM scratch\nADD t.tar.xz /\n", "kaniko");
  request.context = MemoryContext({{"t.tar.xz",
                                    std::string("\xFD"
                                                "7zXZ\0rest",
                                                10),
                                    {}}});
  try {
    Build(request);
    FAIL() << "an xz file is no archive to kaniko";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "error building stage: failed to execute command: unpacking local tar: path does not "
              "lead to local tar archive");
  }
}

TEST(Kaniko, WritesTheLaterShellFormOverTheEarlierOne) {
  const BuiltImage image = Built(
      "FROM base\nSHELL [\"/bin/ash\", \"-e\", \"-c\"]\nCMD echo hi\nENTRYPOINT start\n", "kaniko");
  EXPECT_NE(image.saved.config.find(R"("Cmd":["/bin/ash","-e","-c","start"])"), std::string::npos)
      << image.saved.config;
}

}  // namespace
}  // namespace watertight::generator
