#include "generator/credentials/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
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

// Common words, mostly technical, that the table lets through, by their four rarest letters.
constexpr std::array kWords = {
    std::string_view("html"),  std::string_view("http"), std::string_view("json"),
    std::string_view("yaml"),  std::string_view("admi"), std::string_view("dmin"),
    std::string_view("ruby"),  std::string_view("fixm"), std::string_view("your"),
    std::string_view("azur"),  std::string_view("mysq"), std::string_view("ysql"),
    std::string_view("kafk"),  std::string_view("pypi"), std::string_view("sync"),
    std::string_view("grpc"),  std::string_view("byte"), std::string_view("text"),
    std::string_view("uuid"),  std::string_view("guid"), std::string_view("asdf"),
    std::string_view("qwer"),  std::string_view("wert"), std::string_view("dfgh"),
    std::string_view("zxcv"),  std::string_view("type"), std::string_view("boot"),
    std::string_view("keys"),  std::string_view("hook"), std::string_view("know"),
    std::string_view("blog"),  std::string_view("jira"), std::string_view("jwks"),
    std::string_view("oauth"), std::string_view("xxxx"), std::string_view("null"),
    std::string_view("pkcs"),  std::string_view("ldap"), std::string_view("smtp"),
    std::string_view("imap"),  std::string_view("mqtt"), std::string_view("cdef"),
    std::string_view("ajax"),  std::string_view("auth"), std::string_view("ansi"),
    std::string_view("cpan"),  std::string_view("debu"), std::string_view("ebug"),
    std::string_view("gzip"),  std::string_view("jdbc"), std::string_view("jpeg"),
    std::string_view("linux"), std::string_view("ngin"), std::string_view("ginx"),
    std::string_view("perl"),  std::string_view("psql"), std::string_view("rsyn"),
    std::string_view("toml"),  std::string_view("unix"), std::string_view("ubun"),
    std::string_view("xmls"),  std::string_view("wiki"), std::string_view("pkgs"),
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

bool EndsInListedWord(std::string_view end) {
  for (const std::string_view word : kWords) {
    if (end.ends_with(word)) return true;
  }
  return false;
}

}  // namespace

bool EndReadsLikeText(std::string_view value) {
  const std::size_t size = value.size();
  if (size >= 3 && value[size - 1] == value[size - 2] && value[size - 2] == value[size - 3]) {
    return true;
  }
  std::array<char, 5> lowered{};
  const std::size_t count = std::min(size, lowered.size());
  for (std::size_t i = 0; i < count; ++i) lowered[i] = Lower(value[size - count + i]);
  const std::string_view end(lowered.data(), count);
  if (count < 4) return false;
  const std::string_view four = end.substr(count - 4);
  return LooksLikeWord(four) || IsCounting(four) || EndsInListedWord(end);
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
