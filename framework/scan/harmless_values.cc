#include "framework/scan/harmless_values.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "framework/scan/public_keys.h"
#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/drawn.h"
#include "framework/scan/secret_names.h"

namespace watertight {
namespace {

// The last word of names under which no secret stands, in the settings of tools that keep some
// elsewhere in the same file.
constexpr std::string_view kHarmlessNames[] = {
    // Where
    "registry", "registries", "repository", "server", "servers", "host", "hostname", "machine",
    "endpoint", "url", "uri", "port", "region", "location", "database", "bucket", "proxy",
    // Who
    "user", "username", "login", "email", "account", "profile", "authority",
    // What
    "name", "names", "id", "kind", "type", "version", "cluster", "context", "namespace", "scope",
    "source", "sources", "provider", "format", "output", "protocol", "mode", "editor", "agent",
    // How
    "store", "helper", "helpers", "command", "args", "timeout", "retries", "depth", "level",
    "loglevel", "linker",
    // Files
    "file", "cafile", "path", "dir", "directory", "cache", "prefix"};

constexpr std::string_view kSwitches[] = {"true", "false", "yes", "no"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || IsUpper(c); }

template <std::size_t N>
bool Has(const std::string_view (&table)[N], std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

bool Fits(std::string_view value, const re2::RE2& pattern) {
  return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), pattern);
}

// What stands between other characters.
template <typename IsPart>
std::vector<std::string_view> Parts(std::string_view text, IsPart is_part) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_part(text[end])) ++end;
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// "v1", "eu2", "k8s", "443", "registry", "credsStore", "USER": short when digits stand in it, and
// with no more humps than names have.
bool IsPlainWord(std::string_view word) {
  constexpr std::size_t kLongestNumber = 12;  // of an account of AWS
  constexpr std::size_t kLongestMixed = 8;
  constexpr std::size_t kLongest = 24;
  constexpr int kMostTurns = 3;  // "v1beta1"
  constexpr int kMostHumps = 4;
  int turns = 0;
  int humps = 0;
  int letters = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (IsLetter(word[i])) ++letters;
    if (i == 0) continue;
    if (IsDigit(word[i]) != IsDigit(word[i - 1])) ++turns;
    if (IsUpper(word[i]) && !IsUpper(word[i - 1])) ++humps;
  }
  if (letters == 0) return word.size() <= kLongestNumber;
  if (turns > 0) return word.size() <= kLongestMixed && turns <= kMostTurns && humps == 0;
  return word.size() <= kLongest && humps <= kMostHumps && !LooksDrawn(word);
}

// At a colon: a port, or what begins such names. `ci:swordfish` is a login.
bool HasPlainColons(std::string_view piece) {
  static const re2::RE2 kColons(R"([a-z][a-z0-9+]+://[^:@]*(?::[0-9]{1,5}(?:/[^:@]*)?)?|)"
                                R"((?:arn|urn|system):[^@]*|[^:]*(?::[0-9]{1,5}(?:/[^:@]*)?)?)");
  return piece.find(':') == piece.npos || Fits(piece, kColons);
}

// A path, a host with its port, a word; no option such as `-p` or `--password`, behind which a
// secret could stand.
bool IsPlainPiece(std::string_view piece) {
  static const re2::RE2 kPiece(R"([A-Za-z0-9_.@/:+~*(),-]*)");
  constexpr std::size_t kMostMixed = 3;
  if (!Fits(piece, kPiece) || !HasPlainColons(piece)) return false;
  if (piece.starts_with('-')) {
    const std::string_view option = piece.substr(std::min<std::size_t>(2, piece.size()));
    if (!piece.starts_with("--") || option.size() < 2) return false;
    if (ClassifyName(option).rule != nullptr) return false;
  }
  std::size_t mixed = 0;
  for (const std::string_view word :
       Parts(piece, [](char c) { return IsLetter(c) || IsDigit(c); })) {
    if (!IsPlainWord(word)) return false;
    if (std::any_of(word.begin(), word.end(), IsDigit)) ++mixed;
  }
  return mixed <= kMostMixed || std::none_of(piece.begin(), piece.end(), IsLetter);  // 127.0.0.1
}

// Without a user, and without a query; the path of a webhook is a secret, and not plain.
bool IsPlainUrl(std::string_view value) {
  static const re2::RE2 kUrl(R"([a-z][a-z0-9+]{1,9}:///?[A-Za-z0-9.-]+(?::[0-9]{1,5})?(/[^@]*)?)");
  return Fits(value, kUrl) && IsPlainPiece(value);
}

