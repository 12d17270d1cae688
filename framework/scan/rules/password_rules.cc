// Secrets that only a name tells: NAME=value, "name": "value", name: value and the like, in any
// text. Precision goes first: without a form of its own, a value must look made by chance.

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/looks.h"
#include "framework/scan/rules/providers_form.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/settings.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/secret_values.h"

namespace watertight {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameByte(char c) {
  return IsUpper(c) || IsLower(c) || IsDigit(c) || c == '_' || c == '-' || c == '.';
}

// The name that the match begins in or ends with, and what stands around it in the word.
std::string_view NameAt(const RuleHit& hit) {
  constexpr std::size_t kLongest = 64;
  auto at = static_cast<std::size_t>(hit.match.data() - hit.text.data());
  while (hit.text[at] == ' ' || hit.text[at] == '\0') ++at;
  if (hit.match.front() == '?' || hit.match.front() == '&') return "api_key";
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongest && IsNameByte(hit.text[begin - 1])) --begin;
  std::size_t end = at;
  while (end < hit.begin && IsNameByte(hit.text[end])) ++end;
  return hit.text.substr(begin, end - begin);
}

// Also behind a word that says of what: "cf-2e351785-…".
bool IsUuid(std::string_view value) {
  constexpr std::size_t kSize = 36;
  if (value.size() > kSize + 1 && value[value.size() - kSize - 1] == '-') {
    const std::size_t word = value.size() - kSize - 1;
    if (!IsWord(value.substr(0, word))) return false;
    value.remove_prefix(word + 1);
  }
  return value.size() == kSize && value[8] == '-' && value[13] == '-' && value[18] == '-';
}

