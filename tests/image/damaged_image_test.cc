// Bad input at the level of whole images: one line that names archive, layer and place, and a code.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <thread>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string Described(const Error& error, const std::string& folder) {
  std::string text = std::string(ToString(error.code())) + ": " + error.what();
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
    text.erase(at, folder.size() + 1);
  }
  return text;
}

MadeImage TwoLayers() {
  return MakeImage({{{"a", '0', std::string(2000, 'a')}}, {{"b", '0', std::string(2000, 'b')}}});
}

class DamagedImage : public ::testing::Test {
 protected:
  std::string Write(const std::string& bytes) {
    WriteFile(path_, bytes);
    return path_;
  }
  std::string Write(const std::vector<TarFile>& files) { return Write(MakeTar(files)); }

  // "opened", or the code and the line, without the folder's name.
  std::string Opening(const std::string& reference, const Limits& limits = {}) {
    try {
      OpenOptions options;
      options.limits = limits;
      Image::Open(reference, options);
      return "opened";
    } catch (const Error& error) {
      return Described(error, folder_.path());
    }
  }

  // Opens it and needs every layer.
  std::string Reading(const std::string& reference, const Limits& limits = {}) {
    try {
      OpenOptions options;
      options.limits = limits;
      const Image image = Image::Open(reference, options);
      static_cast<void>(image.rootfs());
      return "read";
    } catch (const Error& error) {
      return Described(error, folder_.path());
    }
  }

