#include "framework/scan/secret_values.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include "framework/scan/rules/checksums.h"

namespace watertight {
namespace {

// Beginnings of values that point to a secret, with what they belong to.
constexpr std::string_view kReferencePrefixes[] = {"vault:",      // Bank-Vaults, CI systems
                                                   "op://",       // 1Password
                                                   "ENC[",        // sops, eyaml
                                                   "ENC(",        // Jasypt
                                                   "{cipher}",    // Spring Cloud Config
                                                   "AQICAHh",     // AWS KMS ciphertext
                                                   "ssm:",        // AWS Parameter Store
                                                   "arn:",        // AWS resources
                                                   "secretref:",  // Azure Container Apps
                                                   "secretsmanager:",
                                                   "awssm:",
                                                   "gcpsm:",
                                                   "sm://",
                                                   "azurekeyvault:",
                                                   "@Microsoft.KeyVault",
                                                   "keychain:",
                                                   "keyring:",
                                                   "bws:",
                                                   "doppler:",
                                                   "akeyless:",
                                                   "ref+",
                                                   "!vault",
                                                   "!ref",
                                                   "!Ref",
                                                   "env:",
                                                   "file:",
                                                   "env.",
                                                   "process.env",
                                                   "os.environ",
                                                   "os.getenv",
                                                   "System.getenv",
                                                   "ENV[",
                                                   "getenv",
                                                   "secrets.",
                                                   "id=",
                                                   "type=",
                                                   "{{",
                                                   "<%",
                                                   "#{",
                                                   "%{",
                                                   "[[",
                                                   "((",
                                                   "k8s:",
                                                   "kms:",
                                                   "amzn1.account.",  // whom Amazon means
                                                   "urn:",
                                                   "pserver:",  // of CVS
                                                   "@/",        // a file, of curl and vault
                                                   "@./"};

// Directories that a value with a path begins with.
constexpr std::string_view kPathRoots[] = {
    "/run/",  "/etc/",   "/var/",    "/home/",      "/root/", "/usr/",     "/opt/",    "/tmp/",
    "/app/",  "/srv/",   "/mnt/",    "/dev/",       "/proc/", "/secrets/", "/secret/", "/vault/",
    "/data/", "/certs/", "/config/", "/workspace/", "/code/", "/src/",     "/build/",  "/keys/",
    "/bin/",  "/lib/",   "~/",       "./",          "../"};

// Whole values, in lower case, that say that there is none, or that it will be filled in later.
constexpr std::string_view kPlaceholders[] = {
    "true",        "false",      "yes",        "no",
    "on",          "off",        "null",       "none",
    "nil",         "undefined",  "unset",      "enabled",
    "disabled",    "required",   "optional",   "empty",
    "todo",        "tbd",        "fixme",      "n/a",
    "na",          "changeme",   "change-me",  "change_me",
    "changeit",    "change_it",  "changethis", "change-this",
    "placeholder", "example",    "dummy",      "sample",
    "redacted",    "hidden",     "masked",     "removed",
    "replaceme",   "replace-me", "replace_me", "fillme",
    "notset",      "not-set",    "not_set",    "string",
    "value",       "basic",      "bearer",     "ask",
    "prompt",      "stdin",      "env",        "file",
    "-",           "--",         "…",          "...",
    "ok",          "missing",    "invalid",    "correct",
    "incorrect",   "unknown",    "failed",     "x-oauth-basic",
    "unused",      "read-only",  "readonly",   "read_only",
    "read-write",  "readwrite",  "read_write"};

// Beginnings, in lower case, of placeholders.
constexpr std::string_view kPlaceholderPrefixes[] = {
    "your-",        "your_",      "yours",      "yourpass",     "yourtoken",    "yoursecret",
    "yourapi",      "insert-",    "insert_",    "replace-with", "replace_with", "replace-this",
    "replace_this", "put-your",   "put_your",   "enter-your",   "enter_your",   "example-",
    "example_",     "change-me-", "change_me_", "changeme-",    "changeme_",    "my-super-",
    "somepass",     "somesecret", "sometoken",  "some-",        "some_"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string OnlyAlnum(std::string_view text) {
  std::string kept;
  for (const char c : Lower(text)) {
    if (IsAlnum(c)) kept += c;
  }
  return kept;
}

// "9dKq81m": letters of both cases and digits take turns as in no word.
bool IsMixed(std::string_view word) {
  constexpr int kFewest = 3;
  int turns = 0;
  bool lower = false;
  bool upper = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool digit = word[i] >= '0' && word[i] <= '9';
    lower |= word[i] >= 'a' && word[i] <= 'z';
    upper |= word[i] >= 'A' && word[i] <= 'Z';
    if (i > 0 && digit != (word[i - 1] >= '0' && word[i - 1] <= '9')) ++turns;
  }
  return lower && upper && turns >= kFewest;
}

template <std::size_t N>
bool HasPrefix(const std::string_view (&table)[N], std::string_view value) {
  return std::any_of(std::begin(table), std::end(table),
                     [value](std::string_view prefix) { return value.starts_with(prefix); });
}

bool Fits(std::string_view value, const re2::RE2& pattern) {
  return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), pattern);
}

