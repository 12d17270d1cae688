#include "cli/policy/conditions.h"

#include <re2/re2.h>

#include <charconv>
#include <cmath>
#include <iterator>
#include <memory>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/policy/scalar.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

class Matches {
 public:
  using is_gtest_matcher = void;

  explicit Matches(std::shared_ptr<const re2::RE2> pattern) : pattern_(std::move(pattern)) {}

  bool MatchAndExplain(const std::string& text, std::ostream* /*out*/) const {
    return re2::RE2::FullMatch(text, *pattern_);
  }
  void DescribeTo(std::ostream* out) const { *out << "matches " << Shown(); }
  void DescribeNegationTo(std::ostream* out) const { *out << "does not match " << Shown(); }

 private:
  std::string Shown() const { return "/" + Printable(pattern_->pattern()) + "/"; }

  std::shared_ptr<const re2::RE2> pattern_;
};

Matches ReadPattern(const Reading& reading, const YamlNode& node) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  auto pattern = std::make_shared<const re2::RE2>(Scalar(reading, "matches", node), options);
  if (!pattern->ok()) reading.Fail(node, "RE2 refuses it: " + Printable(pattern->error()));
  return Matches(std::move(pattern));
}

// A text that may be empty.
std::string AnyText(const Reading& reading, const std::string& what, const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kText) {
    reading.Fail(node, what + " is a text, not " + Describe(node));
  }
  return node.text;
}

using TextConditions = std::vector<TextCondition>;

const std::vector<Key<TextConditions>>& TextKeys() {
  static const std::vector<Key<TextConditions>> keys = {
      {"equals", false,
       [](const Reading& reading, const YamlNode& node, TextConditions* all) {
         all->push_back(testing::Eq(AnyText(reading, "equals", node)));
       }},
      {"contains", false,
       [](const Reading& reading, const YamlNode& node, TextConditions* all) {
         all->push_back(testing::HasSubstr(Scalar(reading, "contains", node)));
       }},
      {"starts_with", false,
       [](const Reading& reading, const YamlNode& node, TextConditions* all) {
         all->push_back(testing::StartsWith(Scalar(reading, "starts_with", node)));
       }},
      {"ends_with", false,
       [](const Reading& reading, const YamlNode& node, TextConditions* all) {
         all->push_back(testing::EndsWith(Scalar(reading, "ends_with", node)));
       }},
      {"matches", false,
       [](const Reading& reading, const YamlNode& node, TextConditions* all) {
         all->push_back(ReadPattern(reading, node));
       }},
  };
  return keys;
}

struct Unit {
  std::string_view name;
  double bytes;
};
constexpr Unit kUnits[] = {{"", 1},       {"B", 1},         {"kB", 1e3},
                           {"KB", 1e3},   {"MB", 1e6},      {"GB", 1e9},
                           {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};

// Every whole number up to it is a double.
constexpr std::int64_t kMost = 9'000'000'000'000'000;

std::optional<std::int64_t> WholeBytes(double bytes) {
  if (!(bytes >= 0 && bytes <= static_cast<double>(kMost))) return std::nullopt;
  return std::llround(bytes);
}

using NumberReader = std::int64_t (*)(const Reading& reading, const std::string& what,
                                      const YamlNode& node);

template <NumberReader read>
const std::vector<Key<std::vector<NumberCondition>>>& NumberKeys() {
  static const std::vector<Key<std::vector<NumberCondition>>> keys = {
      {"at_least", false,
       [](const Reading& reading, const YamlNode& node, std::vector<NumberCondition>* all) {
         all->push_back(testing::Ge(read(reading, "at_least", node)));
       }},
      {"at_most", false,
       [](const Reading& reading, const YamlNode& node, std::vector<NumberCondition>* all) {
         all->push_back(testing::Le(read(reading, "at_most", node)));
       }},
  };
  return keys;
}

template <NumberReader read>
NumberCondition ReadNumber(const Reading& reading, const std::string& what, const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kMap) return testing::Eq(read(reading, what, node));
  std::vector<NumberCondition> all;
  ReadMap(reading, what, node, NumberKeys<read>(), &all);
  if (all.empty()) reading.Fail(node, what + " needs at_least or at_most");
  return all.size() == 1 ? all.front() : NumberCondition(testing::AllOfArray(all));
}

}  // namespace

TextCondition ReadText(const Reading& reading, const std::string& what, const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kText) return testing::Eq(node.text);
  TextConditions all;
  ReadMap(reading, what, node, TextKeys(), &all);
  if (all.empty()) {
    reading.Fail(node, what + " needs equals, contains, starts_with, ends_with or matches");
  }
  return all.size() == 1 ? all.front() : TextCondition(testing::AllOfArray(all));
}

std::int64_t Count(const Reading& reading, const std::string& what, const YamlNode& node) {
  const std::string digits = DigitsOf(node);
  std::int64_t count = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, count);
  if (digits.empty() || digits.front() == '-' || read.ec != std::errc() || read.ptr != end ||
      count > kMost) {
    reading.Fail(node, what + " is a number from 0 on");
  }
  return count;
}

std::optional<std::int64_t> ParseSize(const std::string& text) {
  const std::size_t digits = text.find_first_not_of("0123456789.");
  const std::string number = text.substr(0, digits);
  std::string_view name = digits == std::string::npos ? "" : std::string_view(text).substr(digits);
  while (name.starts_with(' ')) name.remove_prefix(1);
  double count = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), count);
  const bool is_number = !number.empty() && read.ptr == number.data() + number.size();
  for (const Unit& unit : kUnits) {
    if (is_number && unit.name == name) return WholeBytes(count * unit.bytes);
  }
  return std::nullopt;
}

std::int64_t Bytes(const Reading& reading, const std::string& what, const YamlNode& node) {
  const std::optional<double> number = NumberOf(node);
  const std::optional<std::int64_t> size = number ? WholeBytes(*number) : ParseSize(node.text);
  if (!size) reading.Fail(node, what + " is a size such as 4096, 200 MB or 1.5 GiB");
  return *size;
}

bool IsPort(const std::string& text) {
  constexpr int kLast = 65535;
  const std::string numbers = text.substr(0, text.find('/'));
  const std::string protocol = text.substr(numbers.size());
  const auto is_number = [](const std::string& digits) {
    int port = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, port);
    return read.ec == std::errc() && read.ptr == end && port >= 1 && port <= kLast;
  };
  const std::size_t dash = numbers.find('-');
  return is_number(numbers.substr(0, dash)) &&
         (dash == std::string::npos || is_number(numbers.substr(dash + 1))) &&
         (protocol.empty() || protocol == "/tcp" || protocol == "/udp" || protocol == "/sctp");
}

std::string Port(const Reading& reading, const std::string& what, const YamlNode& node) {
  std::string text = Scalar(reading, what, node);
  if (NumberOf(node)) text = DigitsOf(node);
  if (!IsPort(text)) reading.Fail(node, what + " is such as 8080 or 53/udp");
  return text;
}

NumberCondition ReadCount(const Reading& reading, const std::string& what, const YamlNode& node) {
  return ReadNumber<Count>(reading, what, node);
}

NumberCondition ReadSize(const Reading& reading, const std::string& what, const YamlNode& node) {
  return ReadNumber<Bytes>(reading, what, node);
}

std::vector<MapKeys> ConditionMaps() {
  return {KeysOf("textConditionMap", TextKeys()), KeysOf("countConditionMap", NumberKeys<Count>()),
          KeysOf("sizeConditionMap", NumberKeys<Bytes>())};
}

}  // namespace watertight::cli