  // With the documents of TwoLayers() changed.
  std::string OpeningWithManifest(const std::string& manifest) {
    std::vector<TarFile> files = DockerArchive(TwoLayers());
    files.back().content = manifest;
    return Opening(Write(files));
  }
  std::string OpeningWithConfig(const std::string& config) {
    std::vector<TarFile> files = DockerArchive(TwoLayers());
    files[2] = {"config.json", '0', config};
    Json manifest = Json::parse(files[3].content);
    manifest[0]["Config"] = "config.json";
    files[3].content = manifest.dump();
    return Opening(Write(files));
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.Path("app.tar");
};

TEST_F(DamagedImage, NoSuchFile) {
  EXPECT_EQ(Opening(folder_.Path("none.tar")),
            "NotFound: none.tar: cannot be opened: No such file or directory");
}

TEST_F(DamagedImage, EmptyFile) { EXPECT_EQ(Opening(Write("")), "NotAnImage: app.tar: is empty"); }

TEST_F(DamagedImage, OtherFiles) {
  const char* expected =
      "NotAnImage: app.tar: is no image archive: it does not begin with a tar header";
  EXPECT_EQ(Opening(Write("hello\n")), expected);
  EXPECT_EQ(Opening(Write(std::string(4096, 'x'))), expected);
  EXPECT_EQ(Opening(Write(std::string("\x7f"
                                      "ELF",
                                      4) +
                          std::string(1024, '\0'))),
            expected);
}

TEST_F(DamagedImage, TarOfOtherThings) {
  const char* expected =
      "NotAnImage: app.tar: is no image archive: it holds neither manifest.json nor index.json";
  EXPECT_EQ(Opening(Write({{"README", '0', "hello"}})), expected);
  EXPECT_EQ(Opening(Write(std::string(1024, '\0'))), expected);
}

TEST_F(DamagedImage, DirectoryThatIsNoLayout) {
  EXPECT_EQ(Opening(folder_.path() + "/."),
            "NotAnImage: .: is no image layout: it holds neither index.json nor manifest.json");
}

TEST_F(DamagedImage, DeviceAsPath) {
  EXPECT_EQ(Opening("/dev/null"), "NotAnImage: /dev/null: is empty");
}

TEST_F(DamagedImage, PipeAsPath) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  const std::string bytes = MakeTar(DockerArchive(TwoLayers()));
  std::thread writer([&] {
    const int end = open(path_.c_str(), O_WRONLY);
    EXPECT_EQ(write(end, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    close(end);
  });
  EXPECT_EQ(Reading(path_), "read");
  writer.join();
}

TEST_F(DamagedImage, WithoutPermission) {
  Write(DockerArchive(TwoLayers()));
  chmod(path_.c_str(), 0);
  // Root may read everything: the test is somebody else meanwhile.
  constexpr uid_t kNobody = 65534;
  const uid_t self = geteuid();
  if (self == 0) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const std::string result = Opening(path_);
  if (self == 0) {
    ASSERT_EQ(seteuid(self), 0);
  }
  EXPECT_EQ(result, "Io: app.tar: cannot be opened: Permission denied");
}

// A prefix of an archive is refused, or reads as what it still is: an archive whose end blocks
// are missing.
TEST_F(DamagedImage, TruncatedAtManyOffsets) {
  const std::string whole = MakeTar(DockerArchive(TwoLayers()));
  const std::size_t end = whole.size() - 1024;
  std::set<std::size_t> sizes;
  for (std::size_t block = 0; block < end; block += 512) {
    for (const std::size_t more : {0, 1, 100, 257, 511}) sizes.insert(block + more);
  }
  for (const std::size_t size : sizes) {
    const std::string result = Reading(Write(whole.substr(0, size)));
    const bool missing_padding = size > end - 512 && whole.find_first_not_of('\0', size) >= end;
    if (missing_padding && result == "read") continue;
    EXPECT_THAT(result, AllOf(HasSubstr(": app.tar: "), Not(HasSubstr("\n")))) << size;
    EXPECT_THAT(result, AnyOf(StartsWith("Truncated"), StartsWith("NotAnImage"))) << size;
  }
  EXPECT_EQ(Reading(Write(whole.substr(0, end))), "read");
}

TEST_F(DamagedImage, TruncatedNamesTheOffset) {
  const std::string whole = MakeTar(DockerArchive(TwoLayers()));
  EXPECT_EQ(
      Opening(Write(whole.substr(0, 700))),
      "Truncated: app.tar: tar ends at byte 700 inside the content of an entry of 3584 bytes");
}

TEST_F(DamagedImage, TruncatedLayer) {
  for (const std::size_t size : {100U, 700U, 2000U}) {
    MadeImage made = TwoLayers();
    made.layers[1].resize(size);
    made.Seal();
    const Image image = Image::Open(Write(DockerArchive(made)));
    const std::string place = path_ + ": layer 1 (" + made.diff_ids[1].substr(7, 12) + "….tar): ";
    const std::string where = "tar ends at byte " + std::to_string(size);
    EXPECT_EQ(image.layers()[0].error(), nullptr);
    EXPECT_EQ(image.layers()[0].entries()[0].size(), 2000U);
    ASSERT_NE(image.layers()[1].error(), nullptr);
    EXPECT_THAT(*image.layers()[1].error(), StartsWith(place + where));
    EXPECT_THROW(image.rootfs(), Error);
    EXPECT_THROW(image.stored(), Error);
    EXPECT_THROW(image.size(), Error);
    EXPECT_THROW(image.wasted(), Error);
    EXPECT_THAT(image.unreadable_layers(), ElementsAre(StartsWith(place + where)));
    ASSERT_THAT(image.notes(), SizeIs(1));
    EXPECT_EQ(image.notes()[0].code, "unreadable-layer");
    EXPECT_EQ(image.notes()[0].layer, 1);
    EXPECT_THAT(image.Validate(), SizeIs(1));
  }
}

TEST_F(DamagedImage, TruncatedCompressedLayer) {
  for (const char* program : {"gzip", "zstd", "xz", "bzip2"}) {
    if (!HasProgram(program)) GTEST_SKIP() << program << " is not installed";
    MadeImage made = TwoLayers();
    made.layers[1] = Compressed(made.layers[1], program);
    const std::size_t size = made.layers[1].size();
    made.layers[1].resize(size / 2);
    EXPECT_THAT(
        Reading(Write(DockerArchive(made))),
        MatchesRegex(std::string("Truncated: app\\.tar: layer 1 \\(.*\\.tar\\): ") + program +
                     " stream ends at byte [0-9]+ of " + std::to_string(size / 2)))
        << program;
  }
}

TEST_F(DamagedImage, CompressedLayerWithAFlippedByte) {
  for (const char* program : {"gzip", "zstd", "xz", "bzip2"}) {
    if (!HasProgram(program)) GTEST_SKIP() << program << " is not installed";
    MadeImage made = TwoLayers();
    made.layers[1] = Compressed(made.layers[1], program);
    made.layers[1][made.layers[1].size() / 2] ^= 0x55;
    EXPECT_THAT(Reading(Write(DockerArchive(made))),
                MatchesRegex("Corrupt: app\\.tar: layer 1 \\(.*\\.tar\\): .* at byte [0-9]+.*"))
        << program;
  }
}

TEST_F(DamagedImage, LayerThatIsNoTar) {
  MadeImage made = TwoLayers();
  made.layers[1] = std::string(1024, 'x');
  made.Seal();
  EXPECT_EQ(Reading(Write(DockerArchive(made))),
            "Corrupt: app.tar: layer 1 (" + made.diff_ids[1].substr(7, 12) +
                "….tar): tar header at byte 0 has a wrong checksum");
}

TEST_F(DamagedImage, MissingLayer) {
  std::vector<TarFile> files = DockerArchive(TwoLayers());
  files.erase(files.begin() + 1);
  EXPECT_EQ(Opening(Write(files)), "MissingBlob: app.tar: layer 1 (" +
                                       TwoLayers().diff_ids[1].substr(7, 12) +
                                       "….tar): the archive does not hold this layer");
}

TEST_F(DamagedImage, MissingConfig) {
  std::vector<TarFile> files = DockerArchive(TwoLayers());
  files.erase(files.begin() + 2);
  EXPECT_EQ(Opening(Write(files)), "MissingBlob: app.tar: " + TwoLayers().config_hex() +
                                       ".json: the archive does not hold it");
}

TEST_F(DamagedImage, MissingManifest) {
  OciLayout layout;
  layout.SetIndex({DescriptorOf("gone", kOciManifest)});
  EXPECT_EQ(
      Opening(Write(layout.files())),
      "MissingBlob: app.tar: does not hold what index.json lists: sha256:" + Sha256Hex("gone"));
}

TEST_F(DamagedImage, LayersAndDiffIdsOfDifferentLength) {
  MadeImage made = TwoLayers();
  made.config["rootfs"]["diff_ids"].erase(1);
  EXPECT_EQ(Opening(Write(DockerArchive(made))),
            "Inconsistent: app.tar: the manifest lists 2 layers, the configuration (" +
                made.config_hex().substr(0, 12) + "….json) 1 diff_ids");
}

TEST(DamagedSamples, LayersAndDiffIdsOfDifferentLength) {
  REQUIRE_SAMPLES();
  try {
    Image::Open(SamplePath("hist-inputs/diffsshort.tar"));
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInconsistent);
    EXPECT_THAT(error.what(), HasSubstr("lists 2 layers"));
  }
}

TEST_F(DamagedImage, BrokenManifest) {
  EXPECT_EQ(OpeningWithManifest("[{\"Config\":"),
            "BadJson: app.tar: manifest.json: no valid JSON at byte 12");
  EXPECT_EQ(OpeningWithManifest(""), "BadJson: app.tar: manifest.json: no valid JSON at byte 1");
  EXPECT_EQ(OpeningWithManifest("3"), "BadJson: app.tar: manifest.json: a list was expected");
  EXPECT_EQ(OpeningWithManifest("[]"), "NotAnImage: app.tar: holds no image");
  EXPECT_EQ(OpeningWithManifest("[1]"),
            "BadJson: app.tar: manifest.json: [0]: is of type number, an object was expected");
  EXPECT_EQ(OpeningWithManifest("[{}]"), "BadJson: app.tar: manifest.json: [0]: has no Config");
  EXPECT_EQ(
      OpeningWithManifest(R"([{"Config":7}])"),
      "BadJson: app.tar: manifest.json: [0]: Config is of type number, a string was expected");
  EXPECT_EQ(OpeningWithManifest(R"([{"Config":"c","Layers":{"a":1}}])"),
            "BadJson: app.tar: manifest.json: [0]: Layers is of type object, a list of strings was "
            "expected");
}

TEST_F(DamagedImage, BrokenConfig) {
  EXPECT_EQ(OpeningWithConfig("{"), "BadJson: app.tar: config.json: no valid JSON at byte 2");
  EXPECT_EQ(OpeningWithConfig("[]"),
            "BadJson: app.tar: config.json: is of type array, an object was expected");
  EXPECT_EQ(OpeningWithConfig(R"({"rootfs":{"diff_ids":"a"},"history":[3]})"),
            "BadJson: app.tar: config.json: history[0]: is of type number, an object was expected");
  EXPECT_EQ(OpeningWithConfig(R"({"config":{"Env":[1]}})"),
            "BadJson: app.tar: config.json: config: Env is of type number, a list of strings was "
            "expected");
  EXPECT_EQ(OpeningWithConfig(R"({"config":{"StopTimeout":1e400}})"),
            "BadJson: app.tar: config.json: holds a number that is out of range");
  EXPECT_EQ(OpeningWithConfig(R"({"config":{"StopTimeout":18446744073709551615}})"),
            "BadJson: app.tar: config.json: config: StopTimeout is out of range");
}

TEST_F(DamagedImage, DeeplyNestedJson) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_EQ(OpeningWithConfig("{\"x\":" + deep + "}"),
            "BadJson: app.tar: config.json: nested deeper than 200 levels");
  EXPECT_EQ(OpeningWithManifest(deep),
            "BadJson: app.tar: manifest.json: nested deeper than 200 levels");
}

