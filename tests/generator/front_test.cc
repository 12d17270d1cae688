// The library front: images made and opened in a test's body.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/command.h"
#include "watertight/generator.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;

Image Opened(const BuiltArchive& built) { return Image::OpenBytes("made.tar", built.bytes); }

TEST(GeneratorFront, BuildsFromText) {
  const Image image = Opened(Build("FROM scratch\nCOPY secret.txt /app/\n",
                                   {{"secret.txt", "hunter2\n"}}, {.tags = {"app:ci"}}));
  EXPECT_THAT(image, HasFile("/app/secret.txt",
                             AllOf(HasContent("hunter2\n"), HasMode(0644), OwnedBy(0, 0))));
  EXPECT_THAT(image.tags(), ElementsAre("app:ci"));
  EXPECT_THAT(image.layers(), SizeIs(1));
  EXPECT_EQ(image.history().back().created_by, "COPY secret.txt /app/ # buildkit");
  EXPECT_INTACT(image);
}

TEST(GeneratorFront, IdIsTheImages) {
  const BuiltArchive built = Build("FROM scratch\nLABEL a=b\nCOPY f /\n", {{"f", "x"}});
  EXPECT_EQ(built.image_id, Opened(built).id());
  EXPECT_EQ(::testing::PrintToString(built),
            built.image_id.substr(0, 19) + ", " + std::to_string(built.bytes->size()) + " bytes");
}

TEST(GeneratorFront, SameCallSameBytes) {
  const auto build = [] { return *Build("FROM alpine\nLABEL a=b\n").bytes; };
  EXPECT_TRUE(build() == build());
}

TEST(GeneratorFront, ClockIsTheTimeOfTheImage) {
  const Image image = Opened(Build("FROM scratch\nCOPY f /\n", {{"f", ""}}, {.clock = 1000000000}));
  EXPECT_THAT(image.config().json, HasSubstr("2001-09-09T01:46:40"));
  EXPECT_EQ(image.rootfs().Find("f")->mtime(), 1000000000);
}

TEST(GeneratorFront, FilesHaveTypesAndModes) {
  const Image image =
      Opened(Build("FROM scratch\nCOPY . /\n", {{"run.sh", "#!/bin/sh\n", 0750},
                                                {"empty", "", 0700, BuildFileType::kDirectory},
                                                {"link", "run.sh", {}, BuildFileType::kSymlink}}));
  EXPECT_THAT(image, HasFile("/run.sh", HasMode(0750)));
  EXPECT_EQ(image.rootfs().Find("empty")->type(), EntryType::kDirectory);
  EXPECT_EQ(image.rootfs().Find("link")->link(), "run.sh");
}

TEST(GeneratorFront, OptionsReachTheBuild) {
  const Image image = Opened(Build(
      "FROM scratch AS first\nARG NAME\nLABEL name=$NAME\nCOPY f /\nFROM scratch\nCOPY f /second\n",
      {{"f", ""}},
      {.build_args = {{"NAME", "given"}}, .target = "first", .platform = "linux/arm64"}));
  EXPECT_THAT(image.config().labels, ElementsAre(::testing::Pair("name", "given")));
  EXPECT_THAT(image.config().json, HasSubstr("\"architecture\":\"arm64\""));
}

TEST(GeneratorFront, BuildsAFolder) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("Dockerfile"), "FROM scratch\nCOPY f /\n");
  WriteFile(folder.Path("other.dockerfile"), "FROM scratch\nCOPY f /renamed\n");
  WriteFile(folder.Path("f"), "content");
  EXPECT_THAT(Opened(BuildFolder(folder.path())), HasFile("/f", HasContent("content")));
  EXPECT_THAT(Opened(BuildFolder(folder.path(), {.dockerfile = folder.Path("other.dockerfile")})),
              HasFile("/renamed"));
}

TEST(GeneratorFront, EveryBuilderAndArchiveOpens) {
  EXPECT_THAT(BuilderNames(), IsSupersetOf({"classic-20.10", "buildkit-0.25", "buildah-1.28"}));
  EXPECT_THAT(ArchiveNames(), SizeIs(14));
  for (const std::string& builder : BuilderNames()) {
    for (const std::string& archive : ArchiveNames()) {
      const Image image =
          Opened(Build("FROM scratch\nCOPY f /app/\n", {{"f", "content"}},
                       {.builder = builder, .archive = archive, .tags = {"app:ci"}}));
      EXPECT_THAT(image, HasFile("/app/f", HasContent("content"))) << builder << " " << archive;
      EXPECT_INTACT(image) << builder << " " << archive;
    }
  }
}