// A file's path: below a directory that is known, or with an extension.
bool IsPath(std::string_view value) {
  static const re2::RE2 kFile(R"(/(?:[\w@-][\w.@-]*/)*[\w@-][\w.@-]*\.[a-z][a-z0-9]{1,9})");
  if (value.find_first_of(" \t\n") != std::string_view::npos) return false;
  if (!HasPrefix(kPathRoots, value)) return Fits(value, kFile);
  const std::string_view name = value.substr(value.rfind('/') + 1);
  return !IsMixed(name);
}

// "@DB_PASS@", "#DB_PASS#", "@{DB_PASS}": what a tool is to put in.
bool IsNamedPlace(std::string_view value) {
  static const re2::RE2 kPlace(
      R"([@#]?\{[A-Za-z_][\w.-]*\}|@[A-Za-z_][\w.-]*@|#[A-Za-z_][\w.-]*#|![A-Za-z_][\w.-]*!)");
  return Fits(value, kPlace);
}

// "dckr_pat_000…": half of it or more is one character in a row.
bool IsFilled(std::string_view value) {
  constexpr std::size_t kLeast = 12;
  std::size_t longest = 0;
  std::size_t row = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    row = i > 0 && value[i] == value[i - 1] ? row + 1 : 1;
    longest = std::max(longest, row);
  }
  return longest >= kLeast && 2 * longest >= value.size();
}

bool IsPlaceholder(std::string_view name, std::string_view value) {
  constexpr std::size_t kLongest = 80;
  if (value.starts_with("...") || value.ends_with("...") || value.ends_with("…")) return true;
  if (value.size() > kLongest) return false;
  const std::string lower = Lower(value);
  if (std::find(std::begin(kPlaceholders), std::end(kPlaceholders), lower) !=
      std::end(kPlaceholders)) {
    return true;
  }
  if (HasPrefix(kPlaceholderPrefixes, lower)) return true;
  if (value.front() == '<' && value.find('>') != std::string_view::npos) return true;
  if (value.front() == '[' && value.back() == ']') return true;
  if (value.front() == '%' && value.back() == '%' && value.size() > 2) return true;
  if (value.size() > 4 && value.starts_with("__") && value.ends_with("__")) return true;
  if (value.find_first_not_of(value.front()) == std::string_view::npos) return true;  // xxxx, ****
  if (IsNamedPlace(value) || IsFilled(value)) return true;
  if (lower.starts_with("xxx") || lower.ends_with("xxxx") ||
      value.find("****") != std::string_view::npos) {
    return true;
  }
  const std::string letters = OnlyAlnum(value);
  return !letters.empty() && letters == OnlyAlnum(name);
}

