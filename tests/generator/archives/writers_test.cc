// What no sample shows: writers whose archives the kit lacks, several images in one archive, and
// refusals. Expected texts are written out by hand; ids were computed with sha256sum.

#include <gmock/gmock.h>

#include "generator/archives/archive.h"
#include "generator/archives/sha256.h"
#include "generator/error.h"
#include "tests/generator/archives/example_image.h"

namespace watertight::generator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::watertight::testing::ExampleImage;
using ::watertight::testing::RelatedImage;

// Two layers that are no tars, so that every id can be computed by hand.
SavedImage TinyImage() {
  SavedImage image;
  image.names = {"app:ci"};
  image.config =
      R"({"created":"2026-01-02T03:04:05Z","author":"me","architecture":"amd64","os":"linux",)"
      R"("config":{"Env":["A=<b>"],"Labels":{"z":"1","a":"2"},"User":""},)"
      R"("rootfs":{"type":"layers","diff_ids":["sha256:1","sha256:2"]},)"
      R"("history":[{"created":"2026-01-01T00:00:00Z","created_by":"COPY a"},)"
      R"({"created_by":"ENV A","empty_layer":true},{"created_by":"RUN b","comment":"c"}]})";
  image.layers = {{Rope("first"), "sha256:1", StoredBlob{Rope("gz"), "sha256:aa", {}}},
                  {Rope("second"), "sha256:2", StoredBlob{Rope("gz2"), "sha256:bb", {}}}};
  image.layers[0].stored->compression = Compression::kGzip;
  image.layers[1].stored->compression = Compression::kGzip;
  return image;
}

std::vector<std::string> NamesOf(const Archive& archive) {
  std::vector<std::string> names;
  for (const TarEntry& entry : archive.entries) names.push_back(entry.name);
  return names;
}

const TarEntry* EntryOf(const Archive& archive, const std::string& name) {
  for (const TarEntry& entry : archive.entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::string ContentOf(const Archive& archive, const std::string& name) {
  const TarEntry* entry = EntryOf(archive, name);
  return entry == nullptr ? "no entry " + name : entry->content.ToString();
}

// printf 'aa ' | sha256sum; then "bb ID CONFIG".
TEST(CraneLegacy, NamesFoldersByDigestParentAndConfig) {
  const Archive archive = WriteArchive("crane-legacy", {TinyImage()}, {});
  const std::string lower = "8cfb212c3275b2b596b4f61c6057b07599df5ff5c33ed8c1aacde07eff26c7ed";
  const std::string top = "49ded420ea761ffe7410d78f256e8ce21407369906c14ba1d0a87be6f2a6041c";
  const std::string config =
      "cc03a121a11ac373421c23f20cedc4edf5fac2e19d57837e7a43ad16843c8884.json";
  EXPECT_THAT(NamesOf(archive), ElementsAre(config, lower + "/layer.tar", lower + "/json",
                                            lower + "/VERSION", top + "/layer.tar", top + "/json",
                                            top + "/VERSION", "manifest.json", "repositories"));
  EXPECT_EQ(ContentOf(archive, lower + "/layer.tar"), "first");
  EXPECT_EQ(ContentOf(archive, lower + "/VERSION"), "1.0");
  EXPECT_EQ(ContentOf(archive, lower + "/json"),
            R"({"architecture":"","created":"2026-01-01T00:00:00Z","os":"",)"
            R"("rootfs":{"type":"","diff_ids":null},"config":{},)"
            R"("container_config":{"Cmd":["COPY a"]},"id":")" +
                lower + "\"}");
  EXPECT_EQ(ContentOf(archive, top + "/json"),
            R"({"architecture":"amd64","created":"2026-01-02T03:04:05Z","os":"linux",)"
            R"("rootfs":{"type":"","diff_ids":null},)"
            R"("config":{"Env":["A=\u003cb\u003e"],"Labels":{"a":"2","z":"1"}},)"
            R"("container_config":{"Cmd":["RUN b"]},"id":")" +
                top + R"(","parent":")" + lower + R"(","comment":"c"})");
  EXPECT_EQ(ContentOf(archive, "manifest.json"),
            R"([{"Config":")" + config + R"(","RepoTags":["app:ci"],"Layers":[")" + lower +
                R"(/layer.tar",")" + top + R"(/layer.tar"]}])");
  EXPECT_EQ(ContentOf(archive, "repositories"), R"({"app":{"ci":")" + top + "\"}}");
  for (const TarEntry& entry : archive.entries) {
    EXPECT_EQ(entry.mode, 0644u);
    EXPECT_EQ(entry.mtime, 0);
    EXPECT_EQ(entry.uname, "");
  }
}

