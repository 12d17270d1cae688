// The layouts of writers that the sample kit lacks, made here after their sources; and every
// compression, of layers and of whole archives.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

MadeImage TwoLayers() {
  return MakeImage(
      {{{"a/", '5', "", "", 0755}, {"a/x", '0', "one"}}, {{"a/.wh.x", '0'}, {"b", '0', "two"}}});
}

void WriteLayout(const std::string& folder, const std::vector<TarFile>& files) {
  for (const TarFile& file : files) {
    const std::filesystem::path path = folder + "/" + file.name;
    std::filesystem::create_directories(path.parent_path());
    WriteFile(path.string(), file.content);
  }
}

// What every layout of TwoLayers() must give.
void ExpectTwoLayers(const Image& image) {
  ASSERT_THAT(image.layers(), SizeIs(2));
  EXPECT_EQ(image.id(), "sha256:" + TwoLayers().config_hex());
  EXPECT_EQ(image.layers()[0].diff_id(), TwoLayers().diff_ids[0]);
  ASSERT_THAT(image.layers()[0].entries(), SizeIs(2));
  EXPECT_EQ(image.layers()[0].entries()[1].Read(), "one");
  EXPECT_EQ(image.layers()[1].step(), 1);
  ASSERT_THAT(image.rootfs(), SizeIs(2));
  ASSERT_NE(image.rootfs().Find("b"), nullptr);
  EXPECT_EQ(image.rootfs().Find("b")->Read(), "two");
  EXPECT_EQ(image.wasted(), 3U);
  EXPECT_THAT(image.Validate(), IsEmpty());
  EXPECT_THAT(image.notes(), IsEmpty());
}

class Layouts : public ::testing::Test {
 protected:
  std::string Write(const std::string& bytes) {
    WriteFile(folder_.Path("app.tar"), bytes);
    return folder_.Path("app.tar");
  }
  Image Open(const std::vector<TarFile>& files) { return Image::Open(Write(MakeTar(files))); }

  TemporaryFolder folder_;
};

// Docker until 24: a folder for each layer, named by an id that nothing else names.
std::vector<TarFile> LayerFolders(const MadeImage& image, bool directories) {
  std::vector<TarFile> files;
  Json names = Json::array();
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const std::string id(64, static_cast<char>('a' + i));
    if (directories) files.push_back({id + "/", '5', "", "", 040755});
    files.push_back({id + "/VERSION", '0', "1.0"});
    files.push_back({id + "/json", '0', R"({"id":")" + id + R"("})"});
    files.push_back({id + "/layer.tar", '0', image.layers[i], "", 0100644});
    names.push_back(id + "/layer.tar");
  }
  const std::string config = image.config_hex() + ".json";
  files.push_back({config, '0', image.config_json()});
  const Json manifest = {{{"Config", config}, {"RepoTags", {"made:v1"}}, {"Layers", names}}};
  files.push_back({"manifest.json", '0', manifest.dump() + "\n"});
  files.push_back({"repositories", '0', R"({"made":{"v1":")" + std::string(64, 'b') + "\"}}\n"});
  return files;
}

TEST_F(Layouts, DockerBefore25) {
  const Image image = Open(LayerFolders(TwoLayers(), true));
  ExpectTwoLayers(image);
  EXPECT_EQ(image.transport(), "docker-archive");
  EXPECT_THAT(image.tags(), ElementsAre("made:v1"));
  EXPECT_EQ(image.layers()[0].blob(), std::string(64, 'a') + "/layer.tar");
}

TEST_F(Layouts, CraneLegacyWithoutDirectories) {
  ExpectTwoLayers(Open(LayerFolders(TwoLayers(), false)));
}

TEST_F(Layouts, UnreferencedLayerJsonIsListed) {
  const Image image = Open(LayerFolders(TwoLayers(), true));
  std::vector<std::string> unreferenced;
  for (const Blob& blob : image.blobs()) {
    if (!blob.referenced) unreferenced.push_back(blob.path);
  }
  EXPECT_THAT(unreferenced,
              ElementsAre(std::string(64, 'a') + "/VERSION", std::string(64, 'a') + "/json",
                          std::string(64, 'b') + "/VERSION", std::string(64, 'b') + "/json"));
}

