// Known values in images. tests/cli/find_test.py plants them at random; here are the carriers that
// it does not make, and what is damaged, endless or huge.

#include "watertight/known_values.h"

#include <gmock/gmock.h>

#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kValue[] = "tok-5f0aQ-9zX";

Image Open(const std::vector<TarFile>& files) {
  return Image::OpenBytes("made.tar", MakeTar(files));
}

Image OpenLayers(const std::vector<std::vector<TarFile>>& layers) {
  return Open(DockerArchive(MakeImage(layers)));
}

ValueSearch Find(const Image& image, const SearchLimits& limits = {}) {
  return FindKnownValues(image, {Secret::Value(kValue)}, limits);
}

// "carrier layer path field offset": of all findings.
std::vector<std::string> Places(const ValueSearch& search) {
  std::vector<std::string> places;
  for (const Finding& finding : search.findings) {
    std::string place = ToString(finding.carrier);
    place += finding.layer ? " " + std::to_string(*finding.layer) : " -";
    place += " " + (finding.path.empty() ? "-" : finding.path);
    for (const std::string& member : finding.nested) place += "!" + member;
    place += " " + (finding.field.empty() ? "-" : finding.field);
    place += " " + std::to_string(finding.offset);
    for (const std::string& encoding : finding.encoding) place += " " + encoding;
    places.push_back(place);
  }
  return places;
}

TEST(KnownValues, FindsWhatLaterLayersHide) {
  const Image image =
      OpenLayers({{{"a/x", '0', std::string("k=") + kValue}, {"a/y", '1', "", "a/x"}},
                  {{"a/.wh.x", '0'}},
                  {{"a/x", '0', "none"}}});
  const ValueSearch search = Find(image);
  EXPECT_THAT(Places(search), ElementsAre("file 0 a/x - 2"));
  EXPECT_THAT(search.findings[0].links, ElementsAre("a/y"));
  EXPECT_EQ(search.findings[0].value, kValue);
  EXPECT_THAT(search.notes, IsEmpty());
  EXPECT_THAT(search.unreadable, IsEmpty());
}

TEST(KnownValues, TellsTheEntriesOfOnePathApart) {
  const Image image = OpenLayers(
      {{{"x", '0', kValue}, {"x", '0', "none"}, {"x", '0', std::string("..") + kValue}}});
  const ValueSearch search = Find(image);
  EXPECT_THAT(Places(search), ElementsAre("file 0 x - 0", "file 0 x - 2"));
  EXPECT_EQ(search.findings[0].entry, 0U);
  EXPECT_EQ(search.findings[1].entry, 2U);
}

TEST(KnownValues, FindsALayerAtEachOfItsPlaces) {
  MadeImage made = MakeImage({{{"x", '0', kValue}}, {{"x", '0', kValue}}});
  EXPECT_THAT(Places(Find(Open(DockerArchive(made)))), ElementsAre("file 0 x - 0", "file 1 x - 0"));
}

TEST(KnownValues, FindsBytesOutsideOfEntries) {
  MadeImage made = MakeImage({{{"x", '0', "1"}}});
  made.layers[0].replace(512 + 100, sizeof kValue - 1, kValue);  // padding
  made.layers[0] += std::string("###") + kValue;                 // behind the end
  made.Seal();
  EXPECT_THAT(Places(Find(Open(DockerArchive(made)))),
              ElementsAre("blob 0 - - 612", "blob 0 - - 2051"));
}

TEST(KnownValues, FindsWhatNoFieldOfAHeaderShows) {
  MadeImage made = MakeImage({{{"x", '0', "1"}}});
  std::string& tar = made.layers[0];
  tar.replace(497, 13, kValue);  // 12 bytes behind ustar's fields are of no use; one more is zero
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) {
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(tar[i]);
  }
  char field[8];
  snprintf(field, sizeof field, "%06o", sum);
  tar.replace(148, 7, field, 7);
  made.Seal();
  EXPECT_THAT(Places(Find(Open(DockerArchive(made)))), ElementsAre("header 0 x - 497"));
}

