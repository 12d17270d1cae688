// sort.

#include <algorithm>
#include <cctype>
#include <cmath>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

struct Key {
  std::int64_t first_field = 1;
  std::int64_t first_byte = 1;
  std::int64_t last_field = 0;  // 0: the end of the line
  std::int64_t last_byte = 0;   // 0: the end of the field
  bool blanks = false;
  bool fold = false;
  bool numeric = false;
  bool reverse = false;
  bool version = false;
  bool own_order = false;  // has letters of its own
};

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// A letter of the order; false for one that is none.
bool SetOrder(char letter, Key& key) {
  switch (letter) {
    case 'b':
      key.blanks = true;
      break;
    case 'f':
      key.fold = true;
      break;
    case 'n':
      key.numeric = true;
      break;
    case 'r':
      key.reverse = true;
      break;
    case 'V':
      key.version = true;
      break;
    default:
      return false;
  }
  key.own_order = true;
  return true;
}

// "F[.C][OPTS]"; returns what follows.
bool ParsePosition(std::string_view& text, std::int64_t& field, std::int64_t& byte, Key& key) {
  const auto number = [&](std::int64_t& into) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto parsed = NumberOf(text.substr(0, digits));
    if (!parsed) return false;
    into = *parsed;
    text.remove_prefix(digits);
    return true;
  };
  if (!number(field)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!number(byte)) return false;
  }
  while (!text.empty() && text[0] != ',') {
    if (!SetOrder(text[0], key)) return false;
    text.remove_prefix(1);
  }
  return true;
}

Key ParseKey(const Process& process, const std::string& text) {
  Key key;
  std::string_view rest = text;
  bool good = ParsePosition(rest, key.first_field, key.first_byte, key);
  if (good && rest.starts_with(',')) {
    rest.remove_prefix(1);
    good = ParsePosition(rest, key.last_field, key.last_byte, key);
  }
  if (!good || !rest.empty() || key.first_field < 1) NotModelled(NameOf(process) + " -k " + text);
  return key;
}

class Order {
 public:
  Order(const Process& process, const Options& options) {
    for (const Options::Given& option : options.given()) SetOrder(option.letter, global_);
    for (const Options::Given& option : options.given()) {
      if (option.letter != 'k') continue;
      Key key = ParseKey(process, option.value);
      if (!key.own_order) {
        const Key positions = key;
        key = global_;
        key.first_field = positions.first_field;
        key.first_byte = positions.first_byte;
        key.last_field = positions.last_field;
        key.last_byte = positions.last_byte;
      }
      keys_.push_back(key);
    }
    if (keys_.empty()) keys_.push_back(global_);
    if (const auto separator = options.Value('t')) {
      if (separator->size() != 1 && *separator != "\\0") {
        NotModelled(NameOf(process) + " -t " + *separator);
      }
      separator_ = (*separator)[0];
      has_separator_ = true;
    }
    last_resort_ = !options.HasAny("su");
  }

  int Compare(std::string_view a, std::string_view b) const {
    for (const Key& key : keys_) {
      const int order = CompareBy(key, Part(a, key), Part(b, key));
      if (order != 0) return key.reverse ? -order : order;
    }
    return 0;
  }

  bool Less(std::string_view a, std::string_view b) const {
    const int order = Compare(a, b);
    if (order != 0 || !last_resort_) return order < 0;
    return global_.reverse ? b < a : a < b;
  }

 private:
  std::size_t FieldBegin(std::string_view line, std::int64_t field) const {
    std::size_t at = 0;
    for (std::int64_t i = 1; i < field && at < line.size(); ++i) {
      if (has_separator_) {
        const std::size_t next = line.find(separator_, at);
        at = next == line.npos ? line.size() : next + 1;
      } else {
        while (at < line.size() && IsBlank(line[at])) ++at;
        while (at < line.size() && !IsBlank(line[at])) ++at;
      }
    }
    return at;
  }

  std::size_t FieldEnd(std::string_view line, std::int64_t field) const {
    std::size_t at = FieldBegin(line, field);
    if (has_separator_) return std::min(line.find(separator_, at), line.size());
    while (at < line.size() && IsBlank(line[at])) ++at;
    while (at < line.size() && !IsBlank(line[at])) ++at;
    return at;
  }

  std::string_view Part(std::string_view line, const Key& key) const {
    std::size_t begin = FieldBegin(line, key.first_field);
    if (key.blanks) {
      while (begin < line.size() && IsBlank(line[begin])) ++begin;
    }
    begin = std::min(begin + static_cast<std::size_t>(key.first_byte - 1), line.size());
    std::size_t end = line.size();
    if (key.last_field > 0) {
      end =
          key.last_byte == 0
              ? FieldEnd(line, key.last_field)
              : std::min(FieldBegin(line, key.last_field) + static_cast<std::size_t>(key.last_byte),
                         line.size());
    }
    return begin < end ? line.substr(begin, end - begin) : std::string_view();
  }

  // As long as digits go: sign, digits, fraction.
  static double NumberIn(std::string_view text) {
    while (!text.empty() && IsBlank(text[0])) text.remove_prefix(1);
    std::size_t length = text.starts_with('-') ? 1 : 0;
    bool dot = false;
    while (length < text.size() && (std::isdigit(static_cast<unsigned char>(text[length])) ||
                                    (text[length] == '.' && !dot))) {
      dot |= text[length] == '.';
      ++length;
    }
    const std::string digits(text.substr(0, length));
    if (digits.empty() || digits == "-" || digits == ".") return 0;
    return std::stod(digits);
  }

