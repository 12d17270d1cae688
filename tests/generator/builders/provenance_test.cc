// The provenance that real BuildKits attested (data/provenance.json) against ours.

#include "generator/builders/provenance.h"

#include <gtest/gtest.h>

#include <re2/re2.h>
#include <fstream>
#include <nlohmann/json.hpp>

#include "generator/build/build.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

using Document = nlohmann::ordered_json;

constexpr const char* kMetadata = "https://mobyproject.org/buildkit@v1#metadata";

Document ReadData(const std::string& name) {
  std::ifstream stream(std::string(WATERTIGHT_BUILDERS_DATA) + "/" + name);
  EXPECT_TRUE(stream.good()) << name;
  return Document::parse(stream);
}

BaseEntry Entry(std::string path, char type) {
  BaseEntry entry;
  entry.path = std::move(path);
  entry.type = type;
  entry.mode = 0755;
  return entry;
}

std::optional<BaseImage> Plain(const std::string& reference) {
  if (!reference.starts_with("bk/plain")) return std::nullopt;
  Document document = ReadData("bases.json").at("plain");
  document["rootfs"] = {{"type", "layers"}, {"diff_ids", Document::array()}};
  BaseImage image;
  image.name = reference;
  image.config = document.dump();
  image.rootfs = {Entry("bin", '5'), Entry("bin/busybox", '0'), Entry("bin/sh", '2')};
  image.rootfs.back().link = "/bin/busybox";
  return image;
}

BuildRequest RequestOf(const Document& data, const char* builder) {
  BuildRequest request{.builder = builder, .bases = Plain};
  request.dockerfile = Join(data["dockerfile"].get<std::vector<std::string>>(), "\n") + "\n";
  std::vector<ContextFile> files;
  for (const auto& [path, content] : data["files"].items()) {
    files.push_back({path, content.get<std::string>()});
  }
  request.context = MemoryContext(files);
  for (const auto& [name, value] : data["arguments"].items()) {
    request.arguments.values[name] = value.get<std::string>();
  }
  request.secrets["mysec"] = "not-in-the-image";
  return request;
}

// Without what is new in every build.
Document Comparable(const std::string& predicate) {
  std::string text = predicate;
  RE2::GlobalReplace(&text, "[0-9a-f]{64}", "D");
  Document document = Document::parse(text);
  Document& metadata = document["metadata"];
  for (const char* key : {"buildInvocationID", "buildStartedOn", "buildFinishedOn"}) {
    EXPECT_FALSE(metadata[key].get<std::string>().empty()) << key;
    metadata[key] = "";
  }
  if (document.contains("buildConfig")) document["buildConfig"].erase("digestMapping");
  if (metadata[kMetadata].contains("source")) {
    metadata[kMetadata]["source"]["infos"][0].erase("digestMapping");
  }
  return document;
}

class BuildkitProvenances : public testing::TestWithParam<const char*> {};

TEST_P(BuildkitProvenances, TellInModeMaxWhatDockerTells) {
  const Document data = ReadData("provenance.json");
  BuildRequest request = RequestOf(data, GetParam());
  request.provenance = ProvenanceMode::kMax;
  const SavedImage image = Build(request).saved;
  ASSERT_EQ(image.attestations.size(), 1u);
  EXPECT_EQ(image.attestations[0].predicate_type, "https://slsa.dev/provenance/v0.2");
  const Document expected = data["expected"][GetParam()];
  const Document actual = Comparable(image.attestations[0].predicate);
  EXPECT_EQ(actual, expected) << Document::diff(actual, expected).dump(1);
}

TEST_P(BuildkitProvenances, KeepArgumentsAndCommandsToThemselvesInModeMin) {
  BuildRequest request = RequestOf(ReadData("provenance.json"), GetParam());
  request.store = Store::kContainerd;
  const SavedImage image = Build(request).saved;
  ASSERT_EQ(image.attestations.size(), 1u);
  const Document predicate = Document::parse(image.attestations[0].predicate);
  EXPECT_FALSE(predicate.contains("buildConfig"));
  EXPECT_FALSE(predicate["invocation"]["parameters"].contains("args"));
  EXPECT_FALSE(predicate["metadata"]["completeness"]["parameters"].get<bool>());
  EXPECT_EQ(predicate["metadata"][kMetadata], Document::object());
}

TEST(BuildkitProvenance, AreNotMadeInTheGraphDriverStore) {
  BuildRequest request = RequestOf(ReadData("provenance.json"), "buildkit-0.25");
  EXPECT_TRUE(Build(request).saved.attestations.empty());
  request.store = Store::kContainerd;
  request.provenance = ProvenanceMode::kOff;
  EXPECT_TRUE(Build(request).saved.attestations.empty());
}

std::string Version(const testing::TestParamInfo<const char*>& info) {
  return std::string(info.param) == "buildkit-0.13" ? "Buildkit013" : "Buildkit025";
}

INSTANTIATE_TEST_SUITE_P(Versions, BuildkitProvenances,
                         testing::Values("buildkit-0.13", "buildkit-0.25"), Version);

}  // namespace
}  // namespace watertight::generator