// Numbers, versions, hashes, public keys, program text.
bool IsOrdinary(std::string_view name, std::string_view value) {
  static const re2::RE2 kNumber(R"([-+]?[0-9]{1,6}(?:\.[0-9]+)?(?:ms|s|m|h|d|k|kb|mb|g|gb)?)");
  static const re2::RE2 kHexNumber(R"(-?0x[0-9a-fA-F]{1,16})");
  static const re2::RE2 kVersion(R"((?:[0-9]+:)?[0-9]+(?:\.[0-9]+)+(?:[-+~:][\w.+~-]*)?)");
  static const re2::RE2 kHash(R"((?:sha(?:1|256|384|512)|md5)[:-][0-9A-Za-z+/=]{16,})");
  // nsswitch.conf: "passwd: files systemd"
  static const re2::RE2 kService(
      R"((?:(?:files|compat|systemd|sss|nis|ldap|db|winbind|altfiles) *)+)");
  static const re2::RE2 kCrypt(
      R"((?:\{(?:S?SHA|S?MD5|CRYPT)[0-9]*\}.*)|\$(?:[0-9][a-z]?|y|apr1|argon2\w*|pbkdf2\w*)\$.*|)"
      R"((?:md5|sha1|pbkdf2_\w+|bcrypt\w*|argon2|scrypt|SCRAM-SHA-\d+)\$.*|\*[0-9A-F]{40}|)"
      R"([\w.-]+:\$2[aby]\$.*|)"
      // Of Werkzeug: method, salt, digest.
      R"((?:pbkdf2|scrypt|sha(?:1|224|256|384|512))(?::[\w.-]+)*\$(?:[^$\s]+\$)?[0-9A-Za-z+/=.]{20,})");
  static const re2::RE2 kPublic(R"((?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\w+) .*)");
  static const re2::RE2 kPattern(R"((?:\.\*|\.\+|/?\^?\[\^|/?\^\[|\\[(wsdS]|\(\?|\(\.).*)");
  static const re2::RE2 kPlainUrl(R"([A-Za-z][A-Za-z0-9+.-]*://[^@\s]*)");
  static const re2::RE2 kObject(R"((?:\{[\s"'].*\}|\[[\s"'].*\]))");  // JSON, YAML
  static const re2::RE2 kCall(R"([A-Za-z_][\w.:>-]*\(.*\)(?:[.;,\[)].*)?)");
  static const re2::RE2 kAddress(R"((?:[a-z]+:)?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})");  // IPv6
  const bool password =
      Lower(name).find("pass") != std::string::npos || Lower(name).find("pwd") != std::string::npos;
  if (Fits(value, kNumber)) {
    // A password of digits is a weak one, a token of digits is a setting.
    return !password || value.size() < 4 || value.find_first_of(".-+smhdkg") != value.npos;
  }
  for (const re2::RE2* pattern : {&kHexNumber, &kVersion, &kHash, &kCrypt, &kPublic, &kPattern,
                                  &kPlainUrl, &kObject, &kService, &kCall, &kAddress}) {
    if (Fits(value, *pattern)) return true;
  }
  return value.starts_with("-----BEGIN PUBLIC KEY") || value.starts_with("-----BEGIN CERT") ||
         value.starts_with("-----BEGIN PGP PUBLIC");
}

int Classes(std::string_view value) {
  bool lower = false;
  bool upper = false;
  bool digit = false;
  bool other = false;
  for (const char c : value) {
    (c >= 'a' && c <= 'z'   ? lower
     : c >= 'A' && c <= 'Z' ? upper
     : c >= '0' && c <= '9' ? digit
                            : other) = true;
  }
  return lower + upper + digit + other;
}

// What stands between two strings of a minified program, or a table of a parser in one.
bool HoldsCode(std::string_view value) {
  constexpr std::size_t kLongestPassword = 32;
  constexpr std::size_t kLongestWithMarks = 80;
  const auto marks = std::count_if(value.begin(), value.end(), [](char c) {
    return !IsAlnum(c) && std::string_view("+/=-_.").find(c) == std::string_view::npos;
  });
  if (value.size() > kLongestWithMarks && 8 * static_cast<std::size_t>(marks) > value.size()) {
    return true;
  }
  constexpr std::string_view kMarks[] = {");", "){", "&&", "||", "=>", "==", "),", "].", ")."};
  return value.size() > kLongestPassword &&
         std::any_of(std::begin(kMarks), std::end(kMarks), [value](std::string_view mark) {
           return value.substr(0, value.size() - 1).find(mark) != std::string_view::npos;
         });
}

// Names of programs: "~azure.keyvault.v7_0.models.SecretAttributes", which a list may hold; what
// compilers make of them; and a digest with a name at its end, as strings of programs stand.
bool IsNameOfProgram(std::string_view value) {
  static const re2::RE2 kDotted(
      R"((?:list\[)?~?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\.[a-z]{4,}){1,}(?:\.[A-Za-z_]\w*)+\]?)");
  static const re2::RE2 kMangled(R"((?s).*_ZN[0-9].*)");
  static const re2::RE2 kDigestBesideName(
      R"((?s).*(?:[0-9a-f]{32}[A-Z_a-z][a-z]{0,8}[g-z_]\w*|[G-Zg-z]{3}[0-9a-f]{32}).*)");
  const bool dotted = std::count(value.begin(), value.end(), '.') >= 3 && Fits(value, kDotted);
  return dotted || Fits(value, kMangled) || Fits(value, kDigestBesideName);
}

