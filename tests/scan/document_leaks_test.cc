// Places of a configuration document, and what stands in them.

#include "framework/scan/document_leaks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/scan/tables.h"

namespace watertight {
namespace {

using testing::Describe;
using ::testing::ElementsAre;
using testing::HistoryJson;
using ::testing::IsEmpty;
using testing::JsonString;
using testing::JsonStrings;

// "generic-password config.Env[1] DB_PASSWORD 12+3 abc" for each.
std::vector<std::string> Leaks(const std::string& json, const CleanOptions& options = {}) {
  std::vector<std::string> found;
  for (const Finding& finding : FindDocumentLeaks(json, options)) {
    std::string text = finding.rule + " " + finding.field + " " + finding.name + " " +
                       std::to_string(finding.offset) + "+" + std::to_string(finding.length);
    for (const std::string& encoding : finding.encoding) text += " " + encoding;
    found.push_back(text + " " + finding.value);
  }
  return found;
}

// A token that fails its provider's check was never issued, whatever it is bound to.
TEST(ConfigLeaks, AreNoTokensThatNobodyIssued) {
  const std::string body(58, 'Q');
  for (const std::string& value :
       {std::string("gh") + "p_bfL2WEhwT7ifVMpmDoC7tuxXjojbyc3YH4Bs", "AGE-SECRET-KEY-1" + body}) {
    EXPECT_THAT(Leaks(R"({"config":{"Env":["API_TOKEN=)" + value + R"("],"Labels":{"token":")" +
                      value + R"("}},"history":[{"created_by":"ARG API_TOKEN=)" + value + "\"}]}"),
                IsEmpty())
        << value;
  }
}

TEST(ConfigLeaks, StandInEveryField) {
  EXPECT_THAT(
      Leaks(R"({"author":"a","comment":"DB_PASSWORD=hunter2","unknown":{"deep":["API_TOKEN=k9"]},
        "config":{"User":"u","Env":["PATH=/bin","DB_PASSWORD=a b=c"],
          "Cmd":["--verbose","--token","k9Zq7","--api-key=k 8"],
          "Entrypoint":["/bin/sh","-c","DB_PASSWORD=x1y2z3 run me"],
          "Healthcheck":{"Test":["CMD","curl","-H","X-Vault-Token: v4u1t","http://h"]},
          "Labels":{"a.token":"t0k","plain":"x"},
          "OnBuild":["ENV API_TOKEN=one two","RUN tool --password pw1"],
          "WorkingDir":"/w","Shell":["/bin/sh","-c"]},
        "container_config":{"Env":["API_KEY=k1"],"Cmd":["/bin/sh","-c","#(nop) ","ENV API_KEY=k1"]}})"),
      ElementsAre("generic-password comment DB_PASSWORD 12+7 hunter2",
                  "generic-token unknown.deep[0] API_TOKEN 10+2 k9",
                  "generic-password config.Env[1] DB_PASSWORD 12+5 a b=c",
                  "generic-token config.Cmd[2] token 0+5 k9Zq7",
                  "generic-api-key config.Cmd[3] api-key 10+3 k 8",
                  "generic-password config.Entrypoint[2] DB_PASSWORD 12+6 x1y2z3",
                  "generic-token config.Healthcheck.Test[3] X-Vault-Token 15+5 v4u1t",
                  "generic-token config.Labels[\"a.token\"] a.token 0+3 t0k",
                  "generic-token config.OnBuild[0] API_TOKEN 14+7 one two",
                  "generic-password config.OnBuild[1] password 20+3 pw1",
                  "generic-api-key container_config.Env[0] API_KEY 8+2 k1",
                  "generic-api-key container_config.Cmd[3] API_KEY 12+2 k1"));
}

