#include "cli/policy/policy_keys.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <utility>

#include "cli/policy/policy_checks.h"
#include "framework/image/path.h"
#include "framework/scan/allowances.h"
#include "framework/scan/field_error.h"
#include "framework/scan/wildcard.h"

namespace watertight::cli {
namespace {

// secrets:

const std::vector<Key<Policy>>& SecretKeys() {
  static const std::vector<Key<Policy>> keys = {
      {"env", false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         policy->secrets.push_back(Secret::FromEnv(Text(reading, "env", node)));
       }},
      {"file", false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         const std::filesystem::path name = Text(reading, "file", node);
         policy->secrets.push_back(
             Secret::FromFile((std::filesystem::path(reading.folder) / name).string()));
       }},
  };
  return keys;
}

}  // namespace

void ReadSecrets(const Reading& reading, const YamlNode& node, Policy* policy) {
  for (const YamlNode& item : Items(reading, "secrets", node)) {
    if (item.kind == YamlNode::Kind::kMap && item.keys.size() != 1) {
      reading.Fail(item, "a secret has one key: env or file");
    }
    try {
      ReadMap(reading, "a secret", item, SecretKeys(), policy);
    } catch (const Error& error) {
      const std::string text = error.what();
      if (text.starts_with(Printable(reading.file) + ":")) throw;
      reading.Fail(item.items.front(), text);
    }
  }
}

namespace {

// rules:

constexpr Level kLevels[] = {Level::kError, Level::kWarning, Level::kNote};

Level ReadLevel(const Reading& reading, const YamlNode& node) {
  const std::string word = Text(reading, "level", node);
  const auto* const level = std::find_if(std::begin(kLevels), std::end(kLevels),
                                         [&](Level one) { return word == ToString(one); });
  if (level == std::end(kLevels)) {
    reading.Fail(node, "level is error, warning or note, not " + Printable(word));
  }
  return *level;
}

const std::vector<Key<SecretRule>>& RuleKeys() {
  static const std::vector<Key<SecretRule>> keys = {
      {"id", true,
       [](const Reading& reading, const YamlNode& node, SecretRule* rule) {
         rule->id = Text(reading, "id", node);
       }},
      {"title", false,
       [](const Reading& reading, const YamlNode& node, SecretRule* rule) {
         rule->title = Text(reading, "title", node);
       }},
      {"pattern", true,
       [](const Reading& reading, const YamlNode& node, SecretRule* rule) {
         rule->pattern = Text(reading, "pattern", node);
       }},
      {"literals", false,
       [](const Reading& reading, const YamlNode& node, SecretRule* rule) {
         rule->literals = Texts(reading, "literals", node);
       }},
      {"entropy", false,
       [](const Reading& reading, const YamlNode& node, SecretRule* rule) {
         rule->entropy = Number(reading, "entropy", node);
       }},
      {"stop_words", false,
       [](const Reading& reading, const YamlNode& node, SecretRule* rule) {
         rule->stop_words = Texts(reading, "stop_words", node);
       }},
      {"level", false,
       [](const Reading& reading, const YamlNode& node, SecretRule* rule) {
         rule->level = ReadLevel(reading, node);
       }},
  };
  return keys;
}

}  // namespace

void ReadRules(const Reading& reading, const YamlNode& node, Policy* policy) {
  for (const YamlNode& item : Items(reading, "rules", node)) {
    SecretRule rule;
    ReadMap(reading, "a rule", item, RuleKeys(), &rule);
    try {
      policy->options.AddRule(std::move(rule));
    } catch (const FieldError& error) {
      reading.Fail(ValueOf(item, error.field()), error.what());
    } catch (const Error& error) {
      reading.Fail(item, error.what());
    }
  }
}

