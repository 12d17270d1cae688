#include "generator/credentials/shape.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "generator/credentials/encodings.h"
#include "generator/credentials/words.h"
#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

constexpr Alphabet kAlphabets[] = {
    {"b62", kBase62Digits, '-'},
    {"b64", kBase64Digits, '_'},
    {"b64u", kBase64UrlDigits, '+'},
    {"b36", kBase36Digits, '-'},
    {"b32", kBase32Digits, '8'},
    {"b32-lower", "abcdefghijklmnopqrstuvwxyz234567", '8'},
    {"b58", kBase58Digits, '0'},
    {"hex", "0123456789abcdef", 'g'},
    {"upper-hex", "0123456789ABCDEF", 'G'},
    {"digits", kDigits, 'A'},
    {"letters", kLetters, '7'},
    {"upper", kUpper, '0'},
    {"lower", kLower, '0'},
    {"upper-digits", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", '-'},
    {"crypt", kCryptDigits, '+'},
    {"django", "0123456789abcdefghijklmnopqrstuvwxyz!@#%^&*(-_=+)", 'A'},
    {"entra", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_~.-", '+'},
};

constexpr int kAttempts = 10000;
// Decimal digits and less spell nothing, and have no entropy to speak of.
constexpr std::size_t kSmallAlphabet = 10;

bool IsSeparator(char c) { return c == '-' || c == '_' || c == '.' || c == '~'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return kBase62Digits.find(c) != kBase62Digits.npos; }

std::size_t NumberIn(std::string_view text, std::string_view shape) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error("the shape \"" + std::string(shape) + "\" has no number in " + std::string(text));
  }
  return number;
}

ShapePart ParseBrackets(std::string_view inside, std::string_view shape) {
  ShapePart part;
  if (inside.starts_with('=')) {
    part.check = FindCheck(inside.substr(1));
    if (part.check == nullptr) throw Error("no check is called " + std::string(inside.substr(1)));
    return part;
  }
  const std::size_t colon = std::min(inside.rfind(':'), inside.size());
  const std::string_view name = inside.substr(0, colon);
  if (name.starts_with('{')) {
    part.characters = name.substr(1, name.size() - 2);
  } else if (const Alphabet* alphabet = FindAlphabet(name)) {
    part.characters = alphabet->characters;
    part.stranger = alphabet->stranger;
  } else {
    throw Error("no alphabet is called " + std::string(name));
  }
  const std::string_view range = inside.substr(std::min(colon + 1, inside.size()));
  const std::size_t dash = std::min(range.find('-'), range.size());
  part.least = NumberIn(range.substr(0, dash), shape);
  part.most = dash == range.size() ? part.least : NumberIn(range.substr(dash + 1), shape);
  return part;
}

// A separator stands between digits alone: scanners know words such as "api_" and "-js".
bool Fits(char c, std::string_view before, bool first, bool last) {
  if ((first || last) && !IsAlphanumeric(c)) return false;
  if (first) return true;
  const char previous = before.back();
  if (IsSeparator(c)) return IsDigit(previous);
  return !IsSeparator(previous) || IsDigit(c);
}

// A character that goes on from `before`; 0 when there seems to be none.
char DrawCharacter(std::string_view characters, bool first, bool last, Drbg& random,
                   std::string& before) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const char c = characters[random.Below(characters.size())];
    if (!Fits(c, before, first, last)) continue;
    before += c;
    const bool good = characters.size() < kSmallAlphabet || !EndReadsLikeText(before);
    before.pop_back();
    if (good) return c;
  }
  return 0;
}

// Rules of Kingfisher: tokens of mixed alphabets have two digits and two small letters or more.
bool IsMixed(std::string_view text) {
  const auto count = [text](std::string_view set) {
    return std::count_if(text.begin(), text.end(),
                         [set](char c) { return set.find(c) != set.npos; });
  };
  return count(kDigits) >= 2 && count(kLower) >= 2 && count(kUpper) >= 2;
}

bool HasAll(std::string_view characters, std::string_view wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [characters](char c) { return characters.find(c) != characters.npos; });
}

bool IsGood(std::string_view drawn, std::string_view characters) {
  if (characters.size() <= kSmallAlphabet) return true;
  if (Entropy(drawn) < LeastEntropy(drawn.size(), characters.size())) return false;
  return drawn.size() < 20 || !HasAll(characters, kBase62Digits) || IsMixed(drawn);
}

std::string DrawGood(std::string_view characters, std::size_t count, Drbg& random,
                     std::string_view before) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string text(before);
    for (std::size_t i = 0; i < count; ++i) {
      const char c = DrawCharacter(characters, i == 0, i + 1 == count, random, text);
      if (c == 0) break;
      text += c;
    }
    std::string drawn = text.substr(before.size());
    if (drawn.size() == count && IsGood(drawn, characters)) return drawn;
  }
  throw Error("no text of " + std::to_string(count) + " characters can be drawn");
}

