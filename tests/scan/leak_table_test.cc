// What must be found and what must not, by tables written by hand.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "framework/scan/document_leaks.h"
#include "framework/scan/text_rules.h"
#include "tests/scan/tables.h"

namespace watertight {
namespace {

using testing::Describe;
using testing::HistoryJson;
using testing::JsonString;
using testing::JsonStrings;
using testing::Marked;
using testing::ReadMarks;
using testing::TableLines;

struct Expected {
  std::string field;
  std::string rule;
  std::string name;
  std::string value;
  std::uint64_t offset;

  friend bool operator==(const Expected&, const Expected&) = default;
};

void PrintTo(const Expected& expected, std::ostream* out) {
  *out << "\n    " << expected.field << ": " << expected.rule << " " << expected.name << " «"
       << expected.value << "» at " << expected.offset;
}

std::vector<Expected> AsExpected(const std::vector<Finding>& findings) {
  std::vector<Expected> expected;
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.length, finding.value.size());
    expected.push_back({finding.field, finding.rule, finding.name, finding.value, finding.offset});
  }
  return expected;
}

// Adds the step of a line of recorded_leaks.txt, and what must be found in it.
void ReadLine(const std::string& line, std::vector<std::string>* steps,
              std::vector<Expected>* expected) {
  const std::size_t tab = line.rfind('\t');
  const Marked marked = ReadMarks(
      line.substr(line.starts_with("  ") ? 2 : 0,
                  tab == std::string::npos ? tab : tab - (line.starts_with("  ") ? 2 : 0)));
  std::istringstream rules(tab == std::string::npos ? "" : line.substr(tab + 1));
  for (const auto& [offset, length] : marked.places) {
    std::string rule;
    std::getline(rules, rule, ';');
    if (rule.starts_with(' ')) rule.erase(0, 1);
    const std::size_t space = rule.find(' ');
    expected->push_back({"history[" + std::to_string(steps->size()) + "].created_by",
                         rule.substr(0, space),
                         space == std::string::npos ? "" : rule.substr(space + 1),
                         marked.text.substr(offset, length), offset});
  }
  steps->push_back(marked.text);
}

TEST(RecordedLeaks, AreFoundExactly) {
  std::vector<std::string> steps;
  std::vector<Expected> expected;
  int values = 0;
  int missed = 0;
  for (const std::string& line : TableLines("recorded_leaks.txt")) {
    ReadLine(line, &steps, &expected);
    if (line.starts_with("  ")) continue;
    const auto found = AsExpected(FindDocumentLeaks(HistoryJson(steps), {}));
    EXPECT_EQ(found, expected) << "  in " << line;
    values += static_cast<int>(expected.size());
    missed += found == expected ? 0 : 1;
    steps.clear();
    expected.clear();
  }
  RecordProperty("values", values);
  RecordProperty("lines_missed", missed);
  EXPECT_GT(values, 100);
}

// Each row of the table of places finds what its example marks.
TEST(TextRules, FindTheirExamples) {
  for (const TextRule& rule : TextRules()) {
    const std::string example = rule.example;
    if (example.find("…") != std::string::npos) continue;  // no key stands in the tree
    const Marked marked = ReadMarks(example);
    const auto found = FindDocumentLeaks(HistoryJson({"RUN /bin/sh -c " + marked.text}), {});
    ASSERT_EQ(found.size(), 1u) << example << "\n" << Describe(found);
    EXPECT_EQ(found[0].offset, marked.places[0].first + 15) << example;
    EXPECT_EQ(found[0].length, marked.places[0].second) << example;
  }
}

// Where the table tells no rules, the values alone are compared.
TEST(RecordedLeaks, OfCommonToolsAreFoundExactly) {
  std::size_t values = 0;
  for (const std::string& line : TableLines("tool_leaks.txt")) {
    const Marked marked = ReadMarks(line);
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (const Finding& finding : FindDocumentLeaks(HistoryJson({marked.text}), {})) {
      found.emplace_back(finding.offset, finding.length);
    }
    EXPECT_EQ(found, marked.places) << "  in " << line;
    values += marked.places.size();
  }
  EXPECT_GT(values, 250u);
}

TEST(PublicSteps, OfCommonToolsAreClean) {
  const std::vector<std::string> steps = TableLines("tool_steps.txt");
  for (const std::string& step : steps) {
    const auto alone = FindDocumentLeaks(HistoryJson({step}), {});
    EXPECT_TRUE(alone.empty()) << step << "\n" << Describe(alone);
  }
  const auto together = FindDocumentLeaks(HistoryJson(steps), {});
  EXPECT_TRUE(together.empty()) << Describe(together);
  EXPECT_GT(steps.size(), 150u);
}

TEST(PublicSteps, AreClean) {
  std::vector<std::string> steps;
  std::vector<std::string> env;
  std::vector<std::string> cmd;
  std::string labels;
  for (const std::string& line : TableLines("public_steps.txt")) {
    if (line.starts_with("env ")) {
      env.push_back(line.substr(4));
    } else if (line.starts_with("cmd ")) {
      cmd.push_back(line.substr(4));
    } else if (line.starts_with("label ")) {
      const std::size_t equals = line.find('=');
      labels += (labels.empty() ? "" : ",") + JsonString(line.substr(6, equals - 6)) + ":" +
                JsonString(line.substr(equals + 1));
    } else {
      steps.push_back(line);
      // Alone, so that no other line tells anything about it.
      const auto alone = FindDocumentLeaks(HistoryJson({line}), {});
      EXPECT_TRUE(alone.empty()) << line << "\n" << Describe(alone);
    }
  }
  std::string json = HistoryJson(steps);
  json.insert(1, "\"config\":{\"Env\":" + JsonStrings(env) + ",\"Cmd\":" + JsonStrings(cmd) +
                     ",\"Labels\":{" + labels + "}},");
  const auto found = FindDocumentLeaks(json, {});
  EXPECT_TRUE(found.empty()) << Describe(found);
  EXPECT_GT(steps.size(), 100u);
}

}  // namespace
}  // namespace watertight
