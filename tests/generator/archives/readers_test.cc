// Every archive in every compression opens: with our reader, which shares no code with the writers,
// and with skopeo and umoci.

#include <gmock/gmock.h>
#include <watertight/image.h>

#include "generator/archives/archive_file.h"
#include "generator/archives/json.h"
#include "tests/generator/archives/example_image.h"
#include "tests/support/command.h"
#include "tests/support/samples.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Case {
  std::string writer;
  std::string compression;
};

void PrintTo(const Case& test, std::ostream* out) {
  *out << test.writer << " " << test.compression;
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const generator::ArchiveWriter& writer : generator::ArchiveWriters()) {
    for (const char* compression : {"default", "none", "gzip", "zstd"}) {
      cases.push_back({writer.name, compression});
    }
  }
  return cases;
}

generator::ArchiveOptions OptionsOf(const Case& test) {
  generator::ArchiveOptions options;
  if (test.compression == "none") options.compression = generator::Compression::kNone;
  if (test.compression == "gzip") options.compression = generator::Compression::kGzip;
  if (test.compression == "zstd") options.compression = generator::Compression::kZstd;
  return options;
}

std::string TransportOf(const std::string& writer) {
  if (writer == "oci-dir") return "oci";
  return writer == "oci" || writer == "buildx-oci" ? "oci-archive" : "docker-archive";
}

class EveryArchive : public ::testing::TestWithParam<Case> {
 protected:
  std::string Save(const std::vector<generator::SavedImage>& images) {
    const std::string path = folder_.Path("image");
    generator::SaveArchive(path, WriteArchive(GetParam().writer, images, OptionsOf(GetParam())));
    return path;
  }

  TemporaryFolder folder_;
};

TEST_P(EveryArchive, OpensWithTheSameLayersAndConfig) {
  const generator::SavedImage saved = ExampleImage({"reg.example.com/app:ci"});
  const Image image = Image::Open(Save({saved}));
  EXPECT_THAT(image.Validate(), IsEmpty());
  EXPECT_THAT(image.unreadable_layers(), IsEmpty());
  ASSERT_THAT(image.layers(), SizeIs(saved.layers.size()));
  for (std::size_t i = 0; i < saved.layers.size(); ++i) {
    EXPECT_EQ(image.layers()[i].diff_id(), saved.layers[i].diff_id);
    EXPECT_EQ(image.layers()[i].ComputeDiffId(), saved.layers[i].diff_id);
    EXPECT_EQ(image.layers()[i].step(), static_cast<int>(i));
  }
  EXPECT_THAT(image.tags(), ElementsAre("reg.example.com/app:ci"));
  EXPECT_THAT(image.config().env, ElementsAre("PATH=/bin", "K=caf\xc3\xa9"));
  EXPECT_EQ(image.rootfs().Find("app/secret.txt"), nullptr);
  EXPECT_NE(image.rootfs().Find("app/words.txt"), nullptr);
}

TEST_P(EveryArchive, TellsWhereItsPartsStand) {
  const generator::Archive archive =
      WriteArchive(GetParam().writer, {ExampleImage({"app:ci"})}, OptionsOf(GetParam()));
  const std::string path = folder_.Path("image");
  generator::SaveArchive(path, archive);
  const Image image = Image::Open(path);
  ASSERT_THAT(archive.images, SizeIs(1));
  const generator::WrittenImage& written = archive.images.front();
  EXPECT_EQ(image.id(), written.id);
  EXPECT_THAT(image.ReadBlob(written.config_path), ::testing::HasSubstr("PATH=/bin"));
  ASSERT_THAT(written.layers, SizeIs(image.layers().size()));
  for (std::size_t i = 0; i < written.layers.size(); ++i) {
    EXPECT_EQ(image.layers()[i].member(), written.layers[i].path);
    EXPECT_EQ(image.layers()[i].digest(), written.layers[i].digest);
  }
}

TEST_P(EveryArchive, HoldsSeveralImages) {
  const std::string path = Save({ExampleImage({"app:ci", "app:v2"}), RelatedImage({"b:1"})});
  const std::string reference = TransportOf(GetParam().writer) + ":" + path;
  // A name is found in the form in which the archive keeps it.
  const auto named = [&](const std::string& name) {
    const std::string full = GetParam().writer == "skopeo"   ? "docker.io/library/" + name
                             : GetParam().writer == "podman" ? "localhost/" + name
                                                             : name;
    return Image::Open(reference + ":" + full);
  };
  const std::string first = named("app:ci").id();
  EXPECT_EQ(named("app:v2").id(), first);
  const Image second = named("b:1");
  EXPECT_NE(second.id(), first);
  EXPECT_THAT(second.Validate(), IsEmpty());
  EXPECT_THAT(second.config().env, ElementsAre("PATH=/bin", "K=other"));
}

TEST_P(EveryArchive, OpensWithSkopeo) {
  if (!HasProgram("skopeo")) GTEST_SKIP() << "no skopeo";
  const generator::SavedImage saved = ExampleImage({"reg.example.com/app:ci"});
  const std::string path = Save({saved});
  const std::string copy = folder_.Path("copy");
  const CommandResult copied = RunCommand("skopeo --insecure-policy copy -q --dest-decompress " +
                                          ShellQuoted(TransportOf(GetParam().writer) + ":" + path) +
                                          " " + ShellQuoted("dir:" + copy));
  ASSERT_EQ(copied.exit_code, 0) << copied.error;
  // It names the layers by what it computed.
  for (const generator::SavedLayer& layer : saved.layers) {
    EXPECT_EQ(ReadFile(copy + "/" + layer.diff_id.substr(7)), layer.tar.ToString());
  }
  const CommandResult config = RunCommand("skopeo inspect --config --raw " +
                                          ShellQuoted(TransportOf(GetParam().writer) + ":" + path));
  ASSERT_EQ(config.exit_code, 0) << config.error;
  EXPECT_EQ(Write(generator::ParseJson(config.output, "skopeo"), generator::kGoCompact),
            saved.config);
}

// The daemon of Docker 20.10 loads them all, and saves several images as our writer does.
TEST(DockerDaemon, LoadsEveryArchiveAndSavesTheSame) {
  const TemporaryFolder folder;
  std::string paths;
  for (const Case& test : Cases()) {
    if (TransportOf(test.writer) != "docker-archive") continue;
    const std::string name = test.writer + "-" + test.compression;
    paths += " " + ShellQuoted(folder.Path(name + ".tar"));
    const generator::SavedImage image =
        test.compression == "none" ? RelatedImage({name + ":v1"}) : ExampleImage({name + ":v1"});
    generator::SaveArchive(folder.Path(name + ".tar"),
                           WriteArchive(test.writer, {image}, OptionsOf(test)));
  }
  const CommandResult result = RunCommand(
      "python3 " + ShellQuoted(WATERTIGHT_SOURCE_DIR "/tests/generator/archives/docker.py") + " " +
      ShellQuoted(WATERTIGHT_SAVE) + " " + ShellQuoted(folder.path()) + paths);
  if (result.exit_code == 77) GTEST_SKIP() << result.output;
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
}

std::string NameOf(const ::testing::TestParamInfo<Case>& test) {
  return TestNameOf(test.param.writer + "_" + test.param.compression + ".tar");
}

INSTANTIATE_TEST_SUITE_P(All, EveryArchive, ::testing::ValuesIn(Cases()), NameOf);

}  // namespace
}  // namespace watertight::testing
