// Secrets of any kind, looked for by rules in everything that an image reaches.
//
//   const auto search = watertight::FindSecrets(image, SecretOptions().Allow("jwt-hs", "srv/**"));
//   for (const watertight::Finding& finding : search.findings) std::cout << finding.rule << "\n";
//
// Searched is what FindKnownValues searches: contents of all layers, deleted or not, names, links,
// headers, the configuration, the history, manifests, annotations, attestations, blobs that nothing
// refers to; also inside of compressed streams and archives. docs/secrets.md lists the rules.

#pragma once

#include <string>
#include <vector>

#include "watertight/glob.h"
#include "watertight/known_values.h"

namespace watertight {

// What may stand in an image although a rule finds it.
class SecretOptions {
 public:
  struct Allowed {
    std::string rule;  // an id of docs/secrets.md, or * for all
    Glob path;         // of the file; what is in no file has no path
  };

  // A rule's findings, anywhere. rule: an id of docs/secrets.md, or * for all.
  SecretOptions& Allow(std::string rule);
  // Those in files of such a path.
  SecretOptions& Allow(std::string rule, const std::string& path);
  // One value: the eight digits that messages show, "4f1a09c2".
  SecretOptions& AllowValue(std::string fingerprint);

  const std::vector<std::string>& rules() const { return rules_; }
  const std::vector<Allowed>& paths() const { return paths_; }
  const std::vector<std::string>& values() const { return values_; }

 private:
  std::vector<std::string> rules_;
  std::vector<Allowed> paths_;
  std::vector<std::string> values_;
};

// Finding::rule is the id of the kind, such as "github-pat", or begins with "generic-". Only a
// finding of Level::kError is a failure. Never throws for a property of the image.
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