  static int Sign(std::string_view a, std::string_view b) { return a < b ? -1 : b < a ? 1 : 0; }

  // Digits by value, all else by bytes: 1.9 before 1.10.
  static int CompareVersions(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t k = 0;
    const auto is_digit = [](std::string_view text, std::size_t at) {
      return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]));
    };
    while (i < a.size() || k < b.size()) {
      if (is_digit(a, i) && is_digit(b, k)) {
        while (is_digit(a, i) && a[i] == '0') ++i;
        while (is_digit(b, k) && b[k] == '0') ++k;
        const std::size_t from_a = i;
        const std::size_t from_b = k;
        while (is_digit(a, i)) ++i;
        while (is_digit(b, k)) ++k;
        const std::string_view x = a.substr(from_a, i - from_a);
        const std::string_view y = b.substr(from_b, k - from_b);
        if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
        if (x != y) return Sign(x, y);
        continue;
      }
      const auto rank = [&](std::string_view text, std::size_t at) {
        if (at >= text.size()) return 0;
        const auto c = static_cast<unsigned char>(text[at]);
        if (c == '~') return -1;
        if (std::isdigit(c)) return 0;
        return std::isalpha(c) ? static_cast<int>(c) : static_cast<int>(c) + 256;
      };
      const int order = rank(a, i) - rank(b, k);
      if (order != 0) return order < 0 ? -1 : 1;
      if (i < a.size()) ++i;
      if (k < b.size()) ++k;
    }
    return 0;
  }

  static int CompareBy(const Key& key, std::string_view a, std::string_view b) {
    if (key.numeric) {
      const double x = NumberIn(a);
      const double y = NumberIn(b);
      return x < y ? -1 : y < x ? 1 : 0;
    }
    if (key.version) return CompareVersions(a, b);
    if (!key.fold) return Sign(a, b);
    const auto upper = [](std::string_view text) {
      std::string copy(text);
      for (char& c : copy) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      return copy;
    };
    return Sign(upper(a), upper(b));
  }

  Key global_;
  std::vector<Key> keys_;
  char separator_ = 0;
  bool has_separator_ = false;
  bool last_resort_ = true;
};

int Check(Process& process, const std::string& name, const std::vector<std::string_view>& lines,
          const Order& order, const Options& options) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const bool disorder = options.Has('u') ? order.Compare(lines[i - 1], lines[i]) >= 0
                                           : order.Less(lines[i], lines[i - 1]);
    if (!disorder) continue;
    if (process.busybox()) {
      return Complain(process, "", "Check line " + std::to_string(i));
    }
    if (options.Has('C')) return 1;
    return process.Fail(name + ":" + std::to_string(i + 1) +
                        ": disorder: " + std::string(lines[i]));
  }
  return 0;
}

}  // namespace

int Sort(Process& process) {
  const Options options(process, "bfnrVusct:k:o:zCmT:S:",
                        {{"ignore-leading-blanks", 'b'},
                         {"ignore-case", 'f'},
                         {"numeric-sort", 'n'},
                         {"reverse", 'r'},
                         {"version-sort", 'V'},
                         {"unique", 'u'},
                         {"stable", 's'},
                         {"check", 'c'},
                         {"field-separator", 't'},
                         {"key", 'k'},
                         {"output", 'o'},
                         {"zero-terminated", 'z'},
                         {"merge", 'm'}});
  const char end = options.Has('z') ? '\0' : '\n';
  std::vector<std::string> texts;
  std::vector<std::string> names = options.operands();
  if (names.empty()) names.push_back("-");
  for (const std::string& name : names) {
    std::errc error{};
    const auto content =
        name == "-" ? std::optional(process.ReadAll(0)) : process.ReadFile(name, error);
    if (!content) {
      const bool directory = error == std::errc::is_a_directory;
      Complain(process, (directory ? "read failed: " : "cannot read: ") + QuotedIfOdd(name),
               process.busybox() && directory ? "read error" : name, error);
      return 2;
    }
    texts.push_back(content->ToString());
  }
  std::vector<std::string_view> lines;
  for (const std::string& text : texts) {
    for (const std::string_view line : LinesOf(text, end)) lines.push_back(Chomped(line, end));
  }
  const Order order(process, options);
  if (options.HasAny("cC")) return Check(process, names[0], lines, order, options);
  std::stable_sort(lines.begin(), lines.end(),
                   [&](std::string_view a, std::string_view b) { return order.Less(a, b); });
  if (options.Has('u')) {
    const auto last = std::unique(
        lines.begin(), lines.end(),
        [&](std::string_view a, std::string_view b) { return order.Compare(a, b) == 0; });
    lines.erase(last, lines.end());
  }
  std::string out;
  for (const std::string_view line : lines) out.append(line) += end;
  if (const auto path = options.Value('o')) {
    const std::errc error = process.WriteFile(*path, Rope(out));
    if (error == std::errc()) return 0;
    Complain(process, "open failed: " + QuotedIfOdd(*path), "can't open '" + *path + "'", error);
    return 2;
  }
  process.Write(1, out);
  return 0;
}

}  // namespace watertight::generator::commands
