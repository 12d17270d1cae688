// Text as Go's standard library sees it, because that is what every builder is written in: strings
// are bytes that usually hold UTF-8, white space is Unicode's, invalid bytes decode to U+FFFD.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

inline constexpr char32_t kReplacement = 0xFFFD;

// The code point at `at` and how many bytes it takes; an invalid byte is U+FFFD of one byte.
// Requires: at < text.size().
struct Rune {
  char32_t value = 0;
  size_t size = 0;
};
Rune DecodeRune(std::string_view text, size_t at);
std::u32string Decode(std::string_view text);
void Append(std::string& text, char32_t rune);
std::string Encode(std::u32string_view runes);

bool IsSpace(char32_t rune);
bool IsLetter(char32_t rune);
bool IsDigit(char32_t rune);
bool IsPrint(char32_t rune);

// Between the words of an instruction: tab, vertical tab, form feed, carriage return, space.
bool IsBlank(char c);

std::string_view TrimLeft(std::string_view text);
std::string_view TrimRight(std::string_view text);
std::string_view Trim(std::string_view text);

// ASCII letters only; keywords and flags have no others.
std::string Lower(std::string_view text);
std::string Upper(std::string_view text);
bool EqualIgnoringCase(std::string_view a, std::string_view b);

// As %q prints it: "a\tb".
std::string Quote(std::string_view text);

// Split at runs of blanks, into two parts at most or into all.
std::vector<std::string_view> SplitInTwo(std::string_view text);
std::vector<std::string_view> SplitAtBlanks(std::string_view text);

std::string Join(const std::vector<std::string>& words, std::string_view separator);

}  // namespace watertight::generator
