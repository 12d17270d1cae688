// Which image of an archive is meant: by name, by number, by platform.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kContainerdName[] = "io.containerd.image.name";
constexpr char kRefName[] = "org.opencontainers.image.ref.name";

// An image that holds its own name as a file.
MadeImage Named(const std::string& file, const std::string& architecture = "amd64") {
  MadeImage image = MakeImage({{{file, '0', file}}});
  image.config["architecture"] = architecture;
  return image;
}

class Selection : public ::testing::Test {
 protected:
  std::string Write(const std::vector<TarFile>& files) {
    WriteFile(path_, MakeTar(files));
    return path_;
  }

  // The name of the one file, or the error without the folder's name.
  std::string Opened(const std::string& reference, const std::string& platform = "linux/amd64") {
    OpenOptions options;
    options.platform = platform;
    try {
      const Image image = Image::Open(reference, options);
      return std::string(image.rootfs().begin()->path());
    } catch (const Error& error) {
      std::string text = std::string(ToString(error.code())) + ": " + error.what();
      for (std::size_t at = text.find(folder_.path() + "/"); at != std::string::npos;
           at = text.find(folder_.path() + "/")) {
        text.erase(at, folder_.path().size() + 1);
      }
      return text;
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.Path("app.tar");
};

std::vector<TarFile> TwoDockerImages() {
  std::vector<TarFile> files = DockerArchive(Named("one"), {"app:one"});
  std::vector<TarFile> more =
      DockerArchive(Named("two"), {"app:latest", "reg.example.com:5000/x:2"});
  Json manifest = Json::parse(files.back().content);
  manifest.push_back(Json::parse(more.back().content)[0]);
  more.back().content = manifest.dump();
  files.pop_back();
  files.insert(files.end(), more.begin(), more.end());
  return files;
}

TEST_F(Selection, OfTwoImagesUnnamedListsThem) {
  Write(TwoDockerImages());
  EXPECT_EQ(Opened(path_),
            "SeveralImages: app.tar: holds 2 images; name one of them: docker-archive:app.tar:"
            "app:one, docker-archive:app.tar:app:latest");
}

TEST_F(Selection, ByTagShortAndFull) {
  Write(TwoDockerImages());
  const std::string archive = "docker-archive:" + path_;
  EXPECT_EQ(Opened(archive + ":app:one"), "one");
  EXPECT_EQ(Opened(archive + ":docker.io/library/app:one"), "one");
  EXPECT_EQ(Opened(archive + ":app:latest"), "two");
  EXPECT_EQ(Opened(archive + ":app"), "two");
  EXPECT_EQ(Opened(archive + ":reg.example.com:5000/x:2"), "two");
  EXPECT_EQ(Opened(archive + ":@0"), "one");
  EXPECT_EQ(Opened(archive + ":@1"), "two");
}

TEST_F(Selection, OfNoSuchNameListsWhatThereIs) {
  Write(TwoDockerImages());
  const std::string list = "docker-archive:app.tar:app:one, docker-archive:app.tar:app:latest";
  EXPECT_EQ(
      Opened("docker-archive:" + path_ + ":app:three"),
      "NotFound: docker-archive:app.tar:app:three: holds no image of that name; it holds " + list);
  EXPECT_EQ(Opened("docker-archive:" + path_ + ":@2"),
            "NotFound: docker-archive:app.tar:@2: holds no image of that number; it holds " + list);
  EXPECT_EQ(Opened("docker-archive:" + path_ + ":@x"),
            "Usage: docker-archive:app.tar:@x: after @ the number of an image is expected");
}

TEST_F(Selection, ANameWithoutTransportSaysHowToWriteIt) {
  Write(TwoDockerImages());
  EXPECT_EQ(Opened(path_ + ":app:one"),
            "NotFound: app.tar:app:one: is no file; to name one image of a file, write "
            "docker-archive: or oci-archive: before it");
  EXPECT_EQ(Opened(path_ + "x:app:one"),
            "NotFound: app.tarx:app:one: cannot be opened: No such file or directory");
}

TEST_F(Selection, ADockerArchiveIsNoOciLayout) {
  Write(TwoDockerImages());
  EXPECT_EQ(Opened("oci-archive:" + path_),
            "NotAnImage: oci-archive:app.tar: holds no OCI layout; it is a docker-archive");
}

TEST_F(Selection, OneImageUnderTwoTagsIsOne) {
  Write(DockerArchive(Named("one"), {"a:1", "b:2"}));
  EXPECT_EQ(Opened(path_), "one");
  EXPECT_THAT(Image::Open(path_).tags(), ElementsAre("a:1", "b:2"));
}

// Two objects of manifest.json that lead to one configuration.
TEST_F(Selection, OneImageListedTwiceIsOneWithAllItsNames) {
  std::vector<TarFile> files = DockerArchive(Named("one"), {"a:1"});
  Json manifest = Json::parse(files.back().content);
  manifest.push_back(manifest[0]);
  manifest[1]["RepoTags"] = {"b:2"};
  files.back().content = manifest.dump();
  Write(files);
  EXPECT_EQ(Opened(path_), "one");
  EXPECT_THAT(Image::Open(path_).tags(), ElementsAre("a:1", "b:2"));
}

TEST_F(Selection, PathsMayHoldColons) {
  path_ = folder_.Path("a:b.tar");
  Write(TwoDockerImages());
  EXPECT_EQ(Opened("docker-archive:" + path_ + ":app:one"), "one");
}

TEST_F(Selection, InAnOciLayoutByEveryName) {
  OciLayout layout;
  Json one = layout.AddImage(Named("one"));
  one["annotations"] = {{kContainerdName, "docker.io/library/app:one"}, {kRefName, "one"}};
  Json two = layout.AddImage(Named("two"));
  two["annotations"] = {{kRefName, "two"}};
  layout.SetIndex({one, two});
  Write(layout.files());
  const std::string archive = "oci-archive:" + path_;
  EXPECT_EQ(Opened(archive + ":one"), "one");
  EXPECT_EQ(Opened(archive + ":app:one"), "one");
  EXPECT_EQ(Opened(archive + ":docker.io/library/app:one"), "one");
  EXPECT_EQ(Opened(archive + ":two"), "two");
  EXPECT_EQ(Opened(archive + ":@1"), "two");
  EXPECT_EQ(Opened(path_),
            "SeveralImages: app.tar: holds 2 images; name one of them: oci-archive:app.tar:"
            "docker.io/library/app:one, oci-archive:app.tar:two");
}

TEST_F(Selection, UnnamedImagesOfALayoutAreListedByNumber) {
  OciLayout layout;
  layout.SetIndex({layout.AddImage(Named("one")), layout.AddImage(Named("two"))});
  Write(layout.files());
  EXPECT_EQ(Opened(path_),
            "SeveralImages: app.tar: holds 2 images; name one of them: oci-archive:app.tar:@0, "
            "oci-archive:app.tar:@1");
  EXPECT_EQ(Opened("oci-archive:" + path_ + ":@1"), "two");
}

TEST_F(Selection, OfSeveralPlatformsTheOneAskedFor) {
  OciLayout layout;
  const Json amd = layout.AddImage(Named("amd", "amd64"));
  const Json arm = layout.AddImage(Named("arm", "arm64"));
  const std::vector<Json> indexes = {
      layout.AddIndex({amd, arm}),
      layout.AddIndex({amd, arm}, "application/vnd.docker.distribution.manifest.list.v2+json")};
  for (const Json& index : indexes) {
    OciLayout whole = layout;
    whole.SetIndex({whole.AddIndex({index})});
    Write(whole.files());
    EXPECT_EQ(Opened(path_, "linux/amd64"), "amd");
    EXPECT_EQ(Opened(path_, "linux/arm64"), "arm");
    EXPECT_EQ(Opened(path_, "linux/s390x"),
              "NotFound: app.tar: holds no image for linux/s390x; it holds linux/amd64, "
              "linux/arm64 (choose with --platform)");
  }
}

// The numbers of oci-archive: count what index.json lists, not the platforms below.
TEST_F(Selection, NumbersCountWhatTheIndexLists) {
  OciLayout layout;
  const Json several = layout.AddIndex(
      {layout.AddImage(Named("amd", "amd64")), layout.AddImage(Named("arm", "arm64"))});
  layout.SetIndex({several, layout.AddImage(Named("two"))});
  Write(layout.files());
  EXPECT_EQ(Opened("oci-archive:" + path_ + ":@1"), "two");
  EXPECT_EQ(Opened("oci-archive:" + path_ + ":@0", "linux/arm64"), "arm");
}

// Some tools list the platforms of one image in index.json itself.
TEST_F(Selection, PlatformsListedByTheRootIndexAreOneImage) {
  OciLayout layout;
  Json amd = layout.AddImage(Named("amd", "amd64"));
  amd["platform"] = {{"architecture", "amd64"}, {"os", "linux"}};
  Json arm = layout.AddImage(Named("arm", "arm64"));
  arm["platform"] = {{"architecture", "arm64"}, {"os", "linux"}};
  layout.SetIndex({amd, arm});
  Write(layout.files());
  EXPECT_EQ(Opened(path_, "linux/amd64"), "amd");
  EXPECT_EQ(Opened(path_, "linux/arm64"), "arm");
}

// The containerd store: manifest.json lists the host's platform alone.
TEST_F(Selection, OtherPlatformsStandInTheIndex) {
  OciLayout layout;
  Json index = layout.AddIndex(
      {layout.AddImage(Named("amd", "amd64")), layout.AddImage(Named("arm", "arm64"))});
  index["annotations"] = {{kContainerdName, "docker.io/library/app:1"}};
  layout.SetIndex({index});
  const MadeImage host = Named("amd", "amd64");
  const Json manifest = {{{"Config", "blobs/sha256/" + host.config_hex()},
                          {"RepoTags", {"app:1"}},
                          {"Layers", {"blobs/sha256/" + host.diff_ids[0].substr(7)}}}};
  layout.files().push_back({"manifest.json", '0', manifest.dump()});
  Write(layout.files());
  EXPECT_EQ(Opened(path_, ""), "amd");
  EXPECT_EQ(Opened(path_, "linux/arm64"), "arm");
  EXPECT_EQ(Opened("docker-archive:" + path_ + ":app:1", "linux/arm64"), "arm");
}

TEST_F(Selection, TheOnlyPlatformNeedsNoNaming) {
  OciLayout layout;
  layout.SetIndex({layout.AddIndex({layout.AddImage(Named("odd", "s390x"))})});
  Write(layout.files());
  EXPECT_EQ(Opened(path_, ""), "odd");
}

TEST_F(Selection, AttestationsAreNoImages) {
  OciLayout layout;
  const Json image = layout.AddImage(Named("one"));
  const std::string statement = R"({"_type":"https://in-toto.io/Statement/v0.1"})";
  Json layer = layout.AddBlob(statement, "application/vnd.in-toto+json");
  layer["annotations"] = {{"in-toto.io/predicate-type", "https://slsa.dev/provenance/v1"}};
  const Json manifest = {{"schemaVersion", 2},
                         {"mediaType", kOciManifest},
                         {"config", layout.AddBlob("{}", kOciConfig)},
                         {"layers", {layer}}};
  Json attestation = layout.AddBlob(manifest.dump(), kOciManifest);
  attestation["annotations"] = {{"vnd.docker.reference.type", "attestation-manifest"},
                                {"vnd.docker.reference.digest", image["digest"]}};
  attestation["platform"] = {{"architecture", "unknown"}, {"os", "unknown"}};
  layout.SetIndex({layout.AddIndex({image, attestation})});
  Write(layout.files());
  const Image opened = Image::Open(path_);
  ASSERT_THAT(opened.manifests(), SizeIs(4));  // index.json, the index, the image, the attestation
  const Manifest& found = opened.manifests()[3];
  EXPECT_EQ(found.kind, ManifestKind::kAttestation);
  EXPECT_TRUE(found.selected);
  EXPECT_EQ(found.refers_to, image["digest"]);
  ASSERT_THAT(found.attestations, SizeIs(1));
  EXPECT_EQ(found.attestations[0].predicate_type, "https://slsa.dev/provenance/v1");
  EXPECT_EQ(found.attestations[0].json, statement);
}

// cosign keeps signatures in the layout, oras and helm whatever they like.
TEST_F(Selection, ArtifactsAreNoImages) {
  OciLayout layout;
  const Json signature = {
      {"schemaVersion", 2},
      {"config", layout.AddBlob("{}", kOciConfig)},
      {"layers", {layout.AddBlob("{ }", "application/vnd.dev.cosign.simplesigning.v1+json")}}};
  const Json chart = {
      {"schemaVersion", 2},
      {"config", layout.AddBlob("{  }", "application/vnd.cncf.helm.config.v1+json")},
      {"layers", {layout.AddBlob("chart", "application/vnd.cncf.helm.chart.content.v1.tar+gzip")}}};
  layout.SetIndex({layout.AddBlob(signature.dump(), kOciManifest),
                   layout.AddBlob(chart.dump(), kOciManifest), layout.AddImage(Named("one"))});
  Write(layout.files());
  EXPECT_EQ(Opened(path_), "one");
  EXPECT_THAT(Image::Open(path_).Validate(), ::testing::IsEmpty());
}

TEST_F(Selection, AbsentPlatformsAreNoted) {
  OciLayout layout;
  Json absent = DescriptorOf("not there", kOciManifest);
  absent["platform"] = {{"architecture", "arm64"}, {"os", "linux"}};
  layout.SetIndex({layout.AddIndex({layout.AddImage(Named("one")), absent})});
  const Image image = Image::Open(Write(layout.files()));
  ASSERT_THAT(image.notes(), SizeIs(1));
  EXPECT_EQ(image.notes()[0].code, "absent-manifest");
  EXPECT_THAT(image.notes()[0].text, HasSubstr("linux/arm64"));
}

TEST_F(Selection, ForeignLayersThatAreLeftOutAreNoted) {
  MadeImage made = MakeImage({{{"Files/", '5'}}, {{"Files/x", '0', "x"}}});
  std::vector<TarFile> files = DockerArchive(made);
  Json manifest = Json::parse(files.back().content);
  Json source =
      DescriptorOf(made.layers[0], "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
  source["urls"] = {"https://example.invalid/base"};
  manifest[0]["LayerSources"][made.diff_ids[0]] = source;
  files.back().content = manifest.dump();
  files.erase(files.begin());
  const Image image = Image::Open(Write(files));
  ASSERT_THAT(image.notes(), SizeIs(1));
  EXPECT_EQ(image.notes()[0].code, "missing-foreign-layer");
  EXPECT_EQ(image.notes()[0].layer, 0);
  EXPECT_FALSE(image.layers()[0].present());
  EXPECT_NE(image.layers()[0].error(), nullptr);
  EXPECT_EQ(image.layers()[1].error(), nullptr);
  EXPECT_EQ(image.layers()[1].entries()[0].Read(), "x");
  EXPECT_THROW(image.rootfs(), Error);
  EXPECT_THROW(image.stored(), Error);
  EXPECT_THAT(image.unreadable_layers(), SizeIs(1));
  EXPECT_THAT(image.Validate(), SizeIs(1));
}

TEST_F(Selection, NamesOfImagesAreNoFiles) {
  EXPECT_THAT(Opened("app:ci"), HasSubstr("NotFound: app:ci: is no file or folder; for an image of "
                                          "the Docker daemon write docker-daemon:app:ci"));
  EXPECT_THAT(Opened("app.tar"), HasSubstr("NotFound: app.tar: cannot be opened: "));
  EXPECT_THAT(Opened("docker:app"), HasSubstr("Usage: docker:app: behind docker:// the name "));
}

TEST_F(Selection, AnImageOfADaemonIsNamedOnce) {
  OpenOptions options;
  options.image = "app:ci";
  try {
    Image::Open("docker-daemon:app", options);
    FAIL() << "it was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_STREQ(error.what(), "docker-daemon:app: names an image, and so does OpenOptions::image");
  }
}

TEST(SelectionSamples, TheLayoutOfTwoImagesNamesBoth) {
  REQUIRE_SAMPLES();
  const std::string path = SamplePath("umoci047-repack-oci.tar");
  try {
    Image::Open(path);
    FAIL() << "opened without a name";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kSeveralImages);
    EXPECT_EQ(error.what(), path + ": holds 2 images; name one of them: oci-archive:" + path +
                                ":v1, oci-archive:" + path + ":v2");
  }
  EXPECT_THAT(Image::Open("oci-archive:" + path + ":v2").layers(), SizeIs(3));
}

TEST(SelectionSamples, TwoTagsAreOneImage) {
  REQUIRE_SAMPLES();
  for (const char* sample : {"docker20-twotags.tar", "docker28-twotags.tar"}) {
    EXPECT_THAT(Image::Open(SamplePath(sample)).tags(),
                ElementsAre("c-classic:v1", "reg.example.com:5000/ns/img:2.0"))
        << sample;
  }
}

}  // namespace
}  // namespace watertight::testing
