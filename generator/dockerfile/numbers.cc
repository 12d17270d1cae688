#include "generator/dockerfile/numbers.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr uint64_t kLimit = uint64_t{1} << 63;

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// Like Quote, but every byte from 0x80 on is shown as \x.
std::string QuoteBytes(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (byte >= 0x80 || byte < 0x20) {
      quoted += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

struct Unit {
  std::string_view name;
  uint64_t nanoseconds;
};
constexpr std::array kUnits = {
    Unit{"ns", 1},       Unit{"us", 1000},      Unit{"\xC2\xB5s", 1000}, Unit{"\xCE\xBCs", 1000},
    Unit{"ms", 1000000}, Unit{"s", 1000000000}, Unit{"m", 60000000000},  Unit{"h", 3600000000000},
};

// Reads a duration term by term, in whole nanoseconds as Go does.
class DurationReader {
 public:
  explicit DurationReader(std::string_view text) : whole_(text), rest_(text) {}

  std::chrono::nanoseconds Run() {
    bool negative = false;
    if (!rest_.empty() && (rest_[0] == '-' || rest_[0] == '+')) {
      negative = rest_[0] == '-';
      rest_.remove_prefix(1);
    }
    if (rest_ == "0") return std::chrono::nanoseconds(0);
    if (rest_.empty()) Throw();
    uint64_t total = 0;
    while (!rest_.empty()) {
      total += ReadTerm();
      if (total > kLimit) Throw();
    }
    if (negative) return std::chrono::nanoseconds(static_cast<int64_t>(~total + 1));
    if (total > kLimit - 1) Throw();
    return std::chrono::nanoseconds(static_cast<int64_t>(total));
  }

 private:
  [[noreturn]] void Throw() const { throw Error("time: invalid duration " + QuoteBytes(whole_)); }

  uint64_t ReadTerm() {
    if (rest_[0] != '.' && !IsAsciiDigit(rest_[0])) Throw();
    const size_t before = rest_.size();
    uint64_t value = ReadWhole();
    bool digits = rest_.size() != before;
    uint64_t fraction = 0;
    double scale = 1;
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      const size_t start = rest_.size();
      ReadFraction(fraction, scale);
      digits = digits || rest_.size() != start;
    }
    if (!digits) Throw();
    const uint64_t unit = ReadUnit();
    if (value > kLimit / unit) Throw();
    value *= unit;
    if (fraction > 0) {
      value += static_cast<uint64_t>(static_cast<double>(fraction) *
                                     (static_cast<double>(unit) / scale));
      if (value > kLimit) Throw();
    }
    return value;
  }

  uint64_t ReadWhole() {
    uint64_t value = 0;
    for (; !rest_.empty() && IsAsciiDigit(rest_[0]); rest_.remove_prefix(1)) {
      if (value > kLimit / 10) Throw();
      value = value * 10 + static_cast<uint64_t>(rest_[0] - '0');
      if (value > kLimit) Throw();
    }
    return value;
  }

  // Digits beyond what 63 bits hold are ignored.
  void ReadFraction(uint64_t& fraction, double& scale) {
    bool full = false;
    for (; !rest_.empty() && IsAsciiDigit(rest_[0]); rest_.remove_prefix(1)) {
      if (full) continue;
      const uint64_t next = fraction * 10 + static_cast<uint64_t>(rest_[0] - '0');
      full = fraction > (kLimit - 1) / 10 || next > kLimit;
      if (full) continue;
      fraction = next;
      scale *= 10;
    }
  }

  uint64_t ReadUnit() {
    size_t size = 0;
    while (size < rest_.size() && rest_[size] != '.' && !IsAsciiDigit(rest_[size])) ++size;
    const std::string_view name = rest_.substr(0, size);
    if (name.empty()) throw Error("time: missing unit in duration " + QuoteBytes(whole_));
    rest_.remove_prefix(size);
    for (const Unit& unit : kUnits) {
      if (unit.name == name) return unit.nanoseconds;
    }
    throw Error("time: unknown unit " + QuoteBytes(name) + " in duration " + QuoteBytes(whole_));
  }

  std::string_view whole_;
  std::string_view rest_;
};

}  // namespace

std::chrono::nanoseconds ParseDuration(std::string_view text) { return DurationReader(text).Run(); }

int64_t ParseInt(std::string_view text, int bits) {
  const std::string where = "strconv.ParseInt: parsing " + Quote(text) + ": ";
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    throw Error(where + "invalid syntax");
  }
  const auto value = ParseUint(digits, 10, 64);
  const uint64_t limit = (uint64_t{1} << (bits - 1)) - (negative ? 0 : 1);
  if (!value || *value > limit) throw Error(where + "value out of range");
  return negative ? static_cast<int64_t>(~*value + 1) : static_cast<int64_t>(*value);
}

std::optional<uint64_t> ParseUint(std::string_view text, int base, int bits) {
  uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value, base);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  if (bits < 64 && value >> bits != 0) return std::nullopt;
  return value;
}

std::optional<bool> ParseBool(std::string_view text) {
  for (const std::string_view word : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

std::optional<int64_t> ParseMemorySize(std::string_view text) {
  const size_t last = text.find_last_of("01234567890. ");
  if (last == std::string_view::npos) return std::nullopt;
  std::string_view number = text.substr(0, last + 1);
  if (number.ends_with(' ')) number.remove_suffix(1);
  std::string unit = Lower(text.substr(last + 1));
  const std::string copy(number);
  char* end = nullptr;
  double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || end != copy.c_str() + copy.size() || copy[0] == ' ' || value < 0) {
    return std::nullopt;
  }
  constexpr std::string_view kPrefixes = "bkmgtp";
  if (!unit.empty()) {
    const size_t power = kPrefixes.find(unit[0]);
    const std::string_view tail = std::string_view(unit).substr(1);
    const bool known = tail.empty() || (power > 0 && (tail == "b" || tail == "ib"));
    if (power == std::string_view::npos || !known) return std::nullopt;
    value *= std::pow(1024.0, static_cast<double>(power));
  }
  if (value >= static_cast<double>(std::numeric_limits<int64_t>::max())) return std::nullopt;
  return static_cast<int64_t>(value);
}

}  // namespace watertight::generator
