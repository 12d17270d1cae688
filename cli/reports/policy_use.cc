#include "cli/reports/policy_use.h"

#include <map>
#include <set>
#include <tuple>

namespace watertight::cli {
namespace {

using Place = std::tuple<std::string, int, int>;

Place PlaceOf(const PolicyAllow& allow) {
  return {allow.file, allow.place.line, allow.place.column};
}

// Of all images.
struct Counts {
  std::map<std::string, std::size_t> of_rules;
  std::map<Place, std::size_t> of_allowed;

  // Results count in the order of Policy::options, which has no entry that has expired.
  void Add(const Policy& policy, const CheckResult& result) {
    for (std::size_t i = 0; i < result.of_rules.size(); ++i) {
      of_rules[policy.options.rules()[i].id] += result.of_rules[i];
    }
    std::size_t active = 0;
    for (const PolicyAllow& allow : policy.allow) {
      if (!allow.expired.empty() || active >= result.of_allowed.size()) continue;
      of_allowed[PlaceOf(allow)] += result.of_allowed[active++];
    }
  }
};

// Rules and entries of one policy after the other, each once.
class UseList {
 public:
  UseList(const Counts& counts, PolicyUse* use) : counts_(counts), use_(use) {}

  // is_used: some image was held to it.
  void Add(const Policy& policy, bool is_used) {
    for (const SecretRule& rule : policy.options.rules()) {
      if (!ids_.insert(rule.id).second) continue;
      const auto count = counts_.of_rules.find(rule.id);
      use_->rules.push_back(
          {rule.id, rule.title, count == counts_.of_rules.end() ? 0 : count->second});
    }
    for (const PolicyAllow& allow : policy.allow) {
      if (!places_.insert(PlaceOf(allow)).second) continue;
      const auto count = counts_.of_allowed.find(PlaceOf(allow));
      use_->allow.push_back({allow.file, allow.place, allow.finding.reason, allow.expired,
                             count == counts_.of_allowed.end() ? 0 : count->second, is_used});
    }
  }

 private:
  const Counts& counts_;
  PolicyUse* use_;
  std::set<std::string> ids_;
  std::set<Place> places_;
};

}  // namespace

PolicyUse UseOf(const PolicyFile& policy, const std::vector<CheckTarget>& targets,
                const std::vector<CheckedImage>& images) {
  Counts counts;
  for (const CheckedImage& checked : images) {
    for (const CheckResult& result : checked.results) counts.Add(*checked.policy, result);
  }
  std::vector<std::size_t> images_of(policy.entries().size());
  for (const CheckTarget& target : targets) {
    for (const std::size_t entry : target.entries) ++images_of[entry];
  }
  PolicyUse use;
  use.file = policy.file();
  UseList list(counts, &use);
  list.Add(policy.base(), true);
  for (std::size_t i = 0; i < images_of.size(); ++i) {
    const ImageEntry& entry = policy.entries()[i];
    list.Add(policy.With({i}), images_of[i] > 0);
    use.entries.push_back({entry.file, entry.place, images_of[i]});
  }
  return use;
}

}  // namespace watertight::cli
