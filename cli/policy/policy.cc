#include "cli/policy/policy.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <utility>

#include "cli/policy/conditions.h"
#include "cli/policy/map_reader.h"
#include "framework/image/path.h"
#include "framework/scan/allowances.h"
#include "framework/scan/field_error.h"
#include "framework/scan/wildcard.h"

namespace watertight::cli {
namespace {

// checks:

const std::vector<Key<Policy>>& NoLeakedFileKeys() {
  static const std::vector<Key<Policy>> keys = {
      {"globs", false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         policy->files.globs = Globs(reading, "globs", node);
       }},
      {"except", false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         policy->files.except = Globs(reading, "except", node);
       }},
  };
  return keys;
}

const std::vector<Key<std::vector<std::string>>>& CleanKeys() {
  static const std::vector<Key<std::vector<std::string>>> keys = {
      {"allow", false,
       [](const Reading& reading, const YamlNode& node, std::vector<std::string>* names) {
         *names = Texts(reading, "allow", node);
       }},
  };
  return keys;
}

// True, false, or a map where the check has options.
template <typename T>
void ReadCheck(const Reading& reading, const char* name, const YamlNode& node,
               const std::vector<Key<T>>& keys, T* into, Policy* policy) {
  if (node.kind == YamlNode::Kind::kMap && !keys.empty()) {
    return ReadMap(reading, name, node, keys, into);
  }
  const std::string what =
      std::string(name) + (keys.empty() ? "" : ", unless it is a map of its options,");
  if (!IsTrue(reading, what, node)) policy->off.insert(name);
}

const std::vector<Key<Policy>>& CheckKeys() {
  static const std::vector<Key<Policy>> keys = {
      {kIntact, false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         ReadCheck<Policy>(reading, kIntact, node, {}, policy, policy);
       }},
      {kNoLeakedFile, false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         ReadCheck(reading, kNoLeakedFile, node, NoLeakedFileKeys(), policy, policy);
       }},
      {kHistoryClean, false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         ReadCheck(reading, kHistoryClean, node, CleanKeys(), &policy->history_names, policy);
       }},
      {kConfigClean, false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         ReadCheck(reading, kConfigClean, node, CleanKeys(), &policy->config_names, policy);
       }},
      {kNoSecrets, false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         ReadCheck<Policy>(reading, kNoSecrets, node, {}, policy, policy);
       }},
  };
  return keys;
}

// The default ones, and the library's matchers by their names.
std::vector<std::string> CheckNames() {
  std::vector<std::string> names = NamesOf(CheckKeys());
  const std::vector<std::string> claims = ClaimNames();
  names.insert(names.end(), claims.begin(), claims.end());
  names.emplace_back("Not");
  return names;
}

void ReadChecks(const Reading& reading, const YamlNode& node, Policy* policy) {
  if (node.kind != YamlNode::Kind::kMap) {
    reading.Fail(node, "checks is a map, not " + std::string(Describe(node)));
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].text;
    const YamlNode& value = node.items[i];
    const auto key = std::find_if(CheckKeys().begin(), CheckKeys().end(),
                                  [&](const Key<Policy>& one) { return one.name == name; });
    if (key != CheckKeys().end()) {
      key->read(reading, value, policy);
    } else if (name == "Not") {
      ReadNot(reading, value, &policy->claims);
    } else if (IsClaim(name)) {
      ReadClaim(reading, name, value, &policy->claims);
    } else {
      reading.Fail(node.keys[i],
                   "checks has no key " + Printable(name) + NearestOf(name, CheckNames()));
    }
  }
}

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

void ReadAllow(const Reading& reading, const YamlNode& node, Policy* policy) {
  for (const YamlNode& item : Items(reading, "allow", node)) {
    PolicyAllow allow;
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

// The whole file

const std::vector<Key<Policy>>& PolicyKeys() {
  static const std::vector<Key<Policy>> keys = {
      {"version", true,
       [](const Reading& reading, const YamlNode& node, Policy* /*policy*/) {
         if (!node.plain || node.text != "1") reading.Fail(node, "version is 1");
       }},
      {"checks", false, ReadChecks},
      {"secrets", false, ReadSecrets},
      {"rules", false, ReadRules},
      {"allow", false, ReadAllow},
  };
  return keys;
}

// After all, since entries may stand before the rules that they name.
void ActivateAllow(const Reading& reading, Policy* policy) {
  const std::vector<std::string> known = KnownRules(*policy);
  for (const PolicyAllow& allow : policy->allow) {
    const std::string& rule = allow.finding.rule;
    const bool is_known =
        rule.empty() || std::any_of(known.begin(), known.end(), [&](const std::string& id) {
          return MatchesWildcard(rule, id);
        });
    if (!is_known) {
      throw YamlError(reading.file, allow.rule_place,
                      "no rule has the id " + Printable(rule) + NearestOf(rule, known));
    }
    if (allow.expired.empty()) policy->options.Allow(allow.finding);
  }
}

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &day)};
}

}  // namespace

Policy ParsePolicy(const YamlNode& root, const std::string& file, const std::string& folder,
                   const std::string& today) {
  const Reading reading{file, folder, today};
  Policy policy;
  policy.file = file;
  ReadMap(reading, "a policy", root, PolicyKeys(), &policy);
  ActivateAllow(reading, &policy);
  if (policy.off.size() == CheckKeys().size() && policy.secrets.empty() && policy.claims.empty()) {
    reading.Fail(ValueOf(root, "checks"), "every check is switched off, and no secret is given");
  }
  return policy;
}

Policy ReadPolicy(const std::string& text, const std::string& file) {
  return ParsePolicy(ParseYaml(text, file), file,
                     std::filesystem::path(file).parent_path().string(), Today());
}

std::vector<MapKeys> PolicyMaps() {
  std::vector<MapKeys> maps = {KeysOf("policy", PolicyKeys()),
                               {"checks", CheckNames(), {}},
                               KeysOf("noLeakedFile", NoLeakedFileKeys()),
                               KeysOf("clean", CleanKeys()),
                               KeysOf("secret", SecretKeys()),
                               KeysOf("rule", RuleKeys()),
                               KeysOf("allow", AllowKeys())};
  for (const auto& more : {ClaimMaps(), ConditionMaps()}) {
    maps.insert(maps.end(), more.begin(), more.end());
  }
  return maps;
}

}  // namespace watertight::cli
