// Images that are small, and cost much to whoever reads them without a bound.

#include <gmock/gmock.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using ::testing::EndsWith;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Cost : public ::testing::Test {
 protected:
  Image Open(const std::vector<TarFile>& files, const Limits& limits = {}) {
    WriteFile(path_, MakeTar(files));
    OpenOptions options;
    options.limits = limits;
    return Image::Open(path_, options);
  }

  // The error of opening and merging, without the folder's name.
  std::string Failure(const std::vector<TarFile>& files, const Limits& limits = {}) {
    try {
      static_cast<void>(Open(files, limits).rootfs());
      return "read";
    } catch (const Error& error) {
      const std::string what = error.what();
      return std::string(ToString(error.code())) + ": " + what.substr(what.rfind("/app.tar") + 1);
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.Path("app.tar");
};

// One layer, listed so many times.
MadeImage Repeated(const std::vector<TarFile>& layer, std::size_t times) {
  return MakeImage(std::vector<std::vector<TarFile>>(times, layer));
}

// DockerArchive stores each layer once for each time that it is listed.
std::vector<TarFile> StoredOnce(std::vector<TarFile> files) {
  std::vector<TarFile> once;
  for (TarFile& file : files) {
    if (once.empty() || once.back().name != file.name) once.push_back(std::move(file));
  }
  return once;
}

TEST_F(Cost, NameOfManyComponentsIsRefused) {
  std::string name;
  for (int i = 0; i < 400'000; ++i) name += "a/";
  const std::string path = name + "f";
  const std::string tar = MakeTarMember({"././@LongLink", 'L', path}) + MakeTar({{"x", '0', "x"}});
  MadeImage made = MakeImage({{}});
  made.layers[0] = tar;
  made.Seal();
  EXPECT_THAT(Failure(DockerArchive(made)),
              StartsWith("LimitExceeded: app.tar: layer 0: its entries lack more parent"));
}

TEST_F(Cost, LongestNameOfLinuxIsRead) {
  std::string name;
  while (name.size() < 4090) name += "a/";
  MadeImage made = MakeImage({{}});
  made.layers[0] = MakeTarMember({"././@LongLink", 'L', name}) + MakeTar({{"x", '5'}});
  made.Seal();
  EXPECT_THAT(Open(DockerArchive(made)).rootfs(), SizeIs(name.size() / 2));
}

TEST_F(Cost, EntriesAreCountedForEachLayerThatABlobMakes) {
  const std::vector<TarFile> files =
      StoredOnce(DockerArchive(Repeated({{"a", '0', "x"}, {"b", '0', "y"}}, 6)));
  Limits limits;
  limits.entries = 12;
  EXPECT_EQ(Failure(files, limits), "read");
  limits.entries = 11;
  EXPECT_EQ(Failure(files, limits),
            "LimitExceeded: app.tar: its layers have 12 entries, more than the limit");
  const Image image = Open(files, limits);
  ASSERT_THAT(image.notes(), SizeIs(1));
  EXPECT_EQ(image.notes()[0].code, "unmerged-layers");
}

TEST_F(Cost, OpaqueMarkersDeleteAgainWhatALayerStoresAgain) {
  const std::vector<TarFile> stores = {{"d/", '5'}, {"d/x", '0', "x"}, {"d/y", '0', "y"}};
  const std::vector<TarFile> hides = {{"d/.wh..wh..opq"}};
  const std::vector<TarFile> again = {{"d/x", '0', "x"}};
  const Image image =
      Open(StoredOnce(DockerArchive(MakeImage({stores, hides, hides, again, hides}))));
  EXPECT_THAT(image.rootfs(), SizeIs(1));
  ASSERT_THAT(image.stored(), SizeIs(4));
  EXPECT_EQ(image.stored()[1].removed_by, (Removal{1, RemovalKind::kOpaque}));  // d/x of layer 0
  EXPECT_EQ(image.stored()[2].removed_by, (Removal{4, RemovalKind::kOpaque}));  // d/x of layer 3
}

TEST_F(Cost, DirectoryThatIsDeletedAndMadeAgainForgetsItsChildrenOnce) {
  const Image image = Open(DockerArchive(MakeImage({{{"d/", '5'}, {"d/x", '0', "x"}},
                                                    {{".wh.d"}},
                                                    {{"d/", '5'}, {"d/x", '0', "y"}},
                                                    {{".wh.d"}}})));
  EXPECT_THAT(image.rootfs(), SizeIs(0));
  for (const StoredEntry& stored : image.stored()) {
    EXPECT_EQ(stored.removed_by, (Removal{stored.layer + 1, RemovalKind::kDeleted}));
  }
}

TEST_F(Cost, DuplicateMembersAreCountedAndNotAllNoted) {
  std::vector<TarFile> files(50, TarFile{"again", '0', "x"});
  for (TarFile& file : DockerArchive(MakeImage({{{"a", '0', "x"}}}))) {
    files.push_back(std::move(file));
  }
  const Image image = Open(files);
  ASSERT_THAT(image.notes(), SizeIs(21));
  EXPECT_EQ(image.notes()[20].text, "29 more of this kind");
  Limits limits;
  limits.archive_members = 50;
  EXPECT_EQ(Failure(files, limits), "LimitExceeded: app.tar: holds more than 50 files");
}

TEST_F(Cost, SparseMemberIsNotSpooledBeyondTheLimit) {
  std::string member = MakeTarMember({"holes", 'S', ""});
  member.replace(257, 8, std::string("ustar  \0", 8));
  member.replace(483, 12, "77777777777\0", 12);
  member.replace(148, 8, "        ");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(member[i]);
  char checksum[8];
  std::snprintf(checksum, sizeof checksum, "%06o", sum);
  member.replace(148, 8, std::string(checksum, 7) + " ");
  WriteFile(path_, member + MakeTar(DockerArchive(MakeImage({{{"a", '0', "x"}}}))));
  try {
    Image::Open(path_);
    ADD_FAILURE() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kLimitExceeded);
    EXPECT_THAT(error.what(), EndsWith("the sparse file holes has 8589934591 bytes"));
  }
}

TEST_F(Cost, OneBlobReadAsManyAttestationsIsCounted) {
  OciLayout layout;
  Json image = layout.AddImage(MakeImage({{{"a", '0', "x"}}}));
  const Json statement =
      layout.AddBlob(std::string(100'000, ' ') + "{}", "application/vnd.in-toto+json");
  Json layers = Json::array();
  for (int i = 0; i < 100; ++i) layers.push_back(statement);
  const Json manifest = {{"mediaType", kOciManifest}, {"layers", layers}};
  const Json attestation = layout.AddBlob(manifest.dump(), kOciManifest);
  layout.SetIndex({image, attestation});
  EXPECT_EQ(Failure(layout.files()), "read");
  Limits limits;
  limits.documents_bytes = 5'000'000;
  EXPECT_THAT(Failure(layout.files(), limits),
              StartsWith("LimitExceeded: app.tar: its documents have more than 5000000 bytes"));
}

TEST_F(Cost, ObjectOfManyMembersIsRefused) {
  std::string text = "{";
  for (int i = 0; i < 20'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  std::vector<TarFile> files = DockerArchive(MakeImage({{{"a", '0', "x"}}}));
  files.push_back({"manifest.json", '0', "[" + text + "\"Config\":\"x\"}]"});
  EXPECT_EQ(Failure(files),
            "LimitExceeded: app.tar: manifest.json: an object has more than 16384 members");
}

TEST_F(Cost, ManyTagsAreKeptInOrder) {
  std::vector<std::string> tags;
  for (int i = 0; i < 50'000; ++i) tags.push_back("app:" + std::to_string(i));
  std::vector<TarFile> files = DockerArchive(MakeImage({{{"a", '0', "x"}}}), tags);
  EXPECT_EQ(Open(files).tags(), tags);
}

TEST_F(Cost, FolderThatIsNoLayoutIsNotListed) {
  // It would be refused for its number of files, if they were counted.
  WriteFile(folder_.Path("a"), "x");
  WriteFile(folder_.Path("b"), "x");
  OpenOptions options;
  options.limits.archive_members = 1;
  try {
    Image::Open(folder_.path(), options);
    ADD_FAILURE() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotAnImage);
  }
}

TEST_F(Cost, LayerThatBeginsLikeBzip2IsATar) {
  const Image image = Open(DockerArchive(MakeImage({{{"BZh9/notes", '0', "x"}}})));
  EXPECT_EQ(image.layers()[0].compression(), Compression::kNone);
  EXPECT_THAT(image.rootfs(), SizeIs(2));
}

TEST_F(Cost, LayerListedTwiceIsValidatedForBoth) {
  MadeImage made = Repeated({{"a", '0', "x"}}, 3);
  made.config["rootfs"]["diff_ids"][2] = "sha256:" + std::string(64, '0');
  const Image image = Open(StoredOnce(DockerArchive(made)));
  const std::vector<Violation> violations = image.Validate();
  ASSERT_THAT(violations, SizeIs(1));
  EXPECT_THAT(violations[0].place, StartsWith("layer 2"));
}

}  // namespace
}  // namespace watertight::testing