TEST_F(DamagedImage, OddJsonIsNoted) {
  MadeImage made = TwoLayers();
  std::string config = made.config_json();
  config.insert(1, "\"author\":\"caf\xe9\",\"author\":\"second\",");
  std::vector<TarFile> files = DockerArchive(made);
  files[2] = {"config.json", '0', config};
  Json manifest = Json::parse(files[3].content);
  manifest[0]["Config"] = "config.json";
  files[3].content = manifest.dump();
  const Image image = Image::Open(Write(files));
  std::vector<std::string> codes;
  for (const Note& note : image.notes()) codes.push_back(note.code);
  EXPECT_THAT(codes, ElementsAre("invalid-utf8-json", "duplicate-json-key"));
  EXPECT_EQ(image.config().author, "second");
  EXPECT_EQ(image.config().json, config);
}

TEST_F(DamagedImage, LimitsHold) {
  Write(DockerArchive(TwoLayers()));
  Limits json;
  json.json_bytes = 10;
  EXPECT_THAT(Opening(path_, json), StartsWith("LimitExceeded: app.tar: manifest.json: "));
  Limits layers;
  layers.layers = 1;
  EXPECT_EQ(Opening(path_, layers), "LimitExceeded: app.tar: has 2 layers");
  Limits members;
  members.archive_members = 2;
  EXPECT_EQ(Opening(path_, members), "LimitExceeded: app.tar: holds more than 2 files");
  Limits entries;
  entries.entries = 0;
  EXPECT_THAT(Reading(path_, entries), StartsWith("LimitExceeded: app.tar: layer "));
}

