// Runs of digits of base64 or hexadecimal in a text, over line ends, and what they encode.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

constexpr std::size_t kLeastLine = 32;  // of digits that go on in the next line

constexpr std::array<signed char, 256> MakeBase64Digits() {
  std::array<signed char, 256> digits{};
  for (auto& digit : digits) digit = -1;
  const std::string_view standard =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < standard.size(); ++i) {
    digits[static_cast<unsigned char>(standard[i])] = static_cast<signed char>(i);
  }
  digits['-'] = 62;
  digits['_'] = 63;
  return digits;
}
inline constexpr std::array<signed char, 256> kBase64Digits = MakeBase64Digits();

// Of either alphabet of base64; -1 for what is no digit.
constexpr int Base64Digit(char c) { return kBase64Digits[static_cast<unsigned char>(c)]; }

inline int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// A run of digits. Most are words and names, so it costs nothing but a look at each of them.
struct Digits {
  std::size_t count = 0;
  std::size_t size = 0;  // bytes of the run
  bool lines = false;    // it goes over line ends, or some are escaped
  bool closed = false;   // what follows cannot belong to it
};

// The digits from the begin of the text on, over line ends. That many are known to be there, one
// after the other.
Digits ReadDigits(std::string_view text, std::size_t known = 0);

// Where the digits before a place begin, in its line: escaped ones too. Not before `least`.
std::size_t BeginOfDigits(std::string_view text, std::size_t at, std::size_t least);

// Where an escaped digit begins that the end of the text cuts; the end when there is none.
std::size_t BeginOfCutDigit(std::string_view text);

// Where in the text the digits of a run are.
class DigitPlaces {
 public:
  DigitPlaces(std::string_view text, const Digits& digits);

  // Null: they are one after the other.
  const std::uint32_t* all() const { return at_.empty() ? nullptr : at_.data(); }

  std::uint32_t operator[](std::size_t digit) const {
    return at_.empty() ? static_cast<std::uint32_t>(digit) : at_[digit];
  }

 private:
  std::vector<std::uint32_t> at_;  // empty: one after the other
};

// The values of the digits from first to end, in base64, escaped or not.
void ReadValues(std::string_view text, const DigitPlaces& places, std::size_t first,
                std::size_t end, std::uint8_t* values);

// The count * 6 / 8 bytes of that many values.
void DecodeDigits(const std::uint8_t* values, std::size_t count, char* bytes);

// The bytes of the digits from first to end, in base64; of the first count ones, in hexadecimal.
std::string DecodeFrom(std::string_view text, const DigitPlaces& places, std::size_t first,
                       std::size_t end);
std::string DecodeHex(std::string_view text, const DigitPlaces& places, std::size_t count);

}  // namespace watertight
