// The parser of policies: what it reads, where it says that something is wrong, and that the schema
// has the same keys.

#include "cli/policy/policy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

Policy Parsed(const std::string& text, const std::string& today = "2026-06-15") {
  return PolicyFile::Parse(text, "p.yaml", today).base();
}

// Without "p.yaml:".
std::string ErrorOf(const std::string& text) {
  try {
    Parsed(text);
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.find("p.yaml:"), 0U) << what;
    EXPECT_EQ(what.find('\n'), std::string::npos);
    return what.substr(what.find(':') + 1);
  }
  return "";
}

TEST(Policy, IsReadFromYamlAndJson) {
  const Policy yaml = Parsed(R"(
version: 1
checks:
  Intact: false
  NoLeakedFile: {globs: ["*.bak"], except: [etc/**]}
  HistoryClean:
    allow: [DEMO_*]
rules:
  - id: acme
    pattern: 'acme_[0-9]{4}'
    stop_words: [example]
    entropy: 1.5
    level: warning
allow:
  - {rule: acme, path: srv/**, reason: samples}
)");
  const Policy json = Parsed(
      R"({"version": 1, "checks": {"Intact": false, "NoLeakedFile": {"globs": ["*.bak"],)"
      R"( "except": ["etc/**"]}, "HistoryClean": {"allow": ["DEMO_*"]}}, "rules": [{"id": "acme",)"
      R"( "pattern": "acme_[0-9]{4}", "stop_words": ["example"], "entropy": 1.5,)"
      R"( "level": "warning"}], "allow": [{"rule": "acme", "path": "srv/**", "reason": "samples"}]})");
  for (const Policy* policy : {&yaml, &json}) {
    EXPECT_THAT(policy->off, ElementsAre("Intact"));
    ASSERT_EQ(policy->files.globs.size(), 1U);
    EXPECT_EQ(policy->files.globs[0].pattern(), "*.bak");
    EXPECT_EQ(policy->files.except[0].pattern(), "etc/**");
    EXPECT_THAT(policy->history_names, ElementsAre("DEMO_*"));
    ASSERT_EQ(policy->options.rules().size(), 1U);
    EXPECT_EQ(policy->options.rules()[0].pattern, "acme_[0-9]{4}");
    EXPECT_EQ(policy->options.rules()[0].entropy, 1.5);
    EXPECT_EQ(policy->options.rules()[0].level, Level::kWarning);
    ASSERT_EQ(policy->options.allowed().size(), 1U);
    EXPECT_EQ(policy->options.allowed()[0].reason, "samples");
  }
}

TEST(Policy, LetsEntriesExpireWhenTheirDayIsOver) {
  const std::string text =
      "version: 1\nallow:\n- {path: a, reason: r, expires: 2026-06-15}\n"
      "- {path: b, reason: r, expires: 2026-06-14}\n- {path: c, reason: r}\n";
  const Policy policy = Parsed(text);
  ASSERT_EQ(policy.allow.size(), 3U);
  EXPECT_EQ(policy.allow[0].expired, "");
  EXPECT_EQ(policy.allow[1].expired, "2026-06-14");
  EXPECT_EQ(policy.allow[1].place.line, 4);
  EXPECT_EQ(policy.allow[1].place.column, 3);
  ASSERT_EQ(policy.options.allowed().size(), 2U);
  EXPECT_EQ(policy.options.allowed()[1].path, "c");
}

TEST(Policy, SaysWhereAndWhatIsWrong) {
  const std::string v = "version: 1\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "1:1: a policy is a map, not nothing"},
      {"- a", "1:1: a policy is a map, not a list"},
      {"checks: {}", "1:1: a policy needs version"},
      {"version: 2", "1:10: version is 1"},
      {"version: '1'", "1:10: version is 1"},
      {v + "rule: []", "2:1: a policy has no key rule; did you mean rules?"},
      {v + "zzzzzzz: []", "2:1: a policy has no key zzzzzzz"},
      {v + "version: 1", "2:1: the key version stands in line 1 already"},
      {v + "rules:\n- id: a\n  id: b", "4:3: the key id stands in line 3 already"},
      {v + "checks:\n  Intakt: false", "3:3: checks has no key Intakt; did you mean Intact?"},
      {v + "checks:\n  Intact: no", "3:11: Intact is true or false"},
      {v + "checks:\n  Intact: {}", "3:11: Intact is true or false"},
      {v + "checks:\n  NoLeakedFile: [a]",
       "3:17: NoLeakedFile, unless it is a map of its options, is true or false"},
      {v + "checks:\n  NoLeakedFile:\n    globs: a", "4:12: globs is a list, not a text"},
      {v + "checks:\n  NoLeakedFile:\n    glob: [a]",
       "4:5: NoLeakedFile has no key glob; did you mean globs?"},
      {v + "checks:\n  HistoryClean: {allow: [[]]}",
       "3:26: an item of allow is a text, not a list"},
      {v + "checks: {RunAs: node}", "2:10: checks has no key RunAs; did you mean RunsAs?"},
      {v + "checks: {Not: {HasEnf: A}}", "2:16: Not has no key HasEnf; did you mean HasEnv?"},
      {v + "checks: {RunsAsNonRoot: yes}", "2:25: RunsAsNonRoot is true or false"},
      {v + "checks: {HasEnv: {A: {is: b}}}", "2:23: A has no key is"},
      {v + "checks: {HasEnv: {A: {matches: '('}}}", "2:32: RE2 refuses it: missing ): ("},
      {v + "checks: {HasEnv: [A, B=c]}",
       "2:22: the name of a variable has no =; a value is asked for as {NAME: VALUE}"},
      {v + "checks: {HasEnv: {B=c: d}}",
       "2:19: the name of a variable has no =; a value is asked for as {NAME: VALUE}"},
      {v + "checks: {HasEnv: []}", "2:18: HasEnv says nothing; false switches it off"},
      {v + "checks: {HasFile: {mode: 0755}}", "2:19: an item of HasFile needs path"},
      {v + "checks: {HasFile: {path: a, mode: 0788}}",
       "2:35: mode is octal, such as 0755 or 04755"},
      {v + "checks: {HasFile: {path: a, owner: root}}",
       "2:36: owner, UID or UID:GID, is a number from 0 on"},
      {v + "checks: {HasSize: 12 Mb}", "2:19: HasSize is a size such as 4096, 200 MB or 1.5 GiB"},
      {v + "checks: {HasSize: {}}", "2:19: HasSize needs at_least or at_most"},
      {v + "checks: {HasLayerCount: {at_most: -1}}", "2:35: at_most is a number from 0 on"},
      {v + "checks: {WastesAtMost: 200%}", "2:24: WastesAtMost is 0% to 100%"},
      {v + "checks: {HasCmd: sh}", "2:18: HasCmd is a list, not a text"},
      {v + "images: {}", "2:9: images is a list, not a map"},
      {v + "images: [a.tar]", "2:10: an entry of images is a map, not a text"},
      {v + "images:\n- {imag: a}", "3:4: an entry of images has no key imag; did you mean image?"},
      {v + "images:\n- checks: {}", "3:3: an entry of images needs image or tags"},
      {v + "images:\n- {image: []}", "3:11: image is an empty list"},
      {v + "images:\n- {image: a, platform: arm64}",
       "3:24: platform is OS/ARCH, such as linux/arm64"},
      {v + "images:\n- {image: a, checks: {Intakt: true}}",
       "3:23: checks has no key Intakt; did you mean Intact?"},
      {v + "images:\n- {image: a, allow: [{rule: jwt-sh, reason: r}]}",
       "3:29: no rule has the id jwt-sh; did you mean jwt-hs?"},
      {v + "include: {}", "2:10: include is a text, not a map"},
      {v + "include: []", "2:10: include is an empty list"},
      {v + "include: not/there", "2:10: not/there: cannot be opened"},
      {v + "secrets:\n- {env: A, file: b}", "3:3: a secret has one key: env or file"},
      {v + "secrets:\n- value: x", "3:3: a secret has no key value"},
      {v + "secrets:\n- env: WATERTIGHT_TEST_NOT_SET",
       "3:8: the environment variable WATERTIGHT_TEST_NOT_SET is not set"},
      {v + "secrets:\n- file: not/there", "3:9: not/there: cannot be opened"},
      {v + "rules:\n- id: acme", "3:3: a rule needs pattern"},
      {v + "rules:\n- id:\n  pattern: acme", "3:3: id is a text, not nothing"},
      {v + "rules:\n- id: acme\n  pattern: ''", "4:12: pattern is a text, not an empty one"},
      {v + "rules:\n- {id: acme, pattern: 'acme_('}",
       "3:23: rule acme: RE2 refuses its pattern: missing ): acme_("},
      {v + "rules:\n- {id: github-pat, pattern: acme_}",
       "3:8: rule github-pat: a built-in rule has this id"},
      {v + "rules:\n- {id: acme, pattern: acme_}\n- {id: acme, pattern: acme_}",
       "4:8: rule acme: another rule has this id"},
      {v + "rules:\n- {id: acme, pattern: acme_, level: info}",
       "3:37: level is error, warning or note, not info"},
      {v + "rules:\n- {id: acme, pattern: acme_, entropy: high}", "3:39: entropy is a number"},
      {v + "rules:\n- id: acme\n  pattern: acme_\n  entropy: 9",
       "5:12: rule acme: its entropy is one of 0 to 8 bits for each byte"},
      {v + "rules:\n- id: acme\n  pattern: acme_\n  literals: [aaa]",
       "5:13: rule acme: its literal \"aaa\" is one character alone, as fills files: give another"},
      {v + "allow:\n- reason: r\n  fingerprint: '12'",
       "4:16: allowed finding: a fingerprint is eight digits of 0-9 and a-f, as messages show "
       "them"},
      {v + "allow:\n- {rule: jwt-hs}", "3:3: an entry of allow needs reason"},
      {v + "allow:\n- {reason: r}",
       "3:3: allowed finding: give its rule, its path or its fingerprint"},
      {v + "allow:\n- {rule: jwt-sh, reason: r}",
       "3:10: no rule has the id jwt-sh; did you mean jwt-hs?"},
      {v + "allow:\n- {path: a, reason: r, expires: 2026-02-29}",
       "3:33: expires is a day such as 2027-01-31"},
      {v + "allow:\n- {path: a, reason: r, expires: 2026-2-2}",
       "3:33: expires is a day such as 2027-01-31"},
      {v + "allow: &a []", "2:8: anchors are not read; write it out"},
      {v + "allow: !!seq []", "2:8: tags are not read: tag:yaml.org,2002:seq"},
      {v + "? [a]\n: b", "2:3: a key is a word, not a list"},
      {v + "---\nversion: 1", "3:1: here another document begins; one is read"},
      {v + "checks: {HasFile: 5}",
       "2:19: a path of HasFile is a text, not a number; put it in quotes if it is one"},
      {v + "checks: {HasVolume: [/a, True]}",
       "2:26: a path of HasVolume is a text, not true or false; put it in quotes if it is one"},
      {v + "allow: [{fingerprint: 12345678, reason: r}]",
       "2:23: fingerprint is a text, not a number; put it in quotes if it is one"},
  };
  for (const auto& [text, why] : cases) EXPECT_EQ(ErrorOf(text), why) << text;
  EXPECT_THAT(ErrorOf(v + "images:\n- {image: [a, 'b[c']}"), ::testing::StartsWith("3:15: "));
  EXPECT_THAT(ErrorOf(v + "checks: {NoLeakedFile: {globs: ['a[b']}}"),
              ::testing::StartsWith("2:33: "));
  EXPECT_THAT(ErrorOf(v + "allow:\n- {reason: r, path: 'a[b'}"),
              ::testing::StartsWith("3:21: allowed finding (path a[b): "));
  EXPECT_NE(ErrorOf(v + "allow: *a"), "");
  EXPECT_NE(ErrorOf(v + "allow: ["), "");
  EXPECT_NE(ErrorOf(v + "allow: " + std::string(100'000, '[')), "");
}

TEST(Policy, SaysWhatToDoAboutTextsThatAreNoYaml) {
  const std::string v = "version: 1\n";
  const std::string tab = "a tab stands in the indentation; indent with blanks";
  const std::string indentation = "this belongs to nothing before it; is it indented as that is?";
  const std::string colon =
      "a value stands here in place of a key; is the indentation right? A text with \": \" is put "
      "in quotes";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {v + "checks:\n\tIntact: true", "3:1: " + tab},
      {v + "checks:\n  Intact: true\n\tNoSecrets: true", "4:1: " + tab},
      {v + "allow:\n\t- reason: r", "3:1: " + tab},
      {v + "allow:\n- \treason: r\n  path: a", "3:3: " + tab},
      {"\tversion: 1", "1:1: " + tab},
      {v + "checks:\n  Intact: true\n NoSecrets: true", "4:2: " + indentation},
      {"- a\n" + v, "2:1: " + indentation},
      {v + "include: a: b", "2:11: " + colon},
      {v + "include: \"a\nchecks: {}\n", "2:10: the quote is not closed"},
      {v + "include: 'a''\n", "2:10: the quote is not closed"},
      {v + "include: [\xc3\xa9, \"a\\\"]\n", "2:15: the quote is not closed"},
      {v + "include: [a, 'b\nchecks: {}\n", "2:14: the quote is not closed"},
      {v + "include: 'a\n---\n'",
       "3:1: a document begins or ends within quotes; is a quote not closed?"},
      {v + "include: [a, b\n", "3:1: the bracket is not closed before this"},
      {v + "checks: {Intact: true\n", "3:1: the brace is not closed before this"},
      {v + "include: a]\nallow: ]", "3:8: this closes no bracket or brace"},
      {v + "include: \"\\q\"",
       "2:13: there is no such escape; in double quotes a backslash is written twice, in single "
       "ones once"},
      {v + "include: \"\\xZZ\"", "2:15: this escape stands for no character"},
      {v + "include: @a", "2:10: no value begins with this character; put it in quotes"},
      {v + "include: & a",
       "2:11: no name stands behind this & or *; a text that begins with one is put in quotes"},
      {v + "include: *a",
       "2:10: nothing has this name; a text that begins with * is put in quotes"},
      {v + "include: |x\n  a",
       "2:11: behind | or > there is + or -, and a digit from 1 to 9, or nothing"},
      {"%YAML 9.9\n---\n" + v,
       "1:1: directives are not read; a text that begins with % is put in quotes"},
      {v + "include: caf\xe9 au lait", "2:13: this is no UTF-8; save the file as that"},
      {v + "# \xc3\xa9\xc3", "2:4: this is no UTF-8; save the file as that"},
      {v + "include: a" + std::string(1, '\0') + "b", "2:11: this is no text: a NUL stands here"},
      {"\xff\xfev", "1:1: in this line the file ends within a character; save it as UTF-8"},
      {std::string("\xff\xfe\n\1:\0\n\0x", 9),  // U+010A is no newline
       "2:1: in this line the file ends within a character; save it as UTF-8"},
      {std::string("\xfe\xff\1\n\0\n\0:\0", 9),
       "2:1: in this line the file ends within a character; save it as UTF-8"},
  };
  for (const auto& [text, why] : cases) EXPECT_EQ(ErrorOf(text), why) << text.substr(0, 200);
  for (const char bracket : {'[', '{'}) {
    EXPECT_THAT(ErrorOf(v + "include: " + std::string(100'000, bracket)),
                ::testing::EndsWith(": nested too deep"));
  }
  // What only looks like one of these.
  for (const char* more : {"", "# \t 'a\n", "checks: {\n\tIntact: true\n}\n", "include: []# '",
                           "allow: [{path: 'it''s \"', reason: \"\\\"\\\\\"}]\n"}) {
    const std::string error = ErrorOf(v + more);
    EXPECT_TRUE(error.empty() || error.find("is an empty list") != std::string::npos) << error;
  }
}

// YAML 1.2.2, section 10.3.2.
TEST(Policy, TakesScalarsForWhatYamlTakesThemFor) {
  const auto judged = [](const std::string& text) {
    return ErrorOf("version: 1\nchecks:\n  HasVolume:\n  - " + text);
  };
  for (const char* text : {"1", "-1", "+1", "007", "0x1F", "0o17", "1.", "1.5", ".5", "1e3", "1E-3",
                           "-1.5e+3", ".inf", "-.Inf", "+.INF", ".nan"}) {
    EXPECT_THAT(judged(text), ::testing::HasSubstr("is a text, not a number")) << text;
  }
  for (const char* text : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    EXPECT_THAT(judged(text), ::testing::HasSubstr("is a text, not true or false")) << text;
  }
  for (const char* text : {"null", "Null", "NULL", "~", ""}) {
    EXPECT_THAT(judged(text), ::testing::HasSubstr("is a text, not nothing")) << text;
  }
  for (const char* text :
       {"yes",  "no", "on",    "tRUE", "1_000", "1:30", "0b1", "0x",         "0xg", "0o8",
        "-0x1", "1e", "1.2.3", ".",    "nan",   "inf",  "+-1", "2027-01-31", "'1'", "\"true\""}) {
    EXPECT_EQ(judged(text), "") << text;
  }
}

TEST(Policy, ReadsNumbersHoweverTheyAreWritten) {
  const auto judged = [](const std::string& checks) {
    return ErrorOf("version: 1\nchecks: {" + checks + "}");
  };
  for (const char* mode : {"0755", "755", "'0755'", "0o755", "7777", "0", "'00644'"}) {
    EXPECT_EQ(judged(std::string("HasFile: {path: a, mode: ") + mode + "}"), "") << mode;
  }
  for (const char* mode :
       {"0x1ff", "788", "10000", "' 755'", "'+755'", "-1", "7.5", "'0o755'", "true", "''"}) {
    EXPECT_NE(judged(std::string("HasFile: {path: a, mode: ") + mode + "}"), "") << mode;
  }
  for (const char* share : {"0%", "2%", "1.5%", ".5%", "100%", "100.0%"}) {
    EXPECT_EQ(judged(std::string("WastesAtMost: ") + share), "") << share;
  }
  for (const char* share : {"-0%", "1e1%", "0x1%", "' 5%'", ".%", "nan%", "100.1%", "1.2.3%"}) {
    EXPECT_NE(judged(std::string("WastesAtMost: ") + share), "") << share;
  }
  for (const char* count : {"1", "1.0", "1e1", "0x10", "'12'"}) {
    EXPECT_EQ(judged(std::string("HasLayerCount: ") + count), "") << count;
    EXPECT_EQ(judged(std::string("HasSize: ") + count), "") << count;
  }
  for (const char* count : {"-1", "1.5", "'1e1'", "'+1'", ".inf", ".nan", "1e16", "true"}) {
    EXPECT_NE(judged(std::string("HasLayerCount: ") + count), "") << count;
  }
}

// Not by comparing every key with every other.
TEST(Policy, RefusesLargeFilesSoon) {
  std::string keys = "version: 1\n";
  for (int i = 0; keys.size() < (std::size_t{1} << 19); ++i)
    keys += "k" + std::to_string(i) + ":\n";
  EXPECT_EQ(ErrorOf(keys), "2:1: a policy has no key k0");
}

TEST(Policy, LaysEntriesOverWhatComesBeforeThem) {
  const PolicyFile file = PolicyFile::Parse(
      "version: 1\n"
      "checks: {Intact: false, NoLeakedFile: {globs: [a], except: [b]}, RunsAs: x}\n"
      "allow: [{path: a, reason: r}]\n"
      "images:\n"
      "- {image: a, checks: {Intact: true, NoLeakedFile: {globs: [c]}}, allow: [{path: b, reason: "
      "r}]}\n"
      "- {image: b, checks: {NoLeakedFile: false, RunsAs: false}, secrets: [{env: PATH}]}\n",
      "p.yaml", "2026-06-15");
  EXPECT_THAT(file.With({}).off, ElementsAre("Intact"));
  const Policy first = file.With({0});
  EXPECT_TRUE(first.off.empty());
  EXPECT_EQ(first.files.globs.at(0).pattern(), "c");
  EXPECT_TRUE(first.files.except.empty());
  EXPECT_EQ(first.claims.size(), 1U);
  EXPECT_EQ(first.options.allowed().size(), 2U);
  const Policy both = file.With({0, 1});
  EXPECT_THAT(both.off, ElementsAre("NoLeakedFile"));
  EXPECT_TRUE(both.claims.empty());
  EXPECT_EQ(both.secrets.size(), 1U);
  EXPECT_EQ(both.options.allowed().size(), 2U);
}

TEST(Policy, HasTheKeysOfItsSchema) {
  std::ifstream file(WATERTIGHT_POLICY_SCHEMA);
  const nlohmann::json schema = nlohmann::json::parse(file);
  const nlohmann::json& definitions = schema["definitions"];
  std::size_t maps = 0;
  for (const auto& [name, definition] : definitions.items()) {
    maps += definition.contains("properties") ? 1 : 0;
  }
  EXPECT_EQ(maps, PolicyMaps().size());
  for (const MapKeys& map : PolicyMaps()) {
    ASSERT_TRUE(definitions.contains(map.name)) << map.name;
    const nlohmann::json& definition = definitions[map.name];
    std::vector<std::string> keys;
    for (const auto& [key, value] : definition["properties"].items()) keys.push_back(key);
    EXPECT_THAT(keys, UnorderedElementsAreArray(map.keys)) << map.name;
    EXPECT_EQ(definition["additionalProperties"], false) << map.name;
    EXPECT_EQ(definition.value("required", std::vector<std::string>()), map.required) << map.name;
  }
}

}  // namespace
}  // namespace watertight::cli
