#include "framework/scan/rules/drawn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "framework/scan/rules/token_checks.h"

namespace watertight {
namespace {

// Bits of a letter that begins a word, a to z, and of one behind another: a row for each letter
// before. Counted in the words of an English dictionary, of program text and of translations into
// some 190 languages; 9 stands for 9 and more.
constexpr std::string_view kFirst = "45444455475545548434556887";
constexpr std::string_view kNext[] = {
    "75448757575343959343567767", "36673888359387379457399959", "39673893484479289463599977",
    "37752777278576379557488968", "57446668686453767234767568", "37763489299487389465499969",
    "38882954388564489346488979", "28972899387667389564598969", "56454658876452459534859795",
    "29972999497775379946397999", "38782877396586389545477979", "37852779277377379955579959",
    "25872998398657339857599979", "38433638476786489843569968", "66548758675442549345455887",
    "39873895497488359354599959", "69987899799587788657189999", "37652768396656379544578968",
    "48483784395567448842487967", "38682794398677479445588958", "55554668476343649333779897",
    "28791899399786479778699979", "27763894397684389447798959", "57372696399758639872689659",
    "36564767476444529634685977", "26762977397665479776567955"};

// What a change within a value costs: words have few.
constexpr double kHump = 4;         // a word begins with a capital letter: dbPassword
constexpr double kBehindDigit = 5;  // letters follow digits
constexpr double kBehindMark = 1;   // letters follow a mark
constexpr double kWrongCase = 6;    // a small letter within capital ones
constexpr double kDigitBehindLetter = 5;
constexpr double kDigitBehindMark = 2;
constexpr double kDigit = 3.3;
constexpr double kSmallDigit = 2;  // counts begin with 1 or 2, and so do years
constexpr double kNextDigit = 1;   // 123, 000
constexpr double kMark = 3.5;      // - _ . / :
constexpr double kOddMark = 6;
constexpr double kSame = 1;   // the mark before again
constexpr double kTyped = 4;  // neighbours on the keyboard, and the same letter twice
constexpr double kDigitForLetter = 2;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsLower(c) || IsUpper(c); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Small(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
double BitsOf(std::string_view row, char letter) {
  return row[static_cast<std::size_t>(Small(letter) - 'a')] - '0';
}

constexpr std::size_t kLetters = 26;
using LetterPairs = std::array<std::array<bool, kLetters>, kLetters>;

constexpr LetterPairs MakeNeighbours() {
  LetterPairs pairs{};
  for (const std::string_view row :
       {"qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"}) {
    for (std::size_t i = 1; i < row.size(); ++i) {
      const auto a = static_cast<std::size_t>(row[i - 1] - 'a');
      const auto b = static_cast<std::size_t>(row[i] - 'a');
      pairs[a][b] = pairs[b][a] = true;
    }
  }
  return pairs;
}

// Of two letters.
bool AreNeighbours(char a, char b) {
  static constexpr LetterPairs kNeighbours = MakeNeighbours();
  return a == b || kNeighbours[static_cast<std::size_t>(Small(a) - 'a')]
                              [static_cast<std::size_t>(Small(b) - 'a')];
}

// Of the letter at `at`, which is not the first character.
double LetterBits(std::string_view value, std::size_t at) {
  const char c = value[at];
  const char before = value[at - 1];
  if (IsDigit(before)) return BitsOf(kFirst, c) + kBehindDigit;
  if (!IsLetter(before)) return BitsOf(kFirst, c) + kBehindMark;
  if (IsLower(before) && IsUpper(c)) return BitsOf(kFirst, c) + kHump;
  double bits = BitsOf(kNext[Small(before) - 'a'], c);
  if (AreNeighbours(before, c)) bits = std::min(bits, kTyped);
  const bool wrong = IsUpper(before) && IsLower(c) && at > 1 && IsUpper(value[at - 2]);
  return wrong ? bits + kWrongCase : bits;
}

double DigitBits(char c, char before) {
  if (!IsDigit(before)) {
    const double change = IsLetter(before) ? kDigitBehindLetter
                          : before != '\0' ? kDigitBehindMark
                                           : 0;
    return change + (c == '1' || c == '2' ? kSmallDigit : kDigit);
  }
  return c == before || c == before + 1 ? kNextDigit : kDigit;
}

double WordBits(std::string_view value) {
  double bits = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    const char before = at == 0 ? '\0' : value[at - 1];
    if (IsLetter(c)) {
      bits += at == 0 ? BitsOf(kFirst, c) : LetterBits(value, at);
    } else if (IsDigit(c)) {
      bits += DigitBits(c, before);
    } else {
      bits += c == before                                       ? kSame
              : std::string_view("-_./:").find(c) != value.npos ? kMark
                                                                : kOddMark;
    }
  }
  return bits;
}

// "p4ssw0rd" as "password": digits and marks beside letters that look like letters.
std::string WithLetters(std::string_view value, std::size_t* changed) {
  constexpr std::string_view kLooks = "013457$@!";
  constexpr std::string_view kMeans = "oieastsai";
  std::string word(value);
  for (std::size_t at = 0; at < value.size(); ++at) {
    const std::size_t look = kLooks.find(value[at]);
    const bool beside =
        (at > 0 && IsLetter(word[at - 1])) || (at + 1 < value.size() && IsLetter(value[at + 1]));
    if (look == kLooks.npos || !beside) continue;
    word[at] = kMeans[look];
    ++*changed;
  }
  return word;
}

struct Characters {
  std::size_t digits = 0;
  std::size_t lower = 0;
  std::size_t upper = 0;
  std::size_t marks = 0;
  std::size_t turns = 0;  // between letters and digits
  bool inner = false;     // digits with letters right behind them

