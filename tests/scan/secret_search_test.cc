// Digests that a search computes, beside those of a pass of their own.

#include "framework/scan/secret_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

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
    const SecretOptions rules;
    FindAndHash(searched, {&rules, {}});
    EXPECT_EQ(Violations(searched), alone) << path;
    const Image indexed = Image::Open(path, options);
    EXPECT_EQ(indexed.unreadable_layers().empty(), searched.unreadable_layers().empty());
    FindAndHash(indexed, {&rules, {}});
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

std::string Base64(const std::string& bytes) { return RunCommand("base64 -w0", bytes).output; }

std::vector<std::string> Lines(const ValueSearch& search) {
  std::vector<std::string> lines;
  for (const Finding& finding : search.findings) {
    std::ostringstream line;
    line << finding.rule << " " << finding.secret << " " << finding.blob << " " << finding.path
         << " " << finding.field << " " << finding.offset << "+" << finding.length << ":"
         << finding.line << ":" << finding.column;
    for (const std::string& encoding : finding.encoding) line << " " << encoding;
    for (const std::string& member : finding.nested) line << " in " << member;
    lines.push_back(line.str());
  }
  for (const Note& note : search.notes) lines.push_back(note.text);
  return lines;
}

// A value that a rule takes for a secret too, and one beside it.
TEST(OneSearchForBoth, FindsWhatEachFindsAlone) {
  const TemporaryFolder folder;
  const std::string token = std::string("gl") + "pat-" + "Zx81kQmPq7Rt5VwYu2Lc";
  const std::string both = "token: " + token + "\npassword: kestrel-Over-41-fen\n";
  MadeImage made = MakeImage({{{"plain", '0', both},
                               {"packed.gz", '0', Compressed(both, "gzip")},
                               {"encoded", '0', "data: " + Base64(both) + "\n"},
                               {"release", '0', "data: " + Base64(Compressed(both, "gzip")) + "\n"},
                               {token, '0', "in the name"}}});
  WriteFile(folder.Path("app.tar"), MakeTar(DockerArchive(made)));
  const Image image = Image::Open(folder.Path("app.tar"));
  const SecretOptions rules;
  const std::vector<Secret> values = {Secret::Value(token), Secret::Value("kestrel-Over-41-fen")};
  const WantedSearch found = FindAndHash(image, {&rules, values});
  EXPECT_THAT(Lines(*found.secrets), ::testing::ElementsAreArray(Lines(FindSecrets(image))));
  EXPECT_THAT(Lines(*found.values),
              ::testing::ElementsAreArray(Lines(FindKnownValues(image, values))));
  EXPECT_GE(found.values->findings.size(), 8U);
  EXPECT_GE(found.secrets->findings.size(), 5U);
}

TEST(DigestsOfASearch, AreThoseOfSamples) {
  REQUIRE_SAMPLES();
  for (const char* sample : {"docker28-M-bk.tar", "docker28c-C-zstd.tar", "docker20-T-bk.tar"}) {
    ExpectSameDigests(SamplePath(sample));
  }
}

}  // namespace
}  // namespace watertight::testing
