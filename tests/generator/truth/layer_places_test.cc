#include "generator/truth/layer_places.h"

#include <gmock/gmock.h>

#include <utility>

#include "generator/archives/tar_writer.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kValue = "a-planted-value";

FormSearch Search() {
  Planted planted;
  planted.values.push_back({.kind = "generic-password",
                            .name = "",
                            .value = kValue,
                            .bundle = "",
                            .decoy = "",
                            .reference = ""});
  PlantedForm& form = planted.forms.emplace_back();
  form.bytes = kValue;
  return FormSearch(planted);
}

TarEntry File(std::string name, std::string content = "", char type = '0') {
  TarEntry entry;
  entry.name = std::move(name);
  entry.type = type;
  entry.content = Rope(std::move(content));
  return entry;
}

// "CARRIER ENTRY FIELD OFFSET LINE:COLUMN"
std::vector<std::string> Places(const Rope& tar) {
  std::vector<std::string> rows;
  for (const LayerPlace& place : PlacesInLayer(tar, Search())) {
    rows.push_back(place.carrier + " " + (place.entry ? std::to_string(*place.entry) : "-") + " " +
                   place.field.value_or("-") + " " + std::to_string(place.found.span.offset) + " " +
                   std::to_string(place.found.span.line) + ":" +
                   std::to_string(place.found.span.column));
  }
  return rows;
}

TEST(LayerPlaces, FindsContentsByTheirOwnOffsets) {
  const std::string value = kValue;
  const Rope tar = WriteTar({File("a", "none"), File("b", "\n " + value + value)}, {});
  EXPECT_THAT(Places(tar), ElementsAre("file 1 - 2 2:2", "file 1 - 17 2:17"));
}

TEST(LayerPlaces, CountsANameOnceHoweverOftenItsBytesStand) {
  const std::string value = kValue;
  // In the header, and in a PAX record because it is long.
  const TarEntry entry = File(value + "/" + std::string(300, 'n'));
  EXPECT_THAT(Places(WriteTar({entry}, {})), ElementsAre("path 0 - 0 1:1"));
  EXPECT_THAT(Places(WriteTar({entry}, {.form = TarForm::kGnu})), ElementsAre("path 0 - 0 1:1"));
}

TEST(LayerPlaces, FindsEveryFieldOfAHeader) {
  const std::string value = kValue;
  TarEntry entry = File("x", "", '2');
  entry.link = "to/" + value;
  entry.uname = value;
  entry.gname = "g" + value;
  entry.pax = {{"comment", value}, {"SCHILY.xattr.user.note", "=" + value}};
  EXPECT_THAT(Places(WriteTar({entry}, {})),
              ElementsAre("link 0 - 3 1:4", "header 0 uname 0 1:1", "header 0 gname 1 1:2",
                          "xattr 0 SCHILY.xattr.user.note 1 1:2", "header 0 comment 0 1:1"));
}

TEST(LayerPlaces, TakesTheNameOfARecordOfTheEntry) {
  TarEntry entry = File("short");
  entry.pax = {{"path", std::string("d/") + kValue}};
  EXPECT_THAT(Places(WriteTar({entry}, {})), ElementsAre("path 0 - 2 1:3"));
}

// One entry with one block of content ends at byte 1024, the two end blocks at 2048.
TEST(LayerPlaces, FindsWhatFollowsTheEnd) {
  Rope tar = WriteTar({File("a", "content")}, {});
  tar.Append(std::string("!\n") + kValue);
  EXPECT_THAT(Places(tar), ElementsAre("blob - - 2050 2:1"));
  Rope same_line = WriteTar({File("a", "content")}, {});
  same_line.Append(kValue);
  EXPECT_THAT(Places(same_line), ElementsAre("blob - - 2048 1:2049"));
}

TEST(LayerPlaces, FindsBytesOfAWhiteout) {
  EXPECT_THAT(Places(WriteTar({File(".wh.gone", kValue)}, {})), ElementsAre("file 0 - 0 1:1"));
}