bool IsPublicKeyInBase64(std::string_view value) {
  constexpr std::size_t kShortest = 64;
  std::string bytes;
  return value.size() >= kShortest && DecodeBase64(value, &bytes) && HoldsPublicKeysAlone(bytes);
}

// "always-auth" names none.
bool NamesPassword(std::string_view name) {
  const std::vector<std::string> words = NameWords(name);
  if (!words.empty() && words.back() == "key") return true;
  const SecretName named = ClassifyName(name);
  if (named.rule == nullptr) return false;
  return named.alone || words.size() == 1 || std::string_view(named.rule) != "generic-secret";
}

bool HasHarmlessName(std::string_view name) {
  if (name.find_first_of("/:") != name.npos) return false;  // a place, not a name
  if (ClassifyName(name).rule != nullptr) return false;
  const std::vector<std::string> words = NameWords(name);
  return !words.empty() && Has(kHarmlessNames, words.back());
}

// "Bearer ${TOKEN}"; "platform:${PASSWORD}" where a login stands; "${user.home}/.m2" where a path
// does.
bool IsPutTogether(std::string_view name, std::string_view value) {
  static const re2::RE2 kTogether(
      R"((Bearer |Basic |Token )?(?:([A-Za-z][A-Za-z.-]*):)?(\$[^:/\s]+?)((?:/[\w.-]+)*/?))");
  std::string scheme;
  std::string user;
  std::string later;
  std::string path;
  if (!re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), kTogether, &scheme, &user,
                           &later, &path) ||
      !IsFilledInLater(later)) {
    return false;
  }
  if (!user.empty() && (NamesPassword(name) || !IsPlainPiece(user))) return false;
  return path.empty() || (HasHarmlessName(name) && IsPlainPiece(path));
}

}  // namespace

bool IsVariable(std::string_view value) {
  constexpr std::size_t kLongest = 80;
  // No default but an empty one, and no program but cat: the rest could hold the secret.
  static const re2::RE2 kVariable(
      R"(\$\{(?:env:)?[A-Za-z_][A-Za-z0-9_.]*(?::?[-?])?\}|\$[A-Z]{2,}(?:_[A-Z]+)*|)"
      R"(%[A-Z]{2,}(?:_[A-Z]+)*%|\$\{\{ *[A-Za-z_][\w.-]* *\}\}|)"
      R"(\{\{ *\.?[A-Za-z_][A-Za-z_.]* *\}\}|env\.[A-Z]+(?:_[A-Z]+)*|\$\((?:cat +)?[/A-Za-z_.-]+\))");
  return value.size() <= kLongest && Fits(value, kVariable);
}

bool IsFilledInLater(std::string_view value) {
  constexpr std::size_t kLongest = 80;
  static const re2::RE2 kPlace(
      R"((?i)change[-_]?me|replace[-_]?me|placeholder|redacted|todo|tbd|fixme|)"
      R"(<[a-z]+(?:[ _.-][a-z]+)*>|\*{3,}|x{4,}|)"
      R"((?:your|insert|replace|enter|put)(?:[-_][a-z]+){0,4}[-_](?:here|token|password|key|secret))");
  return IsVariable(value) || (value.size() <= kLongest && Fits(value, kPlace));
}

bool IsPlainText(std::string_view value) {
  constexpr std::size_t kLongest = 256;
  if (value.size() > kLongest) return false;
  const std::vector<std::string_view> pieces = Parts(value, [](char c) { return c != ' '; });
  return std::all_of(pieces.begin(), pieces.end(), IsPlainPiece);
}

bool IsPlainComment(std::string_view comment) {
  static const re2::RE2 kWord(R"(["'(]?[A-Za-z]+(?:[-/'][A-Za-z]+)*['")]?[.,;!?]?|-+|=+)");
  for (const std::string_view word : Parts(comment, [](char c) { return c != ' ' && c != '\t'; })) {
    if (IsPlainUrl(word)) continue;
    if (!Fits(word, kWord) || ClassifyName(word).rule != nullptr) return false;
    const auto parts = Parts(word, IsLetter);
    if (!std::all_of(parts.begin(), parts.end(), IsPlainWord)) return false;
  }
  return true;
}

bool IsHarmless(std::string_view name, std::string_view value) {
  if (value.empty() || IsFilledInLater(value) || IsPutTogether(name, value)) return true;
  if (name.empty()) return IsPlainText(value);
  if (Has(kSwitches, Lower(value)) || IsPlainUrl(value)) return !NamesPassword(name);
  return IsPublicKeyInBase64(value) || (HasHarmlessName(name) && IsPlainText(value));
}

}  // namespace watertight
