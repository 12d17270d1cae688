#include "watertight/secrets.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "framework/image/image_access.h"
#include "framework/image/varint.h"
#include "framework/scan/allowances.h"
#include "framework/scan/cache/cached_layers.h"
#include "framework/scan/field_error.h"
#include "framework/scan/file_rules.h"
#include "framework/scan/image_search.h"
#include "framework/scan/known_content.h"
#include "framework/scan/rules/own_rule.h"
#include "framework/scan/rules/rule_set.h"
#include "framework/scan/secret_search.h"
#include "framework/scan/value_set.h"

namespace watertight {

namespace internal {

// Compiled on the first search, once for all copies of the options.
struct PreparedRules {
  std::once_flag once;
  std::unique_ptr<const RuleSet> rules;
  std::unique_ptr<const ValueSet> set;

  // No values, and the rules.
  static const ValueSet& Of(const SecretOptions& options) {
    if (options.rules_.empty()) return ValueSet::OfBuiltInRules();
    PreparedRules& prepared = *options.prepared_;
    std::call_once(prepared.once, [&] {
      std::vector<OwnRule> own;
      for (const auto& rule : options.ready_) own.push_back(*rule);
      prepared.rules = std::make_unique<const RuleSet>(std::move(own));
      prepared.set =
          std::make_unique<const ValueSet>(std::vector<std::string>(), prepared.rules.get());
    });
    return *prepared.set;
  }
};

}  // namespace internal

namespace {

// Ids that a rule of the user's may not have.
bool IsBuiltIn(const std::string& id) {
  static const auto* ids = [] {
    auto* all = new std::set<std::string>;
    for (const SecretKind& kind : SecretKinds()) all->insert(kind.rule);
    return all;
  }();
  return ids->count(id) != 0;
}

void CountRules(const std::vector<SecretRule>& rules, ValueSearch* result) {
  std::map<std::string_view, std::size_t> counts;
  for (const Finding& finding : result->findings) ++counts[finding.rule];
  for (const SecretRule& rule : rules) result->of_rules.push_back(counts[rule.id]);
}

void FinishSecrets(const Image& image, const SecretOptions& options, const ReadyContents& ready,
                   ValueSearch* search) {
  AddFileFindings(image, ready, search);
  LowerKnownContent(image, ready, &search->findings);
  CountRules(options.rules(), search);
  search->of_allowed = Allowances(options.allowed()).Apply(&search->findings);
}

// All of it that decides what a search of the same bytes finds.
std::string WantedText(const Wanted& wanted, const SearchLimits& limits) {
  std::string text;
  for (const std::uint64_t limit :
       {std::uint64_t{limits.nesting}, limits.expanded_bytes, limits.expansion_ratio,
        limits.expansion_grace, limits.members}) {
    PutVarint(limit, &text);
  }
  PutVarint(wanted.values.size(), &text);
  for (const Secret& value : wanted.values) PutText(value.value(), &text);
  if (wanted.secrets == nullptr) return text;
  const auto put_all = [&text](const std::vector<std::string>& words) {
    PutVarint(words.size(), &text);
    for (const std::string& word : words) PutText(word, &text);
  };
  for (const SecretRule& rule : wanted.secrets->rules()) {
    put_all({"rule", rule.id, rule.title, rule.pattern, ToString(rule.level)});
    PutVarint(std::bit_cast<std::uint64_t>(rule.entropy), &text);
    put_all(rule.literals);
    put_all(rule.stop_words);
  }
  return text + "rules";
}

// Takes the findings of known values out of a search for both.
ValueSearch TakeValues(ValueSearch* search) {
  ValueSearch values{{}, search->notes, search->unreadable, {}, {}};
  std::vector<Finding>& all = search->findings;
  const auto first = std::stable_partition(
      all.begin(), all.end(), [](const Finding& finding) { return finding.secret == 0; });
  values.findings.assign(std::make_move_iterator(first), std::make_move_iterator(all.end()));
  all.erase(first, all.end());
  return values;
}

}  // namespace

SecretOptions& SecretOptions::AddRule(SecretRule rule) {
  auto ready = std::make_shared<const OwnRule>(ReadyRule(rule));
  if (IsBuiltIn(rule.id)) {
    throw FieldError("id", "rule " + rule.id + ": a built-in rule has this id");
  }
  if (std::any_of(rules_.begin(), rules_.end(),
                  [&rule](const SecretRule& other) { return other.id == rule.id; })) {
    throw FieldError("id", "rule " + rule.id + ": another rule has this id");
  }
  rules_.push_back(std::move(rule));
  ready_.push_back(std::move(ready));
  prepared_ = std::make_shared<internal::PreparedRules>();
  return *this;
}

SecretOptions& SecretOptions::Allow(AllowedFinding allowed) {
  CheckAllowed(allowed);
  allowed_.push_back(std::move(allowed));
  return *this;
}

ValueSearch FindSecrets(const Image& image, const SecretOptions& options,
                        const SearchLimits& limits) {
  ReadyContents ready;
  ValueSearch search = SearchImage(image, internal::PreparedRules::Of(options), limits, &ready);
  FinishSecrets(image, options, ready, &search);
  return search;
}

WantedSearch FindAndHash(const Image& image, const Wanted& wanted, const SearchLimits& limits,
                         CacheFolder* cache) {
  const ValueSet* rules =
      wanted.secrets == nullptr ? nullptr : &internal::PreparedRules::Of(*wanted.secrets);
  std::optional<ValueSet> own;
  if (rules == nullptr || !wanted.values.empty()) {
    std::vector<std::string> texts;
    for (const Secret& value : wanted.values) texts.push_back(value.value());
    own.emplace(std::move(texts), rules == nullptr ? nullptr : rules->rules());
  }
  WantedSearch found;
  std::optional<CachedLayers> cached;
  if (cache != nullptr) {
    cached.emplace(cache, internal::ImageAccess::State(image), WantedText(wanted, limits));
  }
  ReadyContents ready;
  ValueSearch search = SearchImage(image, own ? *own : *rules, limits, &ready, Hashing::kToo,
                                   cached ? &*cached : nullptr);
  if (!wanted.values.empty()) found.values = TakeValues(&search);
  if (wanted.secrets == nullptr) return found;
  FinishSecrets(image, *wanted.secrets, ready, &search);
  found.secrets = std::move(search);
  return found;
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
