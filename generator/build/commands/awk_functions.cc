// The functions of awk, and printf.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "generator/build/commands/awk_interpreter.h"
#include "generator/build/commands/times.h"

namespace watertight::generator::commands::awk {
namespace {

// One conversion of a format: "%-5.2f".
struct Conversion {
  std::string flags;  // with "%", width and precision
  char letter = 0;
};

std::string Padded(const Conversion& conversion, const std::string& text) {
  std::size_t at = 1;
  const bool left = conversion.flags.find('-') != std::string::npos;
  while (at < conversion.flags.size() &&
         std::string_view("-+ #0").find(conversion.flags[at]) != std::string_view::npos)
    ++at;
  const std::size_t dot = conversion.flags.find('.');
  const auto number = [&](std::size_t from) {
    std::size_t value = 0;
    for (; from < conversion.flags.size() && conversion.flags[from] >= '0' &&
           conversion.flags[from] <= '9';
         ++from) {
      value = std::min<std::size_t>(
          value * 10 + static_cast<std::size_t>(conversion.flags[from] - '0'), 1 << 20);
    }
    return value;
  };
  const std::size_t width = number(at);
  std::string shown =
      dot == std::string::npos || conversion.letter == 'c' ? text : text.substr(0, number(dot + 1));
  const std::string blanks(shown.size() < width ? width - shown.size() : 0, ' ');
  return left ? shown + blanks : blanks + shown;
}

std::string FormattedNumber(const Conversion& conversion, double number) {
  char text[1024];
  if (std::string_view("diouxX").find(conversion.letter) != std::string_view::npos) {
    const bool has_sign = conversion.letter == 'd' || conversion.letter == 'i';
    const std::string format = conversion.flags + "ll" + conversion.letter;
    const double bounded = std::isnan(number) ? 0 : std::clamp(number, -9.2e18, 9.2e18);
    if (has_sign || bounded < 0) {
      std::snprintf(text, sizeof text, format.c_str(), static_cast<long long>(bounded));
    } else {
      std::snprintf(text, sizeof text, format.c_str(), static_cast<unsigned long long>(bounded));
    }
  } else {
    std::snprintf(text, sizeof text, (conversion.flags + conversion.letter).c_str(), number);
  }
  return text;
}

std::string Apply(Machine& machine, const Conversion& conversion, const Value& value) {
  switch (conversion.letter) {
    case 's':
      return Padded(conversion, machine.AsText(value));
    case 'c': {
      const std::string text = machine.AsText(value);
      if (value.IsNumeric()) {
        return Padded(conversion,
                      std::string(1, static_cast<char>(static_cast<int>(value.Number()))));
      }
      return Padded(conversion, text.substr(0, 1));
    }
    default:
      return FormattedNumber(conversion, value.Number());
  }
}

}  // namespace

std::string Formatted(Machine& machine, const std::string& format,
                      const std::vector<Value>& values) {
  std::string text;
  std::size_t next = 0;
  const auto take = [&] { return next < values.size() ? values[next++] : Value(); };
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
      continue;
    }
    Conversion conversion{.flags = "%"};
    for (++i; i < format.size() &&
              std::string_view("-+ #0123456789.*").find(format[i]) != std::string_view::npos;
         ++i) {
      if (format[i] == '*') {
        conversion.flags +=
            std::to_string(static_cast<int>(std::clamp(take().Number(), -1000.0, 1000.0)));
      } else {
        conversion.flags += format[i];
      }
      if (conversion.flags.size() > 64) throw RuntimeError{"format is too long"};
    }
    if (i == format.size()) return text + conversion.flags;
    conversion.letter = format[i];
    if (conversion.letter == '%') {
      text += '%';
    } else if (std::string_view("diouxXeEfFgGcs").find(conversion.letter) ==
               std::string_view::npos) {
      text += conversion.flags + conversion.letter;
    } else {
      text += Apply(machine, conversion, take());
    }
  }
  return text;
}

Value Interpreter::Length(const Expression& call) {
  if (call.children.empty()) {
    return Value(static_cast<double>(machine_.AsText(machine_.Field(0)).size()));
  }
  const Expression& argument = *call.children[0];
  if (argument.kind == Expression::Kind::kVariable && CellOf(argument).array != nullptr &&
      CellOf(argument).value.IsUnset()) {
    return Value(static_cast<double>(CellOf(argument).array->elements.size()));
  }
  return Value(static_cast<double>(Text(argument).size()));
}

Value Interpreter::Substring(const Expression& call) {
  const std::string text = Text(*call.children.at(0));
  const double size = static_cast<double>(text.size());
  // What begins before the text begins with it, and is as long all the same.
  const double begin = std::max(std::trunc(Number(*call.children.at(1))), 1.0);
  double end = size + 1;
  if (call.children.size() > 2) {
    end = std::min(end, begin + std::trunc(Number(*call.children[2])));
  }
  if (!(begin < end)) return Value(std::string());
  return Value(
      text.substr(static_cast<std::size_t>(begin) - 1, static_cast<std::size_t>(end - begin)));
}

Value Interpreter::Split(const Expression& call) {
  const std::string text = Text(*call.children.at(0));
  const bool has_separator = call.children.size() > 2;
  const bool is_regex = has_separator && call.children[2]->kind == Expression::Kind::kRegex;
  const std::string separator =
      has_separator ? RegexText(*call.children[2]) : machine_.TextOf("FS");
  Array& array = CellOf(*call.children.at(1)).AsArray();
  array.elements.clear();
  const std::vector<std::string> parts = machine_.Split(text, separator, is_regex);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    array.At(std::to_string(i + 1)) = Value::FromInput(parts[i]);
  }
  return Value(static_cast<double>(parts.size()));
}

