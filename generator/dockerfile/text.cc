#include "generator/dockerfile/text.h"

#include <re2/re2.h>

#include <algorithm>

namespace watertight::generator {
namespace {

constexpr std::string_view kBlanks = "\t\v\f\r ";

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

struct Lead {
  size_t size;
  char32_t bits;
  char32_t least;  // smaller values have a shorter encoding
};

Lead LeadOf(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2, static_cast<char32_t>(byte & 0x1F), 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {3, static_cast<char32_t>(byte & 0x0F), 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {4, static_cast<char32_t>(byte & 0x07), 0x10000};
  return {1, kReplacement, 0};
}

bool IsSurrogate(char32_t rune) { return rune >= 0xD800 && rune <= 0xDFFF; }

bool Matches(char32_t rune, const re2::RE2& pattern) {
  return re2::RE2::FullMatch(Encode({&rune, 1}), pattern);
}

void AppendEscaped(std::string& quoted, char32_t rune) {
  constexpr char kHex[] = "0123456789abcdef";
  const int digits = rune < 0x80 ? 2 : rune < 0x10000 ? 4 : 8;
  quoted += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) quoted += kHex[rune >> shift & 15];
}

}  // namespace

Rune DecodeRune(std::string_view text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  const Lead lead = LeadOf(first);
  if (lead.size == 1 || at + lead.size > text.size()) return {kReplacement, 1};
  char32_t value = lead.bits;
  for (size_t i = 1; i < lead.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if (!IsContinuation(byte)) return {kReplacement, 1};
    value = value << 6 | (byte & 0x3F);
  }
  if (value < lead.least || value > 0x10FFFF || IsSurrogate(value)) return {kReplacement, 1};
  return {value, lead.size};
}

std::u32string Decode(std::string_view text) {
  std::u32string runes;
  for (size_t at = 0; at < text.size();) {
    const Rune rune = DecodeRune(text, at);
    runes += rune.value;
    at += rune.size;
  }
  return runes;
}

void Append(std::string& text, char32_t rune) {
  if (rune > 0x10FFFF || IsSurrogate(rune)) rune = kReplacement;
  if (rune < 0x80) {
    text += static_cast<char>(rune);
    return;
  }
  const int tail = rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
  constexpr unsigned kLeadBits[] = {0, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(kLeadBits[tail] | rune >> (6 * tail));
  for (int i = tail - 1; i >= 0; --i) text += static_cast<char>(0x80 | (rune >> (6 * i) & 0x3F));
}

std::string Encode(std::u32string_view runes) {
  std::string text;
  for (const char32_t rune : runes) Append(text, rune);
  return text;
}

bool IsSpace(char32_t rune) {
  return (rune >= 0x09 && rune <= 0x0D) || rune == 0x20 || rune == 0x85 || rune == 0xA0 ||
         rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 || rune == 0x2029 ||
         rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

bool IsLetter(char32_t rune) {
  if (rune < 0x80) return (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
  static const re2::RE2 pattern("\\pL");
  return Matches(rune, pattern);
}

bool IsDigit(char32_t rune) {
  if (rune < 0x80) return rune >= '0' && rune <= '9';
  static const re2::RE2 pattern("\\p{Nd}");
  return Matches(rune, pattern);
}

bool IsPrint(char32_t rune) {
  if (rune < 0x80) return rune >= 0x20 && rune < 0x7F;
  static const re2::RE2 pattern("[\\pL\\pM\\pN\\pP\\pS]");
  return Matches(rune, pattern);
}

bool IsBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }

std::string_view TrimLeft(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = DecodeRune(text, 0);
    if (!IsSpace(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  return text;
}

std::string_view TrimRight(std::string_view text) {
  while (!text.empty()) {
    size_t at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 && IsContinuation(static_cast<unsigned char>(text[at]))) {
      --at;
    }
    const Rune rune = DecodeRune(text, at);
    if (at + rune.size != text.size() || !IsSpace(rune.value)) break;
    text.remove_suffix(rune.size);
  }
  return text;
}

std::string_view Trim(std::string_view text) { return TrimRight(TrimLeft(text)); }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) { return Lower(a) == Lower(b); }

std::string Quote(std::string_view text) {
  constexpr std::string_view kEscaped = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kLetters = "abfnrtv\\\"";
  constexpr char kHex[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (size_t at = 0; at < text.size();) {
    const Rune rune = DecodeRune(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t special = rune.size == 1 ? kEscaped.find(text[at]) : std::string_view::npos;
    if (special != std::string_view::npos) {
      quoted += {'\\', kLetters[special]};
    } else if (rune.size == 1 && byte >= 0x80) {
      quoted += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else if (IsPrint(rune.value)) {
      Append(quoted, rune.value);
    } else {
      AppendEscaped(quoted, rune.value);
    }
    at += rune.size;
  }
  return quoted + '"';
}

std::vector<std::string_view> SplitInTwo(std::string_view text) {
  const size_t begin = text.find_first_of(kBlanks);
  if (begin == std::string_view::npos) return {text};
  const size_t end = std::min(text.find_first_not_of(kBlanks, begin), text.size());
  return {text.substr(0, begin), text.substr(end)};
}

std::vector<std::string_view> SplitAtBlanks(std::string_view text) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto parts = SplitInTwo(text);
    words.push_back(parts[0]);
    if (parts.size() == 1) return words;
    text = parts[1];
  }
}

std::string Join(const std::vector<std::string>& words, std::string_view separator) {
  std::string joined;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) joined += separator;
    joined += words[i];
  }
  return joined;
}

}  // namespace watertight::generator