TEST(ConfigLeaks, AreReadWithTheWordsOfTheirCommand) {
  EXPECT_THAT(Leaks(R"({"config":{"Cmd":["mysql","-u","root","-pk9 Zq7","db"],
          "Entrypoint":["redis-cli","-a","k8 Zq6","ping"],
          "Healthcheck":{"Test":["CMD","curl","-f","-u","deploy:k7 \"Zq5","http://h"]}}})"),
              ElementsAre("generic-password config.Cmd[3]  2+6 k9 Zq7",
                          "generic-password config.Entrypoint[2]  0+6 k8 Zq6",
                          "generic-basic-auth config.Healthcheck.Test[4]  7+7 k7 \"Zq5"));
}

TEST(ConfigLeaks, AreNoneInOrdinaryCommands) {
  EXPECT_THAT(Leaks(R"({"config":{"Cmd":["mysql","-u","root","-p","db"],
          "Entrypoint":["redis-cli","-a","$PW","ping"],"Shell":["/bin/bash","-o","pipefail","-c"],
          "Healthcheck":{"Test":["CMD","curl","-f","-u","$USER:$PASS","http://h"]}}})"),
              IsEmpty());
}

TEST(ConfigLeaks, KeepTheDocumentsOrder) {
  EXPECT_THAT(Leaks(R"({"z":"TOKEN=one1","a":"TOKEN=two2 TOKEN=three3"})"),
              ElementsAre("generic-token z TOKEN 6+4 one1", "generic-token a TOKEN 6+4 two2",
                          "generic-token a TOKEN 17+6 three3"));
}

// JSON allows a key twice, and readers take one; the other can still be read by anybody.
TEST(ConfigLeaks, AreFoundUnderAKeyThatIsStatedTwice) {
  EXPECT_THAT(Leaks(R"({"config":{"User":"TOKEN=one1"},"config":{"User":"x"}})"),
              ElementsAre("generic-token config.User TOKEN 6+4 one1"));
}

TEST(ConfigLeaks, AreFoundInAKeyWithoutTellingIt) {
  CleanOptions options;
  options.Known(Secret::Value("k9Zq7-value"));
  const auto found =
      FindDocumentLeaks(R"({"config":{"Volumes":{"/vol/k9Zq7-value":{}}}})", options);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].offset, 5u);
  EXPECT_EQ(found[0].field.find("k9Zq7-value"), std::string::npos) << found[0].field;
  EXPECT_TRUE(found[0].field.starts_with("config.Volumes[\"/vol/k9")) << found[0].field;
}

TEST(ConfigLeaks, AreFoundInBuildKitsOldBuildInformation) {
  // {"attrs":{"build-arg:NPM_TOKEN":"k9Zq7-value"}}
  EXPECT_THAT(
      Leaks(R"({"moby.buildkit.buildinfo.v1":
        "eyJhdHRycyI6eyJidWlsZC1hcmc6TlBNX1RPS0VOIjoiazlacTctdmFsdWUifX0="})"),
      ElementsAre(
          "generic-token [\"moby.buildkit.buildinfo.v1\"] NPM_TOKEN 44+15 base64 k9Zq7-value"));
}

TEST(HistoryLeaks, AreFoundInAHistoryKeptAsJson) {
  const std::string old =
      HistoryJson({"ARG SECRET=one \"two", "RUN |1 SECRET=one \"two /bin/sh -c x"});
  const std::string list = old.substr(old.find('['), old.rfind(']') + 1 - old.find('['));
  EXPECT_THAT(Leaks(R"({"history":[{"comment":)" + JsonString(list) + "}]}"),
              ElementsAre("generic-secret history[0].comment SECRET 27+9 json one \"two",
                          "generic-secret history[0].comment SECRET 68+9 json one \"two"));
}

TEST(KnownValues, AreFoundEverywhereAndWhateverTheyAreBoundTo) {
  CleanOptions options;
  options.Known(Secret::Value("blue-moon")).Known(Secret::Value("PLANT"));
  options.Allow("*");
  EXPECT_THAT(
      Leaks(R"({"author":"blue-moon blue-moon","history":[{"comment":"xPLANTx"}]})", options),
      ElementsAre("known-value author  0+9 blue-moon", "known-value author  10+9 blue-moon",
                  "known-value history[0].comment  1+5 PLANT"));
}