// Names of what is meant to be seen, or made anew each time.
bool IsPublicName(std::string_view name) {
  constexpr std::string_view kWords[] = {"csrf", "xsrf", "nonce", "salt", "hash", "checksum",
                                         "commit", "digest", "etag", "integrity",
                                         // Of signed URLs: who signed, not by what.
                                         "goog-credential", "amz-credential",
                                         // Where a list goes on.
                                         "nexttoken", "next_token", "next-token", "pagetoken",
                                         "page_token", "page-token", "continuation",
                                         // Of generated Go: the tag behind a field.
                                         "protobuf"};
  std::string lower(name);
  for (char& c : lower) c = IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// Protocols compute such secrets, and lists of test vectors show them: beside keys and texts in
// hexadecimal digits.
bool IsTestVector(const RuleHit& hit, std::string_view name) {
  static const re2::RE2 kDerived(
      R"((?i).*(?:shared|master|exporter|traffic|handshake|early|resumption)_?secret.*)");
  static const re2::RE2 kDigits(R"((?:["']|\A)([0-9a-fA-F]{32,}))");
  constexpr std::size_t kNear = 4096;
  constexpr std::size_t kFewest = 3;
  constexpr std::size_t kLong = 1024;
  if (hit.value.find_first_not_of("0123456789abcdefABCDEF") != hit.value.npos) return false;
  if (!re2::RE2::FullMatch({name.data(), name.size()}, kDerived)) return false;
  const std::size_t near = std::min(hit.begin, kNear);
  re2::StringPiece before(hit.text.data() + hit.begin - near, near);
  re2::StringPiece digits;
  std::size_t count = 0;
  std::size_t all = 0;
  while (count < kFewest && all < kLong && re2::RE2::FindAndConsume(&before, kDigits, &digits)) {
    ++count;
    all += digits.size();
  }
  return count == kFewest || all >= kLong;
}

// "Next page token: …", of a list.
bool IsOfPage(const RuleHit& hit, std::string_view name) {
  if (name.data() < hit.text.data()) return false;
  const auto begin = static_cast<std::size_t>(name.data() - hit.text.data());
  return begin <= hit.begin && hit.text.substr(0, begin).ends_with("page ");
}

// "checksum/secret: …", with which Helm makes pods start anew.
bool IsChecksumOf(const RuleHit& hit, std::string_view name) {
  if (name.data() < hit.text.data()) return false;
  const auto begin = static_cast<std::size_t>(name.data() - hit.text.data());
  return begin <= hit.begin && hit.text.substr(0, begin).ends_with("checksum/");
}

// In the address of a picture that shows a state, or of a document, which everybody is to follow;
// or in the name of something that is kept elsewhere.
bool IsInPublicAddress(const RuleHit& hit) {
  constexpr std::size_t kNear = 200;
  const auto begin = static_cast<std::size_t>(hit.match.data() - hit.text.data());
  const std::size_t from = begin - std::min(begin, kNear);
  std::string_view before = hit.text.substr(from, begin - from);
  const std::size_t blank = before.find_last_of(" \t\n\"'<(");
  if (blank != before.npos) before.remove_prefix(blank + 1);
  if (before.starts_with("arn:")) return true;  // the name of a secret, of AWS
  if (before.find("://") == before.npos) return false;
  for (const std::string_view mark : {".svg?", "/badge", "docs.google."}) {
    if (before.find(mark) != before.npos) return true;
  }
  return false;
}

// What the rules of a kind judge, whatever they found: a secret of AWS beside its id, by its name,
// fifty characters of Django, and the key of one-time passwords in its URL.
bool IsJudgedByKind(const RuleHit& hit, std::string_view name) {
  constexpr std::size_t kAwsSecret = 40;
  constexpr std::size_t kDjangoKey = 50;
  constexpr std::size_t kNear = 160;
  const auto match = static_cast<std::size_t>(hit.match.data() - hit.text.data());
  const std::size_t blank = hit.text.substr(0, match).find_last_of(" \t\n\"'<>");
  const std::size_t word = blank == hit.text.npos ? 0 : blank + 1;
  if (hit.text.substr(word, match - word).find("otpauth://") != hit.text.npos) return true;
  const bool secret = name.find("ecret") != name.npos || name.find("ECRET") != name.npos;
  if (hit.value.size() == kAwsSecret && secret) {
    const std::size_t from = hit.begin - std::min(hit.begin, kNear);
    const std::string_view near = hit.text.substr(from, kAwsSecret + 2 * kNear);
    return near.find("AKIA") != near.npos || near.find("ASIA") != near.npos;
  }
  return hit.value.size() == kDjangoKey && name == "SECRET_KEY" &&
         hit.value.find_first_of("!@#$%^&*(") != std::string_view::npos;
}

// Of a call, "setPassword(…)" and the like give a value; "resetPassword(…)" and "token(…)" take
// something else.
bool IsSetter(const RuleHit& hit, std::string_view name) {
  const std::string_view between =
      hit.match.substr(0, static_cast<std::size_t>(hit.value.data() - hit.match.data()));
  if (between.find('(') == between.npos) return true;
  if (between.find("String::from(") != between.npos) return true;
  const std::size_t dot = name.rfind('.');
  if (dot != name.npos) name.remove_prefix(dot + 1);
  return name.starts_with("set") || name.starts_with("with") || name.starts_with("Set") ||
         name.starts_with("With") || (dot != name.npos && (name == "password" || name == "apiKey"));
}

// Of several words one at least.
bool HasRandomWord(std::string_view value) {
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find(' ', begin), value.size());
    const std::string_view word = value.substr(begin, end - begin);
    // "{{PLURAL:$1|hour|$1": of a message with parts to fill in.
    const bool filled = word.size() < value.size() && word.find("{{") != word.npos;
    if (!filled && LooksRandom(word)) return true;
    begin = end + 1;
  }
  return false;
}

// Base64 of text is as good as the text.
bool IsPlainInBase64(std::string_view name, std::string_view value) {
  constexpr std::size_t kShortest = 4;
  std::string bytes;
  if (!DecodeBase64(value, &bytes) || bytes.size() < kShortest) return false;
  const bool text =
      std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return text && !IsSecretValue(name, bytes, false);
}

