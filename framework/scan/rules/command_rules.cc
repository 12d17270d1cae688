// Passwords in commands, headers and settings whose names do not tell of one: in the histories of
// shells, scripts, makefiles and the settings of servers.

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/looks.h"
#include "framework/scan/rules/providers_form.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/secret_values.h"
#include "framework/scan/text_rules.h"

namespace watertight {
namespace {

bool IsPrintable(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool MayBeSecret(std::string_view value) {
  static const re2::RE2 kVariable(R"(\$[A-Za-z_{(]|%[A-Za-z_]+%|\{\{|[<>]|\*\*)");
  const bool variable = re2::RE2::PartialMatch({value.data(), value.size()}, kVariable);
  return IsPrintable(value) && IsSecretValue("password", value, true) && IsIssued(value) &&
         !IsProgramText(value) && (!variable || LooksDrawn(value));
}

// Of documents as of scripts: words alone are none.
bool IsPasswordByLooks(std::string_view value, Level* level) {
  if (!MayBeSecret(value) || HasProvidersForm(value)) return false;
  if (LooksDrawn(value) || LooksRandom(value)) return true;
  *level = Level::kWarning;
  return LooksChosen(value);
}

bool IsCommandPassword(const RuleHit& hit, Level* level) {
  return IsPasswordByLooks(hit.value, level);
}

// The name stands at the end of an option, and nowhere within prose: "one-time-password".
bool IsOption(const RuleHit& hit) {
  constexpr std::size_t kLongest = 48;
  std::size_t begin = static_cast<std::size_t>(hit.match.data() - hit.text.data());
  const std::size_t name = begin;
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  while (begin > 0 && name - begin < kLongest && is_name(hit.text[begin - 1])) --begin;
  const char before = begin == 0 ? '\n' : hit.text[begin - 1];
  return hit.text[begin] == '-' &&
         (before <= ' ' || before == '"' || before == '\'' || before == '[' || before == '(');
}

// --password VALUE, "--password", "VALUE"
bool IsOptionValue(const RuleHit& hit, Level* level) {
  return IsOption(hit) && IsCommandPassword(hit, level);
}

// "Basic" is followed by base64 of user:password, the other schemes by a token.
bool IsHeaderSecret(const RuleHit& hit, Level* level) {
  static const re2::RE2 kBasic(R"((?i)\bbasic\s)");
  if (!IsIssued(hit.value)) return false;
  const auto before = static_cast<std::size_t>(hit.value.data() - hit.match.data());
  if (!re2::RE2::PartialMatch({hit.match.data(), before}, kBasic)) {
    return IsCommandPassword(hit, level);
  }
  std::string login;
  if (!DecodeBase64(hit.value, &login)) return false;
  const std::size_t colon = login.find(':');
  return colon != std::string::npos && IsPrintable(login) &&
         IsPasswordByLooks(std::string_view(login).substr(colon + 1), level);
}

// <Pass encoding="base64">…</Pass>, of FileZilla.
bool IsPasswordInBase64(const RuleHit& hit, Level* level) {
  std::string password;
  return DecodeBase64(hit.value, &password) && IsPasswordByLooks(password, level);
}

RuleCheck CheckOf(const TextRule& rule) {
  return std::string_view(rule.id) == "generic-authorization-header" ? IsHeaderSecret
                                                                     : IsCommandPassword;
}

const char* TitleOf(const TextRule& rule) {
  const std::string_view id = rule.id;
  if (id == "generic-authorization-header") return "value of an Authorization header";
  if (id == "generic-basic-auth") return "user and password of an HTTP client";
  return "password in a command";
}

// All of a line. The first line of a file stands in a tar behind the NULs of its header, the last
// one may stand before such.
#define BEGINS R"((?m)(?:^[ \t]*|\x00{12}))"
#define ENDS R"([ \t]*(?:$|\x00))"

// In copies of Dockerfiles; those of the image are read as its history.
constexpr TextRule kDockerfile = {
    "",
    "",
    BEGINS R"((?:ENV|ARG)[ \t]+([A-Za-z_]\w*)[ \t=]+("[^"\n]+"|'[^'\n]+'|[^\s"'\x00]+))" ENDS,
    "ENV DB_PASSWORD «s3cr3t-value»",
    '\0',
    "!ENV_ !ARG_",
    16};