  std::size_t letters() const { return lower + upper; }
};

Characters CharactersOf(std::string_view value) {
  Characters all;
  char last = '\0';
  for (const char c : value) {
    ++(IsDigit(c) ? all.digits : IsLower(c) ? all.lower : IsUpper(c) ? all.upper : all.marks);
    if ((IsDigit(c) && IsLetter(last)) || (IsLetter(c) && IsDigit(last))) ++all.turns;
    all.inner |= IsLetter(c) && IsDigit(last);
    last = c;
  }
  return all;
}

double BitsByChance(std::string_view value) {
  constexpr double kHex = 4;
  for (const std::string_view hex : {"0123456789abcdef", "0123456789ABCDEF"}) {
    if (value.find_first_not_of(hex) == value.npos) return kHex;
  }
  const Characters all = CharactersOf(value);
  const int alphabet =
      (all.digits > 0 ? 10 : 0) + (all.lower > 0 ? 26 : 0) + (all.upper > 0 ? 26 : 0);
  return std::log2(std::max(alphabet, 2));
}

// No drawn value holds them, and what holds them tells of one. letters: without digits that look
// like some.
bool HoldsSampleWord(std::string letters) {
  constexpr std::string_view kWords[] = {"passw",   "word",     "secret",   "token",
                                         "admin",   "apikey",   "api_key",  "api-key",
                                         "example", "deadbeef", "blahblah", "foobar"};
  for (char& c : letters) c = Small(c);
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return letters.find(word) != std::string::npos;
  });
}

// What BitsAgainstWords must be more than, by what the value is made of; thousands of settings of
// programs and of words from the catalogues of translations lie below.
double LeastBits(std::string_view value, const Characters& all) {
  constexpr std::size_t kManyTurns = 4;
  constexpr std::size_t kTurns = 2;  // "sha256sum"
  const bool turns = all.turns >= kTurns && all.inner;
  const bool of_all = all.digits > 0 && all.lower > 0 && all.upper > 0;
  if (all.letters() < 2) return -3;
  if (all.marks == 0) {
    const bool one_case = all.digits == 0 && (all.lower == 0 || all.upper <= 1);
    return all.turns >= kManyTurns ? -9 : turns ? -6 : one_case ? 3 : -1;
  }
  const bool joined = std::none_of(value.begin(), value.end(), [](char c) {
    return !IsLetter(c) && !IsDigit(c) && std::string_view("-_./:+=").find(c) == std::string::npos;
  });
  if (joined) return turns ? -6 : of_all ? -4 : 3;
  return turns || of_all ? -8 : -2;
}

}  // namespace

double BitsAgainstWords(std::string_view value) {
  std::size_t changed = 0;
  const std::string letters = WithLetters(value, &changed);
  const double words =
      std::min(WordBits(value), WordBits(letters) + kDigitForLetter * static_cast<double>(changed));
  return words - BitsByChance(value) * static_cast<double>(value.size());
}

namespace {

bool IsDrawn(std::string_view value) {
  constexpr std::size_t kShortest = 8;
  constexpr double kLeastEntropy = 2;  // "lccccccccX"
  constexpr double kLeastOfLong = 2.8;
  constexpr std::size_t kLong = 16;
  const Characters all = CharactersOf(value);
  if (value.size() < kShortest || 2 * all.marks > value.size()) return false;
  if (all.letters() == 0 || (all.letters() == 1 && all.turns < 2)) return false;
  if (Entropy(value) < (value.size() < kLong ? kLeastEntropy : kLeastOfLong)) return false;
  std::size_t changed = 0;
  if (HoldsSampleWord(std::string(value)) || HoldsSampleWord(WithLetters(value, &changed))) {
    return false;
  }
  return BitsAgainstWords(value) > LeastBits(value, all);
}

}  // namespace

// Several checks ask of one value.
bool LooksDrawn(std::string_view value) {
  struct Known {
    std::string value;
    bool drawn = false;
  };
  constexpr std::size_t kLongest = 256;
  thread_local Known known;
  if (value.size() > kLongest) return IsDrawn(value);
  if (known.value != value) known = {std::string(value), IsDrawn(value)};
  return known.drawn;
}

bool LooksChosen(std::string_view value) {
  constexpr std::size_t kShortest = 10;
  constexpr std::string_view kSamples[] = {"pass", "test", "demo",  "dummy", "sample", "user",
                                           "your", "1234", "login", "temp",  "change"};
  const Characters all = CharactersOf(value);
  if (value.size() < kShortest || all.digits < 2 || all.lower < 3 || all.upper == 0) return false;
  std::size_t changed = 0;
  std::string lower(value);
  for (char& c : lower) c = Small(c);
  if (HoldsSampleWord(lower) || HoldsSampleWord(WithLetters(lower, &changed))) return false;
  return std::none_of(std::begin(kSamples), std::end(kSamples), [&](std::string_view sample) {
    return lower.find(sample) != std::string::npos;
  });
}

}  // namespace watertight
