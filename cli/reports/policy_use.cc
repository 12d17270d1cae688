#include "cli/reports/policy_use.h"

namespace watertight::cli {
namespace {

void Add(const std::vector<std::size_t>& counts, std::vector<std::size_t>* all) {
  all->resize(std::max(all->size(), counts.size()));
  for (std::size_t i = 0; i < counts.size(); ++i) (*all)[i] += counts[i];
}

}  // namespace

PolicyUse UseOf(const Policy& policy, const std::vector<CheckedImage>& images) {
  // In the order of Policy::options, which has no entry that has expired.
  std::vector<std::size_t> of_rules(policy.options.rules().size());
  std::vector<std::size_t> of_allowed(policy.options.allowed().size());
  for (const CheckedImage& checked : images) {
    for (const CheckResult& result : checked.results) {
      Add(result.of_rules, &of_rules);
      Add(result.of_allowed, &of_allowed);
    }
  }
  PolicyUse use;
  use.file = policy.file;
  for (std::size_t i = 0; i < of_rules.size(); ++i) {
    const SecretRule& rule = policy.options.rules()[i];
    use.rules.push_back({rule.id, rule.title, of_rules[i]});
  }
  std::size_t active = 0;
  for (const PolicyAllow& allow : policy.allow) {
    const std::size_t findings = allow.expired.empty() ? of_allowed[active++] : 0;
    use.allow.push_back({policy.file, allow.place, allow.finding.reason, allow.expired, findings});
  }
  return use;
}

}  // namespace watertight::cli
