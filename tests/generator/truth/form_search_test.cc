#include "generator/truth/form_search.h"

#include <gmock/gmock.h>

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Its base64 as Python's base64.b64encode has it, at each alignment.
constexpr const char* kValue = "tr\"y/this<one>";

Planted PlantedOf(const std::vector<std::string>& values) {
  Planted planted;
  for (std::size_t i = 0; i < values.size(); ++i) {
    planted.values.push_back({.kind = "generic-password",
                              .name = "",
                              .value = values[i],
                              .bundle = "",
                              .decoy = "",
                              .reference = ""});
    PlantedForm& form = planted.forms.emplace_back();
    form.value = i;
    form.bytes = values[i];
  }
  return planted;
}

// "VALUE@OFFSET+LENGTH:ENCODINGS"
std::vector<std::string> Found(const Planted& planted, const std::string& text) {
  std::vector<std::string> rows;
  for (const FoundForm& found : FormSearch(planted).Find(text)) {
    std::string row = std::to_string(found.value) + "@" + std::to_string(found.span.offset) + "+" +
                      std::to_string(found.span.length);
    for (const std::string& encoding : found.encoding) row += ":" + encoding;
    for (const std::string& member : found.nested) row += "!" + member;
    rows.push_back(row);
  }
  return rows;
}

TEST(FormSearch, CountsLinesAndColumns) {
  const auto found = FormSearch(PlantedOf({"two\nlines"})).Find("a\nb two\nlines c");
  ASSERT_THAT(found, SizeIs(1));
  const Span& span = found[0].span;
  EXPECT_EQ(span.offset, 4);
  EXPECT_EQ(span.length, 9);
  EXPECT_EQ(span.line, 2);
  EXPECT_EQ(span.column, 3);
  EXPECT_EQ(span.end_line, 3);
  EXPECT_EQ(span.end_column, 6);
}

TEST(FormSearch, FindsSpellingsThatBuildsMake) {
  const Planted planted = PlantedOf({kValue});
  EXPECT_THAT(Found(planted, std::string("x ") + kValue), ElementsAre("0@2+14"));
  EXPECT_THAT(Found(planted, R"("tr\"y/this<one>")"), ElementsAre("0@1+15:json"));
  EXPECT_THAT(Found(planted, R"("tr\"y/this\u003cone\u003e")"), ElementsAre("0@1+25:json"));
  EXPECT_THAT(Found(planted, R"(\"tr\\\"y/this\\u003cone\\u003e\")"),
              ElementsAre("0@2+29:json:json"));
  EXPECT_THAT(Found(planted, "a=tr%22y%2Fthis%3Cone%3E&"), ElementsAre("0@2+22:percent"));
  EXPECT_THAT(Found(planted, "/tr%22y/this%3Cone%3E/"), ElementsAre("0@1+20:percent"));
  EXPECT_THAT(Found(planted, "ge\"l/guvf<bar>"), ElementsAre("0@0+14:rot13"));
  EXPECT_THAT(Found(planted, "747222792f746869733c6f6e653e"), ElementsAre("0@0+28:hex"));
}

// The characters at the ends hold bits of the neighbours too, so only those between are the same.
TEST(FormSearch, FindsBase64AtEachAlignment) {
  const Planted planted = PlantedOf({kValue});
  EXPECT_THAT(Found(planted, "dHIieS90aGlzPG9uZT4="), ElementsAre("0@0+19:base64"));
  EXPECT_THAT(Found(planted, "AHRyInkvdGhpczxvbmU+"), ElementsAre("0@1+19:base64"));
  EXPECT_THAT(Found(planted, "AHRyInkvdGhpczxvbmU-"), ElementsAre("0@1+19:base64url"));
  EXPECT_THAT(Found(planted, "AAB0ciJ5L3RoaXM8b25lPg=="), ElementsAre("0@2+20:base64"));
}

TEST(FormSearch, LeavesOutWhatALongerFormExplains) {
  Planted planted = PlantedOf({"user-password", "https://user-password@host"});
  EXPECT_THAT(Found(planted, "https://user-password@host user-password"),
              ElementsAre("1@0+26", "0@27+13"));
  planted = PlantedOf({"in-the-member"});
  PlantedForm& container = planted.forms.emplace_back();
  container.bytes = "head in-the-member|in-the-member tail";
  container.nested = {"a.txt"};
  container.inside = Span{.offset = 7, .length = 13};
  EXPECT_THAT(Found(planted, "in-the-member head in-the-member|in-the-member tail"),
              ElementsAre("0@0+13", "0@7+13!a.txt"));
  // The first of both stands in the container's header.
  container.beside = {{0, 5}};
  EXPECT_THAT(Found(planted, "head in-the-member|in-the-member tail"),
              ElementsAre("0@7+13!a.txt", "0@5+13"));
}

TEST(FormSearch, TellsTwoPlacesInOneContainerApart) {
  Planted planted = PlantedOf({"in-two-members"});
  for (const char* member : {"a", "b"}) {
    PlantedForm& container = planted.forms.emplace_back();
    container.bytes = "compressed bytes";
    container.nested = {member};
    container.inside = Span{.offset = 0, .length = 14};
  }
  EXPECT_THAT(Found(planted, "..compressed bytes"), ElementsAre("0@0+14!a", "0@0+14!b"));
}

// Bytes that two encodings share are one place.
TEST(FormSearch, KeepsOtherNamesOfTheSameBytes) {
  Planted planted = PlantedOf({"secret"});
  for (const char* encoding : {"base64", "base64url"}) {
    PlantedForm& form = planted.forms.emplace_back();
    form.bytes = "c2VjcmV0";
    form.encoding = {encoding};
  }
  const auto found = FormSearch(planted).Find("=c2VjcmV0");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].encoding, ElementsAre("base64"));
  EXPECT_THAT(found[0].other_encodings, ElementsAre(ElementsAre("base64url")));
}

TEST(FormSearch, FindsNothingOfAnEmptyValue) {
  EXPECT_THAT(Found(PlantedOf({""}), "text"), IsEmpty());
}

}  // namespace
}  // namespace watertight::generator
