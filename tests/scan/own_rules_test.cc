// Rules of the user's, and findings that are allowed. Fingerprints are those of sha256sum.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/error.h"
#include "watertight/leaks.h"
#include "watertight/secrets.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Texts = std::vector<std::string>;

Image ImageOf(const std::vector<std::vector<TarFile>>& layers) {
  return Image::OpenBytes("made.tar", MakeTar(DockerArchive(MakeImage(layers))));
}

Image ImageWith(const std::string& content) { return ImageOf({{{"srv/a.txt", '0', content}}}); }

// "rule level offset value" of each.
Texts Found(const ValueSearch& search) {
  Texts found;
  for (const Finding& finding : search.findings) {
    found.push_back(finding.rule + " " + ToString(finding.level) + " " +
                    std::to_string(finding.offset) + " " + finding.value);
  }
  return found;
}

Texts FoundIn(const std::string& content, SecretRule rule) {
  return Found(FindSecrets(ImageWith(content), SecretOptions().AddRule(std::move(rule))));
}

std::string ErrorOf(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "";
}

std::string RefusalOf(const SecretRule& rule) {
  return ErrorOf([&] { SecretOptions().AddRule(rule); });
}

TEST(OwnRules, FindAllOfTheMatchOrItsFirstGroup) {
  EXPECT_THAT(FoundIn("a acme_0123 b\nacme_4567", {.id = "acme", .pattern = "acme_[0-9]{4}"}),
              ElementsAre("acme error 2 acme_0123", "acme error 14 acme_4567"));
  EXPECT_THAT(FoundIn("acme: 0123;", {.id = "acme", .pattern = "acme: ([0-9]{4})"}),
              ElementsAre("acme error 6 0123"));
  EXPECT_THAT(FoundIn("acme=no acme:0123", {.id = "acme", .pattern = "acme(?:=(no)|:([0-9]{4}))"}),
              ElementsAre("acme error 5 no", "acme error 13 0123"));
}

TEST(OwnRules, LookForTheirLiteralsAnywhereInTheMatch) {
  const SecretRule rule{
      .id = "acme", .pattern = "[a-z]{2,40}@[0-9]+\\.acme", .literals = {".acme", ".unused"}};
  EXPECT_THAT(FoundIn("  abcdefghijklmnopqrst@123.acme ", rule),
              ElementsAre("acme error 2 abcdefghijklmnopqrst@123.acme"));
  const SecretRule far{.id = "acme", .pattern = "k[a-z]*-acme", .literals = {"-acme"}};
  EXPECT_THAT(FoundIn("k" + std::string(255, 'x') + "-acme", far), SizeIs(1));
  EXPECT_THAT(FoundIn("k" + std::string(256, 'x') + "-acme", far), IsEmpty());
  const SecretRule longer{.id = "acme", .pattern = "acme_key_of_[0-9]+"};
  EXPECT_THAT(FoundIn("acme_key acme_key_of_12", longer),
              ElementsAre("acme error 9 acme_key_of_12"));
}

TEST(OwnRules, KnowLinesAndBytes) {
  const SecretRule line{.id = "acme", .pattern = "^acme [0-9]+$"};
  EXPECT_THAT(FoundIn("acme 12\nx acme 34\nacme 56 \nacme 78", line),
              ElementsAre("acme error 0 acme 12", "acme error 27 acme 78"));
  const SecretRule far{.id = "acme", .pattern = "^[a-z]* acme$", .literals = {" acme"}};
  EXPECT_THAT(FoundIn("x\nab acme\n" + std::string(300, 'x') + " acme", far),
              ElementsAre("acme error 2 ab acme"));
  const SecretRule bytes{.id = "acme", .pattern = "schlüssel=[0-9]+"};
  EXPECT_THAT(FoundIn("schlüssel=42", bytes), ElementsAre("acme error 0 schlüssel=42"));
}

TEST(OwnRules, HoldValuesToEntropyAndStopWords) {
  // Four letters, each once: two bits. One letter: none.
  const SecretRule rule{.id = "acme", .pattern = "acme_([a-zA-Z]+)", .entropy = 2};
  EXPECT_THAT(FoundIn("acme_abcd acme_aaaa acme_aabb", rule), ElementsAre("acme error 5 abcd"));
  const SecretRule stopped{
      .id = "acme", .pattern = "acme_([a-zA-Z]+)", .stop_words = {"Example", "TODO"}};
  EXPECT_THAT(FoundIn("acme_myEXAMPLE acme_todo acme_mine", stopped),
              ElementsAre("acme error 30 mine"));
}

