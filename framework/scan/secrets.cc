#include "watertight/secrets.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>
#include <utility>

#include "framework/image/sha256.h"
#include "framework/scan/file_rules.h"
#include "framework/scan/image_search.h"
#include "framework/scan/known_content.h"
#include "framework/scan/rules/rule_set.h"
#include "framework/scan/secret_search.h"

namespace watertight {
namespace {

constexpr std::size_t kFingerprintDigits = 8;

bool Allows(const SecretOptions& options, const Finding& finding) {
  const auto covers = [&finding](const std::string& rule) {
    return rule == "*" || rule == finding.rule;
  };
  if (std::any_of(options.rules().begin(), options.rules().end(), covers)) return true;
  const auto covers_path = [&](const SecretOptions::Allowed& allowed) {
    return covers(allowed.rule) && !finding.path.empty() && allowed.path.Matches(finding.path);
  };
  if (std::any_of(options.paths().begin(), options.paths().end(), covers_path)) return true;
  if (options.values().empty()) return false;
  const std::string fingerprint =
      Sha256Digest(finding.value).substr(std::strlen("sha256:"), kFingerprintDigits);
  return std::find(options.values().begin(), options.values().end(), fingerprint) !=
         options.values().end();
}

ValueSearch Find(const Image& image, const SecretOptions& options, const SearchLimits& limits,
                 Hashing hashing) {
  static const auto* set = new ValueSet({}, &RuleSet::BuiltIn());
  ValueSearch result = SearchImage(image, *set, limits, hashing);
  AddFileFindings(image, &result);
  LowerKnownContent(image, &result.findings);
  std::erase_if(result.findings,
                [&options](const Finding& finding) { return Allows(options, finding); });
  return result;
}

}  // namespace

SecretOptions& SecretOptions::Allow(std::string rule) {
  rules_.push_back(std::move(rule));
  return *this;
}

SecretOptions& SecretOptions::Allow(std::string rule, const std::string& path) {
  paths_.push_back({std::move(rule), Glob(path)});
  return *this;
}

SecretOptions& SecretOptions::AllowValue(std::string fingerprint) {
  values_.push_back(std::move(fingerprint));
  return *this;
}

ValueSearch FindSecrets(const Image& image, const SecretOptions& options,
                        const SearchLimits& limits) {
  return Find(image, options, limits, Hashing::kNo);
}

ValueSearch FindSecretsAndHash(const Image& image, const SecretOptions& options,
                               const SearchLimits& limits) {
  return Find(image, options, limits, Hashing::kToo);
}

std::vector<SecretKind> SecretKinds() {
  std::vector<SecretKind> kinds;
  std::set<std::string_view> listed;
  for (const Rule& rule : RuleSet::BuiltIn().rows()) {
    if (!listed.insert(rule.id).second) continue;
    kinds.push_back({rule.id, rule.family, rule.title, rule.level});
  }
  for (SecretKind& kind : FileKinds()) {
    const bool known = std::any_of(kinds.begin(), kinds.end(),
                                   [&](const SecretKind& one) { return one.rule == kind.rule; });
    if (!known) kinds.push_back(std::move(kind));
  }
  return kinds;
}

}  // namespace watertight
