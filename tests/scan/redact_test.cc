#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "framework/scan/document_leaks.h"
#include "tests/scan/tables.h"
#include "watertight/leaks.h"

namespace watertight {
namespace {

Finding At(const std::string& field, std::uint64_t offset, std::uint64_t length) {
  Finding finding;
  finding.field = field;
  finding.offset = offset;
  finding.length = length;
  return finding;
}

// What must stand in the place of a word; Redacted's own test fixes its form.
TEST(Redact, ReplacesValuesAndNothingElse) {
  const std::string text = "ENV A=1 TOKEN=hunter2hunter2 B=2";
  EXPECT_EQ(Redact(text, "x", {At("x", 14, 14)}),
            "ENV A=1 TOKEN=" + Redacted("hunter2hunter2") + " B=2");
}

TEST(Redact, LeavesOtherFieldsAlone) {
  EXPECT_EQ(Redact("hunter2", "history[1].comment", {At("history[11].comment", 0, 7)}), "hunter2");
  EXPECT_EQ(Redact("", "x", {At("x", 0, 7)}), "");
  EXPECT_EQ(Redact("ab", "x", {At("x", 5, 7)}), "ab");
}

TEST(Redact, MergesWhatOverlaps) {
  EXPECT_EQ(Redact("-one-two-three-", "x", {At("x", 5, 9), At("x", 1, 7)}),
            "-" + Redacted("one-two-three") + "-");
}

TEST(Redact, EndsWithTheText) {
  EXPECT_EQ(Redact("abcd", "x", {At("x", 2, 9)}), "ab" + Redacted("cd"));
}

TEST(Redact, ShowsWhatTheEnvironmentAsksFor) {
  setenv("WATERTIGHT_REVEAL", "1", 1);
  EXPECT_EQ(Redact("TOKEN=hunter2", "x", {At("x", 6, 7)}), "TOKEN=hunter2");
  setenv("WATERTIGHT_REVEAL", "0", 1);
  EXPECT_EQ(Redact("TOKEN=hunter2", "x", {At("x", 6, 7)}).find("hunter2"), std::string::npos);
  unsetenv("WATERTIGHT_REVEAL");
}

TEST(Redact, LeavesNoValueOfCommonTools) {
  for (const std::string& line : testing::TableLines("tool_leaks.txt")) {
    const testing::Marked marked = testing::ReadMarks(line);
    const std::string redacted = Redact(marked.text, "history[0].created_by",
                                        FindDocumentLeaks(testing::HistoryJson({marked.text}), {}));
    for (const auto& [offset, length] : marked.places) {
      const std::string value = marked.text.substr(offset, length);
      if (value.size() < 8) continue;  // "pass" is a word of other places too
      EXPECT_EQ(redacted.find(value), std::string::npos) << line;
      EXPECT_EQ(redacted.find(value.substr(value.size() / 2)), std::string::npos) << line;
    }
  }
}

// Every marked value of the table is gone from every text, and what surrounds it is not.
TEST(Redact, LeavesNoValueOfTheTable) {
  for (const std::string& line : testing::TableLines("recorded_leaks.txt")) {
    const testing::Marked marked = testing::ReadMarks(line.substr(0, line.rfind('\t')));
    const auto found = FindDocumentLeaks(testing::HistoryJson({marked.text}), {});
    std::string expected = marked.text;
    for (auto place = marked.places.rbegin(); place != marked.places.rend(); ++place) {
      expected.replace(place->first, place->second,
                       Redacted(marked.text.substr(place->first, place->second)));
    }
    // A line that the steps around it explain is leak_table_test's.
    if (line.starts_with("  ") || found.size() != marked.places.size()) continue;
    if (!found.empty() && found[0].length != marked.places[0].second) continue;
    EXPECT_EQ(Redact(marked.text, "history[0].created_by", found), expected);
  }
}

TEST(Redacted, TellsLittleOfShortValues) {
  EXPECT_EQ(Redacted("abc").substr(0, 4), "\xe2\x80\xa6 ");
  EXPECT_EQ(Redacted("hunter2").substr(0, 2), "h\xe2");
  EXPECT_EQ(Redacted("").find("0 bytes"), 5u);
}

TEST(Finding, PrintsOneRedactedLine) {
  Finding finding = At("history[7].created_by", 12, 17);
  finding.rule = "generic-secret";
  finding.name = "SECRET";
  finding.value = "supersecretstring";
  EXPECT_EQ(
      ::testing::PrintToString(finding),
      "generic-secret in history[7].created_by at byte 12, SECRET: supe… (17 bytes, 829d2bf2)");
}

}  // namespace
}  // namespace watertight
