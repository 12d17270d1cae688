// Saved images as the generator's bases.

#include "cli/base_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "generator/archives/sha256.h"
#include "generator/error.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using cli::BaseImageOf;
using cli::MeansImage;
using cli::OpenBases;
using generator::BaseEntry;
using generator::BaseImage;
using generator::BaseImages;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string PaxRecord(const std::string& record) {
  const std::size_t digits = record.size() + 4 < 100 ? 2 : 3;
  return std::to_string(record.size() + digits + 2) + " " + record + "\n";
}

MadeImage ThreeLayers() {
  return MakeImage(
      {{{"bin/", '5', "", "", 0755},
        {"bin/tool", '0', "tool bytes", "", 04755},
        {"bin/link", '1', "", "bin/tool"},
        {"bin/soft", '2', "", "tool", 0777},
        {"gone", '0', "gone"}},
       {{".wh.gone", '0'}, {"also", '1', "", "bin/tool"}, {"queue", '6', "", "", 0600}},
       {{"", 'x', PaxRecord("SCHILY.xattr.user.k=v")}, {"made/by/hand", '0', "x", "", 0400}}});
}

// "PATH TYPE MODE LINK CONTENT" of each.
std::vector<std::string> Lines(const BaseImage& image) {
  std::vector<std::string> lines;
  for (const BaseEntry& entry : image.rootfs) {
    lines.push_back(entry.path + " " + entry.type + " " +
                    ToString(Mode{static_cast<std::uint16_t>(entry.mode)}) + " " + entry.link +
                    " " + entry.content.ToString());
  }
  return lines;
}

const auto IsThreeLayersMerged = [] {
  return ElementsAre("also 0 4755  tool bytes", "bin 5 0755  ", "bin/link 1 4755 also ",
                     "bin/soft 2 0777 tool ", "bin/tool 1 4755 also ", "made 5 0755  ",
                     "made/by 5 0755  ", "made/by/hand 0 0400  x", "queue 6 0600  ");
};

TEST(BaseImage, HasTheMergedFiles) {
  const BaseImage base =
      BaseImageOf(Image::OpenBytes("made", MakeTar(DockerArchive(ThreeLayers()))), "base");
  EXPECT_THAT(Lines(base), IsThreeLayersMerged());
  EXPECT_EQ(base.name, "base");
  EXPECT_EQ(base.config, ThreeLayers().config_json());
  EXPECT_THAT(base.rootfs[7].xattrs, ElementsAre(std::pair("user.k", "v")));
  ASSERT_THAT(base.layers, SizeIs(3));
  for (std::size_t i = 0; i < base.layers.size(); ++i) {
    EXPECT_EQ(base.layers[i].tar.ToString(), ThreeLayers().layers[i]);
    EXPECT_EQ(base.layers[i].diff_id, ThreeLayers().diff_ids[i]);
    EXPECT_FALSE(base.layers[i].stored);
  }
}

TEST(BaseImage, KeepsHowLayersAreStored) {
  for (const char* program : {"gzip", "zstd"}) {
    if (!HasProgram(program)) GTEST_SKIP() << program << " is not installed";
    std::vector<std::string> blobs;
    OciLayout layout;
    layout.SetIndex({layout.AddImage(ThreeLayers(), [&](const std::string& layer) {
      blobs.push_back(Compressed(layer, program));
      return blobs.back();
    })});
    const BaseImage base = BaseImageOf(Image::OpenBytes("made", MakeTar(layout.files())), "base");
    EXPECT_THAT(Lines(base), IsThreeLayersMerged());
    ASSERT_THAT(base.layers, SizeIs(3));
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(base.layers[i].tar.ToString(), ThreeLayers().layers[i]);
      ASSERT_TRUE(base.layers[i].stored);
      EXPECT_EQ(base.layers[i].stored->bytes.ToString(), blobs[i]);
      EXPECT_EQ(base.layers[i].stored->digest, "sha256:" + Sha256Hex(blobs[i]));
    }
  }
}