TEST_F(DamagedImage, AbsurdSizes) {
  MadeImage made = TwoLayers();
  // Base-256: eight exbibytes less one.
  const std::string huge = std::string("\x80\0\0\0\x7f", 5) + std::string(7, '\xff');
  made.layers[1] = MakeTar({{"b", '0', "x", "", 0644, huge}});
  made.Seal();
  const std::string place =
      "app.tar: layer 1 (" + made.diff_ids[1].substr(7, 12) + "….tar): tar header at byte 0 ";
  EXPECT_EQ(Reading(Write(DockerArchive(made))),
            "LimitExceeded: " + place + "claims 9223372036854775807 bytes");
  made.layers[1] = MakeTar({{"b", '0', "x", "", 0644, std::string(12, '\xff')}});
  made.Seal();
  EXPECT_THAT(Reading(Write(DockerArchive(made))), HasSubstr("has a negative size"));
  EXPECT_THAT(Opening(Write({{"manifest.json", '0', "x", "", 0644, huge}})),
              HasSubstr("app.tar: tar header at byte 0 claims 9223372036854775807 bytes"));
}

TEST_F(DamagedImage, BombStopsAtTheLimit) {
  MadeImage made = MakeImage({{{"zeros", '0', std::string(64 << 20, '\0')}}});
  made.layers[0] = Compressed(made.layers[0], "gzip");
  Write(DockerArchive(made));
  Limits limits;
  limits.expansion_grace = 1 << 20;
  limits.expansion_ratio = 100;
  EXPECT_THAT(
      Reading(path_, limits),
      MatchesRegex("LimitExceeded: app\\.tar: layer 0 .*: expands to more than [0-9]+ bytes"));
  EXPECT_EQ(Reading(path_), "read");
}

TEST_F(DamagedImage, IndexesThatLeadToOneAnother) {
  // An index cannot hold its own hash, but a file's name is only a claim.
  const std::string hash(64, 'a');
  const Json loop = {{"manifests", {{{"digest", "sha256:" + hash}, {"size", 1}}}}};
  EXPECT_EQ(Opening(Write(
                {{"blobs/sha256/" + hash, '0', loop.dump()}, {"index.json", '0', loop.dump()}})),
            "NotAnImage: app.tar: holds no image");
}

