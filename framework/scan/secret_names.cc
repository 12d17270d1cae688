#include "framework/scan/secret_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <iterator>

namespace watertight {
namespace {

using Proof = NameRule::Proof;

constexpr NameRule kNameRules[] = {
    {"password", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"passwords", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"passwd", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"passphrase", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"passcode", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"passwort", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"pass word", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"pass phrase", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"pwd", "generic-password", Proof::kAlone, Proof::kWithValue},
    {"pass", "generic-password", Proof::kAlone, Proof::kNone},
    {"pswd", "generic-password", Proof::kAlone, Proof::kNone},
    {"pw", "generic-password", Proof::kWithValue, Proof::kNone},
    {"secret", "generic-secret", Proof::kAlone, Proof::kWithValue},
    {"secrets", "generic-secret", Proof::kAlone, Proof::kWithValue},
    {"secret key", "generic-secret", Proof::kAlone, Proof::kWithValue},
    {"secret key base", "generic-secret", Proof::kAlone, Proof::kNone},
    {"credential", "generic-secret", Proof::kAlone, Proof::kWithValue},
    {"credentials", "generic-secret", Proof::kAlone, Proof::kWithValue},
    {"creds", "generic-secret", Proof::kAlone, Proof::kWithValue},
    {"auth", "generic-secret", Proof::kWithValue, Proof::kNone},
    {"authorization", "generic-secret", Proof::kWithValue, Proof::kNone},
    {"oauth", "generic-token", Proof::kWithValue, Proof::kNone},
    {"token", "generic-token", Proof::kAlone, Proof::kWithValue},
    {"tokens", "generic-token", Proof::kWithValue, Proof::kWithValue},
    {"bearer", "generic-token", Proof::kWithValue, Proof::kNone},
    {"jwt", "generic-token", Proof::kWithValue, Proof::kNone},
    {"pat", "generic-token", Proof::kWithValue, Proof::kNone},
    {"api key", "generic-api-key", Proof::kAlone, Proof::kWithValue},
    {"apikey", "generic-api-key", Proof::kAlone, Proof::kWithValue},
    {"api keys", "generic-api-key", Proof::kAlone, Proof::kWithValue},
    {"access key", "generic-api-key", Proof::kAlone, Proof::kWithValue},
    {"accesskey", "generic-api-key", Proof::kAlone, Proof::kWithValue},
    {"account key", "generic-api-key", Proof::kAlone, Proof::kWithValue},
    {"auth key", "generic-api-key", Proof::kAlone, Proof::kWithValue},
    {"root token id", "generic-token", Proof::kAlone, Proof::kNone},
    {"art api", "generic-api-key", Proof::kAlone, Proof::kNone},       // JFrog's X-JFrog-Art-Api
    {"secret id", "generic-secret", Proof::kWithValue, Proof::kNone},  // of Vault's AppRole
    {"neo4j auth", "generic-password", Proof::kAlone, Proof::kNone},
    {"sonar login", "generic-token", Proof::kWithValue, Proof::kNone},
    {"authkey", "generic-api-key", Proof::kAlone, Proof::kNone},
    {"service key", "generic-api-key", Proof::kWithValue, Proof::kNone},
    {"storage key", "generic-api-key", Proof::kWithValue, Proof::kNone},
    {"subscription key", "generic-api-key", Proof::kAlone, Proof::kNone},
    {"consumer key", "generic-api-key", Proof::kWithValue, Proof::kNone},
    {"license key", "generic-api-key", Proof::kWithValue, Proof::kNone},
    {"admin key", "generic-api-key", Proof::kAlone, Proof::kNone},
    {"app key", "generic-encryption-key", Proof::kWithValue, Proof::kNone},
    {"master key", "generic-encryption-key", Proof::kAlone, Proof::kWithValue},
    {"encryption key", "generic-encryption-key", Proof::kAlone, Proof::kWithValue},
    {"encrypt key", "generic-encryption-key", Proof::kAlone, Proof::kWithValue},
    {"crypt key", "generic-encryption-key", Proof::kAlone, Proof::kWithValue},
    {"validation key", "generic-encryption-key", Proof::kWithValue, Proof::kNone},  // of ASP.NET
    {"decryption key", "generic-encryption-key", Proof::kAlone, Proof::kNone},
    {"preshared key", "generic-encryption-key", Proof::kAlone, Proof::kNone},
    {"fernet key", "generic-encryption-key", Proof::kAlone, Proof::kNone},
    {"signing key", "generic-encryption-key", Proof::kWithValue, Proof::kNone},
    {"hmac key", "generic-encryption-key", Proof::kAlone, Proof::kNone},
    {"shared key", "generic-encryption-key", Proof::kAlone, Proof::kNone},
    {"session key", "generic-encryption-key", Proof::kWithValue, Proof::kNone},
    {"cookie key", "generic-encryption-key", Proof::kWithValue, Proof::kNone},
    {"private key", "generic-private-key", Proof::kAlone, Proof::kWithValue},
    {"privatekey", "generic-private-key", Proof::kAlone, Proof::kWithValue},
    {"ssh key", "generic-private-key", Proof::kWithValue, Proof::kNone},
    {"deploy key", "generic-private-key", Proof::kWithValue, Proof::kNone},
    {"tls key", "generic-private-key", Proof::kWithValue, Proof::kNone},
    {"ssl key", "generic-private-key", Proof::kWithValue, Proof::kNone},
    {"rsa key", "generic-private-key", Proof::kWithValue, Proof::kNone},
};

// Words that others are glued to: PGPASSWORD, dbpasswd, authtoken, mysecretkey.
constexpr std::string_view kEndings[] = {"password", "passwd",    "passphrase", "secret", "token",
                                         "apikey",   "secretkey", "privatekey", "pass"};
constexpr const char* kGluedRules[] = {
    "generic-password", "generic-password",    "generic-password",
    "generic-secret",   "generic-token",       "generic-api-key",
    "generic-secret",   "generic-private-key", "generic-password"};
constexpr std::string_view kNotGlued[] = {"askpass",  "bypass",   "compass",   "encompass",
                                          "surpass",  "trespass", "multipass", "keepass",
                                          "lastpass", "onepass"};

// A name that ends so speaks about a secret and holds none.
constexpr std::string_view kAbout[] = {
    "file",       "files",      "filename", "path",        "paths",
    "dir",        "directory",  "folder",   "location",    "mount",
    "id",         "ids",        "uuid",     "guid",        "version",
    "sha",        "sha1",       "sha256",   "sha384",      "sha512",
    "md5",        "checksum",   "digest",   "hash",        "hashes",
    "url",        "uri",        "endpoint", "host",        "hostname",
    "port",       "name",       "names",    "user",        "username",
    "ttl",        "expiry",     "expires",  "expire",      "expiration",
    "timeout",    "length",     "len",      "size",        "min",
    "max",        "count",      "limit",    "type",        "alg",
    "algo",       "algorithm",  "issuer",   "audience",    "enabled",
    "disabled",   "enable",     "disable",  "required",    "policy",
    "prefix",     "suffix",     "header",   "headers",     "format",
    "field",      "provider",   "manager",  "service",     "server",
    "class",      "rotation",   "interval", "lifetime",    "age",
    "scope",      "scopes",     "mode",     "method",      "strategy",
    "level",      "regex",      "pattern",  "template",    "label",
    "ref",        "arn",        "region",   "bits",        "env",
    "var",        "cmd",        "command",  "script",      "helper",
    "sock",       "stdin",      "fd",       "fingerprint", "fingerprints",
    "days",       "hours",      "minutes",  "seconds",     "secs",
    "key.pub",    "pub",        "plugin",   "module",      "store",
    "backend",    "driver",     "encoding", "charset",     "iterations",
    "rounds",     "source",     "kind",     "status",      "hint",
    "prompt",     "question",   "reset",    "auth",        "authentication",
    "validation", "encryption", "hasher"};

// A name with such a word anywhere is meant to be known to everybody, or none at all.
constexpr std::string_view kNeverSecret[] = {
    "public",     "publishable", "anon",    "fingerprint", "keyserver", "tokenizer",
    "tokenizers", "parallelism", "authors", "author",      "askpass"};

// The shell's own, and a Kubernetes field that names secrets.
constexpr std::string_view kOrdinaryNames[] = {"PWD", "OLDPWD", "pwd", "oldpwd",
                                               "imagePullSecrets"};

template <std::size_t N>
bool Has(const std::string_view (&table)[N], std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string WithoutNumber(const std::string& word) {
  const std::size_t last = word.find_last_not_of("0123456789");
  return last == std::string::npos ? word : word.substr(0, last + 1);
}

std::vector<std::string_view> Split(std::string_view phrase) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= phrase.size();) {
    const std::size_t end = std::min(phrase.find(' ', begin), phrase.size());
    words.push_back(phrase.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

// The words of each row's phrase.
const std::vector<std::vector<std::string_view>>& Phrases() {
  static const auto* phrases = [] {
    auto* all = new std::vector<std::vector<std::string_view>>;
    for (const NameRule& row : kNameRules) all->push_back(Split(row.phrase));
    return all;
  }();
  return *phrases;
}

// The number of words after the phrase's last occurrence; -1 when the name does not hold it.
int WordsAfter(const std::vector<std::string>& words, const std::vector<std::string_view>& wanted) {
  const auto found = std::find_end(words.begin(), words.end(), wanted.begin(), wanted.end(),
                                   [](const std::string& word, std::string_view want) {
                                     return word.starts_with(want) &&
                                            (word == want || WithoutNumber(word) == want);
                                   });
  if (found == words.end()) return -1;
  return static_cast<int>(words.end() - found) - static_cast<int>(wanted.size());
}

SecretName ClassifyGlued(const std::string& last) {
  const std::string word = WithoutNumber(last);
  if (Has(kNotGlued, word)) return {};
  for (std::size_t i = 0; i < std::size(kEndings); ++i) {
    if (word.ends_with(kEndings[i])) return {kGluedRules[i], true};
  }
  return {};
}

}  // namespace

std::vector<std::string> NameWords(std::string_view name) {
  std::vector<std::string> words;
  bool begin = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!IsLower(c) && !IsUpper(c) && !IsDigit(c)) {
      begin = true;
      continue;
    }
    const bool hump = IsUpper(c) && i > 0 &&
                      (IsLower(name[i - 1]) || IsDigit(name[i - 1]) ||
                       (i + 1 < name.size() && IsUpper(name[i - 1]) && IsLower(name[i + 1])));
    if (begin || hump) words.emplace_back();
    begin = false;
    words.back() += static_cast<char>(IsUpper(c) ? c - 'A' + 'a' : c);
  }
  return words;
}

namespace {

SecretName Classify(std::string_view name) {
  if (Has(kOrdinaryNames, name)) return {};
  const std::vector<std::string> words = NameWords(name);
  if (words.empty()) return {};
  for (const std::string& word : words) {
    if (Has(kNeverSecret, word)) return {};
  }
  const bool about = Has(kAbout, words.back()) || Has(kAbout, WithoutNumber(words.back()));
  SecretName best;
  for (std::size_t i = 0; i < std::size(kNameRules); ++i) {
    const NameRule& row = kNameRules[i];
    const int after = WordsAfter(words, Phrases()[i]);
    if (after < 0 || (after > 0 && about)) continue;
    const Proof proof = after == 0 ? row.at_end : row.inside;
    if (proof == Proof::kAlone) return {row.rule, true};
    if (proof == Proof::kWithValue && best.rule == nullptr) best = {row.rule, false};
  }
  if (best.rule == nullptr && !about) return ClassifyGlued(words.back());
  return best;
}

}  // namespace

// Texts have the same few names again and again.
SecretName ClassifyName(std::string_view name) {
  struct Known {
    std::string name;
    SecretName promise;
  };
  constexpr std::size_t kLongest = 256;
  constexpr std::size_t kPlaces = 64;
  thread_local std::array<Known, kPlaces> known;
  if (name.empty() || name.size() > kLongest) return {};
  Known& place = known[std::hash<std::string_view>()(name) % kPlaces];
  if (place.name != name) place = {std::string(name), Classify(name)};
  return place.promise;
}

const std::vector<NameRule>& NameRules() {
  static const std::vector<NameRule> rules(std::begin(kNameRules), std::end(kNameRules));
  return rules;
}

}  // namespace watertight