// The generator has no xz: such a layer is compressed anew, or not at all.
TEST(BaseImage, LeavesOutBlobsThatTheGeneratorCannotName) {
  if (!HasProgram("xz")) GTEST_SKIP() << "xz is not installed";
  OciLayout layout;
  layout.SetIndex({layout.AddImage(
      ThreeLayers(), [](const std::string& layer) { return Compressed(layer, "xz"); })});
  const BaseImage base = BaseImageOf(Image::OpenBytes("made", MakeTar(layout.files())), "base");
  EXPECT_THAT(Lines(base), IsThreeLayersMerged());
  EXPECT_FALSE(base.layers[0].stored);
  EXPECT_EQ(base.layers[0].tar.ToString(), ThreeLayers().layers[0]);
}

TEST(BaseImage, ReadsContentsWhenTheyAreAskedFor) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("base.tar");
  std::string tar = MakeTar(DockerArchive(MakeImage({{{"f", '0', "before"}}})));
  WriteFile(path, tar);
  const BaseImage base = BaseImageOf(Image::Open(path), "base");
  tar.replace(tar.find("before"), 6, "after!");
  WriteFile(path, tar);
  EXPECT_EQ(base.rootfs[0].content.ToString(), "after!");
  std::filesystem::resize_file(path, 0);
  try {
    base.rootfs[0].content.ToString();
    FAIL() << "read an empty file";
  } catch (const generator::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(path + ": layer 0"));
  }
}

// The rows of the base are those of the image's rootfs, in the same order.
void ExpectSameRootfs(const BaseImage& base, const Image& image) {
  ASSERT_EQ(base.rootfs.size(), image.rootfs().size());
  auto entry = base.rootfs.begin();
  std::map<std::string, const BaseEntry*> known;
  for (const RootfsEntry& row : image.rootfs()) {
    SCOPED_TRACE(std::string(row.path()));
    known[entry->path] = &*entry;
    EXPECT_EQ(entry->path, row.path());
    EXPECT_EQ(entry->mode, row.mode().bits);
    EXPECT_EQ(entry->uid, row.uid());
    EXPECT_EQ(entry->gid, row.gid());
    EXPECT_EQ(entry->mtime, row.mtime());
    EXPECT_EQ(entry->xattrs, row.content().xattrs());
    if (entry->type == '1') {
      ASSERT_EQ(known.count(entry->link), 1U);
      EXPECT_EQ(&image.rootfs().Find(entry->link)->content(), &row.content());
    } else {
      EXPECT_EQ(entry->link, row.link());
    }
    const std::string holder = entry->type == '1' ? entry->link : entry->path;
    EXPECT_EQ(known[holder]->content.size(), row.size());
    // Big files are compared by the layers' digests.
    if (row.size() < 20000) {
      EXPECT_EQ(known[holder]->content.ToString(), row.Read());
    }
    ++entry;
  }
}

void ExpectLayersHashToTheirIds(const BaseImage& base, const Image& image) {
  ASSERT_EQ(base.layers.size(), image.config().diff_ids.size());
  for (std::size_t i = 0; i < base.layers.size(); ++i) {
    const generator::SavedLayer& layer = base.layers[i];
    EXPECT_EQ(layer.diff_id, image.config().diff_ids[i]);
    EXPECT_EQ(generator::Digest(layer.tar), image.config().diff_ids[i]);
    EXPECT_EQ(layer.tar.size(), image.layers()[i].size());
    if (layer.stored) {
      EXPECT_EQ(generator::Digest(layer.stored->bytes), layer.stored->digest);
    }
  }
}

void ExpectBase(const std::string& path, const OpenOptions& options = {}) {
  SCOPED_TRACE(path);
  const Image image = Image::Open(path, options);
  const BaseImage base = BaseImageOf(image, "base");
  EXPECT_EQ("sha256:" + Sha256Hex(base.config), image.id());
  ExpectLayersHashToTheirIds(base, image);
  ExpectSameRootfs(base, image);
}

TEST(BaseImage, OfTheRecordedImages) {
  for (const auto& file : std::filesystem::directory_iterator(WATERTIGHT_RECORDED_IMAGES)) {
    ExpectBase(file.path().string());
  }
}

