// Images that are opened from bytes in memory: the same as from a file, without one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <optional>
#include <thread>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

MadeImage TwoLayers() {
  return MakeImage({{{"a", '0', "one"}}, {{".wh.a", '0'}, {"b", '0', "two"}}});
}

std::string DockerTar() { return MakeTar(DockerArchive(TwoLayers(), {"app:ci"})); }

// The code and text of what `open` throws.
std::string ErrorOf(const std::function<void()>& open) {
  try {
    open();
  } catch (const Error& error) {
    return std::string(ToString(error.code())) + ": " + error.what();
  }
  return "no error";
}

std::string OpeningError(const std::string& name, const std::string& bytes,
                         const OpenOptions& options = {}) {
  return ErrorOf([&] { Image::OpenBytes(name, bytes, options); });
}

TEST(Memory, HasWhatTheFileHas) {
  const Image image = Image::OpenBytes("made.tar", DockerTar());
  EXPECT_EQ(image.reference(), "made.tar");
  EXPECT_EQ(image.archive_path(), "");
  EXPECT_EQ(image.transport(), "docker-archive");
  EXPECT_THAT(image.tags(), ElementsAre("app:ci"));
  ASSERT_THAT(image.layers(), SizeIs(2));
  EXPECT_EQ(image.layers()[0].entries()[0].Read(), "one");
  EXPECT_EQ(image.layers()[0].diff_id(), TwoLayers().diff_ids[0]);
  ASSERT_THAT(image.rootfs(), SizeIs(1));
  EXPECT_EQ(image.rootfs().begin()->Read(), "two");
  EXPECT_EQ(image.wasted(), 3U);
  EXPECT_EQ(image.ReadBlob(TwoLayers().config_hex() + ".json"), TwoLayers().config_json());
  EXPECT_THAT(image.Validate(), IsEmpty());
  EXPECT_THAT(image.notes(), IsEmpty());
}

TEST(Memory, IsRecognisedByContent) {
  OciLayout layout;
  layout.SetIndex({layout.AddImage(TwoLayers())});
  const Image image = Image::OpenBytes("a name that says nothing", MakeTar(layout.files()));
  EXPECT_EQ(image.transport(), "oci-archive");
  EXPECT_THAT(image.Validate(), IsEmpty());
}

TEST(Memory, MayBeCompressedAsAWhole) {
  for (const char* program : {"gzip", "zstd", "xz", "bzip2"}) {
    if (!HasProgram(program)) GTEST_SKIP() << program << " is not installed";
    const Image image = Image::OpenBytes("made", Compressed(DockerTar(), program));
    EXPECT_EQ(image.rootfs().begin()->Read(), "two") << program;
  }
}

// The name is a name alone, even if it looks like a transport or like standard input.
TEST(Memory, NameIsNoReference) {
  for (const char* name : {"-", "docker-daemon:app", "oci:x:y", "/no/such/file", ""}) {
    const Image image = Image::OpenBytes(name, DockerTar());
    EXPECT_EQ(image.reference(), name);
    EXPECT_EQ(image.rootfs().begin()->Read(), "two");
  }
}

TEST(Memory, SharesTheBytes) {
  const auto bytes = std::make_shared<const std::string>(DockerTar());
  std::optional<Image> image = Image::OpenBytes("made", bytes);
  EXPECT_GT(bytes.use_count(), 1);
  EXPECT_EQ(image->rootfs().begin()->Read(), "two");
  image.reset();
  EXPECT_EQ(bytes.use_count(), 1);
}

TEST(Memory, OutlivesTheCallersHold) {
  auto bytes = std::make_shared<const std::string>(DockerTar());
  const Image image = Image::OpenBytes("made", bytes);
  bytes.reset();
  EXPECT_EQ(image.rootfs().begin()->Read(), "two");
}

TEST(Memory, NeedsNoTemporaryFile) {
  OciLayout layout;
  layout.SetIndex({layout.AddImage(
      TwoLayers(), [](const std::string& layer) { return Compressed(layer, "gzip"); })});
  const std::string tar = MakeTar(layout.files());
  const char* before = getenv("TMPDIR");
  const std::string saved = before == nullptr ? "/tmp" : before;
  setenv("TMPDIR", "/no/such/folder", 1);
  const Image image = Image::OpenBytes("made", tar);
  EXPECT_EQ(image.rootfs().begin()->Read(), "two");
  setenv("TMPDIR", saved.c_str(), 1);
}

