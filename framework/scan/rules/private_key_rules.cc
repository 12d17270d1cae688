// Private keys and key stores. What parses is one, whatever stands between markers otherwise.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/der.h"
#include "framework/scan/rules/published.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {
namespace {

constexpr unsigned char kInteger = 0x02;
constexpr unsigned char kOctets = 0x04;
constexpr unsigned char kSequence = 0x30;
constexpr std::size_t kLongestKey = std::size_t{24} << 10;

// What stands before the key on its line, and on the others too, in mails, comments and
// differences: ">", "> >", "#", "*", "+".
std::string_view MarkOf(const RuleHit& hit) {
  constexpr std::size_t kLongest = 16;
  constexpr std::string_view kMarks = " \t>#*+/|;%";
  std::size_t begin = hit.begin;
  while (begin > 0 && hit.begin - begin < kLongest && hit.text[begin - 1] != '\n' &&
         hit.text[begin - 1] != '\0') {
    --begin;
  }
  std::string_view mark = hit.text.substr(begin, hit.begin - begin);
  if (mark.find_first_not_of(kMarks) != mark.npos) return {};
  while (!mark.empty() && mark.back() <= ' ') mark.remove_suffix(1);
  while (!mark.empty() && mark.front() <= ' ') mark.remove_prefix(1);
  return mark;
}

// Behind the blanks and the mark with which a line begins.
std::size_t BehindMark(std::string_view text, std::size_t at, std::string_view mark) {
  if (mark.empty()) return at;
  const std::size_t begin = text.find_first_not_of(" \t", at);
  if (begin == text.npos || !text.substr(begin).starts_with(mark)) return at;
  at = begin + mark.size();
  return at < text.size() && text[at] == ' ' ? at + 1 : at;
}

// What stands between the markers, but for line ends, also escaped ones, marks of strings, and
// what each line begins with.
std::string BodyOf(const RuleHit& hit) {
  const std::string_view pem = hit.value;
  const std::string_view line_mark = MarkOf(hit);
  constexpr std::string_view kMark = "-----";
  const std::size_t first = pem.find(kMark, kMark.size());
  const std::size_t last = pem.rfind("-----END");
  std::string body;
  if (first == std::string_view::npos || last == std::string_view::npos) return body;
  for (std::size_t at = first + kMark.size(); at < last; ++at) {
    const char c = pem[at];
    if (c == '\\') {
      while (at + 1 < last && pem[at + 1] == '\\') ++at;
      if (at + 1 < last && pem[at + 1] != '\n') ++at;
      if (pem[at] == 'n') body += '\n';
    } else if (c == '\n') {
      body += '\n';
      at = BehindMark(pem, at + 1, line_mark) - 1;
    } else if (c != '\r' && c != '"' && c != '\'' && c != '\t' && c != ',') {
      body += c;
    }
  }
  return body;
}

// The bytes of a body; empty when it is no base64.
std::string Decoded(std::string_view body) {
  std::string digits;
  for (const char c : body) {
    if (c != '\n' && c != ' ') digits += c;
  }
  std::string bytes;
  if (!DecodeBase64(digits, &bytes)) bytes.clear();
  return bytes;
}

// The members of the sequence that the bytes are.
std::vector<DerValue> Members(std::string_view bytes) {
  const auto outer = ReadDer(&bytes);
  if (!outer || outer->tag != kSequence) return {};
  return ReadDerSequence(outer->content).value_or(std::vector<DerValue>{});
}

bool AreIntegers(const std::vector<DerValue>& values, std::size_t count) {
  return values.size() >= count &&
         std::all_of(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const DerValue& value) { return value.tag == kInteger; });
}

std::string_view WithoutZeros(std::string_view number) {
  return number.substr(std::min(number.find_first_not_of('\0'), number.size()));
}

// RSA of fewer bytes is factored in a day: only tests have such keys.
constexpr std::size_t kShortModulus = 96;

// RFC 8017, A.1.2: version and eight numbers.
bool IsRsa(const std::vector<DerValue>& values) {
  constexpr std::size_t kLeastModulus = 63;
  return AreIntegers(values, 9) && values[1].content.size() >= kLeastModulus;
}
// OpenSSL's own: version, p, q, g, y, x.
bool IsDsa(const std::vector<DerValue>& values) {
  return values.size() == 6 && AreIntegers(values, 6);
}
// RFC 5915.
bool IsEc(const std::vector<DerValue>& values) {
  return values.size() >= 2 && values[0].tag == kInteger && values[1].tag == kOctets &&
         values[1].content.size() >= 16;
}
// RFC 5958.
bool IsPkcs8(const std::vector<DerValue>& values) {
  return values.size() >= 3 && values[0].tag == kInteger && values[1].tag == kSequence &&
         values[2].tag == kOctets && values[2].content.size() >= 32;
}
bool IsEncryptedPkcs8(const std::vector<DerValue>& values) {
  return values.size() == 2 && values[0].tag == kSequence && values[1].tag == kOctets &&
         values[1].content.size() >= 32;
}