TEST(BaseImage, OfTheSamples) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : RealSamples()) {
    OpenOptions options;
    if (sample == "umoci047-repack-oci.tar") options.image = "v2";
    ExpectBase(SamplePath(sample), options);
  }
}

TEST(BaseName, MeansTheImage) {
  const struct {
    const char* reference;
    const char* name;
    bool means;
  } rows[] = {
      {"app", "app", true},
      {"app:latest", "app", true},
      {"app", "app:latest", true},
      {"docker.io/library/app", "app", true},
      {"docker.io/library/app:latest", "app", true},
      {"docker.io/app", "app", true},
      {"index.docker.io/library/app", "app", true},
      {"app", "docker.io/library/app", true},
      {"node:14-alpine", "node:14-alpine", true},
      {"node:14", "node", false},
      {"node", "node:14", false},
      {"nodes", "node", false},
      {"App", "app", false},
      {"me/app", "app", false},
      {"docker.io/me/app", "me/app", true},
      {"library/app", "app", true},
      {"localhost/app", "app", false},
      {"localhost:5000/app", "localhost:5000/app:latest", true},
      {"reg.example.com/app", "app", false},
      {"reg.example.com/app:1", "reg.example.com/app:1", true},
      {"node:14@sha256:aa", "node:14", true},
      {"node@sha256:aa", "node", true},
      {"node@sha256:aa", "node:14", false},
      {"node:14@sha256:aa", "node@sha256:aa", true},
      {"node@sha256:bb", "node@sha256:aa", false},
      {"node", "node@sha256:aa", false},
      {"other@sha256:aa", "node@sha256:aa", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(MeansImage(row.reference, row.name), row.means) << row.reference << " " << row.name;
  }
}

class Bases : public ::testing::Test {
 protected:
  std::string Write(const std::string& name) {
    WriteFile(folder_.Path(name), MakeTar(DockerArchive(MakeImage({{{name, '0'}}}))));
    return folder_.Path(name);
  }

  TemporaryFolder folder_;
};

TEST_F(Bases, AreFoundByName) {
  const BaseImages bases = OpenBases({"node:14=" + Write("a=b.tar"), "app=" + Write("app")}, "");
  ASSERT_TRUE(bases("docker.io/library/node:14"));
  EXPECT_EQ(bases("docker.io/library/node:14")->rootfs[0].path, "a=b.tar");
  EXPECT_EQ(bases("node:14")->name, "node:14");
  EXPECT_EQ(bases("app:latest")->rootfs[0].path, "app");
  EXPECT_FALSE(bases("node"));
  EXPECT_FALSE(bases(""));
}

TEST_F(Bases, AreReadOnce) {
  const BaseImages bases = OpenBases({"app=" + Write("app")}, "");
  ASSERT_TRUE(bases("app"));
  std::filesystem::remove(folder_.Path("app"));
  EXPECT_TRUE(bases("docker.io/library/app"));
}

TEST_F(Bases, AreOpenedBeforeAnybodyAsks) {
  try {
    OpenBases({"app=" + Write("app"), "gone=/no/such/file"}, "");
    FAIL() << "opened a file that there is not";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "/no/such/file: cannot be opened: No such file or directory");
  }
}

TEST_F(Bases, RefuseWhatIsNoNameAndImage) {
  const std::pair<std::vector<std::string>, std::string> rows[] = {
      {{"app"}, "--base app: NAME=IMAGE is expected"},
      {{"=app.tar"}, "--base =app.tar: NAME=IMAGE is expected"},
      {{"app="}, "--base app=: NAME=IMAGE is expected"},
      {{"app=a.tar", "app:latest=b.tar"}, "--base app:latest=b.tar: app is given already"}};
  for (const auto& [values, text] : rows) {
    try {
      OpenBases(values, "");
      ADD_FAILURE() << "took " << values.back();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_EQ(error.what(), text);
    }
  }
}

}  // namespace
}  // namespace watertight::testing