TEST(Crane, SortsImagesByTheirTags) {
  const Archive archive = WriteArchive("crane", {ExampleImage({"b:1"}), RelatedImage({"a:1"})}, {});
  const std::string manifest = ContentOf(archive, "manifest.json");
  EXPECT_LT(manifest.find("[\"a:1\"]"), manifest.find("[\"b:1\"]"));
  EXPECT_EQ(archive.images.front().id, Digest(ExampleImage({}).config));
}

TEST(Jib, WritesLayersThenConfigThenManifest) {
  const Archive archive = WriteArchive("jib", {TinyImage()}, {});
  EXPECT_THAT(NamesOf(archive),
              ElementsAre("aa.tar.gz", "bb.tar.gz", "config.json", "manifest.json"));
  EXPECT_EQ(ContentOf(archive, "aa.tar.gz"), "gz");
  EXPECT_EQ(ContentOf(archive, "config.json"), TinyImage().config);
  EXPECT_EQ(ContentOf(archive, "manifest.json"),
            R"([{"Config":"config.json","RepoTags":["app:ci"],)"
            R"("Layers":["aa.tar.gz","bb.tar.gz"]}])");
  for (const TarEntry& entry : archive.entries) EXPECT_EQ(entry.mtime, 0);
}

TEST(Nix, IndentsByFourAndPadsToARecord) {
  SavedImage image = TinyImage();
  image.config = R"({"created":"2026-01-02T03:04:05+00:00","config":{"Env":["A=é<"]},"x":[]})";
  const Archive archive = WriteArchive("nix", {image}, {});
  const std::string config =
      "{\n    \"created\": \"2026-01-02T03:04:05+00:00\",\n    \"config\": {\n        \"Env\": [\n"
      "            \"A=\\u00e9<\"\n        ]\n    },\n    \"x\": []\n}";
  const std::string config_name = Sha256Hex(config) + ".json";
  EXPECT_THAT(NamesOf(archive),
              ElementsAre("1/layer.tar", "2/layer.tar", config_name, "manifest.json"));
  EXPECT_EQ(ContentOf(archive, config_name), config);
  EXPECT_EQ(ContentOf(archive, "1/layer.tar"), "first");
  EXPECT_EQ(ContentOf(archive, "manifest.json"),
            "[\n    {\n        \"Config\": \"" + config_name +
                "\",\n        \"RepoTags\": [\n            \"app:ci\"\n        ],\n"
                "        \"Layers\": [\n            \"1/layer.tar\",\n"
                "            \"2/layer.tar\"\n        ]\n    }\n]");
  for (const TarEntry& entry : archive.entries) EXPECT_EQ(entry.mtime, 1767323045);
  EXPECT_EQ(ToTar(archive).size() % 10240, 0u);
  EXPECT_EQ(archive.images.front().id, "sha256:" + Sha256Hex(config));
}