TEST_F(DamagedImage, DeepIndexes) {
  OciLayout layout;
  Json descriptor = layout.AddImage(TwoLayers());
  for (int i = 0; i < 20; ++i) descriptor = layout.AddIndex({descriptor});
  layout.SetIndex({descriptor});
  EXPECT_THAT(Opening(Write(layout.files())),
              AllOf(StartsWith("LimitExceeded: app.tar: blobs/sha256/"),
                    HasSubstr(": image indexes are nested too deeply")));
}

TEST_F(DamagedImage, SymlinkLoopsInTheArchive) {
  std::vector<TarFile> files = DockerArchive(TwoLayers());
  const std::string first = files[0].name;
  files[0] = {first, '2', "", "loop"};
  files.push_back({"loop", '2', "", first});
  EXPECT_EQ(Opening(Write(files)), "MissingBlob: app.tar: layer 0 (" + first.substr(0, 12) +
                                       "….tar): the archive does not hold this layer");
}

TEST_F(DamagedImage, NamesThatLeaveTheRootStayInside) {
  const MadeImage made = MakeImage({{{"../../etc/x", '0', "x"}, {"ok", '0', "ok"}}});
  const std::vector<TarFile> files = DockerArchive(made);
  const Image image = Image::Open(Write(files));
  ASSERT_NE(image.rootfs().Find("etc/x"), nullptr);
  ASSERT_THAT(image.notes(), SizeIs(1));
  EXPECT_EQ(image.notes()[0].code, "ambiguous-path");
  EXPECT_EQ(image.notes()[0].path, "etc/x");
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("etc")));
}

// A symlink of a layout directory that leads out of it is not followed.
TEST_F(DamagedImage, LayoutsDoNotReachOutside) {
  const MadeImage made = TwoLayers();
  OciLayout layout;
  layout.SetIndex({layout.AddImage(made)});
  const std::string root = folder_.Path("layout");
  for (const TarFile& file : layout.files()) {
    const std::filesystem::path path = root + "/" + file.name;
    std::filesystem::create_directories(path.parent_path());
    WriteFile(path.string(), file.content);
  }
  const std::string blob = root + "/blobs/sha256/" + made.diff_ids[0].substr(7);
  std::filesystem::rename(blob, folder_.Path("outside"));
  std::filesystem::create_symlink(folder_.Path("outside"), blob);
  EXPECT_THAT(Opening(root), StartsWith("MissingBlob: layout: layer 0 ("));
}

TEST_F(DamagedImage, WrongDigestsFailValidation) {
  MadeImage made = TwoLayers();
  std::swap(made.layers[0], made.layers[1]);
  const Image image = Image::Open(Write(DockerArchive(made)));
  const std::vector<Violation> violations = image.Validate();
  ASSERT_THAT(violations, SizeIs(2));
  EXPECT_EQ(violations[0].place, "layer 0 (" + made.diff_ids[0].substr(7, 12) + "….tar)");
  EXPECT_EQ(violations[0].text, "its uncompressed bytes have " + made.diff_ids[1] +
                                    ", the configuration claims " + made.diff_ids[0]);
}

TEST(DamagedSamples, SwappedDiffIdsFailValidation) {
  REQUIRE_SAMPLES();
  EXPECT_THAT(Image::Open(SamplePath("hist-inputs/diffswrong.tar")).Validate(), SizeIs(2));
  EXPECT_THAT(Image::Open(SamplePath("hist-inputs/exact.tar")).Validate(), IsEmpty());
}

TEST(DamagedSamples, NoRealSampleFailsValidation) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : RealSamples()) {
    const std::string name = sample == "umoci047-repack-oci.tar" ? ":v2" : "";
    const std::string transport = name.empty() ? "" : "oci-archive:";
    EXPECT_THAT(Image::Open(transport + SamplePath(sample) + name).Validate(), IsEmpty()) << sample;
  }
}

TEST_F(DamagedImage, WrongConfigAndManifestFailValidation) {
  MadeImage made = TwoLayers();
  OciLayout layout;
  layout.SetIndex({layout.AddImage(made)});
  const std::string config = "blobs/sha256/" + made.config_hex();
  for (TarFile& file : layout.files()) {
    if (file.name == config) file.content += "\n";
  }
  const std::vector<Violation> violations = Image::Open(Write(layout.files())).Validate();
  // Its size, and its hash.
  ASSERT_THAT(violations, SizeIs(2));
  for (const Violation& violation : violations) {
    EXPECT_EQ(violation.place, "blobs/sha256/" + made.config_hex().substr(0, 12) + "…");
  }
}

}  // namespace
}  // namespace watertight::testing
