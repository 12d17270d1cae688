// Digests that a search computes, beside those of a pass of their own.

#include "framework/scan/secret_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

std::string Violations(const Image& image) {
  std::ostringstream text;
  for (const Violation& violation : image.Validate()) PrintTo(violation, &text);
  for (const Layer& layer : image.layers()) {
    if (layer.error() == nullptr) text << layer.digest() << "\n";
  }
  return text.str();
}

void ExpectSameDigests(const std::string& path) {
  for (const unsigned threads : {1U, 3U}) {
    OpenOptions options;
    options.threads = threads;
    const std::string alone = Violations(Image::Open(path, options));
    const Image searched = Image::Open(path, options);
    FindSecretsAndHash(searched);
    EXPECT_EQ(Violations(searched), alone) << path;
    const Image indexed = Image::Open(path, options);
    EXPECT_EQ(indexed.unreadable_layers().empty(), searched.unreadable_layers().empty());
    FindSecretsAndHash(indexed);
    EXPECT_EQ(Violations(indexed), alone) << path << ", indexed before";
  }
}

MadeImage TwoLayers() {
  return MakeImage({{{"a", '0', std::string(300'000, 'a')}}, {{"b", '0', "b"}, {"c", '0', "c"}}});
}

TEST(DigestsOfASearch, AreThoseOfPlainLayers) {
  const TemporaryFolder folder;
  MadeImage made = TwoLayers();
  WriteFile(folder.Path("well.tar"), MakeTar(DockerArchive(made)));
  ExpectSameDigests(folder.Path("well.tar"));
  made.layers[0][600] = '?';  // in a content: only a digest can tell
  WriteFile(folder.Path("other.tar"), MakeTar(DockerArchive(made)));
  ExpectSameDigests(folder.Path("other.tar"));
  EXPECT_NE(Violations(Image::Open(folder.Path("other.tar"))).find("the configuration claims"),
            std::string::npos);
}

TEST(DigestsOfASearch, AreThoseOfCompressedLayers) {
  const TemporaryFolder folder;
  for (const char* compressor : {"gzip", "zstd"}) {
    MadeImage made = TwoLayers();
    made.layers[1][600] = '?';
    OciLayout layout;
    layout.SetIndex({layout.AddImage(
        made, [&](const std::string& layer) { return Compressed(layer, compressor); })});
    WriteFile(folder.Path("app.tar"), MakeTar(layout.files()));
    ExpectSameDigests(folder.Path("app.tar"));
  }
}

TEST(DigestsOfASearch, AreNoneOfWhatCannotBeRead) {
  const TemporaryFolder folder;
  MadeImage made = TwoLayers();
  made.layers[1].resize(700);
  WriteFile(folder.Path("short.tar"), MakeTar(DockerArchive(made)));
  ExpectSameDigests(folder.Path("short.tar"));
  OciLayout layout;
  layout.SetIndex({layout.AddImage(TwoLayers(), [](const std::string& layer) {
    const std::string packed = Compressed(layer, "gzip");
    return packed.substr(0, packed.size() - 10);
  })});
  WriteFile(folder.Path("short-gzip.tar"), MakeTar(layout.files()));
  ExpectSameDigests(folder.Path("short-gzip.tar"));
}

TEST(DigestsOfASearch, AreThoseOfSamples) {
  REQUIRE_SAMPLES();
  for (const char* sample : {"docker28-M-bk.tar", "docker28c-C-zstd.tar", "docker20-T-bk.tar"}) {
    ExpectSameDigests(SamplePath(sample));
  }
}

}  // namespace
}  // namespace watertight::testing
