#include "framework/scan/rules/sample.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

namespace watertight {
namespace {

// Longer values are judged by their rules alone.
constexpr std::size_t kLongest = 64;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Small(c);
  return lower;
}

// What a secret is called,
constexpr std::string_view kNames[] = {
    "password", "passwd", "passwort", "passphrase", "passcode", "pass",       "pwd",
    "pw",       "secret", "token",    "apikey",     "api key",  "credential", "credentials"};

// and what stands beside that.
constexpr std::string_view kBeside[] = {
    "my",       "your",    "our",      "the",     "some",    "any",     "this",     "that",
    "is",       "to",      "be",       "here",    "goes",    "for",     "of",       "in",
    "and",      "or",      "not",      "do",      "dont",    "log",     "use",      "no",
    "old",      "new",     "real",     "good",    "bad",     "strong",  "weak",     "super",
    "very",     "so",      "much",     "long",    "short",   "random",  "secure",   "safe",
    "great",    "awesome", "simple",   "easy",    "complex", "test",    "testing",  "demo",
    "dummy",    "fake",    "sample",   "default", "initial", "temp",    "foo",      "bar",
    "user",     "users",   "username", "admin",   "root",    "db",      "database", "mysql",
    "postgres", "redis",   "mongo",    "rabbit",  "app",     "api",     "site",     "service",
    "server",   "client",  "key",      "keys",    "value",   "string",  "word",     "phrase",
    "code",     "id",      "login",    "auth",    "access",  "refresh", "bearer",   "jwt",
    "session",  "private", "shared",   "master",  "prod",    "dev",     "local",    "docker",
    "change",   "replace", "insert",   "enter",   "put",     "set",     "please",   "me",
    "it",       "first",   "second",   "one",     "two",     "hidden",  "wrong",    "right",
    "valid",    "invalid", "correct",  "another", "other",   "same",    "a",        "an"};

// "p4$$w0rd"
bool LooksLike(char c, char letter) {
  constexpr std::string_view kPairs[] = {"0o", "1i", "1l", "3e", "4a", "5s",
                                         "7t", "$s", "@a", "!i", "|l"};
  const char pair[] = {c, letter, '\0'};
  return c == letter || std::find(std::begin(kPairs), std::end(kPairs), pair) != std::end(kPairs);
}

bool Spells(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == ' ' ? IsLower(text[i]) || IsDigit(text[i]) : !LooksLike(text[i], word[i])) {
      return false;
    }
  }
  return true;
}

// All its letters are of words of the lists, one of kNames among them.
bool IsSpelled(std::string_view lower) {
  // Whether words lead to a place, without and with one of kNames.
  std::vector<bool> plain(lower.size() + 1);
  std::vector<bool> named(lower.size() + 1);
  plain[0] = true;
  for (std::size_t at = 0; at < lower.size(); ++at) {
    if (!plain[at] && !named[at]) continue;
    const auto reach = [&](std::size_t size, bool names) {
      if (named[at] || names) named[at + size] = true;
      if (plain[at] && !names) plain[at + size] = true;
    };
    if (!IsLower(lower[at])) reach(1, false);
    const std::string_view rest = lower.substr(at);
    for (const std::string_view word : kNames) {
      if (Spells(rest, word)) reach(word.size(), true);
    }
    for (const std::string_view word : kBeside) {
      if (Spells(rest, word)) reach(word.size(), false);
    }
  }
  return named[lower.size()];
}

bool Follows(char a, char b) {
  return (IsLower(a) || IsDigit(a)) && (IsLower(b) || IsDigit(b)) && b == a + 1;
}

// "abc123def456", "…uvwxyz123abc": parts of three characters or more, each in its order, one behind
// the other. By chance that is seen in one of some ten thousand values.
bool HoldsOrder(std::string_view lower) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kLong = 9;
  std::size_t longest = 0;
  std::size_t all = 0;
  for (std::size_t begin = 0; begin < lower.size();) {
    std::size_t end = begin + 1;
    while (end < lower.size() && Follows(lower[end - 1], lower[end])) ++end;
    all = end - begin >= kShortest ? all + end - begin : 0;
    longest = std::max(longest, all);
    begin = end;
  }
  return longest >= kLong || (longest >= 2 * kShortest && 2 * longest >= lower.size());
}

// The same again and again.
bool Repeats(std::string_view value) {
  constexpr std::size_t kShortest = 8;
  constexpr std::size_t kMost = 256;
  if (value.size() < kShortest || value.size() > kMost) return false;
  const std::string twice = std::string(value) + std::string(value);
  return twice.find(value, 1) < value.size();
}

// "pbkdf2_sha256", "utf8mb4_bin", "user6_pwd_utf8": words, one of which is an algorithm's or a
// character set's.
bool IsOfAlgorithm(std::string_view lower) {
  static const re2::RE2 kAlgorithm(
      R"(argon2(?:id|[id])?|pbkdf2|[bs]crypt|sha(?:1|2|3|224|256|384|512)|md5|hmac(?:sha\d+)?|)"
      R"(utf(?:8|16|32)(?:mb[34]|le|be)?|latin[1-9]|iso8859|cp\d{3,4}|koi8|ucs[24]|)"
      R"(aes(?:128|192|256)?|[3t]des|rsa(?:1024|2048|3072|4096)?|ed25519|x25519|secp\d{3}[kr]1|)"
      R"(rc4|chacha20|poly1305|base(?:32|64)|oauth2|x509)");
  static const re2::RE2 kWord(R"([a-z]*\d{0,2})");
  bool named = false;
  for (std::size_t begin = 0; begin <= lower.size();) {
    const std::size_t end = std::min(lower.find_first_of("_-./:", begin), lower.size());
    const re2::StringPiece part(lower.data() + begin, end - begin);
    const bool algorithm = re2::RE2::FullMatch(part, kAlgorithm);
    if (!algorithm && !re2::RE2::FullMatch(part, kWord)) return false;
    named |= algorithm;
    begin = end + 1;
  }
  return named;
}

}  // namespace

bool IsSample(std::string_view value) {
  if (Repeats(value)) return true;
  if (value.empty() || value.size() > kLongest) return false;
  const std::string lower = Lower(value);
  return HoldsOrder(lower) || IsSpelled(lower) || IsOfAlgorithm(lower);
}

std::string_view WithoutCount(std::string_view value) {
  const std::size_t word = value.find_last_not_of("0123456789") + 1;
  const std::string_view digits = value.substr(word);
  const bool counts = digits.size() == 1 || std::string_view("123456789").starts_with(digits);
  return counts ? value.substr(0, word) : value;
}

}  // namespace watertight
