#include "framework/scan/rules/token_checks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "framework/image/sha256.h"
#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/providers_form.h"
#include "framework/scan/rules/published.h"
#include "framework/scan/rules/sample.h"
#include "framework/scan/secret_values.h"

namespace watertight {
namespace {

constexpr std::string_view kDigits36 = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// In lower case: what people write into documentation.
constexpr std::string_view kStopWords[] = {
    "example",    "xxxxx",         "placeholder", "redacted",    "changeme",
    "yourtoken",  "your_",         "your-",       "0123456789",  "123456789",
    "abcdefghij", "real password", "change_this", "change-this", "changethis"};
// The same of what people type: long values that are drawn by chance may hold them.
constexpr std::string_view kShortStopWords[] = {"hunter2",    "rapunz3l",   "a1b2c3",
                                                "abcdef1234", "testing123", "asdf"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

std::string HexOf(std::string_view bytes, const char* digits) {
  std::string hex;
  for (const char c : bytes) {
    hex += digits[static_cast<unsigned char>(c) >> 4];
    hex += digits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

std::string LittleEndian(std::uint32_t number, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int ClassOf(char c) {
  if (IsDigit(c)) return 0;
  return c >= 'A' && c <= 'Z' ? 1 : c >= 'a' && c <= 'z' ? 2 : 3;
}

// Digits and letters of both cases.
bool HasAllClasses(std::string_view value) {
  bool has[4] = {};
  for (const char c : value) has[ClassOf(c)] = true;
  return has[0] && has[1] && has[2];
}

}  // namespace

double Entropy(std::string_view value) {
  std::array<std::size_t, 256> counts{};
  for (const char c : value) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(value.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

namespace {

struct Turns {
  std::size_t counts[4] = {};  // digits, capital and small letters, others
  std::size_t all = 0;
  std::size_t of_digits = 0;
};

Turns TurnsOf(std::string_view value) {
  Turns turns;
  for (std::size_t i = 0; i < value.size(); ++i) {
    ++turns.counts[ClassOf(value[i])];
    if (i == 0) continue;
    turns.all += ClassOf(value[i]) != ClassOf(value[i - 1]) ? 1 : 0;
    turns.of_digits += IsDigit(value[i]) != IsDigit(value[i - 1]) ? 1 : 0;
  }
  return turns;
}

// The longest part of letters and digits.
std::string_view LongestWord(std::string_view value) {
  std::string_view longest;
  for (std::size_t begin = 0; begin < value.size();) {
    std::size_t end = begin;
    while (end < value.size() && ClassOf(value[end]) != 3) ++end;
    if (end - begin > longest.size()) longest = value.substr(begin, end - begin);
    begin = end + 1;
  }
  return longest;
}

// "SafeHandleIsInvalid2": each capital letter begins a word.
bool IsCamelCase(std::string_view value) {
  constexpr std::size_t kLongWord = 4;
  const std::size_t name = value.find_last_not_of("0123456789") + 1;
  std::size_t word = 0;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < name; ++i) {
    const int now = ClassOf(value[i]);
    const int before = i == 0 ? 2 : ClassOf(value[i - 1]);
    if (now == 0 || now == 3 || (now == 1 && before == 1)) return false;
    word = now == 2 ? word + 1 : 0;
    longest = std::max(longest, word);
  }
  return longest >= kLongWord && value.size() - name <= 2;
}

}  // namespace

// "asdkj2hlkasd": fingers that lie on the middle row go to and fro there. By chance, one pair of
// forty are such neighbours.
bool IsTypedAtRandom(std::string_view value) {
  constexpr std::string_view kRow = "asdfghjkl";
  constexpr std::size_t kFewest = 4;
  std::size_t pairs = 0;
  for (std::size_t i = 1; i < value.size(); ++i) {
    const std::size_t a = kRow.find(value[i - 1]);
    const std::size_t b = kRow.find(value[i]);
    if (a == kRow.npos || b == kRow.npos || a == b) continue;
    pairs += std::max(a, b) - std::min(a, b) <= 2 ? 1 : 0;
  }
  return pairs >= kFewest && 5 * pairs >= value.size() && TurnsOf(value).counts[1] == 0;
}

bool LooksRandom(std::string_view value) {
  constexpr std::size_t kShortest = 12;
  constexpr double kLeast = 3.2;
  // Base 62 has a turn in four characters; names one behind the other, as programs hold them, few.
  constexpr std::size_t kTurnsOfDigits = 10;
  if (value.size() < kShortest || Entropy(value) < kLeast) return false;
  if (IsTypedAtRandom(value) || IsCamelCase(value)) return false;
  const Turns turns = TurnsOf(value);
  const std::size_t letters = turns.counts[1] + turns.counts[2];
  const std::size_t least_turns = std::max<std::size_t>(3, value.size() / kTurnsOfDigits);
  if (turns.counts[0] >= 2 && letters >= 4 && turns.of_digits >= least_turns) return true;
  // As password managers draw them, with marks of all sorts between.
  const bool all = turns.counts[0] > 0 && turns.counts[1] > 0 && turns.counts[2] > 0;
  if (all && letters >= 4 && turns.counts[3] >= 2 && 5 * turns.counts[3] <= 2 * value.size() &&
      20 * turns.all >= 11 * value.size()) {
    return true;
  }
  // Humps of identifiers are four letters long and more, as a rule.
  const std::string_view word = LongestWord(value);
  const Turns of_word = TurnsOf(word);
  return word.size() >= kShortest && of_word.counts[1] >= 3 && of_word.counts[2] >= 3 &&
         20 * of_word.all >= 9 * word.size();
}

bool IsIssued(std::string_view value) {
  constexpr std::size_t kLongestRun = 7;
  constexpr std::size_t kShort = 2048;
  constexpr std::size_t kTyped = 20;
  std::size_t run = 1;
  for (std::size_t i = 1; i < std::min(value.size(), kShort); ++i) {
    run = value[i] == value[i - 1] ? run + 1 : 1;
    if (run > kLongestRun) return false;
  }
  if (value.size() > kShort) return !IsPublished(value);
  if (value.ends_with("...")) return false;
  const std::string lower = Lower(value);
  const auto holds = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (std::any_of(std::begin(kStopWords), std::end(kStopWords), holds)) return false;
  if ((value.size() < kTyped || !HasAllClasses(value) || !LooksDrawn(value)) &&
      std::any_of(std::begin(kShortStopWords), std::end(kShortStopWords), holds)) {
    return false;
  }
  return !IsSample(value) && !IsPublished(value);
}

bool MadeByChance(const RuleHit& hit, Level* /*level*/) {
  constexpr double kLeast = 2.8;
  return IsIssued(hit.value) && Entropy(hit.value) > kLeast;
}

// "ghp_BODY" and six digits of base 62.
bool HasGithubChecksum(const RuleHit& hit, Level* /*level*/) {
  const std::string_view body = hit.value.substr(hit.value.find('_') + 1);
  const std::size_t size = body.size() - 6;
  return IsIssued(hit.value) &&
         body.substr(size) == InDigits(Crc32(body.substr(0, size)), kDigits62, 6);
}

bool HasFineGrainedChecksum(const RuleHit& hit, Level* /*level*/) {
  const std::string_view covered = hit.value.substr(0, hit.value.size() - 16);
  std::string hash;
  DecodeHex(Sha256Digest(covered).substr(std::strlen("sha256:")), &hash);
  return hit.value.substr(covered.size(), 8) == EncodeBase32(hash).substr(0, 8);
}

// "glpat-PAYLOAD.VV.LLCCCCCCC": version, length of the payload, checksum.
bool HasGitlabChecksum(const RuleHit& hit, Level* /*level*/) {
  const std::size_t size = hit.value.size() - 7;
  const std::size_t begin = hit.value.find('-') + 1;
  const std::size_t payload = hit.value.find('.') - begin;
  return hit.value.substr(size - 2, 2) == InDigits(payload, kDigits36, 2) &&
         hit.value.substr(size) == InDigits(Crc32(hit.value.substr(0, size)), kDigits36, 7);
}

bool HasGrafanaChecksum(const RuleHit& hit, Level* /*level*/) {
  const std::size_t size = hit.value.size() - 9;
  const std::uint32_t crc = Crc32(hit.value.substr(0, size));
  return hit.value.substr(size + 1) == HexOf(LittleEndian(crc, 4), "0123456789abcdef");
}

bool HasAtlassianChecksum(const RuleHit& hit, Level* /*level*/) {
  const std::size_t size = hit.value.size() - 8;
  std::string covered(hit.value.substr(0, size));
  // In URLs the = in front of the checksum is %3D.
  if (covered.ends_with("%3D")) covered.replace(size - 3, 3, "=");
  std::string bytes = LittleEndian(Crc32(covered), 4);
  std::reverse(bytes.begin(), bytes.end());
  return hit.value.substr(size) == HexOf(bytes, "0123456789ABCDEF");
}

// The last four characters are three bytes of a hash of the bytes before. The rule comes from one
// public source, so that what fails it is a warning still.
bool HasCaskChecksum(const RuleHit& hit, Level* level) {
  constexpr std::uint64_t kSeed = 0x44656661756c7430;
  std::string covered;
  std::string checksum;
  const std::size_t size = hit.value.size() - 4;
  if (!DecodeBase64(hit.value.substr(0, size), &covered) ||
      !DecodeBase64(hit.value.substr(size), &checksum)) {
    return false;
  }
  if (LittleEndian(Marvin32(covered, kSeed), 3) != checksum) *level = Level::kWarning;
  return IsIssued(hit.value);
}

bool HasEntraChecksum(const RuleHit& hit, Level* level) {
  constexpr std::uint64_t kSeed = 0x4161645077643030;
  constexpr std::string_view kDigits66 =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
  const std::size_t size = hit.value.size() - 3;
  const std::string check = InDigits(Marvin32(hit.value.substr(0, size), kSeed), kDigits66, 3);
  if (check.substr(0, 3) != hit.value.substr(size)) *level = Level::kWarning;
  return IsIssued(hit.value);
}

namespace {

struct AzureService {
  std::string_view id;  // the signature in the text
  std::uint64_t seed;
};

// microsoft/security-utilities.
constexpr AzureService kAzureServices[] = {
    {"+ASt", 0x44656661756c7430}, {"ACDb", 0x4d61737452573030}, {"AzFu", 0x46756e6374693030},
    {"AzCa", 0x4163636573733030}, {"AzSe", 0x5041646d696e3030}, {"+ABa", 0x4162416363743030},
    {"+ASb", 0x4d616e6167653030}, {"+AEh", 0x4d616e6167653030}, {"+ARm", 0x4d616e6167653030},
    {"+ACR", 0x41435244666c7430}, {"APIM", 0x54656e616e743030}, {"AIoT", 0x496f544875623030}};

}  // namespace

bool HasAzureChecksum(const RuleHit& hit, Level* /*level*/) {
  std::string bytes;
  std::string text(hit.value);
  std::replace(text.begin(), text.end(), '-', '+');
  const std::size_t digits = std::min(text.find('='), text.size());
  if (digits < 20 || !DecodeBase64(text, &bytes) || bytes.size() < 20) return false;
  for (const AzureService& service : kAzureServices) {
    const std::size_t at = text.rfind(service.id);
    if (at == std::string::npos || at + 11 < digits) continue;
    const std::size_t size = bytes.size() - 4;
    if (bytes.substr(size) == LittleEndian(Marvin32(bytes.substr(0, size), service.seed), 4)) {
      return true;
    }
  }
  return false;
}

bool IsAgeKey(const RuleHit& hit, Level* /*level*/) { return IsBech32(Lower(hit.value)); }

// A macaroon of version 2: its location and identifier come first.
bool IsPypiToken(const RuleHit& hit, Level* /*level*/) {
  std::string bytes;
  std::string_view text = hit.value.substr(hit.value.find('-') + 1);
  if (text.size() % 4 == 1) return false;
  if (!DecodeBase64(text, &bytes) || bytes.size() < 60) return false;
  if (bytes[0] != 2 || bytes[1] != 1) return false;
  const std::size_t identifier = 3 + static_cast<unsigned char>(bytes[2]);
  return bytes.size() > identifier + 2 && bytes[identifier] == 2 && IsIssued(text);
}

namespace {

// The number of bytes that base58 digits stand for; 0 when one is none.
std::size_t Base58Size(std::string_view text) {
  constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::vector<std::uint32_t> bytes;
  for (const char c : text) {
    std::size_t carry = kDigits.find(c);
    if (carry == std::string_view::npos) return 0;
    for (std::uint32_t& byte : bytes) {
      carry += std::size_t{byte} * 58;
      byte = static_cast<std::uint32_t>(carry & 0xff);
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push_back(static_cast<std::uint32_t>(carry & 0xff));
  }
  return bytes.size();
}

}  // namespace

bool IsJfrogKey(const RuleHit& hit, Level* /*level*/) {
  constexpr std::size_t kBytes = 54;
  return Base58Size(hit.value) == kBytes && IsIssued(hit.value);
}

bool IsJfrogReference(const RuleHit& hit, Level* /*level*/) {
  std::string bytes;
  if (!DecodeBase64(hit.value, &bytes)) return false;
  return bytes.starts_with("reftkn:") && std::count(bytes.begin(), bytes.end(), ':') == 3 &&
         bytes.find_first_not_of("0123456789:", std::strlen("reftkn:")) != std::string::npos;
}

bool IsDiscordToken(const RuleHit& hit, Level* /*level*/) {
  std::string id;
  return DecodeBase64(hit.value.substr(0, hit.value.find('.')), &id) && id.size() >= 17 &&
         id.find_first_not_of("0123456789") == std::string::npos;
}

bool IsLogin(const RuleHit& hit, Level* level) {
  std::string login;
  if (!DecodeBase64(hit.value, &login)) return false;
  const std::size_t colon = login.find(':');
  if (colon == std::string::npos || colon == 0 || login.size() - colon < 4) return false;
  const std::string_view password = std::string_view(login).substr(colon + 1);
  const bool text = std::all_of(login.begin(), login.end(), [](char c) { return c >= ' '; });
  if (IsWord(password) && !LooksDrawn(password))
    *level = Level::kWarning;  // of documents, as a rule
  return text && !HasProvidersForm(password) && password.front() != '$' &&
         password.front() != '<' && IsIssued(password) &&
         password.find_first_not_of(password.front()) != std::string_view::npos;
}

}  // namespace watertight