TEST(OwnRules, SearchDocumentsEncodingsAndContainersToo) {
  const SecretOptions options =
      SecretOptions().AddRule({.id = "acme", .pattern = "acme_[0-9]{4}", .level = Level::kWarning});
  MadeImage made =
      MakeImage({{{"a.gz", '0', Compressed("x acme_0123", "gzip")},
                  // some words before it acme_0123 and some words behind it
                  {"b64", '0',
                   "c29tZSB3b3JkcyBiZWZvcmUgaXQgYWNtZV8wMTIzIGFuZCBzb21lIHdvcmRzIGJlaGluZCBpdA=="},
                  {"acme_0123", '0', ""}}});
  made.config["history"][0]["created_by"] = "RUN fetch --with acme_0123";
  made.config["config"]["Labels"]["key"] = "acme_0123";
  const Image image = Image::OpenBytes("made.tar", MakeTar(DockerArchive(made)));
  Texts places;
  for (const Finding& finding : FindSecrets(image, options).findings) {
    EXPECT_EQ(finding.rule, "acme");
    EXPECT_EQ(finding.level, Level::kWarning);
    std::ostringstream place;
    place << ToString(finding.carrier) << " " << finding.path << finding.field;
    for (const std::string& encoding : finding.encoding) place << " " << encoding;
    places.push_back(place.str());
  }
  EXPECT_THAT(places, ::testing::UnorderedElementsAre(
                          "file a.gz gzip", "file b64 base64", "path acme_0123",
                          "history history[0].created_by", "config config.Labels.key"));
}

// "q8Wdg3Kd92jfHqpw71mZ" bound to a name that the built-in rules know.
TEST(OwnRules, TellMoreThanTheBuiltInOnesAndHideNone) {
  const std::string text = "acme_token = q8Wdg3Kd92" + std::string("jfHqpw71mZ\n");
  SecretRule rule{.id = "acme", .pattern = "acme_token = (\\w+)"};
  EXPECT_THAT(FoundIn(text, rule), ElementsAre("acme error 13 q8Wdg3Kd92jfHqpw71mZ"));
  rule.level = Level::kNote;
  EXPECT_THAT(FoundIn(text, rule), ElementsAre("generic-token error 13 q8Wdg3Kd92jfHqpw71mZ"));
}

TEST(OwnRules, AreRefusedByName) {
  using S = SecretRule;
  const auto refused = [](const S& rule, const std::string& why) {
    EXPECT_EQ(RefusalOf(rule), why);
  };
  refused({.pattern = "acme_"}, "a rule without an id");
  refused({.id = "Acme", .pattern = "acme_"},
          "rule Acme: an id is of a-z, 0-9 and dashes, at most 64 of them");
  refused({.id = "github-pat", .pattern = "acme_"}, "rule github-pat: a built-in rule has this id");
  refused({.id = "pgpass", .pattern = "acme_"}, "rule pgpass: a built-in rule has this id");
  refused({.id = "generic-x", .pattern = "acme_"},
          "rule generic-x: such an id is one of the built-in rules; take another, such as "
          "own-generic-x");
  refused({.id = "acme"}, "rule acme: give its pattern");
  refused({.id = "acme", .pattern = "acme_([0-9]+"},
          "rule acme: RE2 refuses its pattern: missing ): acme_([0-9]+");
  refused({.id = "acme", .pattern = "acme)(_"},
          "rule acme: RE2 refuses its pattern: unexpected ): acme)(_");
  refused({.id = "acme", .pattern = "acme_(?=x)"},
          "rule acme: RE2 refuses its pattern: invalid perl operator: (?=");
  refused({.id = "acme", .pattern = "(acme_)(a)(b)(c)"},
          "rule acme: its pattern has more than three groups; write (?:…) where none is the value");
  const std::string no_text =
      "rule acme: its pattern begins with no fixed text of 3 bytes or more: give literals, one of "
      "which stands in every match";
  refused({.id = "acme", .pattern = "[0-9a-f]{32}"}, no_text);
  refused({.id = "acme", .pattern = "ab[0-9]+"}, no_text);
  refused({.id = "acme", .pattern = "(?i)acme_[0-9]+"}, no_text);
  refused({.id = "acme", .pattern = "x", .literals = {"ab"}},
          "rule acme: its literal \"ab\" has under 3 bytes, and would be met everywhere: give a "
          "longer one");
  refused({.id = "acme", .pattern = "x", .literals = {std::string(4, '\0')}},
          "rule acme: its literal \"\\x00\\x00\\x00\\x00\" is one character alone, as fills files: "
          "give another");
  refused(
      {.id = "acme", .pattern = "acme_[0-9]+", .literals = {"bcme_"}},
      "rule acme: its literal \"bcme_\" stands in no match of its pattern: give one that stands "
      "in every match");
  refused({.id = "acme", .pattern = "(?i)acme_[0-9]+", .literals = {"acme-", "ACME-"}},
          "rule acme: none of its literals, such as \"acme-\", stands in a match of its pattern: "
          "give one that stands in every match");
  refused({.id = "acme", .pattern = "acme", .entropy = 9},
          "rule acme: its entropy is one of 0 to 8 bits for each byte");
  refused({.id = "acme", .pattern = "acme", .stop_words = {""}},
          "rule acme: one of its stop words is empty");
  EXPECT_EQ(ErrorOf([] {
              SecretOptions()
                  .AddRule({.id = "acme", .pattern = "acme_"})
                  .AddRule({.id = "acme", .pattern = "other"});
            }),
            "rule acme: another rule has this id");
}

