#include "generator/credentials/checksums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "generator/archives/crc32.h"
#include "generator/credentials/encodings.h"

namespace watertight::generator::credentials {
namespace {

std::string Of(const char* check, const std::string& before) {
  return FindCheck(check)->compute(before);
}

TEST(Checksums, CrcsHaveTheirCheckValues) {
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926);
  EXPECT_EQ(Crc24("123456789"), 0x21cf02);
}

TEST(Checksums, Crc32InBase62IsPaddedToSix) {
  EXPECT_EQ(Crc32InBase62("123456789"), "3jZRME");
  EXPECT_EQ(Crc32InBase62(std::string(30, 'A')), "0uCPlr");
  EXPECT_EQ(Crc32InBase62(std::string(70, 'A')), "2pl4EB");
}

TEST(Checksums, GithubClassicCoversTheBodyAlone) {
  EXPECT_EQ(Of("github-classic",
               "gh"
               "p_" +
                   std::string(30, 'A')),
            "0uCPlr");
  EXPECT_EQ(Of("github-classic",
               "gh"
               "r_" +
                   std::string(70, 'A')),
            "2pl4EB");
}

TEST(Checksums, GithubFineGrainedCoversThePrefixToo) {
  const std::string before =
      "github"
      "_pat_11" +
      std::string(20, 'A') + "_" + std::string(43, 'B');
  EXPECT_EQ(Of("github-fine-grained", before), "KAJCXJFB");
}

TEST(Checksums, GitlabRoutableHasALengthAndACrc) {
  const std::string before =
      "gl"
      "pat-" +
      std::string(27, 'a') + ".01.";
  EXPECT_EQ(Of("gitlab-length", before), "0r");
  EXPECT_EQ(Of("gitlab-routable", before + "0r"), "0fsz74c");
}

TEST(Checksums, GrafanaWritesTheLeastSignificantByteFirst) {
  EXPECT_EQ(Of("grafana-glsa",
               "gl"
               "sa_" +
                   std::string(32, 'A') + "_"),
            "d8dc8af3");
}

TEST(Checksums, AtlassianCoversAllBefore) {
  EXPECT_EQ(Of("atlassian-crc",
               "AT"
               "BB" +
                   std::string(24, 'A')),
            "161F510F");
}

// Published with the algorithm, besides the first.
TEST(Checksums, Marvin32HasItsPublishedValues) {
  EXPECT_EQ(Marvin32("abc", 0xd53cd9cecd0893b7), 0x6be02a86U);
}

TEST(Checksums, Bech32OfAnAgeKey) {
  const std::string key = Bech32("age-secret-key-", std::string(32, '\0'));
  EXPECT_EQ(key.size(), 74U);
  EXPECT_EQ(key.substr(0, 16), "age-secret-key-1");
  EXPECT_EQ(key.substr(68), "8h00w3");
}

// BIP 173's first valid string: no data at all.
TEST(Checksums, Bech32OfNothing) { EXPECT_EQ(Bech32("a", ""), "a12uel5l"); }

TEST(Checksums, UnknownChecksAreNull) { EXPECT_EQ(FindCheck("crc-of-nobody"), nullptr); }

// RFC 4648, section 10.
TEST(Encodings, HaveTheirPublishedValues) {
  EXPECT_EQ(Base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(Base32("foob"), "MZXW6YQ");
  EXPECT_EQ(Base64Url("fo"), "Zm8");
  EXPECT_EQ(Base64Url("\xfb\xff"), "-_8");
  EXPECT_EQ(Base64Decoded("Zm9vYg=="), "foob");
  EXPECT_EQ(Base64Decoded("-_8"), "\xfb\xff");
  EXPECT_EQ(Hex("\x01\xff"), "01ff");
  EXPECT_EQ(InDigits(0, kBase36Digits, 3), "000");
  EXPECT_EQ(InDigits(35 * 36 + 1, kBase36Digits, 3), "0z1");
  EXPECT_EQ(Wrapped("abcde", 2), "ab\ncd\ne\n");
}

}  // namespace
}  // namespace watertight::generator::credentials
