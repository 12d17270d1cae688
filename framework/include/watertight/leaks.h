// What the history and the configuration of an image give away.
//
//   auto leaks = watertight::FindHistoryLeaks(image, watertight::CleanOptions().Allow("DEMO_*"));
//
// A leak is a known value; a value bound to a secret-like name (ARG, ENV, the |N NAME=value prefix
// of RUN, export, inline assignments, options, labels); credentials in a URL; `curl -u`,
// `Authorization:` and the like. A name without a value, a reference ($X, /run/secrets/…), a secret
// mount, a public key's fingerprint (GPG_KEY), *_FILE, *_KEY_ID, *_VERSION, *_SHA256 are none.
// docs/leaks.md lists the rules.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "watertight/allowed_finding.h"
#include "watertight/finding.h"
#include "watertight/image.h"
#include "watertight/secret.h"

namespace watertight {

// What a clean document may and may not hold, beside the rules.
class CleanOptions {
 public:
  // A value that must not occur, whatever it is bound to.
  CleanOptions& Known(Secret secret);
  // A name whose value is no secret: exact, or with * and ?. Does not allow a known value.
  CleanOptions& Allow(std::string name);
  // A finding that may stand there: it becomes a note. Throws: Error, kUsage, as
  // SecretOptions::Allow.
  CleanOptions& Allow(AllowedFinding allowed);

  const std::vector<Secret>& known() const { return known_; }
  const std::vector<std::string>& allowed() const { return allowed_; }
  const std::vector<AllowedFinding>& allowed_findings() const { return allowed_findings_; }

 private:
  std::vector<Secret> known_;
  std::vector<std::string> allowed_;
  std::vector<AllowedFinding> allowed_findings_;
};

// In created_by, comment and author of every history step; ordered by step, field and offset.
std::vector<Finding> FindHistoryLeaks(const Image& image, const CleanOptions& options = {});
// In every other string of the configuration document, container_config and labels included;
// ordered by the document's order and offset.
std::vector<Finding> FindConfigLeaks(const Image& image, const CleanOptions& options = {});

// The text of one field with each finding's value replaced by its redacted form, or the text as it
// is under WATERTIGHT_REVEAL=1. findings: those of that field; others are ignored when their field
// differs.
std::string Redact(std::string_view text, std::string_view field,
                   const std::vector<Finding>& findings);

}  // namespace watertight