TEST(LayerPlaces, SeesTheLayerOfAnotherImageAsATar) {
  TarEntry link = File("l", "", '2');
  link.link = kValue;
  const auto places =
      PlacesInTar(WriteTar({File("d/a", std::string("12") + kValue), link}, {}), Search());
  ASSERT_EQ(places.size(), 2);
  EXPECT_THAT(places[0].nested, ElementsAre("d/a"));
  EXPECT_EQ(places[0].span.offset, 2);
  // The header of the link is the third block; its link name begins at byte 157.
  EXPECT_THAT(places[1].nested, IsEmpty());
  EXPECT_EQ(places[1].span.offset, 1024 + 157);
}

TEST(EntryPath, IsClean) {
  EXPECT_EQ(EntryPath("./a//b/"), "a/b");
  EXPECT_EQ(EntryPath("/../a/../b/./c"), "b/c");
  EXPECT_EQ(EntryPath("./"), "");
}

// What becomes of `path` of the first layer.
std::string Fate(const std::string& path, const std::vector<std::vector<TarEntry>>& layers) {
  std::vector<Rope> tars;
  for (const auto& entries : layers) tars.push_back(WriteTar(entries, {}));
  std::vector<const std::vector<TarMark>*> marks;
  for (const Rope& tar : tars) marks.push_back(&tar.marks());
  const std::vector<TarMark>& first = *marks.front();
  for (std::size_t entry = 0; entry < first.size(); ++entry) {
    if (first[entry].name == path) return LayerFates(marks).VisibilityOf(0, entry);
  }
  return "no such entry";
}

TEST(LayerFates, FollowsLaterLayers) {
  const std::vector<TarEntry> base = {File("a/", "", '5'), File("a/f", "1"), File("b", "2")};
  EXPECT_EQ(Fate("a/f", {base}), "live");
  EXPECT_EQ(Fate("a/f", {base, {File("a/.wh.g")}}), "live");
  EXPECT_EQ(Fate("a/f", {base, {File("a/.wh.f")}}), "deleted");
  EXPECT_EQ(Fate("a/f", {base, {File(".wh.a")}}), "deleted");
  EXPECT_EQ(Fate("a/f", {base, {}, {File(".wh.a"), File("a/", "", '5'), File("a/f")}}),
            "overwritten");
  EXPECT_EQ(Fate("a/f", {base, {File("./a/f")}, {File("a/.wh.f")}}), "overwritten");
  EXPECT_EQ(Fate("a/f", {base, {File("a/.wh..wh..opq")}}), "opaque");
  EXPECT_EQ(Fate("a/f", {base, {File("a/.wh..wh..opq"), File("a/f")}}), "overwritten");
  EXPECT_EQ(Fate("a/f", {base, {File(".wh..wh..opq")}}), "opaque");
  EXPECT_EQ(Fate("a/f", {base, {File("a", "", '2')}}), "overwritten");
  EXPECT_EQ(Fate("a/f", {base, {File("a/", "", '5')}}), "live");
  EXPECT_EQ(Fate("a/", {base, {File("a/", "", '5')}}), "overwritten");
  EXPECT_EQ(Fate("a/", {base, {File("a/.wh..wh..opq")}}), "live");
  EXPECT_EQ(Fate("b", {base, {File("a/.wh..wh..opq"), File(".wh..wh.b")}}), "live");
}

TEST(LayerFates, SeesRepeatedEntriesOfALayer) {
  const std::vector<TarEntry> twice = {File("./f", "1"), File("f", "2"), File("d/", "", '5'),
                                       File("./d/", "", '5')};
  EXPECT_EQ(Fate("./f", {twice}), "shadowed");
  EXPECT_EQ(Fate("f", {twice}), "live");
  EXPECT_EQ(Fate("d/", {twice}), "live");
}

}  // namespace
}  // namespace watertight::generator