Rule RowOf(const TextRule& rule) {
  const bool named = *rule.id == '\0';
  Rule row{named ? "generic-password" : rule.id,
           "generic-password",
           TitleOf(rule),
           Level::kError,
           rule.in_files,
           rule.pattern};
  row.check = CheckOf(rule);
  row.reach = rule.reach;
  row.length = 320;
  row.edge = Edge::kNone;
  row.place = &rule;
  return row;
}

}  // namespace

// All of a word: quoted or plain.
#define WORD R"((?:\\?"([^"\\\n]{8,128})\\?"|'([^'\n]{8,128})'|([^\s"'`\\,;|&<>(){}\x00]{8,128})))"

// Between an option and its value: blanks, or the words of a list.
#define GAP R"((?:[ \t]+|\\?["'][ \t]*,?\s{0,16}(?:-[ \t]+)?))"

RuleRows CommandRules() {
  constexpr Level kError = Level::kError;
  const auto option = [](const char* id, const char* literals, const char* pattern) {
    return Rule{id,
                "generic-password",
                "value of a command's option",
                kError,
                literals,
                pattern,
                IsOptionValue,
                4,
                256,
                Edge::kNone};
  };
  RuleRows rows = {
      {"generic-authorization-header", "generic-password", "value of an Authorization header",
       kError, "uthorization UTHORIZATION",
       R"re((?i)authorization\\?["']\s*,\s*\\?["']value\\?["']\s*:\s*\\?["'](?:basic|bearer|token)\s+([^\s"'\\,]+))re",
       IsHeaderSecret, 1, 256, Edge::kNone},
      {"generic-authorization-header", "generic-password", "value of an Authorization header",
       kError, "uthorization",
       R"re((?i)_set_header\s+authorization\s+["']?(?:basic|bearer|token)\s+([^\s"'\\,;]+))re",
       IsHeaderSecret, 16, 256, Edge::kNone},
      {"generic-password", "generic-password", "password of a wireless network", kError,
       "psk=", R"(\bpsk=)" WORD, IsCommandPassword, 0, 160, Edge::kWord},
      {"generic-password", "generic-password", "key of a virtual private network", kError,
       "!PSK_\" !EAP_\" !XAUTH_\"", R"re(\b(?:PSK|EAP|XAUTH)\s+"([^"\\\n]{8,128})")re",
       IsCommandPassword, 0, 160, Edge::kWord},
      {"generic-password", "generic-password", "password in the settings of a server", kError,
       "clear-text=", "clear-text=" WORD, IsCommandPassword, 0, 160, Edge::kNone},
      {"generic-password", "generic-password", "password in the settings of a program", kError,
       "!password_", BEGINS R"(password[ \t]+)" WORD ENDS, IsCommandPassword, 16, 160, Edge::kNone},
      {"generic-password", "generic-password", "password in the settings of a server", kError,
       "insecure-password", R"(\binsecure-password\s+)" WORD, IsCommandPassword, 0, 160,
       Edge::kNone},
      {"generic-password", "generic-password", "password in the settings of a server", kError,
       "_authtok", R"(\bldap_default_authtok\s*=\s*)" WORD, IsCommandPassword, 12, 160,
       Edge::kNone},
      {"generic-password", "generic-password", "password in the settings of a server", kError,
       "static:", R"(sasl_password_maps\s*=\s*static:[^\s:]+:([^\s"',]{8,128}))", IsCommandPassword,
       40, 160, Edge::kNone},
      {"generic-password", "generic-password", "password of a data source", kError, "PWD= !PWD_=",
       BEGINS R"(PWD[ \t]*=[ \t]*)" WORD ENDS, IsCommandPassword, 16, 160, Edge::kNone},
      {"generic-password", "generic-password", "password in a command", kError, "!net_use_",
       R"((?i)\bnet\s+use\s[^\n]*?/user:\S+\s+)" WORD, IsCommandPassword, 0, 256, Edge::kNone},
      {"generic-password", "generic-password", "password in a command", kError, "!net_use_",
       R"((?i)\bnet\s+use\s+(?:[a-z*]:?\s+)?\\\\[^\s\\]+\\\S+\s+)" WORD, IsCommandPassword, 0, 256,
       Edge::kNone},
      {"generic-secret", "generic-password", "key of one-time passwords", kError, "otpauth://",
       R"(otpauth://[ht]otp/[^\s"'<>?]{0,100}\?(?:[^\s"'<>#]{0,100}&)?secret=([A-Z2-7]{16,128})=*(?:[&\s"'<>`]|$))",
       MadeByChance, 0, 400, Edge::kNone},
      {"generic-password", "generic-password", "password in the settings of a program", kError,
       "!<Pass_encoding=", R"re(<Pass encoding="base64">([A-Za-z0-9+/]{8,172}={0,2})</Pass>)re",
       IsPasswordInBase64, 0, 256, Edge::kNone},
      {"generic-password", "generic-password", "password in the settings of a server", kError,
       "!stats_auth_ login=", R"(\b(?:stats auth[ \t]+|login=)[^:\s]{1,64}:)" WORD,
       IsCommandPassword, 0, 256, Edge::kWord},
      {"generic-password", "generic-password", "password in a command", kError,
       "!ftp_-u_ !open_-u_", R"(\b(?:lftp|open)[ \t]+-u[ \t]+[^,\s]{1,64},)" WORD,
       IsCommandPassword, 4, 256, Edge::kWord},
      {"generic-password", "generic-password", "password that Subversion keeps", kError, "password",
       R"(K 8\npassword\nV [0-9]+\n([^\s]{8,128})\n)", IsCommandPassword, 4, 192, Edge::kNone, '\0',
       nullptr, nullptr, nullptr, FollowsKeySize},
      {"generic-token", "generic-password", "token of a cluster", kError, "!kubeadm_",
       R"(\bkubeadm[ \t][^\n]{0,200}?--token[ =]([a-z0-9]{6}\.[a-z0-9]{16})\b)", MadeByChance, 0,
       256, Edge::kWord},
      {"generic-password", "generic-password", "password of a user of SNMP", kError, "createUser",
       BEGINS
       R"(createUser[ \t]+(?:-e[ \t]+\S+[ \t]+)?\S+[ \t]+(?:MD5|SHA(?:-?[0-9]{3})?)[ \t]+)" WORD,
       IsCommandPassword, 16, 256, Edge::kNone},
      {"generic-password", "generic-password", "community of SNMP", kError, "community",
       BEGINS R"(r[ow]community6?[ \t]+)" WORD, IsCommandPassword, 14, 192, Edge::kNone},
      {"generic-password", "generic-password", "login in the settings of OpenVPN", kError,
       "<auth-us",
       R"(<auth-user-pass>\s*\n[^\n<]{1,128}\n([^\s<]{8,128})\s*\n\s*</auth-user-pass>)",
       IsCommandPassword, 0, 400, Edge::kNone},
      {"generic-password", "generic-password", "password in a list for chpasswd", kError,
       "chpasswd:",
       R"(\bchpasswd:[^\n]*\n(?:[^\n]*\n){0,3}?\s+-?\s*[a-z_][\w.-]*:([^\s:"']{8,128})\s)",
       IsCommandPassword, 0, 256, Edge::kNone},
  };
  rows.push_back(
      option("generic-password",
             "!-password_ -password\" !-Password_ !-passphrase_ -passphrase\" !storepass_ "
             "!keypass_ !-passwd_",
             R"(-(?:[Pp]assword|passphrase|passwd|(?:src|dest)?(?:store|key)pass))" GAP WORD));
  rows.push_back(option("generic-token", "!-token_ -token\"", "-token" GAP WORD));
  rows.push_back(option("generic-api-key", "!-api-key_ -api-key\" !-apikey_ !-access-key_",
                        "-(?:api-?key|access-key)" GAP WORD));
  rows.push_back(option("generic-secret",
                        "!-secret_ -secret\" !-secret-key_ !-secret-string_ -secret-key\"",
                        "-secret(?:-key|-string)?" GAP WORD));
  rows.push_back({"generic-token", "generic-password", "token in the configuration of a command",
                  kError, "!config_set_ !poetry_config_",
                  R"(\b(?:poetry\s+)?config\s+(?:set\s+)?(?:--?[\w-]+\s+)*[\w./:@-]*)"
                  R"((?i:token|password|secret|_auth|api-?key)[\w./@-]*[ \t]+)" WORD,
                  IsCommandPassword, 8, 256, Edge::kNone});
  rows.push_back({"generic-token", "generic-password", "token of a code's judge", kError,
                  "sonar.login", R"(sonar\.login["']?\s*[=:>]\s*)" WORD, IsCommandPassword, 0, 160,
                  Edge::kNone});
  rows.push_back(RowOf(kDockerfile));
  for (const TextRule& rule : TextRules()) {
    if (rule.in_files != nullptr) rows.push_back(RowOf(rule));
  }
  return rows;
}

#undef GAP
#undef WORD
#undef ENDS
#undef BEGINS

}  // namespace watertight