TEST_F(Layouts, JibDocker) {
  const MadeImage image = TwoLayers();
  std::vector<TarFile> files;
  Json names = Json::array();
  for (const std::string& layer : image.layers) {
    const std::string stored = Compressed(layer, "gzip");
    files.push_back({Sha256Hex(stored) + ".tar.gz", '0', stored});
    names.push_back(files.back().name);
  }
  files.push_back({"config.json", '0', image.config_json()});
  const Json manifest = {{{"Config", "config.json"}, {"RepoTags", {"made:v1"}}, {"Layers", names}}};
  files.push_back({"manifest.json", '0', manifest.dump()});
  const Image opened = Open(files);
  ExpectTwoLayers(opened);
  EXPECT_EQ(opened.layers()[0].compression(), Compression::kGzip);
  EXPECT_EQ(opened.layers()[0].digest() + ".tar.gz", "sha256:" + files[0].name);
}

TEST_F(Layouts, CraneNamesItsConfigWithAColon) {
  const MadeImage image = TwoLayers();
  std::vector<TarFile> files = DockerArchive(image);
  files[2].name = "sha256:" + image.config_hex();
  Json manifest = Json::parse(files[3].content);
  manifest[0]["Config"] = files[2].name;
  files[3].content = manifest.dump();
  ExpectTwoLayers(Open(files));
}

TEST_F(Layouts, RulesOciNamesZstdAsGzip) {
  if (!HasProgram("zstd")) GTEST_SKIP() << "zstd is not installed";
  const MadeImage image = TwoLayers();
  std::vector<TarFile> files;
  Json names = Json::array();
  for (const std::string& layer : image.layers) {
    const std::string stored = Compressed(layer, "zstd");
    files.push_back({"blobs/sha256/" + Sha256Hex(stored) + ".tar.gz", '0', stored, "", 0755});
    names.push_back(files.back().name);
  }
  files.push_back({"blobs/sha256/" + image.config_hex(), '0', image.config_json(), "", 0755});
  const Json manifest = {
      {{"Config", files.back().name}, {"RepoTags", {"made:v1"}}, {"Layers", names}}};
  files.push_back({"manifest.json", '0', manifest.dump(2), "", 0755});
  const Image opened = Open(files);
  ExpectTwoLayers(opened);
  EXPECT_EQ(opened.layers()[0].compression(), Compression::kZstd);
}

std::vector<TarFile> NixStream(const MadeImage& image) {
  std::vector<TarFile> files;
  Json names = Json::array();
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    files.push_back({image.diff_ids[i].substr(7) + "/layer.tar", '0', image.layers[i]});
    names.push_back(files.back().name);
  }
  files.push_back({image.config_hex() + ".json", '0', image.config_json()});
  const Json manifest = {
      {{"Config", files.back().name}, {"RepoTags", {"made:v1"}}, {"Layers", names}}};
  files.push_back({"manifest.json", '0', manifest.dump(4)});
  return files;
}

TEST_F(Layouts, NixStreamPaddedToTenThousand) {
  std::string tar = MakeTar(NixStream(TwoLayers()));
  tar.resize((tar.size() + 10239) / 10240 * 10240);
  ExpectTwoLayers(Image::Open(Write(tar)));
}

TEST_F(Layouts, NixNamesBeginWithASlash) {
  const Image image = Open(
      DockerArchive(MakeImage({{{"/nix/", '5'}, {"/nix/store/", '5'}, {"/nix/store/x", '0'}}})));
  EXPECT_NE(image.rootfs().Find("nix/store/x"), nullptr);
  EXPECT_THAT(image.notes(), IsEmpty());
}

class OuterCompression : public Layouts, public ::testing::WithParamInterface<const char*> {};

TEST_P(OuterCompression, OfTheWholeArchive) {
  if (!HasProgram(GetParam())) GTEST_SKIP() << GetParam() << " is not installed";
  ExpectTwoLayers(Image::Open(Write(Compressed(MakeTar(NixStream(TwoLayers())), GetParam()))));
}