// The part that a flaw of length or alphabet sits in: the longest drawn one that can have it.
const ShapePart* FlawedPart(const std::vector<ShapePart>& shape, Flaw flaw) {
  const ShapePart* found = nullptr;
  for (const ShapePart& part : shape) {
    if (!part.is_drawn() || (flaw == Flaw::kLength && part.least != part.most)) continue;
    if (flaw == Flaw::kAlphabet && part.stranger == 0) continue;
    if (found == nullptr || part.most > found->most) found = &part;
  }
  return found;
}

void SpoilText(Flaw flaw, const ShapePart& part, std::string& drawn) {
  if (flaw == Flaw::kLength) drawn.pop_back();
  if (flaw == Flaw::kAlphabet) drawn[drawn.size() / 2] = part.stranger;
}

// Another digit in the place of the last one.
void SpoilCheck(std::string_view digits, std::string& check) {
  const std::size_t index = digits.find(check.back());
  check.back() = digits[(index + 1) % digits.size()];
}

// The token with the drawn texts in their places, and its checks computed; with the flaw.
std::string Assembled(const std::vector<ShapePart>& shape, std::vector<std::string> drawn,
                      Flaw flaw) {
  const ShapePart* const flawed = FlawedPart(shape, flaw);
  const ShapePart* last_check = nullptr;
  for (const ShapePart& part : shape) {
    if (part.check != nullptr) last_check = &part;
  }
  std::string token;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const ShapePart& part = shape[i];
    if (part.check != nullptr) {
      std::string check = part.check->compute(token);
      if (&part == last_check && flaw == Flaw::kCheck) SpoilCheck(part.check->digits, check);
      token += check;
    } else {
      if (&part == flawed) SpoilText(flaw, part, drawn[i]);
      token += part.is_drawn() ? drawn[i] : part.literal;
    }
  }
  return token;
}

// True if checks are of their digits and read like no text with what stands before them. Draws what
// stands between.
bool DrawParts(const std::vector<ShapePart>& shape, Drbg& random, std::vector<std::string>& drawn) {
  std::string token;
  bool good = true;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const ShapePart& part = shape[i];
    if (part.is_drawn()) {
      const std::size_t count = part.least + random.Below(part.most - part.least + 1);
      drawn[i] = DrawGood(part.characters, count, random, token);
      token += drawn[i];
    } else if (part.check != nullptr) {
      const std::string check = part.check->compute(token);
      token += check;
      good = good && HasAll(part.check->digits, check) &&
             !ReadsLikeText(token.substr(token.size() - check.size() - 3));
    } else {
      token += part.literal;
    }
  }
  return good;
}

}  // namespace

const Alphabet* FindAlphabet(std::string_view name) {
  for (const Alphabet& alphabet : kAlphabets) {
    if (alphabet.name == name) return &alphabet;
  }
  return nullptr;
}

std::vector<ShapePart> ParseShape(std::string_view shape) {
  std::vector<ShapePart> parts;
  for (std::size_t at = 0; at < shape.size();) {
    if (shape[at] == '[') {
      const std::size_t end = shape.find(']', at);
      if (end == shape.npos) throw Error("the shape \"" + std::string(shape) + "\" lacks a ]");
      parts.push_back(ParseBrackets(shape.substr(at + 1, end - at - 1), shape));
      at = end + 1;
    } else {
      const std::size_t end = std::min(shape.find('[', at), shape.size());
      parts.emplace_back().literal = shape.substr(at, end - at);
      at = end;
    }
  }
  return parts;
}

double LeastEntropy(std::size_t count, std::size_t alphabet_size) {
  if (count >= 20 && alphabet_size >= 32) return 4.0;
  return 0.9 * std::log2(static_cast<double>(std::min(count, alphabet_size)));
}

bool CanHave(const std::vector<ShapePart>& shape, Flaw flaw) {
  if (flaw == Flaw::kNone) return true;
  if (flaw == Flaw::kCheck) {
    return std::any_of(shape.begin(), shape.end(),
                       [](const ShapePart& part) { return part.check != nullptr; });
  }
  if (flaw == Flaw::kLength) {
    return std::all_of(shape.begin(), shape.end(),
                       [](const ShapePart& part) { return part.least == part.most; }) &&
           FlawedPart(shape, flaw) != nullptr;
  }
  return FlawedPart(shape, flaw) != nullptr;
}

std::string DrawToken(const std::vector<ShapePart>& shape, Drbg& random, Flaw flaw) {
  std::vector<std::string> drawn(shape.size());
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (DrawParts(shape, random, drawn)) return Assembled(shape, drawn, flaw);
  }
  throw Error("no token of this shape can be drawn");
}

std::string DrawText(std::string_view characters, std::size_t count, Drbg& random) {
  return DrawGood(characters, count, random, "");
}

}  // namespace watertight::generator::credentials