// "://oauth2-token:VALUE@host": the rules of URLs judge it.
bool IsUserOfUrl(const RuleHit& hit, std::string_view name) {
  const auto begin = static_cast<std::size_t>(name.data() - hit.text.data());
  if (name.data() < hit.text.data() || begin < 3 || begin >= hit.text.size()) return false;
  if (hit.text.substr(begin - 3, 3) != "://") return false;
  const std::size_t end = hit.text.find_first_of("@/\"' \n", begin);
  return end != std::string_view::npos && hit.text[end] == '@';
}

// What is left of a line is a value where the line is a setting; in program text and addresses it
// ends earlier.
std::string_view PartOfLine(const RuleHit& hit) {
  static const re2::RE2 kCode(R"([A-Za-z_]{3}[(<{\[]|&\w+=|[,;)}]\z)");
  constexpr std::string_view kEnds = ",;<>&(){}|";
  constexpr std::size_t kShortest = 8;
  const char before = hit.begin == 0 ? '\0' : hit.text[hit.begin - 1];
  const std::size_t end = hit.value.find_first_of(kEnds);
  if (before == '"' || before == '\'' || end == hit.value.npos) return hit.value;
  const re2::StringPiece value(hit.value.data(), hit.value.size());
  if (!re2::RE2::PartialMatch(value, kCode) && StandsInSetting(hit, NameAt(hit))) return hit.value;
  const bool ends = std::string_view(",;<)}&").find(hit.value[end]) != std::string_view::npos;
  return ends && end >= kShortest ? hit.value.substr(0, end) : std::string_view();
}

// Under "SPEC CHECKSUMS:", as CocoaPods locks what it took: names, and digests of them.
bool IsInChecksums(const RuleHit& hit) {
  constexpr std::size_t kNear = 4096;
  const std::size_t near = std::min(hit.begin, kNear);
  return hit.value.find_first_not_of("0123456789abcdef") == hit.value.npos &&
         hit.text.substr(hit.begin - near, near).find("CHECKSUMS:\n") != hit.text.npos;
}

// "AWS::SecretsManager::Secret": "b84e190d…": a type, and the digest of its description.
bool IsDigestOfType(const RuleHit& hit, std::string_view name) {
  constexpr std::string_view kOf = "::";
  if (name.data() < hit.text.data() || name.data() > hit.value.data()) return false;
  const auto at = static_cast<std::size_t>(name.data() - hit.text.data());
  return hit.text.substr(0, at).ends_with(kOf) &&
         hit.value.find_first_not_of("0123456789abcdef") == hit.value.npos;
}

// "6d1b722e": nobody gives out tokens of so few bits.
bool IsShortNumber(std::string_view value, const SecretName& promise) {
  constexpr std::size_t kShortest = 12;
  return value.size() < kShortest && std::string_view(promise.rule) != "generic-password" &&
         value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
}

// A name that promises a secret, in a setting: little is asked of the value. What a person thought
// up fails in an environment alone; documents and tests have such values too.
bool IsSetSecret(const RuleHit& hit, std::string_view name, Level* level) {
  const SecretName promise = ClassifyName(name);
  if (!promise.alone || hit.value.find(' ') != hit.value.npos || IsTypedAtRandom(hit.value) ||
      IsProgramText(hit.value) || !IsSecretValue(name, hit.value, true)) {
    return false;
  }
  if (LooksDrawn(hit.value)) {
    return !IsShortNumber(hit.value, promise) && StandsInSetting(hit, name);
  }
  if (std::string_view(promise.rule) != "generic-password" || !LooksChosen(hit.value)) return false;
  if (!StandsInEnvironment(hit, name)) *level = Level::kWarning;
  return StandsInSetting(hit, name);
}

// "my-release-pg-1a2b" of existingSecret: an object of Kubernetes that holds the secret.
bool IsNameOfObject(std::string_view name, std::string_view value) {
  static const re2::RE2 kHolder(R"((?i).*(?:secrets?|credentials?|credentialname|secretname))");
  static const re2::RE2 kObject(
      R"([a-z]{2,}[0-9]?(?:-[a-z0-9]{1,10})*-(?:[a-z]{2,}-)?[a-z0-9]{1,10})");
  return re2::RE2::FullMatch({name.data(), name.size()}, kHolder) &&
         re2::RE2::FullMatch({value.data(), value.size()}, kObject);
}