TEST_P(OuterCompression, OfEachLayer) {
  if (!HasProgram(GetParam())) GTEST_SKIP() << GetParam() << " is not installed";
  OciLayout layout;
  layout.SetIndex({layout.AddImage(
      TwoLayers(), [](const std::string& layer) { return Compressed(layer, GetParam()); })});
  const Image image = Open(layout.files());
  ExpectTwoLayers(image);
  EXPECT_EQ(ToString(image.layers()[0].compression()), std::string(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Programs, OuterCompression,
                         ::testing::Values("gzip", "zstd", "xz", "bzip2"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(Layouts, JibOci) {
  OciLayout layout;
  layout.SetIndex({layout.AddImage(
      TwoLayers(), [](const std::string& layer) { return Compressed(layer, "gzip"); })});
  const Image image = Open(layout.files());
  ExpectTwoLayers(image);
  EXPECT_EQ(image.transport(), "oci-archive");
  EXPECT_THAT(image.tags(), IsEmpty());
}

TEST_F(Layouts, HandMadeNamesBeginWithADot) {
  OciLayout layout;
  layout.SetIndex({layout.AddImage(TwoLayers())});
  std::vector<TarFile> files = {{"./", '5'}};
  for (TarFile& file : layout.files()) {
    file.name.insert(0, "./");
    files.push_back(file);
  }
  const Image image = Open(files);
  ExpectTwoLayers(image);
  EXPECT_EQ(image.layers()[0].blob(), "blobs/sha256/" + TwoLayers().diff_ids[0].substr(7));
  EXPECT_EQ(image.layers()[0].member(), "./blobs/sha256/" + TwoLayers().diff_ids[0].substr(7));
}

TEST_F(Layouts, OciDirectory) {
  OciLayout layout;
  layout.SetIndex({layout.AddImage(TwoLayers())});
  WriteLayout(folder_.path(), layout.files());
  for (const std::string& reference : {folder_.path(), "oci:" + folder_.path()}) {
    const Image image = Image::Open(reference);
    ExpectTwoLayers(image);
    EXPECT_EQ(image.transport(), "oci");
    EXPECT_EQ(image.archive_path(), folder_.path());
  }
}

TEST_F(Layouts, SkopeoDirectory) {
  const MadeImage made = TwoLayers();
  OciLayout layout;
  layout.AddImage(made);
  const std::string manifest = layout.files().back().content;
  std::vector<TarFile> files = {{"version", '0', "Directory Transport Version: 1.1\n"},
                                {"manifest.json", '0', manifest},
                                {made.config_hex(), '0', made.config_json()}};
  for (const std::string& layer : made.layers) files.push_back({Sha256Hex(layer), '0', layer});
  WriteLayout(folder_.path(), files);
  for (const std::string& reference : {folder_.path(), "dir:" + folder_.path()}) {
    const Image image = Image::Open(reference);
    ExpectTwoLayers(image);
    EXPECT_EQ(image.transport(), "dir");
  }
}

TEST_F(Layouts, LayersThatAreSymlinksInEitherOrder) {
  const MadeImage image = MakeImage({{{"a", '0', "same"}}, {{"a", '0', "same"}}});
  for (const std::size_t linked : {0, 1}) {
    std::vector<TarFile> files = LayerFolders(image, true);
    // Each layer has its directory, VERSION, json, layer.tar.
    TarFile& layer = files[4 * linked + 3];
    layer = {layer.name, '2', "", "../" + files[4 * (1 - linked) + 3].name, 0120777};
    const Image opened = Open(files);
    ASSERT_THAT(opened.layers(), SizeIs(2));
    EXPECT_EQ(opened.layers()[0].blob(), opened.layers()[1].blob());
    EXPECT_EQ(opened.layers()[linked].entries()[0].Read(), "same");
    EXPECT_EQ(opened.wasted(), 4U);
    EXPECT_THAT(opened.Validate(), IsEmpty());
  }
}

TEST_F(Layouts, RepeatedLayersKeepTheirPositions) {
  const std::vector<TarFile> put = {{"f", '0', "one"}};
  const std::vector<TarFile> removed = {{".wh.f", '0'}};
  const Image image = Open(DockerArchive(MakeImage({put, removed, put, removed})));
  ASSERT_THAT(image.layers(), SizeIs(4));
  EXPECT_THAT(image.rootfs(), IsEmpty());
  ASSERT_THAT(image.stored(), SizeIs(2));
  EXPECT_EQ(image.stored()[0].removed_by, (Removal{1, RemovalKind::kDeleted}));
  EXPECT_EQ(image.stored()[1].layer, 2);
  EXPECT_EQ(image.stored()[1].removed_by, (Removal{3, RemovalKind::kDeleted}));
  EXPECT_EQ(image.wasted(), 6U);
}

TEST_F(Layouts, LayerSourcesOfTheHybridLayout) {
  const MadeImage image = TwoLayers();
  OciLayout layout;
  layout.SetIndex({layout.AddImage(image)});
  Json sources;
  Json names = Json::array();
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    sources[image.diff_ids[i]] = DescriptorOf(image.layers[i], kOciLayer);
    names.push_back("blobs/sha256/" + image.diff_ids[i].substr(7));
  }
  const Json manifest = {{{"Config", "blobs/sha256/" + image.config_hex()},
                          {"RepoTags", nullptr},
                          {"Layers", names},
                          {"LayerSources", sources}}};
  layout.files().push_back({"manifest.json", '0', manifest.dump()});
  const Image opened = Open(layout.files());
  ExpectTwoLayers(opened);
  EXPECT_EQ(opened.transport(), "docker-archive");
  EXPECT_THAT(opened.tags(), IsEmpty());
}

TEST_F(Layouts, ImageWithoutLayers) {
  for (const Json& none : {Json(nullptr), Json::array()}) {
    const MadeImage made = MakeImage({});
    const std::string config = made.config_hex() + ".json";
    const Json manifest = {{{"Config", config}, {"RepoTags", nullptr}, {"Layers", none}}};
    const Image image =
        Open({{config, '0', made.config_json()}, {"manifest.json", '0', manifest.dump()}});
    EXPECT_THAT(image.layers(), IsEmpty());
    EXPECT_THAT(image.rootfs(), IsEmpty());
    EXPECT_EQ(image.size(), 0U);
    EXPECT_THAT(image.Validate(), IsEmpty());
  }
}

TEST_F(Layouts, NullFieldsOfTheConfig) {
  MadeImage made = TwoLayers();
  for (const char* key : {"history", "created", "config", "container_config", "author"}) {
    made.config[key] = nullptr;
  }
  const Image image = Open(DockerArchive(made));
  EXPECT_THAT(image.layers(), SizeIs(2));
  EXPECT_THAT(image.history(), IsEmpty());
  EXPECT_FALSE(image.history_matches_layers());
  EXPECT_EQ(image.layers()[0].step(), std::nullopt);
  EXPECT_THAT(image.config().env, IsEmpty());
}

// microsoft/hcsshim's layers: Files/, Hives/, names with backslashes in link targets.
TEST_F(Layouts, WindowsImageOpensAsBytesAndNames) {
  MadeImage made = MakeImage({{{"Files/", '5'},
                               {"Files/Windows/", '5'},
                               {"Files/Windows/system.ini", '0', "ini"},
                               {"Hives/", '5'},
                               {"Hives/System_Delta", '0', "regf"}}});
  made.config["os"] = "windows";
  made.config["os.version"] = "10.0.20348.1";
  const Image image = Open(DockerArchive(made));
  EXPECT_EQ(image.config().Platform(), "windows/amd64");
  EXPECT_EQ(image.config().os_version, "10.0.20348.1");
  ASSERT_NE(image.rootfs().Find("Files/Windows/system.ini"), nullptr);
  EXPECT_EQ(image.rootfs().Find("Hives/System_Delta")->Read(), "regf");
}

// The standard input of this process, for one opening.
class StandardInput {
 public:
  explicit StandardInput(int descriptor) : saved_(dup(STDIN_FILENO)) {
    dup2(descriptor, STDIN_FILENO);
    close(descriptor);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;
  ~StandardInput() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }

 private:
  int saved_;
};

TEST_F(Layouts, StandardInputFromAFile) {
  const std::string path = Write(MakeTar(DockerArchive(TwoLayers())));
  const StandardInput input(open(path.c_str(), O_RDONLY));
  const Image image = Image::Open("-");
  ExpectTwoLayers(image);
  EXPECT_EQ(image.archive_path(), "-");
}

TEST_F(Layouts, StandardInputFromAPipe) {
  const std::string bytes = Compressed(MakeTar(DockerArchive(TwoLayers())), "gzip");
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  std::thread writer([&] {
    EXPECT_EQ(write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    close(ends[1]);
  });
  const StandardInput input(ends[0]);
  ExpectTwoLayers(Image::Open("-"));
  writer.join();
}

}  // namespace
}  // namespace watertight::testing