namespace {

// "&" is the match, "\&" itself.
std::string Replaced(const std::string& replacement, std::string_view match) {
  std::string text;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    if (replacement[i] == '\\' && (next == '&' || next == '\\')) {
      text += next;
      ++i;
    } else if (replacement[i] == '&') {
      text += match;
    } else {
      text += replacement[i];
    }
  }
  return text;
}

}  // namespace

Value Interpreter::Substitute(const Expression& call, bool all) {
  const std::string pattern = RegexText(*call.children.at(0));
  const std::string replacement = Text(*call.children.at(1));
  const bool has_target = call.children.size() > 2;
  const std::string text =
      has_target ? Text(*call.children[2]) : machine_.AsText(machine_.Field(0));
  const Regex& regex = machine_.RegexOf(pattern);
  std::string result;
  std::size_t from = 0;
  double count = 0;
  while (const auto match = regex.Search(text, from)) {
    result += text.substr(from, match->begin() - from);
    result += Replaced(replacement, match->Text(text, 0));
    ++count;
    from = match->end();
    if (!all) break;
    if (match->begin() == match->end()) {
      if (from >= text.size()) break;
      result += text[from++];
    } else if (from >= text.size()) {
      break;
    }
  }
  // BusyBox puts a field together anew even then.
  if (count == 0 && !(machine_.busybox() && has_target)) return Value(0.0);
  result += text.substr(std::min(from, text.size()));
  if (has_target) {
    Assign(*call.children[2], Value(result));
  } else {
    machine_.SetRecord(result);
  }
  return Value(count);
}

Value Interpreter::Match(const Expression& call) {
  const std::string text = Text(*call.children.at(0));
  const auto match = machine_.RegexOf(RegexText(*call.children.at(1))).Search(text, 0);
  const double start = match ? static_cast<double>(match->begin() + 1) : 0;
  machine_.Set("RSTART", Value(start));
  machine_.Set("RLENGTH", Value(match ? static_cast<double>(match->end() - match->begin()) : -1));
  return Value(start);
}

Value Interpreter::Time(const Expression& call) {
  const auto now = static_cast<double>(machine_.process().clock());
  if (call.text == "systime") return Value(now);
  if (call.text != "strftime") NotModelled("awk " + call.text + "()");
  const std::string format = call.children.empty() ? "%c" : Text(*call.children[0]);
  const double time = call.children.size() > 1 ? Number(*call.children[1]) : now;
  return Value(FormatTime(format, static_cast<std::int64_t>(time)));
}

Value Interpreter::CallNumeric(const Expression& call) {
  constexpr std::pair<std::string_view, double (*)(double)> kFunctions[] = {
      {"cos", std::cos}, {"exp", std::exp}, {"int", std::trunc},
      {"log", std::log}, {"sin", std::sin}, {"sqrt", std::sqrt}};
  for (const auto& [name, function] : kFunctions) {
    if (call.text != name) continue;
    if (name != "int") machine_.NeedMathematics(call.line);
    return Value(function(Number(*call.children.at(0))));
  }
  const auto bits = [&](std::size_t i) {
    return static_cast<std::uint64_t>(Number(*call.children.at(i)));
  };
  const auto value = [](std::uint64_t number) { return Value(static_cast<double>(number)); };
  if (call.text == "atan2") {
    machine_.NeedMathematics(call.line);
    const double y = Number(*call.children.at(0));
    return Value(std::atan2(y, Number(*call.children.at(1))));
  }
  if (machine_.busybox()) {
    if (call.text == "and") return value(bits(0) & bits(1));
    if (call.text == "or") return value(bits(0) | bits(1));
    if (call.text == "xor") return value(bits(0) ^ bits(1));
    if (call.text == "lshift") return value(bits(0) << (bits(1) & 63));
    if (call.text == "rshift") return value(bits(0) >> (bits(1) & 63));
  }
  // Chance, and what only other implementations have.
  NotModelled("awk " + call.text + "()");
}

Value Interpreter::CallBuiltin(const Expression& call) {
  const std::string& name = call.text;
  try {
    if (name == "length") return Length(call);
    if (name == "substr") return Substring(call);
    if (name == "split") return Split(call);
    if (name == "sub" || name == "gsub") return Substitute(call, name == "gsub");
    if (name == "match") return Match(call);
    if (name == "systime" || name == "strftime" || name == "mktime") return Time(call);
    if (name == "index") {
      const std::string text = Text(*call.children.at(0));
      const std::size_t at = text.find(Text(*call.children.at(1)));
      return Value(at == text.npos ? 0 : static_cast<double>(at + 1));
    }
    if (name == "sprintf") {
      std::vector<Value> values;
      const std::string format = Text(*call.children.at(0));
      for (std::size_t i = 1; i < call.children.size(); ++i) {
        values.push_back(Evaluate(*call.children[i]));
      }
      return Value(Formatted(machine_, format, values));
    }
    if (name == "tolower" || name == "toupper") {
      std::string text = Text(*call.children.at(0));
      for (char& c : text) {
        const char first = name == "tolower" ? 'A' : 'a';
        if (c >= first && c <= first + 25) c = static_cast<char>(c ^ 0x20);
      }
      return Value(std::move(text));
    }
    if (name == "system") {
      return Value(static_cast<double>(machine_.System(Text(*call.children.at(0)))));
    }
    if (name == "close") {
      return Value(static_cast<double>(machine_.Close(Text(*call.children.at(0)))));
    }
    if (name == "fflush") return Value(0.0);
    return CallNumeric(call);
  } catch (const std::out_of_range&) {
    throw RuntimeError{"not enough arguments in call to " + name};
  }
}

}  // namespace watertight::generator::commands::awk