TEST(OwnRules, AreCounted) {
  const ValueSearch search = FindSecrets(ImageWith("acme_1 acme_2"),
                                         SecretOptions()
                                             .AddRule({.id = "none", .pattern = "nowhere"})
                                             .AddRule({.id = "acme", .pattern = "acme_[0-9]"}));
  EXPECT_THAT(search.of_rules, ElementsAre(0, 2));
}

TEST(AllowedFindings, BecomeNotesWithTheirReason) {
  const Image image = ImageOf({{{"srv/a", '0', "acme_1 acme_2"}, {"etc/b", '0', "acme_1"}}});
  const auto levels = [&](std::vector<AllowedFinding> allowed, std::vector<std::size_t> counts) {
    SecretOptions options = SecretOptions().AddRule({.id = "acme", .pattern = "acme_[0-9]"});
    for (AllowedFinding& one : allowed) options.Allow(std::move(one));
    const ValueSearch search = FindSecrets(image, options);
    EXPECT_EQ(search.of_allowed, counts);
    Texts texts;
    for (const Finding& finding : search.findings) {
      texts.push_back(finding.path + " " + finding.value + " " + ToString(finding.level) +
                      (finding.allowed.empty() ? "" : ": " + finding.allowed));
    }
    return texts;
  };
  EXPECT_THAT(levels({{.rule = "acme", .path = "srv/**", .reason = "r"}}, {2}),
              ElementsAre("srv/a acme_1 note: r", "srv/a acme_2 note: r", "etc/b acme_1 error"));
  // printf acme_1 | sha256sum
  EXPECT_THAT(levels({{.fingerprint = "8aa82657", .reason = "r"}}, {2}),
              ElementsAre("srv/a acme_1 note: r", "srv/a acme_2 error", "etc/b acme_1 note: r"));
  EXPECT_THAT(levels({{.path = "etc", .reason = "a"},
                      {.rule = "ac*", .path = "etc/b", .reason = "b"},
                      {.path = "etc/*", .reason = "c"},
                      {.rule = "acm", .reason = "d"},
                      {.rule = "acme", .path = "etc/b", .fingerprint = "00000000", .reason = "e"}},
                     {0, 1, 1, 0, 0}),
              ElementsAre("srv/a acme_1 error", "srv/a acme_2 error", "etc/b acme_1 note: b"));
}

TEST(AllowedFindings, OfTheHistoryToo) {
  MadeImage made = MakeImage({{{"a", '0', "x"}}});
  const std::string value = std::string("q8Wdg3Kd92") + "jfHqpw71mZ";
  made.config["history"][0]["created_by"] = "ENV API_TOKEN=" + value;
  const Image image = Image::OpenBytes("made.tar", MakeTar(DockerArchive(made)));
  ASSERT_THAT(FindHistoryLeaks(image), SizeIs(1));
  // printf q8Wdg3Kd92jfHqpw71mZ | sha256sum
  const std::vector<Finding> leaks = FindHistoryLeaks(
      image,
      CleanOptions().Allow(AllowedFinding{.fingerprint = "1c5d78c2", .reason = "the demo's"}));
  ASSERT_THAT(leaks, SizeIs(1));
  EXPECT_EQ(leaks[0].level, Level::kNote);
  EXPECT_EQ(leaks[0].allowed, "the demo's");
}

TEST(AllowedFindings, AreRefusedWithoutReasonOrBound) {
  const auto refused = [](const AllowedFinding& allowed, const std::string& why) {
    EXPECT_EQ(ErrorOf([&] { SecretOptions().Allow(allowed); }), why);
    EXPECT_EQ(ErrorOf([&] { CleanOptions().Allow(allowed); }), why);
  };
  refused({.reason = "r"}, "allowed finding: give its rule, its path or its fingerprint");
  refused({.rule = "jwt-hs", .path = "srv/**"},
          "allowed finding (rule jwt-hs, path srv/**): give the reason why it may stand there");
  refused({.fingerprint = "4F1A09C2", .reason = "r"},
          "allowed finding: a fingerprint is eight digits of 0-9 and a-f, as messages show them");
  EXPECT_NE(ErrorOf([] { SecretOptions().Allow({.path = "a[b", .reason = "r"}); }), "");
}

}  // namespace
}  // namespace watertight::testing
