#include "cli/reports/policy_use.h"

#include <algorithm>

namespace watertight::cli {
namespace {

void Add(const std::vector<std::size_t>& counts, std::vector<std::size_t>* all) {
  for (std::size_t i = 0; i < counts.size(); ++i) (*all)[i] += counts[i];
}

}  // namespace

PolicyUse UseOf(const Policy& policy, const std::vector<CheckedImage>& images) {
  PolicyUse use;
  use.of_rules.resize(policy.options.rules().size());
  use.of_allowed.resize(policy.options.allowed().size());
  for (const CheckedImage& checked : images) {
    for (const CheckResult& result : checked.results) {
      Add(result.of_rules, &use.of_rules);
      Add(result.of_allowed, &use.of_allowed);
    }
  }
  return use;
}

const std::size_t* CountOf(const Policy& policy, const PolicyUse& use, std::size_t entry) {
  if (!policy.allow[entry].expired.empty()) return nullptr;
  const auto expired =
      std::count_if(policy.allow.begin(), policy.allow.begin() + static_cast<std::ptrdiff_t>(entry),
                    [](const PolicyAllow& one) { return !one.expired.empty(); });
  return &use.of_allowed[entry - static_cast<std::size_t>(expired)];
}

}  // namespace watertight::cli
