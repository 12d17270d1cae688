// Files of container-structure-test follow rules of Go. The expectations are what Go 1.26 printed
// for os.Expand, and for regexp.Compile and MatchString.

#include <gtest/gtest.h>

#include <string>

#include "cli/structure_tests/expand.h"
#include "cli/structure_tests/patterns.h"

namespace watertight::cli {
namespace {

TEST(GoRules, ExpandReplacesNamesAsOsExpandDoes) {
  struct Row {
    const char* text;
    const char* expanded;
  };
  const Row rows[] = {{"", ""},
                      {"a", "a"},
                      {"$A", "<A>"},
                      {"${A}b", "<A>b"},
                      {"$Ab", "<Ab>"},
                      {"$A-", "<A>-"},
                      {"$", "$"},
                      {"a$", "a$"},
                      {"$$", "<$>"},
                      {"$$A", "<$>A"},
                      {"${}", ""},
                      {"${}A", "A"},
                      {"${", ""},
                      {"${A", "A"},
                      {"${$}x", "<$>x"},
                      {"$*x", "<*>x"},
                      {"$1x", "<1>x"},
                      {"$12", "<1>2"},
                      {"${12}", "<12>"},
                      {"a$-b", "a<->b"},
                      {"$ A", "$ A"},
                      {"$\u00e9", "$\u00e9"},
                      {"${A B}", "<A B>"},
                      {"$A$B", "<A><B>"},
                      {"\\$A", "\\<A>"},
                      {"$_x", "<_x>"},
                      {"${A}}", "<A>}"}};
  for (const Row& row : rows) {
    EXPECT_EQ(Expand(row.text, [](const std::string& name) { return "<" + name + ">"; }),
              row.expanded)
        << row.text;
  }
}

TEST(GoRules, PatternsMatchAsPackageRegexpDoes) {
  struct Row {
    const char* pattern;
    const char* text;
    PatternVerdict verdict;
  };
  const Row rows[] = {
      {"", "", PatternVerdict::kMatches},
      {"^b", "a\nb", PatternVerdict::kDiffers},
      {"a$", "a\n", PatternVerdict::kDiffers},
      {"a.b", "a\nb", PatternVerdict::kDiffers},
      {"(?s)a.b", "a\nb", PatternVerdict::kMatches},
      {"(?m)^b$", "a\nb\nc", PatternVerdict::kMatches},
      {"(?<n>a)", "a", PatternVerdict::kMatches},
      {"(?P<n>a)", "a", PatternVerdict::kMatches},
      {"(?<n>a)(?<n>a)", "aa", PatternVerdict::kMatches},
      {"[(?<n>]", "?", PatternVerdict::kMatches},
      {"\\(?<n>", "<n>", PatternVerdict::kMatches},
      {"\\Q(?<n>\\E", "(?<n>", PatternVerdict::kMatches},
      {"\\Q\\C\\E", "\\C", PatternVerdict::kMatches},
      {"\\C", "a", PatternVerdict::kNoPattern},
      {"[\\C]", "a", PatternVerdict::kNoPattern},
      {"[]a]", "]", PatternVerdict::kMatches},
      {"[^]a]", "]", PatternVerdict::kDiffers},
      {"[[:alpha:]]", "1", PatternVerdict::kDiffers},
      {"[[:alpha:](?<]", "(", PatternVerdict::kMatches},
      {"[[:foo:]]", "a", PatternVerdict::kNoPattern},
      {"[[:]", ":", PatternVerdict::kMatches},
      {"[a:](?<n>b)", ":b", PatternVerdict::kMatches},
      {"[[a](?<n>b)", "[b", PatternVerdict::kMatches},
      {"a**", "a", PatternVerdict::kNoPattern},
      {"a*+", "a", PatternVerdict::kNoPattern},
      {"(?=a)", "a", PatternVerdict::kNoPattern},
      {"(a)\\1", "aa", PatternVerdict::kNoPattern},
      {"x{1000}", "x", PatternVerdict::kDiffers},
      {"x{1001}", "x", PatternVerdict::kNoPattern},
      {"\\Za", "a", PatternVerdict::kNoPattern},
      {"a\\z", "a", PatternVerdict::kMatches},
      {"\\pL", "\u00e9", PatternVerdict::kMatches},
      {"\\p{Greek}", "\u03b1", PatternVerdict::kMatches},
      {"\\p{Nope}", "a", PatternVerdict::kNoPattern},
      {"(?i)K", "\u212a", PatternVerdict::kMatches},
      {"\\w", "\u00e9", PatternVerdict::kDiffers},
      {"\\d", "\u0663", PatternVerdict::kDiffers},
      {"\\s", "\v", PatternVerdict::kDiffers},
      {"\\b\u00e9", "\u00e9", PatternVerdict::kDiffers},
      {".", "\xff", PatternVerdict::kMatches},
      {"^...$", "a\xff\xfe", PatternVerdict::kMatches},
      {"\ufffd", "\xff", PatternVerdict::kMatches},
      {"\\xff", "\xff", PatternVerdict::kDiffers},
      {"\\x{ff}", "\u00ff", PatternVerdict::kMatches},
      {"(?U)a+", "aa", PatternVerdict::kMatches},
      {"(?x)a b", "ab", PatternVerdict::kNoPattern},
      {"a{,2}", "a{,2}", PatternVerdict::kMatches},
      {"{", "{", PatternVerdict::kMatches},
      {"a{2}{3}", "a", PatternVerdict::kNoPattern},
      {"(", "(", PatternVerdict::kNoPattern},
      {"[", "[", PatternVerdict::kNoPattern},
      {"]", "]", PatternVerdict::kMatches},
      {")", ")", PatternVerdict::kNoPattern},
      {"|a", "", PatternVerdict::kMatches},
      {"a||b", "c", PatternVerdict::kMatches},
      {"(?:a", "a", PatternVerdict::kNoPattern},
      {"\\", "\\", PatternVerdict::kNoPattern},
      {"\\y", "y", PatternVerdict::kNoPattern},
      {"\\-", "-", PatternVerdict::kMatches},
      {"[b-a]", "a", PatternVerdict::kNoPattern},
      {"\\Qa", "a", PatternVerdict::kMatches},
      {"(?i:A)b", "aB", PatternVerdict::kDiffers},
      {"\\07", "\a", PatternVerdict::kMatches},
      {"\\8", "8", PatternVerdict::kNoPattern},
      {"((a{100}){100}){100}", "a", PatternVerdict::kNoPattern},
      {"(?P<n", "a", PatternVerdict::kNoPattern},
      {"(?<n", "a", PatternVerdict::kNoPattern},
      {"(?<>a)", "a", PatternVerdict::kNoPattern},
      {"(?<!a)b", "b", PatternVerdict::kNoPattern},
      {"(?<=a)b", "ab", PatternVerdict::kNoPattern},
      {"(?'n'a)", "a", PatternVerdict::kNoPattern},
      {"[^\\n]", "\n", PatternVerdict::kDiffers},
      {"[a\\]b]", "]", PatternVerdict::kMatches},
      {"\\Q]\\E[", "[", PatternVerdict::kNoPattern},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Try(row.pattern, GoText(row.text)), row.verdict)
        << row.pattern << " and " << row.text;
  }
}

}  // namespace
}  // namespace watertight::cli