TEST(Memory, ErrorsNameIt) {
  EXPECT_EQ(OpeningError("made", ""), "NotAnImage: made: is empty");
  EXPECT_EQ(OpeningError("made", "text"),
            "NotAnImage: made: is no image archive: it does not begin with a tar header");
  EXPECT_EQ(OpeningError("ma\nde", ""), "NotAnImage: ma\\nde: is empty");
  EXPECT_EQ(ErrorOf([] { Image::OpenBytes("made", std::shared_ptr<const std::string>()); }),
            "Usage: made: there are no bytes");
}

TEST(Memory, ErrorsOfLayersNameIt) {
  OciLayout layout;
  layout.SetIndex({layout.AddImage(MakeImage({{{"a", '0'}}}),
                                   [](const std::string&) { return std::string("\x1f\x8b", 2); })});
  const Image image = Image::OpenBytes("made", MakeTar(layout.files()));
  const std::string* error = image.layers()[0].error();
  ASSERT_NE(error, nullptr);
  EXPECT_TRUE(error->starts_with("made: layer 0 (blobs/sha256/")) << *error;
}

TEST(Memory, ThreadsShareIt) {
  const Image image = Image::OpenBytes("made", DockerTar());
  std::vector<std::string> read(4);
  std::vector<std::thread> threads;
  for (std::string& text : read) {
    threads.emplace_back([&text, image] { text = image.rootfs().begin()->Read(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(read, ::testing::Each("two"));
}

class MemoryOfSeveral : public ::testing::Test {
 protected:
  MemoryOfSeveral() {
    std::vector<TarFile> files;
    Json manifest = Json::array();
    for (const char* name : {"one", "two"}) {
      const MadeImage made = MakeImage({{{name, '0'}}});
      std::vector<TarFile> own = DockerArchive(made, {std::string("app:") + name});
      manifest.push_back(Json::parse(own.back().content)[0]);
      own.pop_back();
      files.insert(files.end(), own.begin(), own.end());
    }
    files.push_back({"manifest.json", '0', manifest.dump()});
    tar_ = MakeTar(files);
  }

  OpenOptions Named(const std::string& image) {
    OpenOptions options;
    options.image = image;
    return options;
  }

  std::string tar_;
};

TEST_F(MemoryOfSeveral, OptionsNameOne) {
  for (const char* name : {"app:two", "docker.io/library/app:two", "@1"}) {
    EXPECT_NE(Image::OpenBytes("made", tar_, Named(name)).rootfs().Find("two"), nullptr) << name;
  }
}

TEST_F(MemoryOfSeveral, ErrorsListThem) {
  EXPECT_EQ(OpeningError("made", tar_),
            "SeveralImages: made: holds 2 images; name one of them in OpenOptions::image: "
            "app:one, app:two");
  EXPECT_EQ(OpeningError("made", tar_, Named("app:three")),
            "NotFound: made: holds no image of that name; it holds app:one, app:two");
  EXPECT_EQ(OpeningError("made", tar_, Named("@2")),
            "NotFound: made: holds no image of that number; it holds app:one, app:two");
  EXPECT_EQ(OpeningError("made", tar_, Named("@x")),
            "Usage: made: after @ the number of an image is expected");
}

TEST_F(MemoryOfSeveral, OptionsNameOneOfAFileToo) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("app.tar"), tar_);
  const std::string path = folder.Path("app.tar");
  EXPECT_NE(Image::Open(path, Named("app:two")).rootfs().Find("two"), nullptr);
  const std::string reference = "docker-archive:" + path + ":app:one";
  EXPECT_EQ(ErrorOf([&] { Image::Open(reference, Named("app:two")); }),
            "Usage: " + reference + ": names an image, and so does OpenOptions::image");
}

// Whatever a real tool wrote: the same tree, history and notes as from its file.
TEST(MemorySamples, AreWhatTheirFilesAre) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : RealSamples()) {
    if (!sample.ends_with(".tar")) continue;
    OpenOptions options;
    if (sample == "umoci047-repack-oci.tar") options.image = "v2";
    const Image file = Image::Open(SamplePath(sample), options);
    const Image memory = Image::OpenBytes(sample, ReadFile(SamplePath(sample)), options);
    EXPECT_EQ(memory.id(), file.id()) << sample;
    EXPECT_EQ(memory.transport(), file.transport()) << sample;
    EXPECT_EQ(memory.history().size(), file.history().size()) << sample;
    EXPECT_EQ(memory.stored().size(), file.stored().size()) << sample;
    EXPECT_EQ(memory.rootfs().size(), file.rootfs().size()) << sample;
    EXPECT_EQ(memory.Validate().size(), file.Validate().size()) << sample;
  }
}

}  // namespace
}  // namespace watertight::testing