// What makes it that key, as IsPublishedKey takes it. der: RSA's, SEC 1's, OpenSSL's for DSA, PKCS
// #8, or what PKCS #8 holds of other algorithms.
std::string_view IdentityOf(std::string_view der) {
  std::string_view rest = der;
  const auto outer = ReadDer(&rest);
  const std::vector<DerValue> members = Members(der);
  if (IsRsa(members)) return WithoutZeros(members[1].content);
  if (IsDsa(members)) return members[5].content;
  if (IsPkcs8(members)) {
    const std::string_view inner = members[2].content;
    const std::vector<DerValue> key = Members(inner);
    if (!key.empty()) return IsRsa(key) ? WithoutZeros(key[1].content) : key[1].content;
    std::string_view number = inner;
    const auto only = ReadDer(&number);
    return only ? only->content : inner;
  }
  if (IsEc(members)) return members[1].content;
  return outer ? outer->content : der;
}

template <bool (*kIsKey)(const std::vector<DerValue>&)>
bool HoldsKey(const RuleHit& hit, Level* level) {
  const std::string der = Decoded(BodyOf(hit));
  const std::vector<DerValue> members = Members(der);
  if (!kIsKey(members) || IsPublishedKey(IdentityOf(der))) return false;
  if (IsRsa(members) && members[1].content.size() < kShortModulus) *level = Level::kWarning;
  return true;
}

// RFC 1421, as OpenSSL writes it: headers, an empty line, the encrypted key.
bool HoldsEncryptedKey(const RuleHit& hit, Level* /*level*/) {
  constexpr std::size_t kLeast = 48;
  const std::string body = BodyOf(hit);
  const std::size_t headers = body.find("DEK-Info");
  if (headers == std::string::npos) return IsEncryptedPkcs8(Members(Decoded(body)));
  const std::size_t begin = body.find('\n', headers);
  return begin != std::string::npos && Decoded(body.substr(begin)).size() >= kLeast;
}

// A string of SSH's (RFC 4251, 5), taken off the bytes.
std::optional<std::string_view> ReadString(std::string_view* bytes) {
  if (bytes->size() < 4) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>((*bytes)[i]);
  if (bytes->size() - 4 < size) return std::nullopt;
  const std::string_view text = bytes->substr(4, size);
  bytes->remove_prefix(4 + size);
  return text;
}

// PROTOCOL.key of OpenSSH: magic, cipher, kdf and its options, the number of keys, public key,
// private part, which begins with the same number twice unless it is encrypted.
bool HoldsOpenSshKey(const RuleHit& hit, Level* level) {
  constexpr std::string_view kMagic("openssh-key-v1\0", 15);
  const std::string bytes = Decoded(BodyOf(hit));
  std::string_view rest = bytes;
  if (!rest.starts_with(kMagic)) return false;
  rest.remove_prefix(kMagic.size());
  const auto cipher = ReadString(&rest);
  const auto kdf = ReadString(&rest);
  const auto options = ReadString(&rest);
  if (!cipher || !kdf || !options || rest.size() < 4) return false;
  rest.remove_prefix(4);
  const auto shared = ReadString(&rest);
  const auto secret = ReadString(&rest);
  if (!shared || !secret || secret->size() < 8) return false;
  if (*cipher != "none") {
    *level = Level::kWarning;
    return true;
  }
  return secret->substr(0, 4) == secret->substr(4, 4) && !IsPublishedKey(*shared);
}

// RFC 4880, 6.2: headers, an empty line, base64, = and the CRC; a packet of a secret key (tag 5).
bool HoldsPgpKey(const RuleHit& hit, Level* /*level*/) {
  const std::string body = BodyOf(hit);
  std::size_t begin = body.find("\n\n");
  if (begin == std::string::npos) return false;
  const std::size_t end = body.rfind("\n=");
  if (end == std::string::npos || end < begin) return false;
  const std::string bytes = Decoded(body.substr(begin, end - begin));
  const std::string crc = Decoded(std::string_view(body).substr(end + 2, 4));
  if (bytes.empty() || crc.size() != 3) return false;
  std::uint32_t wanted = 0;
  for (const char c : crc) wanted = wanted << 8 | static_cast<unsigned char>(c);
  const auto head = static_cast<unsigned char>(bytes[0]);
  const int tag = (head & 0x40) != 0 ? head & 0x3f : head >> 2 & 15;
  return Crc24(bytes) == wanted && tag == 5 && !IsPublishedKey(bytes);
}

