// The same call gives the same bytes, whatever compiled this: the digests of many archives are
// recorded. WATERTIGHT_UPDATE_GOLDEN=1 records them anew.
//
// A row: what is built, the builder, the archive, the compression, the SHA-256 of the archive.

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "generator/archives/sha256.h"
#include "tests/support/command.h"
#include "watertight/generator.h"

namespace watertight::testing {
namespace {

struct Recipe {
  std::string dockerfile;
  std::vector<BuildFile> files;
  BuildOptions options;
};

// Bytes that compress a little, the same on every machine.
std::string Bytes(std::size_t size) {
  std::string bytes;
  std::uint32_t state = 1;
  while (bytes.size() < size) {
    state = state * 1664525 + 1013904223;
    bytes += static_cast<char>(state >> 28);
  }
  return bytes;
}

const std::map<std::string, Recipe>& Recipes() {
  static const std::map<std::string, Recipe> recipes = {
      {"copies",
       {"FROM scratch\nARG VERSION=1\nENV A=1 B=2\nLABEL version=$VERSION z=1 a=2\n"
        "COPY secret.txt /app/\nCOPY --chown=10:20 tree /srv\nCOPY big /big\nWORKDIR /srv\n"
        "COPY secret.txt /app/secret.txt\nEXPOSE 80 443/udp\nVOLUME /data\nCMD [\"/app\"]\n",
        {{"secret.txt", "hunter2\n"},
         {"tree/a/b.txt", "b", 0600},
         {"tree/link", "a/b.txt", {}, BuildFileType::kSymlink},
         {"tree/empty", "", 0700, BuildFileType::kDirectory},
         {"big", Bytes(300'000)}},
        {.tags = {"app:ci", "app:latest"}, .build_args = {{"VERSION", "2"}}}}},
      {"stages",
       {"FROM scratch AS build\nCOPY . /src/\nFROM scratch\nCOPY --from=build /src/f /f\nUSER 1\n",
        {{"f", "content"}, {".npmrc", "_authToken=hunter2"}},
        {.tags = {"app:ci"}, .platform = "linux/arm64", .clock = 1'000'000'000}}},
      {"alpine",
       {"FROM alpine\nCOPY f /app/f\nRUN rm /app/f && echo gone > /gone\n",
        {{"f", "content"}},
        {.tags = {"reg.example.com/app:ci"}}}}};
  return recipes;
}

struct Row {
  std::string recipe;
  std::string builder;
  std::string archive;
  std::string compression;  // "-": as the tool has it
  std::string digest;
};

std::vector<Row> ReadRows() {
  std::vector<Row> rows;
  std::istringstream lines(ReadFile(WATERTIGHT_DIGESTS));
  for (std::string line; std::getline(lines, line);) {
    Row row;
    std::istringstream(line) >> row.recipe >> row.builder >> row.archive >> row.compression >>
        row.digest;
    rows.push_back(row);
  }
  return rows;
}

std::string Built(const Row& row) {
  const Recipe& recipe = Recipes().at(row.recipe);
  BuildOptions options = recipe.options;
  options.builder = row.builder;
  options.archive = row.archive;
  if (row.compression != "-") options.compression = row.compression;
  return generator::Sha256Hex(*Build(recipe.dockerfile, recipe.files, options).bytes);
}

TEST(Determinism, ArchivesHaveTheRecordedDigests) {
  std::vector<Row> rows = ReadRows();
  ASSERT_GE(rows.size(), 20);
  const bool update = getenv("WATERTIGHT_UPDATE_GOLDEN") != nullptr;
  std::string text;
  for (Row& row : rows) {
    const std::string what =
        row.recipe + " " + row.builder + " " + row.archive + " " + row.compression;
    const std::string digest = Built(row);
    text += what + " " + digest + "\n";
    if (!update) {
      EXPECT_EQ(digest, row.digest) << what;
    }
  }
  if (update) {
    WriteFile(WATERTIGHT_DIGESTS, text);
    GTEST_SKIP() << WATERTIGHT_DIGESTS << " is written anew";
  }
}

}  // namespace
}  // namespace watertight::testing