// Two images over the same layers: the second top layer has an id of its own and the bytes of the
// first, so it is a symlink, and its folder has the time of saving.
TEST(Docker20, SharesTheBytesOfEqualLayers) {
  ArchiveOptions options;
  options.clock = 1700000000;
  const Archive archive =
      WriteArchive("docker-20", {ExampleImage({"a:1"}), RelatedImage({"b:1"})}, options);
  int links = 0;
  int files = 0;
  for (const TarEntry& entry : archive.entries) {
    if (!entry.name.ends_with("/layer.tar")) continue;
    if (entry.type == '2') {
      ++links;
      EXPECT_EQ(entry.mode, 0120777u);
      EXPECT_EQ(entry.mtime, 1700000000);
      const TarEntry* target = EntryOf(archive, entry.link.substr(3));
      ASSERT_NE(target, nullptr);
      EXPECT_EQ(target->type, '0');
    } else {
      ++files;
      EXPECT_EQ(entry.mtime, 1767323045);
    }
  }
  EXPECT_EQ(files, 2);
  EXPECT_EQ(links, 2);  // each image's third layer; the first two layers are shared as they are
  EXPECT_TRUE(std::is_sorted(archive.entries.begin(), archive.entries.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
}

TEST(Docker28, ListsEachTagAndEachDiffIdOnce) {
  const Archive archive = WriteArchive("docker-28", {ExampleImage({"a:1", "b"})}, {});
  const std::string index = ContentOf(archive, "index.json");
  EXPECT_THAT(index, HasSubstr(R"("io.containerd.image.name":"docker.io/library/a:1")"));
  EXPECT_THAT(index, HasSubstr(R"("io.containerd.image.name":"docker.io/library/b:latest")"));
  const std::string manifest = ContentOf(archive, "manifest.json");
  EXPECT_THAT(manifest, HasSubstr(R"("RepoTags":["a:1","b:latest"])"));
  const std::string sources = manifest.substr(manifest.find("LayerSources"));
  const std::string repeated = ExampleImage({}).layers[1].diff_id;
  const std::string key = "\"" + repeated + "\":{";
  EXPECT_EQ(sources.find(key), sources.rfind(key));
}

TEST(Containerd, KeepsAttestationsButBuildxDockerDoesNot) {
  SavedImage image = ExampleImage({"a:1"});
  image.attestations = {{"https://slsa.dev/provenance/v0.2", R"({"builder":{"id":""}})"}};
  const auto holds = [&](const char* writer) {
    const std::string tar = ToTar(WriteArchive(writer, {image}, {})).ToString();
    return tar.find("https://in-toto.io/Statement/v0.1") != std::string::npos;
  };
  EXPECT_TRUE(holds("docker-28-containerd"));
  EXPECT_TRUE(holds("buildx-oci"));
  EXPECT_FALSE(holds("buildx-docker"));
  EXPECT_FALSE(holds("docker-28"));
  EXPECT_FALSE(holds("skopeo"));
}

TEST(Writers, RefuseWhatTheToolRefuses) {
  SavedImage image = ExampleImage({"a:1"});
  image.layers.clear();
  for (const char* writer : {"docker-20", "docker-26", "docker-28"}) {
    try {
      WriteArchive(writer, {image}, {});
      FAIL() << writer;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()),
                std::string(writer) +
                    " saves no image without layers: docker save: empty export - not implemented");
    }
  }
  EXPECT_THAT(ContentOf(WriteArchive("docker-28-containerd", {image}, {}), "manifest.json"),
              HasSubstr("\"Layers\":null"));
}

TEST(Writers, ListAllNamesForAnUnknownOne) {
  try {
    WriteArchive("docker-27", {TinyImage()}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "unknown archive 'docker-27'; known are docker-20, docker-26, docker-28, "
                 "docker-28-containerd, buildx-docker, buildx-oci, skopeo, podman, crane, "
                 "crane-legacy, jib, nix, oci, oci-dir");
  }
}

TEST(Writers, NameABrokenConfig) {
  SavedImage image = TinyImage();
  image.config = "[]";
  for (const ArchiveWriter& writer : ArchiveWriters()) {
    EXPECT_THROW(WriteArchive(writer.name, {image}, {}), Error) << writer.name;
  }
}

}  // namespace
}  // namespace watertight::generator
