#include "watertight/glob.h"

#include <gtest/gtest.h>

#include <string>

#include "watertight/error.h"

namespace watertight {
namespace {

struct GlobCase {
  const char* pattern;
  const char* path;
  bool matches;
};

constexpr GlobCase kCases[] = {
    // Without a slash: the base name, anywhere.
    {".npmrc", ".npmrc", true},
    {".npmrc", "root/.npmrc", true},
    {".npmrc", "root/x.npmrc", false},
    {".npmrc", "root/.npmrc/x", false},
    {"*.pem", "etc/ssl/key.pem", true},
    {"*.pem", "etc/ssl.pem/key", false},
    {"*", "a/b/c", true},
    {"*", ".hidden", true},
    {"?", "a", true},
    {"?", "x/ab", false},
    // With one: the whole path.
    {"/.npmrc", ".npmrc", true},
    {"/.npmrc", "root/.npmrc", false},
    {"etc/*.conf", "etc/a.conf", true},
    {"etc/*.conf", "etc/b/a.conf", false},
    {"etc/*.conf", "usr/etc/a.conf", false},
    {"./etc/passwd", "etc/passwd", true},
    {"etc//passwd", "etc/passwd", true},
    {"a?c", "a/c", false},
    {"a[!b]c", "a/c", false},
    // Two stars cross components.
    {"**", "a", true},
    {"**", "a/b/c", true},
    {"**/a", "a", true},
    {"**/a", "x/y/a", true},
    {"**/a", "x/ya", false},
    {"a/**", "a/b", true},
    {"a/**", "a/b/c", true},
    {"a/**", "a", false},
    {"a/**", "ab/c", false},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "a/xb", false},
    {"a/**/b", "ab", false},
    {"**/a/**/b", "x/a/y/b", true},
    {"**/**/a", "a", true},
    {"a/**b", "a/x/yb", true},
    {"/a**z", "a/x/z", true},
    {"**/.*/**", "root/.ssh/id", true},
    // A slash at the end counts for nothing.
    {"a/b/", "a/b", true},
    {"node_modules/", "x/node_modules", true},
    // Sets.
    {"[abc]", "b", true},
    {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false},
    {"[!a-c]x", "dx", true},
    {"[^a-c]x", "bx", false},
    {"[]a]", "]", true},
    {"[!]a]", "]", false},
    {"[!]a]", "b", true},
    {"[a-]", "-", true},
    {"[\\]x]", "]", true},
    {"[[:digit:]]", "7", true},
    {"[[:digit:]_]", "_", true},
    {"[![:digit:]]", "7", false},
    {"[{}]", "{", true},
    // Quotes.
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"a\\{b", "a{b", true},
    {"a\\", "a\\", true},
    {"}", "}", true},
    // Alternatives.
    {"{a,b}", "x/b", true},
    {"{a,b}c{d,e}", "bce", true},
    {"{a,{b,c}d}", "cd", true},
    {"{a,{b,c}d}", "ad", false},
    {"a{,.bak}", "a", true},
    {"a{,.bak}", "a.bak", true},
    {"{a}", "a", true},
    {"{a,b/c}", "x/a", true},
    {"{a,b/c}", "b/c", true},
    {"{a,b/c}", "x/b/c", false},
    {"id_{rsa,ed25519}", "home/u/.ssh/id_rsa", true},
    {"id_{rsa,ed25519}", "home/u/.ssh/id_rsa.pub", false},
    {"*.tfstate{,.backup}", "srv/x.tfstate.backup", true},
    // Names are bytes.
    {"caf?", "caf\xe9", true},
    {"caf[\xe0-\xef]", "caf\xe9", true},
    {"*\n*", "new\nline", true},
};

TEST(Glob, MatchesAsDocumented) {
  for (const GlobCase& row : kCases) {
    EXPECT_EQ(Glob(row.pattern).Matches(row.path), row.matches)
        << row.pattern << " on " << row.path;
  }
}

TEST(Glob, RefusesWhatIsNoPattern) {
  for (const char* pattern :
       {"", "[a", "a[", "[]", "[!]", "{a", "a{b,{c}", "[b-a]", "[[:nope:]]"}) {
    EXPECT_THROW(Glob{pattern}, Error) << pattern;
  }
}

TEST(Glob, NamesThePlaceOfAMistake) {
  try {
    Glob("etc/[ab");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "pattern 'etc/[ab': a [ is not closed at byte 4");
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
  }
}

TEST(Glob, LimitsAlternatives) {
  std::string many;
  for (int i = 0; i < 14; ++i) many += "{a,b}";
  EXPECT_THROW(Glob{many}, Error);
}

// Trying each way to share the bytes among the stars would take years.
TEST(Glob, TakesStarsInLinearSteps) {
  std::string pattern;
  for (int i = 0; i < 30; ++i) pattern += "a*";
  const std::string path(100'000, 'a');
  EXPECT_FALSE(Glob(pattern + "b*c?").Matches(path));
  EXPECT_FALSE(Glob("**/" + pattern + "**/b").Matches(path));
  EXPECT_TRUE(Glob(pattern).Matches(path));
}

}  // namespace
}  // namespace watertight