TEST(KnownValues, CountFromOne) {
  CleanOptions options;
  options.Known(Secret::Value("blue-moon")).Known(Secret::Value("PLANT"));
  const auto found = FindDocumentLeaks(R"({"author":"PLANT"})", options);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].secret, 2);
}

TEST(KnownValues, AreFoundInEscapedText) {
  CleanOptions options;
  options.Known(Secret::Value("a\"b\nc"));
  EXPECT_THAT(Leaks(R"({"comment":"[\"x a\\\"b\\nc\"]"})", options),
              ElementsAre("known-value comment  4+7 json a\"b\nc"));
}

TEST(AllowedNames, HoldNoSecret) {
  const std::string json = HistoryJson({"ENV DEMO_TOKEN=one1 API_TOKEN=two2"});
  CleanOptions options;
  options.Allow("DEMO_*");
  EXPECT_THAT(Leaks(json, options),
              ElementsAre("generic-token history[0].created_by API_TOKEN 30+4 two2"));
  EXPECT_THAT(Leaks(json, CleanOptions().Allow("*_TOKE?")), IsEmpty());
}

TEST(RepeatedValues, AreSecretsUnderAnyName) {
  EXPECT_THAT(
      Leaks(
          R"({"config":{"Env":["FROMARG=s p$c\"q1"]},"history":[{"created_by":"ARG SECRET=s p$c\"q1"}]})"),
      ElementsAre("generic-repeated-value config.Env[0]  8+8 s p$c\"q1",
                  "generic-secret history[0].created_by SECRET 11+8 s p$c\"q1"));
}

TEST(RepeatedValues, StandApartAndAreNoCommonWord) {
  EXPECT_THAT(Leaks(R"({"author":"abc123def456 x","comment":"TOKEN=abc123"})"),
              ElementsAre("generic-token comment TOKEN 6+6 abc123"));
  EXPECT_THAT(Leaks(R"({"author":"keep it secret","comment":"PASSWORD=secret"})"),
              ElementsAre("generic-password comment PASSWORD 9+6 secret"));
}

TEST(Findings, CountLinesAndColumns) {
  const auto found =
      FindDocumentLeaks(HistoryJson({"RUN cat <<E\nTOKEN=one1\n  TOKEN=two2\nE"}), {});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].line, 2u);
  EXPECT_EQ(found[0].column, 7u);
  EXPECT_EQ(found[1].line, 3u);
  EXPECT_EQ(found[1].column, 9u);
}

// Each (value, spelling) of a builder; where the value stands is known by construction.
struct Spelling {
  const char* before;
  const char* after;
};

constexpr Spelling kSpellings[] = {
    {"/bin/sh -c #(nop)  ARG SECRET=", ""},
    {"ARG SECRET=", ""},
    {"/bin/sh -c #(nop)  ENV SECRET=", ""},
    {"ENV SECRET=", ""},
    {"ENV A=1 SECRET=", ""},
    {"ENV SECRET=", " B=2"},
    {"LABEL a=b secret=", ""},
    {"|1 SECRET=", " /bin/sh -c make all"},
    {"|2 A=1 SECRET=", " /bin/sh -c make all"},
    {"|2 SECRET=", " Z=1 /bin/sh -c make all"},
    {"|1 SECRET=", " /bin/bash -euo pipefail -c make all"},
    {"RUN |1 SECRET=", " /bin/sh -c make all # buildkit"},
    {"RUN |3 A= SECRET=", " B=x y /bin/sh -c make all # buildkit"},
    {"RUN |1 SECRET=", " /bin/bash -o pipefail -c make all # buildkit"},
    {"/bin/sh -c #(nop)  ONBUILD ARG SECRET=", ""},
};

