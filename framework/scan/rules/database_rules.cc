// URLs and connection strings that hold a password.

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/providers_form.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/sample.h"
#include "framework/scan/rules/settings.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/secret_values.h"

namespace watertight {
namespace {

bool IsPassword(std::string_view value) {
  constexpr std::size_t kShortest = 6;
  // Marks of variables and placeholders, unless a drawn value happens to hold them.
  if (value.find_first_of("${}<>*") != std::string_view::npos && !LooksDrawn(value)) return false;
  return value.size() >= kShortest && IsSecretValue("password", value, true) && IsIssued(value) &&
         Entropy(value) > 2.3 && !HasProvidersForm(value);
}

// The password of SCHEME://USER:PASSWORD@HOST.
std::string_view PasswordOf(std::string_view url) {
  const std::size_t at = url.rfind('@');
  const std::size_t begin = url.find("//");
  const std::size_t user = begin == std::string_view::npos ? 0 : begin + 2;
  const std::size_t colon = url.find(':', user);
  if (at == std::string_view::npos || colon >= at) return {};
  return url.substr(colon + 1, at - colon - 1);
}

// "postgres:postgres@" is what everybody writes. A word for the machine itself, and the user's name
// with an end, are defaults of programs.
bool HasPassword(const RuleHit& hit, Level* level) {
  constexpr std::size_t kLongestEnd = 3;
  const std::size_t at = hit.value.rfind('@');
  const std::string_view url = hit.value.substr(0, at + 1);
  const std::string_view host = hit.value.substr(at + 1);
  const std::string_view password = PasswordOf(url);
  const bool local = host.starts_with("localhost") || host.starts_with("127.0.0.1");
  const std::size_t begin = url.find("//") + 2;
  const std::string_view user = url.substr(begin, url.find(':', begin) - begin);
  const bool named = user.size() >= kLongestEnd && password.starts_with(user) &&
                     password.size() - user.size() <= kLongestEnd;
  if ((local && IsWord(password) && !LooksDrawn(password)) || named) *level = Level::kWarning;
  return IsPassword(password) && url.find("/" + std::string(password) + ":") == url.npos;
}

// "p%40ssword": letters and a mark or two, as who tests escapes writes them.
bool IsEscapedWord(std::string_view value) {
  constexpr std::ptrdiff_t kMost = 2;
  const std::string plain = WithoutPercent(value);
  const auto others = std::count_if(plain.begin(), plain.end(), [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  });
  return plain.size() < value.size() && others <= kMost &&
         plain.find_first_of("0123456789") == std::string::npos;
}

// "p4ssw0rd", "V3ry_S3cret"
bool IsPasswordInDigits(std::string_view value) {
  constexpr std::string_view kDigits = "0134$@5";
  constexpr std::string_view kLetters = "oieasas";
  std::string word(value);
  for (char& c : word) {
    const std::size_t at = kDigits.find(c);
    c = at == kDigits.npos ? static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)
                           : kLetters[at];
  }
  return word.find("password") != word.npos || word.find("secret") != word.npos ||
         word.find("sensit") != word.npos;
}

// The user, the password or the host is what documents call them.
bool IsSampleOfUrl(const RuleHit& hit) {
  static const re2::RE2 kSample(
      R"((?i)://(?:[a-z_]*user(?:name)?|login|me|foo|bob|alice|name|joe|john|\w*admin|root)?:|)"
      R"(:\w*(?:pass|pw|secret|token|key|foo|bar|word)\w*@|)"
      R"(@(?:localhost|127\.|example|host|server|proxy\b|foo|bar|test|my|some|your))");
  return re2::RE2::PartialMatch({hit.match.data(), hit.match.size()}, kSample);
}

bool HoldsPassword(const RuleHit& hit, Level* level) {
  if (hit.match.find("@example.") != hit.match.npos) return false;  // RFC 2606
  const bool weak = (IsWord(WithoutCount(hit.value)) && !LooksDrawn(hit.value)) ||
                    IsEscapedWord(hit.value) || IsPasswordInDigits(WithoutPercent(hit.value));
  // Of documents and tests, as a rule; where a host of one's own is set, people choose such words.
  const auto url = static_cast<std::size_t>(hit.match.data() - hit.text.data());
  const bool set = IsWord(hit.value) && !IsSampleOfUrl(hit) && IsUrlOfSetting(hit.text, url);
  if (weak && !set) *level = Level::kWarning;
  return IsPassword(hit.value) && !hit.match.starts_with("://" + std::string(hit.value) + ":");
}

// What follows the name of a password in the settings.
template <char kSeparator>
bool SetsPassword(const RuleHit& hit, Level* /*level*/) {
  std::string lower(hit.value);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t password = lower.rfind("password=");
  const std::size_t name = password == std::string::npos ? lower.rfind("pwd=") : password;
  const std::size_t begin = lower.find('=', name) + 1;
  const std::size_t end = std::min(hit.value.find(kSeparator, begin), hit.value.size());
  return IsPassword(hit.value.substr(begin, end - begin));
}

// "jdbc:oracle:thin:app/PASSWORD@…"
bool IsOraclePassword(const RuleHit& hit, Level* level) {
  if (IsWord(WithoutCount(hit.value)) && !LooksDrawn(hit.value)) *level = Level::kWarning;
  return IsPassword(hit.value);
}

}  // namespace

RuleRows DatabaseRules() {
  constexpr Level kError = Level::kError;
  return {
      {"database-url", "database-url", "URL of a database or server, with its password", kError,
       ":// :\\/\\/",
       R"((?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|smtps?|mssql|)"
       R"(sqlserver|cockroachdb|clickhouse|ldaps?|nats|mqtts?|kafka|couchdb|oracle|)"
       R"(postgres\+\w+|postgresql\+\w+|mysql\+\w+)(?::\\?/\\?/))"
       R"([^\s"'<>@:/\[\x00-\x1f]*:[^\s"'<>@\x00-\x1f]{3,200}@)"
       R"([\w.,:\[\]-]+(?:\\?/[^\s"'<>\\]*)?)",
       HasPassword, 24, 512, Edge::kNone, '@'},
      {"jdbc-url", "database-url", "JDBC URL with a password", kError, "jdbc:",
       R"(jdbc:[a-z0-9:]+:\\?/\\?/[^\s"'<>]*?[?&;](?:amp;|\\u0026)?(?i:password|pwd)=[^\s"'<>&;\\]+)",
       SetsPassword<'&'>, 0, 512, Edge::kNone},
      {"jdbc-url", "database-url", "JDBC URL with a password", kError,
       "jdbc:oracle:", R"(jdbc:oracle:\w+:[\w.$-]{1,64}/\\?"?([^\s"'<>@/\\]{6,128})\\?"?@)",
       IsOraclePassword, 0, 320, Edge::kNone},
      {"adonet-string", "database-url", "connection string with a password", kError,
       "Server= server= Source= source= Host= HOST=",
       R"((?i)(?:server|data source|host|addr(?:ess)?)=[^"'\n<>]{1,200};\s*(?:password|pwd)=[^"'\n;<>]+)",
       SetsPassword<';'>, 5, 512, Edge::kNone},
      {"generic-url-password", "generic-password", "password in a URL", kError, "://",
       R"(://[^\s"'<>@:/\x00-\x1f\x7f-\xff]{0,80}:([^\s"'<>@/\x00-\x1f\x7f-\xff]{3,200})@[A-Za-z0-9\[][\w.-]{0,80})",
       HoldsPassword, 0, 320, Edge::kNone, '@'},
  };
}

}  // namespace watertight