TEST(KnownValues, FindsDocumentsAndLeftovers) {
  OciLayout layout;
  MadeImage made = MakeImage({{{"x", '0', "1"}}});
  made.config["author"] = std::string("me ") + kValue;
  made.config[kValue] = 1;
  made.config["pin"] = 12345678;
  Json manifest = layout.AddImage(made);
  manifest["annotations"]["a.b"] = std::string(1, '"') + kValue;
  layout.AddBlob(std::string("left ") + kValue, "text/plain");
  layout.SetIndex({manifest});
  const std::string config = "blobs/sha256/" + made.config_hex();
  const ValueSearch search =
      FindKnownValues(Open(layout.files()), {Secret::Value(kValue), Secret::Value("12345678")});
  EXPECT_THAT(Places(search),
              ::testing::UnorderedElementsAre("config - - author 3",
                                              "config - - [\"tok… (13 bytes, 66539ac9)\"] 0",
                                              "annotation - - manifests[0].annotations[\"a.b\"] 1",
                                              "blob - - - 5", StartsWith("config - - - ")));
}

TEST(KnownValues, PassesWhatOtherImagesHold) {
  OciLayout layout;
  const Json first = layout.AddImage(MakeImage({{{"x", '0', "1"}}}));
  MadeImage made = MakeImage({{{"x", '0', kValue}}});
  made.config["author"] = kValue;
  const Json second = layout.AddImage(made);
  Json one = first;
  one["annotations"]["org.opencontainers.image.ref.name"] = "one";
  Json two = second;
  two["annotations"]["org.opencontainers.image.ref.name"] = "two";
  layout.SetIndex({one, two});
  OpenOptions options;
  options.image = "one";
  EXPECT_THAT(Places(Find(Image::OpenBytes("made.tar", MakeTar(layout.files()), options))),
              IsEmpty());
  options.image = "two";
  EXPECT_THAT(Places(Find(Image::OpenBytes("made.tar", MakeTar(layout.files()), options))),
              SizeIs(2));
}

class CompressedLayer : public ::testing::TestWithParam<const char*> {};

