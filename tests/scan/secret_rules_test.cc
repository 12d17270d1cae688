// The rules of secrets: checksums by published vectors, forms built from parts.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/rule_set.h"
#include "tests/scan/rules_in.h"
#include "tests/support/command.h"
#include "watertight/secrets.h"

namespace watertight {
namespace {

constexpr std::string_view kDigits62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

using testing::RulesIn;
using Rules = std::vector<std::string>;

// A body of that size with few repetitions.
std::string Body(std::size_t size) {
  std::string body;
  for (std::size_t i = 0; i < size; ++i) body += kDigits62[(i * 37 + 11) % kDigits62.size()];
  return body;
}

std::string GithubToken() {
  const std::string body = Body(30);
  return "ghp_" + body + InDigits(Crc32(body), kDigits62, 6);
}

TEST(Checksums, MatchPublishedVectors) {
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(InDigits(Crc32("123456789"), kDigits62, 6), "3jZRME");
  EXPECT_EQ(InDigits(Crc32(std::string(30, 'A')), kDigits62, 6), "0uCPlr");
  EXPECT_EQ(InDigits(Crc32(std::string(70, 'A')), kDigits62, 6), "2pl4EB");
  EXPECT_EQ(Crc24("123456789"), 0x21CF02U);
  EXPECT_EQ(Marvin32("abc", 0xd53cd9cecd0893b7), 0x6be02a86U);
}

TEST(Checksums, Bech32OfAgeKeys) {
  const std::string key = "age-secret-key-1" + std::string(52, 'q') + "8h00w3";
  EXPECT_TRUE(IsBech32(key));
  EXPECT_FALSE(IsBech32(key.substr(0, key.size() - 1) + "4"));
}

TEST(Checksums, Base64OfEitherAlphabet) {
  std::string bytes;
  EXPECT_TRUE(DecodeBase64("Pz8_", &bytes));
  EXPECT_EQ(bytes, "???");
  EXPECT_TRUE(DecodeBase64("Pz8/Pg==", &bytes));
  EXPECT_EQ(bytes, "\?\?\?>");
  EXPECT_FALSE(DecodeBase64("Pz8!", &bytes));
  EXPECT_EQ(EncodeBase32("foobar"), "MZXW6YTBOI");
}

TEST(SecretRules, FindATokenWhateverStandsAroundIt) {
  const std::string token = GithubToken();
  for (const std::string& text :
       {token, "x=" + token + "\n", "\"" + token + "\"", "https://u:" + token + "@h/",
        "\\n" + token + "\\n", std::string("\0\x01", 2) + token + std::string("\0", 1)}) {
    EXPECT_EQ(RulesIn(text), Rules{"github-pat"}) << text;
  }
}

TEST(SecretRules, FindATokenAcrossPieces) {
  const std::string text = std::string(5000, ' ') + GithubToken() + std::string(5000, ' ');
  for (const std::size_t piece : {1, 7, 100, 4096}) {
    EXPECT_EQ(RulesIn(text, piece), Rules{"github-pat"}) << piece;
  }
}

// Two hexadecimal digits are an escape behind their sign alone.
TEST(SecretRules, FindATokenBehindEscapesWhateverItsLastDigits) {
  for (const std::string digits : {"A41", "x4f", "/3B"}) {
    const std::string token = "sk_" + std::string("live_") + Body(22) + digits.substr(1);
    for (const std::string& text :
         {"a%26key%3D" + token + "\n", "q%3Da%26key%3D" + token,
          "a=3Db&key=3D" + token.substr(0, 20) + "=\n" + token.substr(20) + "=\nb"}) {
      EXPECT_EQ(RulesIn(text), Rules{"stripe-live"}) << text;
    }
  }
}

TEST(SecretRules, HoldATokenToItsChecksum) {
  std::string token = GithubToken();
  token.back() = token.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(RulesIn(token), Rules{});
  EXPECT_EQ(RulesIn("token = \"" + token + "\""), Rules{}) << "nor by its name";
}

TEST(SecretRules, FindATokenInEncodings) {
  const std::string token = GithubToken();
  std::string wide;
  std::string hex;
  std::string percent;
  for (const char c : "key: " + token) {
    constexpr std::string_view kHex = "0123456789abcdef";
    wide += c;
    wide += '\0';
    hex += kHex[static_cast<unsigned char>(c) >> 4];
    hex += kHex[static_cast<unsigned char>(c) & 15];
    percent += '%';
    percent += hex.substr(hex.size() - 2);
  }
  EXPECT_EQ(RulesIn(wide), Rules{"github-pat"});
  EXPECT_EQ(RulesIn(hex), Rules{"github-pat"});
  EXPECT_EQ(RulesIn(percent), Rules{"github-pat"});
}

TEST(SecretRules, NameAValueThatLooksMadeByChance) {
  EXPECT_EQ(RulesIn("db_password = " + Body(24) + "\n"), Rules{"generic-password"});
  EXPECT_EQ(RulesIn("\"apiKey\": \"" + Body(32) + "\""), Rules{"generic-api-key"});
  EXPECT_EQ(RulesIn("- name: DB_PASSWORD\n  value: " + Body(24) + "\n"), Rules{"generic-password"});
}

TEST(SecretRules, LeaveProgramTextAndPlaceholders) {
  for (const char* text :
       {"password = vault.get_pass(form[\"user\"])", "password == form[\"password\"]",
        "token:n.token||r.key", "PASSWORD=changeme", "api_key: <YOUR_API_KEY_2024_HERE>",
        "password: ${DB_PASSWORD_V2_FILE}", "SECRET_KEY=/run/secrets/key2_1a",
        "-----BEGIN RSA "
        "PRIVATE KEY-----\n-----END RSA "
        "PRIVATE KEY-----",
        "postgres://app:${DB_PASS}@db/x", "https://user@host/", "tokenizer: BertTokenizer2x3y4z"}) {
    EXPECT_EQ(RulesIn(text), Rules{}) << text;
  }
}

TEST(SecretRules, FindThePasswordOfAUrl) {
  EXPECT_EQ(RulesIn("postgres://app:" + Body(16) + "@db.internal/x"), Rules{"database-url"});
  EXPECT_EQ(RulesIn("https://ci:" + Body(16) + "@apk.internal/x"), Rules{"generic-url-password"});
}

// The format of SQLite, 2.1: a record's header has the types, 13 and twice the length for text.
TEST(SecretRules, FindThePasswordOfARowThatBeginsLikeAStringOfPython) {
  const std::string row = std::string("\x28\x02\x03'=", 5) + "smtp_password";
  const std::string next("\x0b\x01\x03\x19\x11regioneu");
  EXPECT_EQ(RulesIn(row + "z32iyOnQtwdFaiu9" + "aD5BnEzC" + next), Rules{"generic-password"});
  EXPECT_EQ(RulesIn(row + "q32iyOnQtwdFaiu9" + "aD5BnEzC" + next), Rules{"generic-password"});
  // marshal: z, the length, and so many bytes; "3" is 51.
  EXPECT_EQ(
      RulesIn("\xda\x08passwordz32iyOnQtwdFaiu9aD5BnEzC, that of the one at the door." + next),
      Rules{});
}

// Strings of a compiled Python program stand one after the other.
TEST(SecretRules, LeaveAnAddressInBracketsWithoutAPassword) {
  EXPECT_EQ(RulesIn("\xda*ldap://[2001:db8::7]/c=GB?objectClass?one\xfa\x1bmailto:John.Doe@"
                    "example.com\xda"),
            Rules());
  EXPECT_EQ(RulesIn("ldap://reader:q8Wdg3" + std::string("Kd92jfH@[2001:db8::7]/c=GB\n")),
            Rules({"database-url"}));
}

// The text in lines of a PEM file.
std::string Pem(const std::string& kind, const std::string& base64) {
  const std::string marks = " PRIVATE KEY-----\n";
  return "-----BEGIN" + kind + marks + base64 + "\n-----END" + kind + marks;
}

// RFC 8032, 7.1, test 1, in the form of RFC 8410.
TEST(SecretRules, LeaveAKeyThatEverybodyHas) {
  const std::string head = "MC4CAQAwBQYDK2VwBCIEI";
  EXPECT_EQ(RulesIn(Pem("", head + "J1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g")), Rules{});
  EXPECT_EQ(RulesIn(Pem("", head + "J1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9h")),
            Rules{"pem-pkcs8"})
      << "another key";
}

// RSAPrivateKeys of RFC 8017 with numbers of no use: a modulus of 64 bytes, and one of 96.
TEST(SecretRules, WarnOfAKeyThatIsTooShortToBeUsed) {
  const std::string of_512_bits =
      "MIFaAgEAAkBBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0"
      "dXZ3eHl6e3x9fn+AAgEDAgEDAgEDAgEDAgEDAgEDAgED";
  const std::string of_768_bits =
      "MIF6AgEAAmBBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0"
      "dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ACAQMCAQMCAQMCAQMCAQMC"
      "AQMCAQM=";
  EXPECT_EQ(RulesIn(Pem(" RSA", of_512_bits)), Rules{"pem-rsa (warning)"});
  EXPECT_EQ(RulesIn(Pem(" RSA", of_768_bits)), Rules{"pem-rsa"});
}

// With the mark of each line before it.
std::string Marked(const std::string& text, const std::string& mark) {
  std::string marked = mark;
  for (const char c : text) {
    marked += c;
    if (c == '\n') marked += mark;
  }
  return marked + "\n";
}

TEST(SecretRules, FindAKeyInMailsCommentsAndDifferences) {
  const std::string line = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLs\n";
  const std::string key = Pem("", line + "LMREScVpezJpGXA7rAMcrn9h");
  for (const char* mark : {"> ", "> > ", "# ", " * ", "// ", "+", " + ", "    "}) {
    EXPECT_EQ(RulesIn(Marked(key, mark)), Rules{"pem-pkcs8"}) << mark;
    EXPECT_EQ(RulesIn("first line\n" + Marked(key, mark) + "last"), Rules{"pem-pkcs8"}) << mark;
  }
}

// Base64 that begins with + or / is no mark's line.
TEST(SecretRules, TakeNoDigitOfAKeyForAMark) {
  const std::string key =
      Pem("", "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v\n/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9h");
  EXPECT_EQ(RulesIn(key), Rules{"pem-pkcs8"});
  EXPECT_EQ(RulesIn(Marked(key, "/")), Rules{"pem-pkcs8"});
}

// RFC 7292: version 3, the object identifiers of data and of a shrouded key, zeros. By Python's
// base64.
TEST(SecretRules, FindAKeyStoreInBase64) {
  const auto store = [](const std::string& begin) {
    return begin + std::string(390 - begin.size(), 'A') + "==";
  };
  const std::string data = "MIIBIAIBAzCCARkGCSqGSIb3DQEHAQ";
  const std::string key = "YLKoZIhvcNAQwKAQI";
  const std::string base64 = store(data + key);
  EXPECT_EQ(RulesIn("data:\n  keystore.p12: " + base64 + "\n"), Rules{"pkcs12"});
  EXPECT_EQ(RulesIn("{\"store\": \"" + base64 + "\"}"), Rules{"pkcs12"});
  EXPECT_EQ(
      RulesIn("  store: |\n    " + base64.substr(0, 76) + "\n    " + base64.substr(76) + "\n"),
      Rules{"pkcs12"});
  EXPECT_EQ(RulesIn("data:\n  truststore.p12: " + store(data) + "\n"), Rules{}) << "without a key";
}

TEST(SecretRules, HavePatternsThatRe2Takes) {
  const RuleSet& rules = RuleSet::BuiltIn();
  for (std::size_t i = 0; i < rules.rows().size(); ++i) {
    EXPECT_TRUE(rules.pattern(i).ok()) << rules.rows()[i].id << ": " << rules.pattern(i).error();
    EXPECT_EQ(rules.IsWhole(i), rules.pattern(i).NumberOfCapturingGroups() == 0)
        << rules.rows()[i].id;
  }
}

TEST(SecretRules, HaveIdsOfOneForm) {
  for (const Rule& rule : RuleSet::BuiltIn().rows()) {
    EXPECT_EQ(std::string(rule.id).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string::npos)
        << rule.id;
    EXPECT_NE(std::string(rule.title), "") << rule.id;
  }
}

TEST(SecretsPage, ListsEveryRule) {
  const std::string page = testing::ReadFile(std::string(WATERTIGHT_DOCS) + "/secrets.md");
  for (const SecretKind& kind : SecretKinds()) {
    const std::string row = "\n| `" + kind.rule + "` | " + kind.family + " | " + kind.title +
                            " | " + ToString(kind.level) + " |\n";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace watertight
