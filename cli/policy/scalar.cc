#include "cli/policy/scalar.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string_view>

namespace watertight::cli {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr const char* kTrue[] = {"true", "True", "TRUE"};
constexpr const char* kFalse[] = {"false", "False", "FALSE"};
constexpr const char* kInfinite[] = {".inf", ".Inf", ".INF"};
constexpr const char* kNone[] = {".nan", ".NaN", ".NAN"};

template <std::size_t kCount>
bool IsOneOf(const char* const (&words)[kCount], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Of "1f" behind its 0x, or of "17" behind 0o.
std::optional<double> InBase(std::string_view digits, int base) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number, base);
  if (digits.empty() || read.ec == std::errc::invalid_argument || read.ptr != end) {
    return std::nullopt;
  }
  if (read.ec != std::errc()) return std::numeric_limits<double>::infinity();
  return static_cast<double>(number);
}

// Without its sign: "1", "1.", ".5", "1e-3".
std::optional<double> Decimal(std::string_view text) {
  const bool begins = !text.empty() &&
                      (text.front() == '.' || kDigits.find(text.front()) != std::string_view::npos);
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (!begins || read.ec == std::errc::invalid_argument || read.ptr != end) return std::nullopt;
  if (read.ec != std::errc()) return std::numeric_limits<double>::infinity();
  return number;
}

}  // namespace

std::optional<double> NumberOf(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kText || !node.plain) return std::nullopt;
  std::string_view text = node.text;
  if (IsOneOf(kNone, text)) return std::numeric_limits<double>::quiet_NaN();
  if (text.starts_with("0x")) return InBase(text.substr(2), 16);
  if (text.starts_with("0o")) return InBase(text.substr(2), 8);
  const double sign = text.starts_with('-') ? -1 : 1;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::optional<double> number =
      IsOneOf(kInfinite, text) ? std::numeric_limits<double>::infinity() : Decimal(text);
  if (!number) return number;
  return sign * *number;
}

std::optional<bool> BooleanOf(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kText || !node.plain) return std::nullopt;
  if (IsOneOf(kTrue, node.text)) return true;
  if (IsOneOf(kFalse, node.text)) return false;
  return std::nullopt;
}

std::string DigitsOf(const YamlNode& node) {
  constexpr double kMost = 9e15;  // every whole number up to it is a double
  const bool digits = node.text.find_first_not_of(kDigits) == std::string::npos;
  const std::optional<double> number = NumberOf(node);
  if (digits || !number || !(*number >= 0 && *number <= kMost) || std::trunc(*number) != *number) {
    return node.text;
  }
  return std::to_string(static_cast<std::int64_t>(*number));
}

const char* DescribeType(const YamlNode& node) {
  if (NumberOf(node)) return "a number";
  if (BooleanOf(node)) return "true or false";
  return Describe(node);
}

}  // namespace watertight::cli
