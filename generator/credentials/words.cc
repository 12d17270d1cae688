#include "generator/credentials/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace watertight::generator::credentials {
namespace {

// The letters that often follow a, b, c … in English: of four letters whose three pairs are all
// among these, 97 of 100 English words hold some, and 1 of 20 random ones does.
constexpr std::array<std::string_view, 26> kFollowers = {
    "bcdfghiklmnprstuvwyz",    // a
    "abeilorsu",               // b
    "acehiklorstuy",           // c
    "adegilorsu",              // d
    "abcdefghilmnoprstuvwxy",  // e
    "aefilortu",               // f
    "aeghilnorsu",             // g
    "aeiorstuy",               // h
    "abcdefglmnoprstvz",       // i
    "aeou",                    // j
    "aeils",                   // k
    "adeilostuy",              // l
    "abeimopsu",               // m
    "acdefgiknostuv",          // n
    "abcdefgiklmnoprstuvwy",   // o
    "aehiloprstu",             // p
    "u",                       // q
    "abcdegiklmnoprstuvy",     // r
    "acehiklmnopstuwy",        // s
    "acehilorstuwy",           // t
    "abcdefgilmnprst",         // u
    "aeio",                    // v
    "aehinos",                 // w
    "eip",                     // x
    "aeips",                   // y
    "aei",                     // z
};

// Four letters as a number, which compares in one step.
constexpr std::uint32_t Packed(std::string_view four) {
  std::uint32_t number = 0;
  for (const char c : four) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// Common words, mostly technical, that the table lets through, by their four rarest letters.
constexpr std::array kWords = {
    Packed("html"), Packed("http"), Packed("json"), Packed("yaml"), Packed("admi"), Packed("dmin"),
    Packed("ruby"), Packed("fixm"), Packed("your"), Packed("azur"), Packed("mysq"), Packed("ysql"),
    Packed("kafk"), Packed("pypi"), Packed("sync"), Packed("grpc"), Packed("byte"), Packed("text"),
    Packed("uuid"), Packed("guid"), Packed("asdf"), Packed("qwer"), Packed("wert"), Packed("dfgh"),
    Packed("zxcv"), Packed("type"), Packed("boot"), Packed("keys"), Packed("hook"), Packed("know"),
    Packed("blog"), Packed("jira"), Packed("jwks"), Packed("auth"), Packed("xxxx"), Packed("null"),
    Packed("pkcs"), Packed("ldap"), Packed("smtp"), Packed("imap"), Packed("mqtt"), Packed("cdef"),
    Packed("ajax"), Packed("ansi"), Packed("cpan"), Packed("debu"), Packed("ebug"), Packed("gzip"),
    Packed("jdbc"), Packed("jpeg"), Packed("inux"), Packed("ngin"), Packed("ginx"), Packed("perl"),
    Packed("psql"), Packed("rsyn"), Packed("toml"), Packed("unix"), Packed("ubun"), Packed("xmls"),
    Packed("wiki"), Packed("pkgs"),
};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsFollowed(char first, char second) {
  return kFollowers[static_cast<std::size_t>(first - 'a')].find(second) != std::string_view::npos;
}

// Of the last four characters, in lower case.
bool LooksLikeWord(std::string_view four) {
  for (const char c : four) {
    if (c < 'a' || c > 'z') return false;
  }
  return IsFollowed(four[0], four[1]) && IsFollowed(four[1], four[2]) &&
         IsFollowed(four[2], four[3]);
}

bool IsCounting(std::string_view four) {
  for (int step : {1, -1}) {
    bool all = true;
    for (std::size_t i = 1; i < four.size(); ++i) all = all && four[i] - four[i - 1] == step;
    if (all) return true;
  }
  return false;
}

bool IsListed(std::string_view four) {
  return std::find(kWords.begin(), kWords.end(), Packed(four)) != kWords.end();
}

}  // namespace

bool EndReadsLikeText(std::string_view value) {
  const std::size_t size = value.size();
  if (size >= 3 && value[size - 1] == value[size - 2] && value[size - 2] == value[size - 3]) {
    return true;
  }
  if (size < 4) return false;
  std::array<char, 4> lowered{};
  for (std::size_t i = 0; i < 4; ++i) lowered[i] = Lower(value[size - 4 + i]);
  const std::string_view four(lowered.data(), lowered.size());
  return LooksLikeWord(four) || IsCounting(four) || IsListed(four);
}

bool ReadsLikeText(std::string_view value) {
  for (std::size_t size = 3; size <= value.size(); ++size) {
    if (EndReadsLikeText(value.substr(0, size))) return true;
  }
  return false;
}

bool HoldsDroppedText(std::string_view value) {
  constexpr std::array<std::string_view, 12> kDropped = {"example", "sample",   "dummy",  "fake",
                                                         "test",    "changeme", "placeh", "abcde",
                                                         "00000",   "aaaaaa",   "xxxxxx", "12345"};
  std::string lowered(value);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), Lower);
  return std::any_of(kDropped.begin(), kDropped.end(),
                     [&](std::string_view text) { return lowered.find(text) != lowered.npos; });
}

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

}  // namespace watertight::generator::credentials