// SNYK_TOKEN=…: some providers' tokens are UUIDs, drawn as RFC 9562 has it for version 4. So are
// most ids, whose names do not promise a secret.
bool IsTokenOfEnvironment(const RuleHit& hit, std::string_view name) {
  static const re2::RE2 kDrawn(
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  static const re2::RE2 kNames("(?:[A-Z0-9]+_)+(?:TOKEN|API_KEY|ACCESS_KEY|SECRET_KEY|SECRET)");
  return re2::RE2::FullMatch({hit.value.data(), hit.value.size()}, kDrawn) &&
         re2::RE2::FullMatch({name.data(), name.size()}, kNames) &&
         name.find("PUBLIC") == name.npos && StandsInEnvironment(hit, name);
}

bool IsNamedSecret(const RuleHit& hit, Level* level) {
  const bool random = HasRandomWord(hit.value);
  // All that is told below asks for one of these, which cost less than the name and the place.
  if (!random && !LooksDrawn(hit.value) && !LooksChosen(hit.value) && !IsUuid(hit.value)) {
    return false;
  }
  const std::string_view name = NameAt(hit);
  if (hit.value.front() == ':' && hit.text[hit.begin - 1] == ':') return false;  // A::B, a scope
  if (IsUserOfUrl(hit, name) || !IsSetter(hit, name)) return false;
  if (ClassifyName(name).rule == nullptr || IsPublicName(name)) return false;
  if (IsUuid(hit.value)) return IsIssued(hit.value) && IsTokenOfEnvironment(hit, name);
  if (IsPlainInBase64(name, hit.value) || IsTestVector(hit, name)) return false;
  if (IsInPublicAddress(hit) || IsOfPage(hit, name) || IsDigestOfType(hit, name)) return false;
  if (IsInChecksums(hit)) return false;
  if (IsNameOfObject(name, hit.value) || IsChecksumOf(hit, name)) return false;
  const bool looks =
      (random && IsSecretValue(name, hit.value, false)) || IsSetSecret(hit, name, level);
  return looks && IsIssued(hit.value) && !IsJudgedByKind(hit, name) &&
         (!HasProvidersForm(hit.value) || IsHiddenToken(hit.value));
}

// A word that ends so says little: the value must look drawn.
bool IsDrawnPass(const RuleHit& hit, Level* level) {
  return LooksDrawn(hit.value) && StandsInSetting(hit, NameAt(hit)) && IsNamedSecret(hit, level);
}

// "  PASS: value", of settings. Those who run tests write such lines too, with names behind.
bool IsMemberPass(const RuleHit& hit, Level* level) {
  const auto holds = [&hit](bool (*is)(char)) {
    return std::any_of(hit.value.begin(), hit.value.end(), is);
  };
  return holds(IsUpper) && holds(IsLower) && holds(IsDigit) &&
         hit.value.find('/') == hit.value.npos && IsDrawnPass(hit, level);
}

// The same where the line begins, beside the line of another setting.
bool IsTopPass(const RuleHit& hit, Level* level) {
  static const re2::RE2 kSetting(R"([A-Z][A-Z0-9_]*:[ \t]+\S.*)");
  static const re2::RE2 kResult(
      R"((?:X?PASS|X?FAIL|SKIP|ERROR|TOTAL|UNRESOLVED|UNTESTED|UNSUPPORTED)\b.*)");
  const auto sets = [](std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const re2::StringPiece text(line.data(), line.size());
    return re2::RE2::FullMatch(text, kSetting) && !re2::RE2::FullMatch(text, kResult);
  };
  std::string_view before =
      hit.text.substr(0, static_cast<std::size_t>(hit.match.data() - hit.text.data()));
  before.remove_suffix(before.ends_with('\n') ? 1 : 0);
  before.remove_prefix(before.rfind('\n') + 1);
  std::string_view behind = hit.text.substr(hit.begin);
  behind.remove_prefix(std::min(behind.find('\n'), behind.size() - 1) + 1);
  return (sets(before) || sets(behind.substr(0, behind.find('\n')))) && IsMemberPass(hit, level);
}

// Names that are common in program text too: what they are set to tells.
bool IsDrawnSetting(const RuleHit& hit, Level* level) {
  constexpr std::size_t kShortest = 16;
  constexpr std::size_t kShortestPassword = 12;
  const std::string_view name = NameAt(hit);
  const SecretName promise = ClassifyName(name);
  const bool password =
      promise.rule != nullptr && std::string_view(promise.rule) == "generic-password";
  return hit.value.size() >= (password ? kShortestPassword : kShortest) && LooksDrawn(hit.value) &&
         StandsInSetting(hit, name) && IsNamedSecret(hit, level);
}

// Keys of no certain kind: "DATA_KEY=…" in an environment, "block_key: …" in settings. As long as
// keys of ciphers are, of hexadecimal digits or base64.
bool IsKeyOfSetting(const RuleHit& hit, Level* /*level*/) {
  static const re2::RE2 kKey(
      "(?:(?:[0-9a-f]{32}|[0-9A-F]{32})(?:[0-9a-fA-F]{16}){0,6}|[A-Za-z0-9+/_-]{22}(?:==)?|"
      "[A-Za-z0-9+/_-]{32}|[A-Za-z0-9+/_-]{43}=?|[A-Za-z0-9+/_-]{64}|[A-Za-z0-9+/_-]{86}(?:==)?)");
  static const re2::RE2 kCipher(
      "(?i).*(?:^|[_.-])(?:data|aes|cipher|crypto|block|secure|jwt|jwe|webhook|field|db|database|"
      "vault|backup|kek|dek|vapid|pepper|token|auth|csrf|cookies?|sessions?)_key");
  static const re2::RE2 kOther(
      "(?i).*(?:public|pub|gpg|pgp|ssh|host|cache|sort|partition|primary|foreign|unique|index|"
      "group|hash|range|row|site|routing|idempotency|project|object|s3|registry|apt|yum|rpm|repo|"
      "build|version|message|translation|lookup|record|event|dedup|etag|content|file|path|commit)"
      ".*");
  constexpr double kLeastEntropy = 3;
  const std::string_view name = NameAt(hit);
  const re2::StringPiece whole(name.data(), name.size());
  if (!re2::RE2::FullMatch({hit.value.data(), hit.value.size()}, kKey)) return false;
  if (ClassifyName(name).rule != nullptr || re2::RE2::FullMatch(whole, kOther)) return false;
  if (!StandsInEnvironment(hit, name) &&
      !(re2::RE2::FullMatch(whole, kCipher) && StandsInSetting(hit, name))) {
    return false;
  }
  return LooksDrawn(hit.value) && Entropy(hit.value) >= kLeastEntropy && IsIssued(hit.value) &&
         !HasProvidersForm(hit.value);
}

// secret "…"; of rndc.conf, :password "…" of EDN: behind a blank.
bool IsQuotedSecret(const RuleHit& hit, Level* level) {
  return hit.value.find(' ') == hit.value.npos && LooksDrawn(hit.value) &&
         IsNamedSecret(hit, level);
}

// Rows of a database have the value behind its name, and so has compiled Python, but with z and the
// length before it.
bool IsPythonString(const RuleHit& hit) {
  const std::string_view before = hit.text.substr(0, hit.begin);
  if (hit.value.front() != 'z' || before.ends_with(' ') || before.ends_with(':')) return false;
  const auto length = static_cast<unsigned char>(hit.value[1]);
  const std::string_view rest = hit.text.substr(hit.begin + 2, length);
  return std::all_of(rest.begin(), rest.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t' || c == '\r';
  });
}

