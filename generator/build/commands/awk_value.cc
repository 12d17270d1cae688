#include "generator/build/commands/awk_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace watertight::generator::commands::awk {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

// How many bytes of `text` are a decimal number with blanks before it.
std::size_t NumberLength(std::string_view text) {
  std::size_t at = std::min(text.find_first_not_of(kBlanks), text.size());
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  std::size_t count = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    count += digits();
  }
  if (count == 0) return 0;
  const std::size_t mantissa = at;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() == 0) return mantissa;
  }
  return at;
}

}  // namespace

double NumberAtStart(std::string_view text) {
  const std::string number(text.substr(0, NumberLength(text)));
  return number.empty() ? 0 : std::strtod(number.c_str(), nullptr);
}

std::string TextOf(double number, const std::string& format) {
  char text[512];
  if (std::isnan(number)) return std::signbit(number) ? "-nan" : "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  if (number == std::trunc(number) && std::fabs(number) < 1e18) {
    std::snprintf(text, sizeof text, "%.0f", number == 0 ? 0.0 : number);
    return text;
  }
  // OFMT and CONVFMT come from the program; what is no format of one number is the default.
  const std::size_t percent = format.find('%');
  const std::size_t end = format.find_first_of("eEfFgG", percent + 1);
  const bool good = percent != format.npos && end != format.npos &&
                    format.find('%', percent + 1) == format.npos &&
                    format.find_first_not_of("0123456789.+- #", percent + 1) == end;
  std::snprintf(text, sizeof text, good ? format.c_str() : "%.6g", number);
  return text;
}

Value Value::FromInput(std::string text) {
  Value value(std::move(text));
  const std::size_t length = NumberLength(value.text_);
  if (length > 0 && value.text_.find_first_not_of(kBlanks, length) == std::string::npos) {
    value.kind_ = Kind::kMaybeNumber;
    value.number_ = NumberAtStart(value.text_);
  }
  return value;
}

double Value::Number() const { return kind_ == Kind::kText ? NumberAtStart(text_) : number_; }

std::string Value::Text(const std::string& format) const {
  return kind_ == Kind::kNumber ? TextOf(number_, format) : text_;
}

bool Value::IsTrue() const { return IsNumeric() ? number_ != 0 : !text_.empty(); }

int Compare(const Value& left, const Value& right, const std::string& format) {
  const bool numbers =
      (left.IsNumeric() || left.IsUnset()) && (right.IsNumeric() || right.IsUnset());
  if (!numbers) {
    const int order = left.Text(format).compare(right.Text(format));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  const double a = left.Number();
  const double b = right.Number();
  return a < b ? -1 : a > b ? 1 : 0;
}

std::vector<std::string> Array::Keys() const {
  std::vector<std::string> keys;
  keys.reserve(elements.size());
  for (const auto& [key, element] : elements) keys.push_back(key);
  // Chains of a table that grows when they are ten long on average; what is new goes in front,
  // and growing turns each chain around.
  constexpr std::size_t kSizes[] = {61, 251, 1021, 4093, 16381, 65521};
  std::size_t grown = 0;
  while (grown + 1 < std::size(kSizes) && elements.size() > kSizes[grown] * 10) ++grown;
  const std::size_t size = kSizes[grown];
  const auto bucket = [&](const std::string& key) {
    std::uint32_t hash = 0;
    for (const char c : key) {
      hash = static_cast<std::uint32_t>(static_cast<signed char>(c)) + (hash << 6) + (hash >> 26);
    }
    return hash % size;
  };
  std::stable_sort(keys.begin(), keys.end(), [&](const std::string& a, const std::string& b) {
    const std::size_t x = bucket(a);
    const std::size_t y = bucket(b);
    return x != y ? x < y : elements.at(a).born > elements.at(b).born;
  });
  return keys;
}

}  // namespace watertight::generator::commands::awk