namespace {

// allow:

bool IsDay(const std::string& text) {
  int parts[3] = {};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  constexpr std::pair<std::size_t, std::size_t> kParts[] = {{0, 4}, {5, 2}, {8, 2}};
  for (std::size_t i = 0; i < 3; ++i) {
    const char* const begin = text.data() + kParts[i].first;
    const char* const end = begin + kParts[i].second;
    if (*begin == '-' || std::from_chars(begin, end, parts[i]).ptr != end) return false;
  }
  return std::chrono::year_month_day(std::chrono::year(parts[0]),
                                     std::chrono::month(static_cast<unsigned>(parts[1])),
                                     std::chrono::day(static_cast<unsigned>(parts[2])))
      .ok();
}

const std::vector<Key<PolicyAllow>>& AllowKeys() {
  static const std::vector<Key<PolicyAllow>> keys = {
      {"rule", false,
       [](const Reading& reading, const YamlNode& node, PolicyAllow* allow) {
         allow->finding.rule = Text(reading, "rule", node);
       }},
      {"path", false,
       [](const Reading& reading, const YamlNode& node, PolicyAllow* allow) {
         allow->finding.path = Text(reading, "path", node);
       }},
      {"fingerprint", false,
       [](const Reading& reading, const YamlNode& node, PolicyAllow* allow) {
         allow->finding.fingerprint = Text(reading, "fingerprint", node);
       }},
      {"reason", true,
       [](const Reading& reading, const YamlNode& node, PolicyAllow* allow) {
         allow->finding.reason = Text(reading, "reason", node);
       }},
      {"expires", false,
       [](const Reading& reading, const YamlNode& node, PolicyAllow* allow) {
         const std::string day = Text(reading, "expires", node);
         if (!IsDay(day)) reading.Fail(node, "expires is a day such as 2027-01-31");
         if (day < reading.today) allow->expired = day;
       }},
  };
  return keys;
}

// Ids that findings can have.
std::vector<std::string> KnownRules(const Policy& policy) {
  // Of the history and configuration, and of files by their names.
  std::vector<std::string> ids = {"generic-authorization-header", "generic-basic-auth",
                                  "generic-encryption-key",       "generic-private-key",
                                  "generic-repeated-value",       "generic-credential-file"};
  for (const SecretKind& kind : SecretKinds()) ids.push_back(kind.rule);
  for (const SecretRule& rule : policy.options.rules()) ids.push_back(rule.id);
  return ids;
}

}  // namespace

void ReadAllow(const Reading& reading, const YamlNode& node, Policy* policy) {
  for (const YamlNode& item : Items(reading, "allow", node)) {
    PolicyAllow allow;
    allow.file = reading.file;
    allow.place = item.place;
    allow.rule_place = ValueOf(item, "rule").place;
    ReadMap(reading, "an entry of allow", item, AllowKeys(), &allow);
    try {
      CheckAllowed(allow.finding);
    } catch (const FieldError& error) {
      reading.Fail(ValueOf(item, error.field()), error.what());
    } catch (const Error& error) {
      reading.Fail(item, error.what());
    }
    policy->allow.push_back(std::move(allow));
  }
}

void ActivateAllow(Policy* policy) {
  const std::vector<std::string> known = KnownRules(*policy);
  for (const PolicyAllow& allow : policy->allow) {
    const std::string& rule = allow.finding.rule;
    const bool is_known =
        rule.empty() || std::any_of(known.begin(), known.end(), [&](const std::string& id) {
          return MatchesWildcard(rule, id);
        });
    if (!is_known) {
      throw YamlError(allow.file, allow.rule_place,
                      "no rule has the id " + Printable(rule) + NearestOf(rule, known));
    }
    if (allow.expired.empty()) policy->options.Allow(allow.finding);
  }
}

std::vector<MapKeys> PolicyKeyMaps() {
  std::vector<MapKeys> maps = {KeysOf("secret", SecretKeys()), KeysOf("rule", RuleKeys()),
                               KeysOf("allow", AllowKeys())};
  const std::vector<MapKeys> checks = CheckMaps();
  maps.insert(maps.end(), checks.begin(), checks.end());
  return maps;
}

}  // namespace watertight::cli
