// Passwords of logins: of hosts, registries, databases and their users.

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/looks.h"
#include "framework/scan/rules/providers_form.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/sample.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/secret_values.h"

namespace watertight {
namespace {

bool IsPassword(std::string_view value) {
  const bool marked = value.find_first_of("$%{}<>*") != std::string_view::npos;
  return IsSecretValue("password", value, true) && Entropy(value) > 2.3 &&
         (!marked || LooksDrawn(value));
}

// PASSWORD 'x' is said of a user, of whom prose speaks otherwise. What only looks like a sample is
// set all the same.
bool IsSqlStatement(const RuleHit& hit, Level* level) {
  static const re2::RE2 kBefore(R"((?i)\b(?:user|role|with|encrypted|login)\b)");
  constexpr std::size_t kNear = 120;
  const bool sample = IsSample(hit.value);
  if (!IsPassword(hit.value) || (!sample && !IsIssued(hit.value))) return false;
  const bool word = IsWord(WithoutCount(hit.value)) && !LooksDrawn(hit.value);
  if (sample || word) *level = Level::kWarning;
  if (hit.match.starts_with('d') || hit.match.starts_with('D')) return true;  // IDENTIFIED
  const auto begin = static_cast<std::size_t>(hit.match.data() - hit.text.data());
  const std::size_t from = begin - std::min(begin, kNear);
  return re2::RE2::PartialMatch({hit.text.data() + from, begin - from}, kBefore);
}

// Who takes files without an account says who it is: RFC 1635.
bool IsMailAddress(std::string_view value) {
  const std::size_t at = value.find('@');
  return at != value.npos && at > 0 && IsWord(value.substr(0, at)) && IsWord(value.substr(at + 1));
}

// Words alone are those of documents, as a rule.
bool IsLoginPassword(const RuleHit& hit, Level* level) {
  if (IsMailAddress(hit.value)) return false;
  if (hit.match.find("example.") != hit.match.npos) return false;  // RFC 2606
  if (IsWord(hit.value) && !LooksDrawn(hit.value)) *level = Level::kWarning;
  return IsPassword(hit.value) && IsIssued(hit.value) && !HasProvidersForm(hit.value);
}

}  // namespace

RuleRows LoginRules() {
  constexpr Level kError = Level::kError;
  return {
      {"yarn-auth", "generic-password", "login of a package registry", kError, "npmAuthI",
       R"(npmAuthIdent["']?\s*:\s*["']?[^:"'\s]+:([^"'\s\x00]{6,}))", IsLoginPassword, 0, 256,
       Edge::kNone},
      {"netrc", "generic-password", "password of a host", kError, "!password_",
       R"((?s)\b(?:machine\s+\S+|default)\s+login\s+\S+\s+password\s+([^\s\x00]+))",
       IsLoginPassword, 256, 1024, Edge::kNone, '\0', nullptr, nullptr, nullptr, FollowsHost},
      {"generic-password", "generic-password", "password in SQL", kError,
       "DENTIFIED dentified !PASSWORD_' !password_'",
       R"((?i)(?:dentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?|password\s+)'([^'\n]{6,100})')",
       IsSqlStatement, 0, 192, Edge::kNone},
      {"generic-password", "generic-password", "password in the settings of a server", kError,
       "requirep masterau",
       R"re((?:requirepass|masterauth)(?:\s+|["'],?\s*)["']?([^\s"'\x00]{8,100}))re",
       IsLoginPassword, 0, 160},
  };
}

}  // namespace watertight
