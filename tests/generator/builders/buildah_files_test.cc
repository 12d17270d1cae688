// What buildah 1.28.2 does to files around instructions, seen in the images that it made.
#include <gtest/gtest.h>

#include "generator/build/build.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

BuiltImage Built(const std::string& dockerfile, const std::string& builder = "buildah-1.28") {
  return Build(
      {.dockerfile = dockerfile, .context = MemoryContext({{"a", "a\n", {}}}), .builder = builder});
}

std::string ErrorOf(const std::string& dockerfile) {
  try {
    Built(dockerfile);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

bool Has(const BuiltImage& image, const std::string& path) {
  return image.files.Find(path) != nullptr;
}

TEST(BuildahFiles, WhereSomethingWasMountedNothingIsLeft) {
  const BuiltImage image = Built(
      "FROM scratch\n"
      "COPY a /cache/kept\n"
      "# watertight: write /out x\n"
      "RUN --mount=type=cache,target=/cache --mount=type=tmpfs,target=/deep/t true\n");
  EXPECT_TRUE(Has(image, "/out"));
  EXPECT_FALSE(Has(image, "/cache")) << "it was there before the mount";
  EXPECT_TRUE(Has(image, "/deep"));
  EXPECT_FALSE(Has(image, "/deep/t"));
}

TEST(BuildahFiles, ASecretThatWasNotGivenIsNotMounted) {
  const BuiltImage image = Built(
      "FROM scratch\n"
      "# watertight: nothing\n"
      "RUN --mount=type=secret,id=absent true\n");
  EXPECT_TRUE(Has(image, "/run"));
  EXPECT_FALSE(Has(image, "/run/secrets"));
}

TEST(BuildahFiles, VolumesForgetWhatRunDoes) {
  for (const char* builder : {"buildah-1.28", "buildah-1.28-layers"}) {
    const BuiltImage image = Built(
        "FROM scratch\n"
        "COPY a /v/before\n"
        "VOLUME /v\n"
        "# watertight: write /v/during x\n"
        "RUN true\n"
        "COPY a /v/after\n",
        builder);
    EXPECT_TRUE(Has(image, "/v/before")) << builder;
    EXPECT_FALSE(Has(image, "/v/during")) << builder;
    EXPECT_TRUE(Has(image, "/v/after")) << builder;
  }
}

TEST(BuildahFiles, TheLastVolumeMakesItsDirectoryIfThereIsOneLayerForAll) {
  const std::string dockerfile = "FROM scratch\nVOLUME /a /b\nCOPY a /a.txt\nVOLUME /c\n";
  EXPECT_FALSE(Has(Built(dockerfile), "/a"));
  EXPECT_TRUE(Has(Built(dockerfile), "/c"));
  EXPECT_FALSE(Has(Built(dockerfile, "buildah-1.28-layers"), "/c"));
}

TEST(BuildahFiles, AFileIsRefusedInTheOrderOfItsInstructions) {
  EXPECT_EQ(ErrorOf("FROM scratch\nCOPY missing /\nFOO\n"),
            "Dockerfile:2: checking on sources: copier: stat: \"/missing\": no such file or "
            "directory");
  EXPECT_EQ(ErrorOf("FROM scratch\nCOPY a /\nFOO\n"),
            "Dockerfile:3: Build error: Unknown instruction: \"FOO\"");
  EXPECT_EQ(ErrorOf("FROM scratch AS unused\nFOO\nFROM scratch\nCOPY a /\n"), "none");
}

TEST(BuildahFiles, APatternMayMatchNothingBesideAnotherSource) {
  EXPECT_EQ(ErrorOf("FROM scratch\nCOPY a *.lock /x/\n"), "none");
  EXPECT_EQ(ErrorOf("FROM scratch\nCOPY *.lock b* /x/\n"),
            "Dockerfile:2: checking on sources: copier: stat: [\"/*.lock\" \"/b*\"]: no such file "
            "or directory");
}

}  // namespace
}  // namespace watertight::generator
