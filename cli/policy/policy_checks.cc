#include "cli/policy/policy_checks.h"

#include <algorithm>

#include "cli/policy/conditions.h"

namespace watertight::cli {
namespace {

const std::vector<Key<PathPatterns>>& NoLeakedFileKeys() {
  static const std::vector<Key<PathPatterns>> keys = {
      {"globs", false,
       [](const Reading& reading, const YamlNode& node, PathPatterns* files) {
         files->globs = Globs(reading, "globs", node);
       }},
      {"except", false,
       [](const Reading& reading, const YamlNode& node, PathPatterns* files) {
         files->except = Globs(reading, "except", node);
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

void Switch(const Reading& reading, const std::string& what, const char* name, const YamlNode& node,
            Policy* policy) {
  policy->off.erase(name);
  if (!IsTrue(reading, what, node)) policy->off.insert(name);
}

// True or false.
void ReadPlain(const Reading& reading, const char* name, const YamlNode& node, Policy* policy) {
  Switch(reading, name, name, node, policy);
}

// True, false, or a map of options. What an earlier policy said of them is forgotten.
template <typename T>
void ReadCheck(const Reading& reading, const char* name, const YamlNode& node,
               const std::vector<Key<T>>& keys, T* options, Policy* policy) {
  *options = T{};
  if (node.kind == YamlNode::Kind::kMap) {
    policy->off.erase(name);
    return ReadMap(reading, name, node, keys, options);
  }
  Switch(reading, std::string(name) + ", unless it is a map of its options,", name, node, policy);
}

const std::vector<Key<Policy>>& CheckKeys() {
  static const std::vector<Key<Policy>> keys = {
      {kIntact, false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         ReadPlain(reading, kIntact, node, policy);
       }},
      {kNoLeakedFile, false,
       [](const Reading& reading, const YamlNode& node, Policy* policy) {
         ReadCheck(reading, kNoLeakedFile, node, NoLeakedFileKeys(), &policy->files, policy);
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
         ReadPlain(reading, kNoSecrets, node, policy);
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

}  // namespace

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

bool ChecksNothing(const Policy& policy) {
  return policy.off.size() == CheckKeys().size() && policy.secrets.empty() && policy.claims.empty();
}

std::vector<MapKeys> CheckMaps() {
  std::vector<MapKeys> maps = {{"checks", CheckNames(), {}},
                               KeysOf("noLeakedFile", NoLeakedFileKeys()),
                               KeysOf("clean", CleanKeys())};
  for (const auto& more : {ClaimMaps(), ConditionMaps()}) {
    maps.insert(maps.end(), more.begin(), more.end());
  }
  return maps;
}

}  // namespace watertight::cli
