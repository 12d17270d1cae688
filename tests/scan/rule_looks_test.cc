// A look before a pattern is tried must let every match pass.

#include "framework/scan/rules/looks.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "framework/scan/rules/rule_set.h"

namespace watertight {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): clang-tidy 14

// What the patterns of rules with a look are made of.
constexpr std::string_view kPieces[] = {"password"sv,
                                        "pass"sv,
                                        "PASS:"sv,
                                        "token"sv,
                                        "secret"sv,
                                        ".key"sv,
                                        "credentials"sv,
                                        "session_key"sv,
                                        "\0\0\0\0\0\0\0\0\0\0\0\0"sv,
                                        " "sv,
                                        "\t"sv,
                                        "\n"sv,
                                        "_x"sv,
                                        "\\"sv,
                                        "\""sv,
                                        "'"sv,
                                        "]"sv,
                                        "="sv,
                                        ":="sv,
                                        ":"sv,
                                        "("sv,
                                        ","sv,
                                        " value="sv,
                                        "\nvalue:"sv,
                                        "<Value>"sv,
                                        "</key><string>"sv,
                                        ">"sv,
                                        "{ default = "sv,
                                        "hunter-2-Hunter"sv,
                                        "machine a "sv,
                                        "default "sv,
                                        "login b password "sv,
                                        "K 8\n"sv,
                                        "\nV 8\nhunter22\n"sv,
                                        "0123456789abcdef0123456789abcdef"sv,
                                        "-us12"sv};

using Begins = std::set<std::size_t>;

// Where matches begin that hold the literal, which begins at that place.
Begins MatchesAround(const RuleSet& rules, const RuleSet::Lead& lead, std::string_view text,
                     std::size_t at) {
  const std::size_t reach = rules.rows()[lead.rule].reach;
  Begins begins;
  for (std::size_t from = at - std::min(at, reach); from <= at; ++from) {
    re2::StringPiece match;
    if (rules.pattern(lead.rule).Match({text.data(), text.size()}, from, text.size(),
                                       re2::RE2::ANCHOR_START, &match, 1) &&
        from + match.size() >= at + lead.literal.size()) {
      begins.insert(from);
    }
  }
  return begins;
}

// A match may hold its literal twice: one of them is enough.
TEST(RuleLooks, LetEveryMatchPass) {
  constexpr int kTexts = 20'000;
  const RuleSet& rules = RuleSet::BuiltIn();
  std::map<std::size_t, std::size_t> matches;
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same texts each time
  for (int i = 0; i < kTexts; ++i) {
    std::string text;
    for (int piece = 0; piece < 9; ++piece) text += kPieces[random() % std::size(kPieces)];
    std::map<std::size_t, Begins> all;
    std::map<std::size_t, Begins> passed;
    for (const RuleSet::Lead& lead : rules.leads()) {
      const Rule& rule = rules.rows()[lead.rule];
      if (rule.look == nullptr) continue;
      for (std::size_t at = text.find(lead.literal); at != std::string::npos;
           at = text.find(lead.literal, at + 1)) {
        const Begins begins = MatchesAround(rules, lead, text, at);
        all[lead.rule].insert(begins.begin(), begins.end());
        if (rule.look(text, at)) passed[lead.rule].insert(begins.begin(), begins.end());
      }
    }
    for (const auto& [rule, begins] : all) {
      EXPECT_EQ(passed[rule], begins) << rules.rows()[rule].pattern << " in " << text;
      matches[rule] += begins.size();
    }
  }
  for (std::size_t rule = 0; rule < rules.rows().size(); ++rule) {
    if (rules.rows()[rule].look == nullptr) continue;
    EXPECT_GT(matches[rule], 0U) << rules.rows()[rule].pattern;
  }
}

TEST(RuleLooks, SaveTrialsOnProse) {
  const std::string_view prose = "the password of each user, whose token is a secret";
  EXPECT_FALSE(MayNameValue(prose, prose.find("password")));
  EXPECT_FALSE(MayNameValue(prose, prose.find("token")));
  EXPECT_FALSE(MayNameValue(prose, prose.find("secret")));
  EXPECT_FALSE(FollowsLineEnd(prose, prose.find("password")));
  EXPECT_FALSE(FollowsHost(prose, prose.find("password")));
  EXPECT_FALSE(FollowsKeySize(prose, prose.find("password")));
  EXPECT_FALSE(FollowsDigits("an en-us", 5));
}

}  // namespace
}  // namespace watertight
