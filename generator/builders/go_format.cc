#include "generator/builders/go_format.h"

#include <cstdint>

#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

// A number of units with its fraction, without zeros at its end.
std::string Decimal(std::uint64_t value, std::uint64_t unit) {
  std::string text = std::to_string(value / unit);
  std::string fraction;
  for (std::uint64_t rest = value % unit; rest != 0; rest = rest * 10 % unit) {
    fraction += static_cast<char>('0' + rest * 10 / unit);
  }
  return fraction.empty() ? text : text + "." + fraction;
}

std::string ShortDuration(std::uint64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  if (nanoseconds < 1'000) return std::to_string(nanoseconds) + "ns";
  if (nanoseconds < 1'000'000) return Decimal(nanoseconds, 1'000) + "µs";
  return Decimal(nanoseconds, 1'000'000) + "ms";
}

}  // namespace

std::string GoDuration(std::chrono::nanoseconds duration) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const bool negative = duration.count() < 0;
  const auto count = static_cast<std::uint64_t>(duration.count());
  const std::uint64_t value = negative ? -count : count;
  const std::string sign = negative ? "-" : "";
  if (value < kSecond) return sign + ShortDuration(value);
  std::string text = Decimal(value % (60 * kSecond), kSecond) + "s";
  const std::uint64_t minutes = value / (60 * kSecond);
  if (minutes > 0) text = std::to_string(minutes % 60) + "m" + text;
  if (minutes >= 60) text = std::to_string(minutes / 60) + "h" + text;
  return sign + text;
}

std::string QuoteRune(int value) {
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  const bool invalid = value < 0 || value > 0x10FFFF || surrogate;
  std::string rune;
  Append(rune, invalid ? kReplacement : static_cast<char32_t>(value));
  if (value == '\'') return R"('\'')";
  if (value == '"') return "'\"'";
  const std::string quoted = Quote(rune);
  return "'" + quoted.substr(1, quoted.size() - 2) + "'";
}

std::string QuotedList(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  quoted.reserve(words.size());
  for (const std::string& word : words) quoted.push_back(Quote(word));
  return Listed(quoted);
}

std::string Listed(const std::vector<std::string>& words) { return "[" + Join(words, " ") + "]"; }

}  // namespace watertight::generator
