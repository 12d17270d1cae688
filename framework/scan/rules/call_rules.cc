// Secrets that a name or a call passes on without a sign between: setenv NAME VALUE, connections of
// programs with their users and passwords.

#include <re2/re2.h>

#include <cstddef>
#include <string_view>

#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/providers_form.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/secret_values.h"

namespace watertight {
namespace {

bool IsDrawnPassword(std::string_view value) {
  return (LooksDrawn(value) || LooksRandom(value)) && IsSecretValue("password", value, true) &&
         IsIssued(value) && !IsProgramText(value) && !HasProvidersForm(value);
}

bool IsArgument(const RuleHit& hit, Level* /*level*/) { return IsDrawnPassword(hit.value); }

// Who has no account gives a mail address: RFC 1635.
bool IsLoginArgument(const RuleHit& hit, Level* /*level*/) {
  static const re2::RE2 kMail(R"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)");
  return !re2::RE2::FullMatch({hit.value.data(), hit.value.size()}, kMail) &&
         IsDrawnPassword(hit.value);
}

// The last word before the value promises a secret.
bool IsVariable(const RuleHit& hit, Level* /*level*/) {
  constexpr std::string_view kBetween = " \t\"'";
  std::string_view before =
      hit.match.substr(0, static_cast<std::size_t>(hit.value.data() - hit.match.data()));
  const std::size_t end = before.find_last_not_of(kBetween);
  if (end == before.npos) return false;
  before = before.substr(0, end + 1);
  const std::size_t begin = before.find_last_of(kBetween);
  return ClassifyName(before.substr(begin + 1)).rule != nullptr && IsDrawnPassword(hit.value);
}

}  // namespace

// All of a word: quoted or plain.
#define WORD R"re((?:"([^"\\\n]{8,128})"|'([^'\n]{8,128})'|([^\s"'`\\,;|&<>(){}\x00]{8,128})))re"
// An argument before the password: a string, or what gives one.
#define ARGUMENT R"re(\s*(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[\w.$>()\[\]-]{1,80})\s*,)re"
#define STRING R"re(\s*(?:"([^"\\\n]{8,128})"|'([^'\\\n]{8,128})'))re"

RuleRows CallRules() {
  constexpr Level kError = Level::kError;
  return {
      {"generic-secret", "generic-password", "secret in a variable", kError,
       "!setenv_ !SetEnv_ !setx_ !set_-x_ !set_-gx_ set_header",
       R"((?:setenv|SetEnv|setx|set -g?x|set_header)[ \t]+"?[\w-]{2,64}"?[ \t]+)" WORD, IsVariable,
       0, 256, Edge::kNone},
      {"generic-password", "generic-password", "password of a connection", kError,
       "getConnection( DBI->connect( !new_PDO( mysqli_connect( !new_mysqli(",
       R"((?:getConnection|DBI->connect|new PDO|mysqli_connect|new mysqli)\()" ARGUMENT ARGUMENT
           STRING,
       IsArgument, 0, 640, Edge::kNone},
      {"generic-password", "generic-password", "password of a login", kError,
       ".login( .auth( NetworkCredential(",
       R"((?:\.login|\.auth|\bNetworkCredential)\()" ARGUMENT STRING, IsLoginArgument, 0, 400,
       Edge::kNone},
      {"generic-password", "generic-password", "password in a tuple of Erlang", kError,
       "{password, {default_pass,",
       R"re(\{(?:password|default_pass),\s*(?:<<)?"([^"\\\n]{8,128})"(?:>>)?\s*\})re", IsArgument,
       0, 160, Edge::kNone},
      {"generic-password", "generic-password", "password of a user of MongoDB", kError,
       "pwd: pwd\":", R"re(\bpwd"?\s*:)re" STRING, IsArgument, 0, 160, Edge::kNone},
      {"generic-password", "generic-password", "password that a script types", kError,
       "assword:\" assword:*\" assword*\"",
       R"re(assword:?\*?"\s*[;{]?\s*send(?:\s+--)?\s+"([^"\\\n]{8,128})\\[rn]")re", IsArgument, 0,
       200, Edge::kNone},
      {"generic-password", "generic-password", "password of a repository", kError, "Credentials(",
       R"(\bCredentials\()" ARGUMENT ARGUMENT ARGUMENT STRING, IsArgument, 0, 640, Edge::kNone},
      {"generic-password", "generic-password", "password in the answers of an installation", kError,
       "!password_password_", R"(password[ \t]+password[ \t]+)" WORD, IsArgument, 0, 160,
       Edge::kNone},
      {"generic-secret", "generic-password", "key between the servers of a cluster", kError,
       "encrypt\" encrypt= !encrypt_=",
       R"re(\bencrypt"?\s*[=:]\s*"([A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{43}=)")re", MadeByChance, 0,
       96, Edge::kNone},
  };
}

#undef STRING
#undef ARGUMENT
#undef WORD

}  // namespace watertight