constexpr const char* kValues[] = {"hunter2",     "supersecretstring",
                                   "two words",   "s p$c\"q",
                                   "it's",        "a=b",
                                   "x/y+z==",     "a;b|c&d",
                                   "(paren)x",    "caf\xc3\xa9 au lait",
                                   "tab\there",   "back\\slash",
                                   "line\nbreak", "#hash",
                                   "$1abc",       "a  b",
                                   "--flag",      "[list]x",
                                   "{brace}x",    "p@ss:w0rd",
                                   "100%sure",    "~tilde",
                                   "!bang",       "a,b"};

TEST(Spellings, OfEveryBuilderAreReadExactly) {
  int missed = 0;
  for (const Spelling& spelling : kSpellings) {
    for (const std::string value : kValues) {
      const auto found =
          FindDocumentLeaks(HistoryJson({spelling.before + value + spelling.after}), {});
      const bool exact = found.size() == 1 && found[0].value == value &&
                         found[0].offset == std::string(spelling.before).size();
      missed += exact ? 0 : 1;
      EXPECT_TRUE(exact) << spelling.before << "«" << value << "»" << spelling.after << "\n"
                         << Describe(found);
    }
  }
  RecordProperty("missed", missed);
}

// One step of 128 KiB, of what a search could stumble over again and again: quadratic cost would
// not end within the time that a test has.
TEST(LongText, EndsSoonAndStaysInside) {
  constexpr std::size_t kSize = std::size_t{1} << 17;
  for (const std::string piece : {"a",
                                  "password=",
                                  "password='",
                                  "password=\"",
                                  "password=${",
                                  "TOKEN: ",
                                  "--token ",
                                  "\\\"",
                                  "curl -u ",
                                  "://",
                                  "a@",
                                  "://a:b@",
                                  "|1 A=",
                                  " A=",
                                  " /bin/sh -c",
                                  "machine login ",
                                  "set ",
                                  "mysql -p ",
                                  "echo a:b ",
                                  "TOKEN=abc123 ",
                                  "-----"
                                  "BEGIN PRIVATE KEY-----",
                                  "[[",
                                  "s/password=.*/",
                                  "authorization: bearer ",
                                  "\"auth\":\"",
                                  "identified by ",
                                  "\na.token=x",
                                  "\nTOKEN = x y9",
                                  "PASSWORD=a'b ",
                                  "A_TOKEN=x\"y",
                                  "curl -H x:y ",
                                  "${A:-b",
                                  "echo a | sudo ",
                                  "secret --from-literal=a=b ",
                                  "s/A_TOKEN/b"}) {
    for (const std::string start : {"", "|9 "}) {
      std::string text = start;
      while (text.size() < kSize) text += piece;
      const std::string json = HistoryJson({text});
      for (const Finding& finding : FindDocumentLeaks(json, {})) {
        ASSERT_LE(finding.offset + finding.length, text.size()) << start << piece;
      }
    }
  }
}

TEST(Junk, NeitherCrashesNorHangs) {
  std::mt19937 random(1);
  const std::vector<std::string> pieces = {
      "password", "=", ":", "\"", "'",    "\\",   " ",    "\n",          "$",       "{",
      "}",        "(", "|", "1",  "ENV ", "ARG ", "RUN ", "/bin/sh -c ", "#(nop) ", "--token",
      "://",      "@", "[", "]",  ",",    "\xff", "\x01", "é",           "a"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto i = random() % 40; i > 0; --i) text += pieces[random() % pieces.size()];
    for (const Finding& finding : FindDocumentLeaks(HistoryJson({text, text}), {})) {
      EXPECT_GT(finding.length, 0u);
    }
  }
  for (const char* json : {"", "[", "{\"a\"", "null", "3", "\"TOKEN=abc123\"", "[[[\"x\"]]]"}) {
    FindDocumentLeaks(json, {});
  }
}

}  // namespace
}  // namespace watertight