bool HoldsPuttyKey(const RuleHit& hit, Level* level) {
  if (hit.value.find("Encryption: none") == std::string_view::npos) *level = Level::kWarning;
  const std::size_t lines = hit.value.find("Private-Lines: ");
  const std::size_t mac = hit.value.rfind("Private-MAC: ");
  const std::size_t begin = hit.value.find('\n', lines);
  std::string digits;
  for (const char c : hit.value.substr(begin, mac - begin)) {
    if (c != '\n' && c != '\r') digits += c;
  }
  std::string bytes;
  return DecodeBase64(digits, &bytes) && bytes.size() >= 16;
}

// RFC 7292: version 3, and contents that are data. The whole must be there: its begin is short.
bool IsPkcs12(const RuleHit& hit, Level* level) {
  constexpr std::string_view kData("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 11);
  constexpr std::string_view kShroudedKey("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02",
                                          13);
  constexpr std::string_view kKey("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x01", 13);
  std::string_view bytes = hit.text.substr(hit.begin);
  const std::size_t all = bytes.size();
  const auto outer = ReadDer(&bytes);
  if (!outer || outer->tag != kSequence) return false;
  if (IsPublishedKey(hit.text.substr(hit.begin, all - bytes.size()))) return false;
  std::string_view members = outer->content;
  const auto version = ReadDer(&members);
  const auto contents = ReadDer(&members);
  if (!version || !contents || contents->tag != kSequence) return false;
  if (!contents->content.starts_with(kData)) return false;
  // It is encrypted, by a password that is often known.
  *level = Level::kError;
  return contents->content.find(kShroudedKey) != std::string_view::npos ||
         contents->content.find(kKey) != std::string_view::npos;
}

// The same in base64, as Kubernetes keeps it.
bool IsPkcs12InBase64(const RuleHit& hit, Level* level) {
  std::string digits;
  for (std::size_t at = 0; at < hit.value.size(); ++at) {
    const char c = hit.value[at];
    if (c == '\\') ++at;  // of an escaped line end
    if (c > ' ' && c != '\\') digits += c;
  }
  std::string bytes;
  return DecodeBase64(digits, &bytes) && IsPkcs12({bytes, 0, bytes, bytes}, level);
}

// magic, version, number of entries, then of the first: 1 for a private key, 2 for a certificate.
bool IsJks(const RuleHit& hit, Level* /*level*/) {
  const std::string_view bytes = hit.text.substr(hit.begin);
  constexpr std::size_t kHead = 16;
  constexpr std::size_t kBegin = 512;
  if (bytes.size() < kHead) return false;
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
  };
  return (number(4) == 1 || number(4) == 2) && number(8) > 0 && number(8) < 10000 &&
         number(12) == 1 && !IsPublishedKey(bytes.substr(0, kBegin));
}

// RFC 7517: beside "kty", the private half "d" of a pair, or the bytes "k" of a symmetric key.
bool IsWebKey(const RuleHit& hit, Level* level) {
  constexpr std::size_t kNear = 2048;
  const std::size_t from = hit.begin - std::min(hit.begin, kNear);
  const std::string_view near = hit.text.substr(from, kNear + hit.value.size() + kNear);
  const auto has = [near](std::string_view text) { return near.find(text) != near.npos; };
  if (!has("\"kty\"")) return false;
  const bool kind =
      hit.match[1] == 'k' ? has("\"oct\"") : has("\"crv\"") || (has("\"n\"") && has("\"e\""));
  return kind && MadeByChance(hit, level);
}

}  // namespace

