// Secrets of any kind, looked for by rules in everything that an image reaches.
//
//   const auto search = watertight::FindSecrets(image, SecretOptions().AddRule(…));
//   for (const watertight::Finding& finding : search.findings) std::cout << finding.rule << "\n";
//
// Searched is what FindKnownValues searches: contents of all layers, deleted or not, names, links,
// headers, the configuration, the history, manifests, annotations, attestations, blobs that nothing
// refers to; also inside of compressed streams and archives. docs/secrets.md lists the rules.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "watertight/allowed_finding.h"
#include "watertight/known_values.h"
#include "watertight/secret_rule.h"

namespace watertight {

struct OwnRule;
namespace internal {
struct PreparedRules;
}

// Further rules, and what may stand in an image although a rule finds it.
class SecretOptions {
 public:
  // Throws: Error, kUsage, one line that names the rule, for what cannot be a rule.
  SecretOptions& AddRule(SecretRule rule);
  // Throws: Error, kUsage, for an entry that covers everything or gives no reason, a bad glob or
  // fingerprint.
  SecretOptions& Allow(AllowedFinding allowed);

  const std::vector<SecretRule>& rules() const { return rules_; }
  const std::vector<AllowedFinding>& allowed() const { return allowed_; }

 private:
  friend struct internal::PreparedRules;

  std::vector<SecretRule> rules_;
  std::vector<std::shared_ptr<const OwnRule>> ready_;  // rules_, compiled
  std::vector<AllowedFinding> allowed_;
  std::shared_ptr<internal::PreparedRules> prepared_;  // of rules_; copies share it
};

// Finding::rule is the id of the kind, such as "github-pat", or begins with "generic-". Only a
// finding of Level::kError is a failure. Never throws for a property of the image.
// Throws: Error, kUnsupported, when the search cannot be prepared.
ValueSearch FindSecrets(const Image& image, const SecretOptions& options = {},
                        const SearchLimits& limits = {});

// One row of the built-in rules.
struct SecretKind {
  std::string rule;
  std::string family;  // its class: "cloud", "vcs", "private-key"
  std::string title;   // "GitHub personal access token"
  Level level = Level::kError;
};
// In the order of their classes; each id once.
std::vector<SecretKind> SecretKinds();

}  // namespace watertight