bool LooksMadeByChance(std::string_view value) {
  static const re2::RE2 kWords(R"([A-Za-z]+(?:[-_./: #&+][A-Za-z]+)*[0-9]{0,2})");
  constexpr std::size_t kShortest = 8;
  if (value.size() < kShortest || Classes(value) < 2) return false;
  if (value.starts_with("-----BEGIN")) return true;
  if (IsProgramText(value)) return false;
  if (value.find('%') != value.npos && Fits(WithoutPercent(value), kWords)) return false;
  return !(Fits(value, kWords) && value.size() < 32);
}

}  // namespace

bool IsProgramText(std::string_view value) {
  static const re2::RE2 kHost(R"([a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+(?::[0-9]+)?(?:/.*)?)");
  // "sun.security.pkcs11.P11SecretKeyFactory", "Stripe.V2.Core.Token"
  static const re2::RE2 kQualified(
      R"([A-Za-z_$]+[0-9]{0,2}[A-Za-z_$]*(?:\.[A-Za-z_$]+[0-9]{0,2}[A-Za-z_$]*)+\.?)");
  // Formats of printf, ranges of patterns, elements of arrays
  static const re2::RE2 kCode(
      R"((?:%[+#]?[a-z]|\[[A-Za-z0-9]-|[A-Za-z_$][\w$.]*\[(?:[\w:+%-]*\]|\z)|.*(?:\{[0-9]\}|\bthis\.|%[svq](?:\W|\z))).*)");
  // "[a-z0-9-]+" somewhere: a pattern for the value
  static const re2::RE2 kClass(R"(.*\[\^?[^\]\s]{1,24}\][+*?{].*)");
  // "Namespace2.Core.TokenParams3"
  static const re2::RE2 kMember(
      R"((?:[A-Za-z_$]+[0-9]{0,2}){1,2}(?:\.[A-Z][a-z]{2}[A-Za-z_$]*[0-9]{0,2})+)");
  if (HoldsCode(value)) return true;
  if (Fits(value, kQualified) || Fits(value, kCode) || Fits(value, kClass)) return true;
  if (Fits(value, kMember) || IsNameOfProgram(value) || Fits(value, kHost)) return true;
  return value.find("://") != value.npos && value.find('@') == value.npos;
}

bool IsReference(std::string_view value) {
  static const re2::RE2 kVariable(R"(\$\{?[A-Za-z_][A-Za-z0-9_.]*(?:[:\-+?/%#^,@\[][^}]*)?\}?)");
  static const re2::RE2 kComposed(
      R"((?:\$\{?[A-Za-z_][A-Za-z0-9_]*\}?(?:\\[nrt]|[^A-Za-z0-9])*)+)");
  if (value.starts_with("$(") || value.starts_with("`") || value.starts_with("${{") ||
      value.starts_with("$[")) {
    return true;
  }
  if (value.starts_with("$env:") || value.starts_with("\\$")) return true;
  // What a store of secrets calls them: of Google, by project.
  static const re2::RE2 kStored(
      R"(projects/[^/\s]+/(?:locations/[^/\s]+/)?secrets/[^/\s]+(?:/.*)?)");
  if (Fits(value, kStored)) return true;
  return value.starts_with('$') && (Fits(value, kVariable) || Fits(value, kComposed));
}

bool IsSecretValue(std::string_view name, std::string_view value, bool alone) {
  if (value.size() < 2 || value.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return false;
  }
  if (IsReference(value) || HasPrefix(kReferencePrefixes, value)) return false;
  if (IsPath(value)) return false;
  if (value.size() > 2 && value[1] == ':' && value[2] == '\\') return false;  // C:\keys
  if (IsPlaceholder(name, value) || IsOrdinary(name, value)) return false;
  return alone || LooksMadeByChance(value);
}

bool IsWord(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  });
}

bool IsDistinctive(std::string_view value) {
  constexpr std::size_t kShortest = 6;
  constexpr std::size_t kLongWord = 12;
  return value.size() >= kShortest && (Classes(value) >= 2 || value.size() >= kLongWord);
}

}  // namespace watertight