TEST(GeneratorFront, ErrorsNameTheLine) {
  try {
    Build("FROM scratch\nCOPY missing /\n");
    FAIL() << "a file is missing";
  } catch (const BuildError& error) {
    EXPECT_EQ(error.line(), 2);
    EXPECT_THAT(error.what(), ::testing::StartsWith("Dockerfile:2: "));
    EXPECT_THAT(error.what(), HasSubstr("missing"));
  }
}

// Words of BuildKit's parser, or of what it asks, that no recorded Dockerfile brings about.
TEST(GeneratorFront, ErrorsHaveBuildKitsWords) {
  const std::pair<const char*, const char*> refusals[] = {
      {"ADD --checksum=foo http://a.example/b /", "invalid checksum digest format"},
      {"ADD --checksum=md5:00 http://a.example/b /", "unsupported digest algorithm"},
      {"ADD --checksum=sha256:00 http://a.example/b /", "invalid checksum digest length"},
      {"ADD <<A <<B\na\nA\nb\nB", "ADD cannot accept a heredoc as a destination"},
      {"COPY https://a.example/b.git /", "source can't be a git ref for COPY"},
      {"RUN --mount=mode=0400,target=/x a", "mode not allowed for \"bind\" type mounts"},
      {"RUN --mount=type=cache,ro=so,target=/x a", "invalid value for ro: so"},
      {"RUN --mount=type=cache,readonly=so,target=/x a", "invalid value for readonly: so"},
      {"EXPOSE [1:80:80", "invalid IP address [1: address [1:: missing ']' in address"},
      {"ENV A=${B/x}", "failed to process \"${B/x}\": syntax error: missing '/' in ${}"}};
  for (const auto& [instruction, words] : refusals) {
    EXPECT_THAT([text = instruction] { Build(std::string("FROM scratch\n") + text + "\n"); },
                ThrowsMessage<BuildError>(std::string("Dockerfile:2: ") + words))
        << instruction;
  }
}

TEST(GeneratorFront, ErrorsListWhatThereIs) {
  const auto build = [](BuildOptions options) {
    return [options] { Build("FROM scratch\nCOPY f /\n", {{"f", ""}}, options); };
  };
  EXPECT_THAT(build({.builder = "docker"}), ThrowsMessage<BuildError>(HasSubstr("classic-20.10")));
  EXPECT_THAT(build({.archive = "tar"}), ThrowsMessage<BuildError>(HasSubstr("docker-28")));
  EXPECT_THAT(build({.compression = "xz"}), ThrowsMessage<BuildError>(HasSubstr("zstd")));
  EXPECT_THAT(build({.platform = "a/b/c/d"}), ThrowsMessage<BuildError>(HasSubstr("a/b/c/d")));
  EXPECT_THAT(build({.target = "missing"}), ThrowsMessage<BuildError>(HasSubstr("missing")));
}

TEST(GeneratorFront, PathsOutsideOfTheContextAreRefused) {
  for (const std::string path : {"../f", "/f", "", "a/../../f"}) {
    EXPECT_THAT(([&] {
                  Build("FROM scratch\nCOPY . /\n", {{path, ""}});
                }),
                ThrowsMessage<BuildError>(HasSubstr("inside of the context")))
        << path;
  }
  EXPECT_THAT([] { BuildFolder("/no/such/folder"); },
              ThrowsMessage<BuildError>(HasSubstr("/no/such/folder")));
}

TEST(GeneratorFront, ScriptsOfOtherInterpretersAreNeverGivenToTheShell) {
  const auto run = [](const std::string& base) {
    return
        [base] { Build("FROM " + base + "\nRUN <<EOF\n#!/usr/bin/env python3\nexit\nEOF\n", {}); };
  };
  EXPECT_THAT(run("alpine"), ThrowsMessage<BuildError>(HasSubstr("exit code: 127")));
  EXPECT_THAT(run("python"), ThrowsMessage<BuildError>(HasSubstr("is not modelled")));
}

}  // namespace
}  // namespace watertight::testing
