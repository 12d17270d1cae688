// A rule of the user's, made ready.

#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "watertight/secret_rule.h"

namespace watertight {

struct OwnRule {
  SecretRule rule;
  std::shared_ptr<const re2::RE2> pattern;
  std::vector<std::string> leads;  // the begins of its literals
  std::size_t reach = 0;           // a match begins at most so many bytes before a lead
};

// A match ends at most so many bytes behind a lead.
constexpr std::size_t kOwnLength = 1024;

// Throws: Error, kUsage, one line: "rule acme-token: …".
OwnRule ReadyRule(SecretRule rule);

// Its own conditions, beside the pattern.
bool IsValueOf(const OwnRule& own, std::string_view value);

}  // namespace watertight