// "the password of the printer room is …"
bool IsProsePassword(const RuleHit& hit, Level* /*level*/) {
  constexpr double kLeast = 3.5;
  if (IsPythonString(hit)) return false;
  const bool hex = hit.value.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  // The end of a name that Rust mangled.
  static const re2::RE2 kMangled(R"([0-9]{1,2}h[0-9a-f]{16}E?)");
  if (re2::RE2::FullMatch({hit.value.data(), hit.value.size()}, kMangled)) return false;
  return !hex && IsIssued(hit.value) && LooksRandom(hit.value) && LooksDrawn(hit.value) &&
         Entropy(hit.value) >= kLeast && !HasProvidersForm(hit.value);
}

}  // namespace

// Between a name and its value.
#define BETWEEN \
  R"([\w-]{0,16}\\?["']?\]?\s*(?:=>|:=|=|:[ \t]*&?(?:'static[ \t]+)?[A-Za-z][\w.]{0,24}\??[ \t]*=(?:[ \t]*String::from\()?|:|>(?:\s*<[Vv]alue>)?|\(|</key>\s*<string>|\{[^{}]{0,200}?\sdefault\s*=|,?\s+value\s*=|,\s*\\?["']?value\\?["']?\s*[:=]|\n\s*value:)\s*)"
#define VALUE \
  R"((?:\\?"([^"\\\x00-\x1f\x7f]{8,200})|'([^'\\\x00-\x1f\x7f]{8,200})|([^\s"'`\\,;<>&(){}|\x00-\x1f\x7f-\xff]{8,200})))"
#define BEHIND R"((?:[\s"'`\\,;<)}&\x00-\x1f\x7f-\xff]|$))"
// Or all that is left of a line, which PartOfLine cuts.
#define SET R"((?:([^\s"'`\\\x00-\x1f\x7f-\xff]{8,100})[ \t]*(?:[\r\n\x00]|$)|)" VALUE BEHIND ")"

RuleRows PasswordRules() {
  constexpr Level kError = Level::kError;
  return {
      {"generic-password", "generic-password", "value of a name for passwords", kError,
       "~password ~passwd ~passphrase _PASS _pass Pass= Pass: Pass\" Pass' ~pwd",
       R"((?i)(?:password|passwd|passphrase|_?pass|_?pwd))" BETWEEN SET, IsNamedSecret, 0, 320,
       Edge::kNone, '\0', nullptr, nullptr, PartOfLine, MayNameValue},
      {"generic-password", "generic-password", "value of a name for passwords", kError,
       "pass= pass: pass\" pass' !pass_= !pass_: PASS= PASS\" PASS' !PASS_= !PASS_: !PASS:_\" "
       "!PASS:_'",
       R"((?:pass|PASS)["']?\]?[ \t]*(?:=>|:=|=|:)[ \t]*)" SET, IsDrawnPass, 0, 320, Edge::kNone,
       '\0', nullptr, nullptr, PartOfLine},
      {"generic-password", "generic-password", "value of a name for passwords", kError,
       "!_PASS:", R"( PASS:[ \t]+)" SET, IsMemberPass, 0, 320, Edge::kNone, '\0', nullptr, nullptr,
       PartOfLine},
      {"generic-password", "generic-password", "value of a name for passwords", kError,
       "PASS:", R"((?m)(?:^|\x00{12})PASS:[ \t]+)" SET, IsTopPass, 12, 320, Edge::kNone, '\0',
       nullptr, nullptr, PartOfLine, FollowsLineEnd},
      {"generic-api-key", "generic-password", "value of a name for API keys", kError,
       "api_key API_KEY api-key Api-Key API-KEY API-Key apikey apiKey ApiKey APIKEY access_k "
       "ACCESS_K "
       "accessKe AccessKe ?key= &key= auth_key AUTH_KEY",
       R"((?i)(?:[?&](?:amp;)?key|api[_-]?key|access[_-]?key|auth[_-]?key))" BETWEEN SET,
       IsNamedSecret, 0, 320, Edge::kNone, '\0', nullptr, nullptr, PartOfLine},
      {"generic-token", "generic-password", "value of a name for tokens", kError, "~token",
       R"((?i)token)" BETWEEN SET, IsNamedSecret, 0, 320, Edge::kNone, '\0', nullptr, nullptr,
       PartOfLine, MayNameValue},
      {"generic-secret", "generic-password", "value of a name for secrets", kError,
       "~secret ~credential", R"((?i)(?:secret(?:\.key)?|credentials?))" BETWEEN SET, IsNamedSecret,
       0, 320, Edge::kNone, '\0', nullptr, nullptr, PartOfLine, MayNameValue},
      {"generic-secret", "generic-password", "value of a name for keys", kError,
       "DMIN_KEY dmin_key dmin-key dminKey TION_KEY tion_key tion-key tionKey STER_KEY ster_key "
       "ster-key sterKey VATE_KEY vate_key "
       "vate-key vateKey NING_KEY ning_key ning-key ningKey HMAC_KEY hmac_key hmac-key hmacKey "
       "OUNT_KEY ount_key ount-key ountKey RAGE_KEY rage_key rage-key rageKey ARED_KEY ared_key "
       "ared-key aredKey SION_KEY sion_key sion-key sionKey ENSE_KEY ense_key ense-key enseKey "
       "RNET_KEY rnet_key rnet-key rnetKey CRYPT_KEY crypt_key crypt-key cryptKey APP_KEY app_key "
       "app-key appKey OKIE_KEY okie_key okie-key okieKey",
       R"((?i)(?:dmin|tion|ster|vate|ning|hmac|ount|rage|ared|sion|ense|rnet|crypt|app|okie)[_-]?key)" BETWEEN
           SET,
       IsDrawnSetting, 0, 320, Edge::kNone, '\0', nullptr, nullptr, PartOfLine, MayNameValue},
      {"generic-secret", "generic-password", "value of a name for keys", kError,
       "_KEY= !__KEY_ _KEY: _KEY\" _key= !__key_ _key: _key\"",
       R"((?:_KEY|_key)["']?[ \t]*[:=][ \t]*)" SET, IsKeyOfSetting, 0, 320, Edge::kNone, '\0',
       nullptr, nullptr, PartOfLine},
      {"generic-secret", "generic-password", "value of a name for secrets", kError,
       "~passcode ~passwort CREDS= CREDS: creds= creds: creds\" PW= PW: !PW_= pw= pw: !pw_= pw\" "
       "PSWD "
       "pswd "
       "BEARER= BEARER: bearer= bearer: bearer\" JWT= JWT: jwt= jwt: jwt\" PAT= PAT: _pat= _pat: "
       "_pat\" OAUTH= OAUTH: oauth= oauth: oauth\"",
       R"((?i)(?:passcode|passwort|creds|_?pw|_?pswd|bearer|jwt|_?pat|oauth)["']?\s*(?:=>|:=|=|:)\s*)" SET,
       IsDrawnSetting, 0, 320, Edge::kNone, '\0', nullptr, nullptr, PartOfLine},
      {"generic-secret", "generic-password", "value of a name for secrets", kError,
       "!password_\" !Password_\" !secret_\" !token_\" !passphrase_\"",
       R"re((?:[Pp]assword|secret|token|passphrase) "([^"\\\x00-\x1f\x7f]{12,200})")re",
       IsQuotedSecret, 0, 256, Edge::kNone},
      {"generic-password", "generic-password", "password in prose, or behind its name", kError,
       "~password !login_with",
       R"((?i:password(?:[ \w]{0,40}? (?:is|was))?|login with)[ :]{0,2}([A-Za-z0-9]{16,64})(?:[^A-Za-z0-9+/=_-]|$))",
       IsProsePassword, 0, 160, Edge::kNone},
      {"generic-password", "generic-password", "password in the name of a user", kError,
       "!USER_ \"User\":", R"((?:USER |"User":\s*")[\w.-]+:([A-Za-z0-9]{16,64})(?:[^A-Za-z0-9]|$))",
       IsProsePassword, 0, 160, Edge::kNone},
  };
}

#undef BETWEEN
#undef VALUE
#undef SET
#undef BEHIND

}  // namespace watertight