// However it was read before.
TEST_P(CompressedLayer, IsSearchedOnceOrAgain) {
  OciLayout layout;
  const std::string inner = Compressed(std::string("in ") + kValue, "gzip");
  layout.SetIndex({layout.AddImage(
      MakeImage({{{"x", '0', std::string(300'000, '.') + kValue}, {"y.gz", '0', inner}}}),
      [](const std::string& tar) { return Compressed(tar, GetParam()); })});
  const std::vector<std::string> expected = {"file 0 x - 300000", "file 0 y.gz - 3 gzip"};
  const Image image = Open(layout.files());
  EXPECT_EQ(Places(Find(image)), expected);
  EXPECT_EQ(Places(Find(image)), expected);
  const Image other = Open(layout.files());
  EXPECT_THAT(other.stored(), SizeIs(2));
  EXPECT_EQ(Places(Find(other)), expected);
}

INSTANTIATE_TEST_SUITE_P(Programs, CompressedLayer,
                         ::testing::Values("none", "gzip", "zstd", "xz", "bzip2"));

TEST(KnownValues, FindsAcrossSegments) {
  constexpr std::size_t kSegment = std::size_t{32} << 20;
  for (const std::size_t before : {1, 6, 13}) {
    std::string content(kSegment - 512 - before, '.');
    content += kValue;
    content += std::string(100, '.');
    EXPECT_THAT(Places(Find(OpenLayers({{{"x", '0', content}}}))),
                ElementsAre("file 0 x - " + std::to_string(kSegment - 512 - before)));
  }
}

TEST(KnownValues, SearchesADamagedLayerAsFarAsItGoes) {
  for (const char* program : {"none", "gzip"}) {
    OciLayout layout;
    layout.SetIndex(
        {layout.AddImage(MakeImage({{{"x", '0', kValue}, {"y", '0', std::string(100'000, '.')}}}),
                         [&](const std::string& tar) {
                           const std::string stored = Compressed(tar, program);
                           return stored.substr(0, stored.size() * 3 / 4);
                         })});
    const ValueSearch search = Find(Open(layout.files()));
    EXPECT_THAT(Places(search), ElementsAre("blob 0 - - 512")) << program;
    EXPECT_THAT(search.unreadable, ElementsAre(StartsWith("made.tar: layer 0 ("))) << program;
  }
}

TEST(KnownValues, NotesDamagedAndEncryptedMembers) {
  std::string gzip = Compressed(std::string("in ") + kValue + std::string(50'000, '.'), "gzip");
  gzip.resize(gzip.size() - 12);
  std::string zip = std::string("PK\3\4\x14\0\1\0\0\0", 10) + std::string(8, '\0') +
                    std::string("\5\0\0\0\5\0\0\0\1\0\0\0", 12) + "n" + "?????";
  const ValueSearch search = Find(OpenLayers({{{"x.gz", '0', gzip}, {"y.zip", '0', zip}}}));
  EXPECT_THAT(Places(search), ElementsAre("file 0 x.gz - 3 gzip"));
  EXPECT_THAT(search.notes,
              ElementsAre(AllOf(Field(&Note::code, "unsearched-part"), Field(&Note::path, "x.gz"),
                                Field(&Note::text, HasSubstr("gzip stream ends"))),
                          AllOf(Field(&Note::code, "unsearched-part"), Field(&Note::path, "y.zip"),
                                Field(&Note::text, "its member n is encrypted"))));
}

TEST(KnownValues, NotesWhatIsNestedTooDeep) {
  std::string inner = kValue;
  for (int i = 0; i < 9; ++i) inner = Compressed(inner, "gzip");
  ValueSearch search = Find(OpenLayers({{{"x", '0', inner}}}));
  EXPECT_THAT(search.findings, IsEmpty());
  EXPECT_THAT(search.notes,
              ElementsAre(Field(&Note::text, HasSubstr("compressed stream in it is nested too "
                                                       "deep"))));
  SearchLimits limits;
  limits.nesting = 9;
  search = Find(OpenLayers({{{"x", '0', inner}}}), limits);
  EXPECT_THAT(search.findings, SizeIs(1));
  EXPECT_THAT(search.findings[0].encoding, AllOf(SizeIs(9), Each(std::string("gzip"))));
  EXPECT_THAT(search.notes, IsEmpty());
}

TEST(KnownValues, NotesBombs) {
  SearchLimits limits;
  limits.expansion_grace = 1 << 20;
  limits.expansion_ratio = 10;
  const std::string bomb = Compressed(std::string(4 << 20, '\0') + kValue, "gzip");
  const ValueSearch search =
      Find(OpenLayers({{{"bomb", '0', bomb}, {"after", '0', kValue}}}), limits);
  EXPECT_THAT(Places(search), ElementsAre("file 0 after - 0"));
  EXPECT_THAT(search.notes, ElementsAre(Field(&Note::text, HasSubstr("expands to more than"))));
}

TEST(KnownValues, ListsAMillionOccurrencesOnlyInPart) {
  std::string content;
  for (int i = 0; i < 20'000; ++i) content += std::string(kValue) + "\n";
  const ValueSearch search = Find(OpenLayers({{{"x", '0', content}}}));
  EXPECT_THAT(search.findings, SizeIs(10'000));
  EXPECT_THAT(search.notes, ElementsAre(AllOf(Field(&Note::code, "unlisted-findings"),
                                              Field(&Note::text, StartsWith("10000 more")))));
}

TEST(KnownValues, OpensGitsObjects) {
  // zlib.compress(b"blob 17\0k=tok-5f0aQ-9zX\n\n") of Python 3.11.
  const unsigned char object[] = {0x78, 0x9c, 0x4b, 0xca, 0xc9, 0x4f, 0x52, 0x30, 0x34, 0x67, 0xc8,
                                  0xb6, 0x2d, 0xc9, 0xcf, 0xd6, 0x35, 0x4d, 0x33, 0x48, 0x0c, 0xd4,
                                  0xb5, 0xac, 0x8a, 0xe0, 0xe2, 0x02, 0x00, 0x62, 0x78, 0x07, 0x14};
  const std::string loose(reinterpret_cast<const char*>(object), sizeof object);
  const std::string pack = std::string("PACK\0\0\0\2\0\0\0\2", 12) + "\xb9\1" + loose + "\xb9\1" +
                           loose + std::string(20, 'x');
  EXPECT_THAT(
      Places(Find(OpenLayers({{{"a/.git/objects/01/23", '0', loose}, {"b.pack", '0', pack}}}))),
      ElementsAre("file 0 a/.git/objects/01/23 - 10 zlib", "file 0 b.pack - 10 zlib",
                  "file 0 b.pack - 10 zlib"));
}

}  // namespace
}  // namespace watertight::testing