RuleRows PrivateKeyRules() {
  constexpr Level kError = Level::kError;
  const auto pem = [](const char* id, const char* title, Level level, const char* literal,
                      const char* pattern, RuleCheck check) {
    return Rule{id,      "private-key", title, level,       literal,
                pattern, check,         16,    kLongestKey, Edge::kNone};
  };
  return {
      {"gcp-service-account", "cloud", "Google Cloud service account key", kError,
       "\"service_account\"",
       R"((?s)\{[^{}]*"type":\s*"service_account"[^{}]*"private_key":\s*"-----BEGIN PRIVATE KEY-{5})"
       R"([^"]{200,}-----END PRIVATE KEY-{5}[^{}]*\})",
       nullptr, 512, 8192, Edge::kNone},
      pem("pem-encrypted", "private key under a passphrase", Level::kWarning, "!_PRIVATE_KEY-----",
          R"((?s)-----BEGIN (?:RSA |EC |DSA |)PRIVATE KEY-{5}[\s\\nr">#*+/|]{1,16}Proc-Type: 4,ENCRYPTED(?:[^-]|-[^-])*?-----END (?:RSA |EC |DSA |)PRIVATE KEY-{5})",
          HoldsEncryptedKey),
      pem("pem-rsa", "RSA private key", kError, "!RSA_PRIVATE_KEY",
          R"((?s)-----BEGIN RSA PRIVATE KEY-{5}(?:[^-]|-[^-])*?-----END RSA PRIVATE KEY-{5})",
          HoldsKey<IsRsa>),
      pem("pem-ec", "EC private key", kError, "!EC_PRIVATE_KEY",
          R"((?s)-----BEGIN EC PRIVATE KEY-{5}(?:[^-]|-[^-])*?-----END EC PRIVATE KEY-{5})",
          HoldsKey<IsEc>),
      pem("pem-dsa", "DSA private key", kError, "!DSA_PRIVATE_KEY",
          R"((?s)-----BEGIN DSA PRIVATE KEY-{5}(?:[^-]|-[^-])*?-----END DSA PRIVATE KEY-{5})",
          HoldsKey<IsDsa>),
      pem("pem-pkcs8", "PKCS #8 private key", kError, "!BEGIN_PRIVATE_KEY",
          R"((?s)-----BEGIN PRIVATE KEY-{5}(?:[^-]|-[^-])*?-----END PRIVATE KEY-{5})",
          HoldsKey<IsPkcs8>),
      pem("pem-encrypted", "PKCS #8 private key under a passphrase", Level::kWarning,
          "!ENCRYPTED_PRIVATE_KEY",
          R"((?s)-----BEGIN ENCRYPTED PRIVATE KEY-{5}(?:[^-]|-[^-])*?-----END ENCRYPTED PRIVATE KEY-{5})",
          HoldsEncryptedKey),
      pem("openssh-private-key", "OpenSSH private key", kError, "!OPENSSH_PRIVATE_KEY",
          R"((?s)-----BEGIN OPENSSH PRIVATE KEY-{5}(?:[^-]|-[^-])*?-----END OPENSSH PRIVATE KEY-{5})",
          HoldsOpenSshKey),
      pem("pgp-private-block", "OpenPGP private key", kError, "!PGP_PRIVATE_KEY_BLOCK",
          R"((?s)-----BEGIN PGP PRIVATE KEY BLOCK-{5}(?:[^-]|-[^-])*?-----END PGP PRIVATE KEY BLOCK-{5})",
          HoldsPgpKey),
      {"putty-ppk", "private-key", "PuTTY private key", kError, "PuTTY-User-Key-File-",
       R"((?s)PuTTY-User-Key-File-[23]: .*?Private-Lines: [0-9]+\r?\n.*?Private-MAC: [0-9a-f]{40,64})",
       HoldsPuttyKey, 0, kLongestKey, Edge::kNone},
      {"pkcs12", "private-key", "PKCS #12 key store", kError, "\x02\x01\x03\x30",
       R"((?s)0[\x82-\x83]..?.?\x02\x01\x030)", IsPkcs12, 5, kLongestKey, Edge::kNone},
      {"pkcs12", "private-key", "PKCS #12 key store", kError, "IBAzCC",
       R"(MII[A-Za-z0-9+/]{2}[AQgw]IBAzCC(?:[A-Za-z0-9+/]|\r?\n[ \t]*|\\[rn])+={0,2})",
       IsPkcs12InBase64, 6, kLongestKey, Edge::kNone},
      {"jks", "private-key", "Java key store", kError, "\xfe\xed\xfe\xed",
       R"((?s)\xfe\xed\xfe\xed\x00\x00\x00[\x01\x02])", IsJks, 0, 512, Edge::kNone},
      {"generic-web-key", "private-key", "JSON web key with its secret part", kError,
       "\"d\": \"k\":", R"re("[dk]":\s*"([\w-]{40,})")re", IsWebKey, 0, 4096, Edge::kNone},
  };
}

}  // namespace watertight
