#include "generator/build/commands/awk_machine.h"

#include <algorithm>
#include <cctype>

#include "generator/build/commands/awk_syntax.h"

namespace watertight::generator::commands::awk {
namespace {

constexpr std::string_view kBlanks = " \t\n";

// What is written in awk's way as a regular expression of POSIX: \t and the like stand for
// characters, also in brackets.
std::string AsPosix(std::string_view text, bool intervals) {
  std::string posix;
  bool bracket = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      const std::string plain =
          Unescaped(text.substr(i, text[i + 1] >= '0' && text[i + 1] <= '7' ? 4 : 2));
      const char next = text[i + 1];
      if (plain[0] != '\\' && next != '/' && next != '"') {
        const bool special =
            std::string_view("^$.[]|()*+?{}\\").find(plain[0]) != std::string_view::npos;
        if (special && !bracket) posix += '\\';
        posix += plain[0];
        while (i + 2 < text.size() && next >= '0' && next <= '7' && text[i + 2] >= '0' &&
               text[i + 2] <= '7')
          ++i;
        ++i;
        continue;
      }
      if (!bracket && next != '/' && next != '"') posix += c;
      posix += next;
      ++i;
      continue;
    }
    if (!bracket && c == '[') {
      bracket = true;
      posix += c;
      if (i + 1 < text.size() && text[i + 1] == '^') posix += text[++i];
      if (i + 1 < text.size() && text[i + 1] == ']') posix += text[++i];
      continue;
    }
    if (bracket && c == '[' && i + 1 < text.size() && text[i + 1] == ':') {
      const std::size_t end = text.find(":]", i + 2);
      if (end != text.npos) {
        posix += text.substr(i, end + 2 - i);
        i = end + 1;
        continue;
      }
    }
    if (bracket && c == ']') bracket = false;
    if (!bracket && !intervals && (c == '{' || c == '}')) posix += '\\';
    posix += c;
  }
  return posix;
}

}  // namespace

Machine::Machine(Process& process) : process_(process) {
  Set("FS", Value(std::string(" ")));
  Set("OFS", Value(std::string(" ")));
  Set("RS", Value(std::string("\n")));
  Set("ORS", Value(std::string("\n")));
  Set("OFMT", Value(std::string("%.6g")));
  Set("CONVFMT", Value(std::string("%.6g")));
  Set("SUBSEP", Value(std::string("\034")));
  for (const char* name : {"NR", "FNR", "RSTART"}) Set(name, Value(0.0));
  Set("RLENGTH", Value(-1.0));
  Array& environment = Global("ENVIRON").AsArray();
  for (const auto& [name, value] : process.environment) {
    environment.At(name) = Value::FromInput(value);
  }
}

const Regex& Machine::RegexOf(const std::string& text) {
  const auto known = regexes_.find(text);
  if (known != regexes_.end()) return known->second;
  try {
    // mawk takes braces for themselves.
    return regexes_.emplace(text, Regex(AsPosix(text, busybox()), {.extended = true}))
        .first->second;
  } catch (const RegexError& error) {
    throw RuntimeError{"regular expression compile failed (" + error.message + ")\n" + text};
  }
}

std::vector<std::string> Machine::Split(const std::string& text, const std::string& separator,
                                        bool is_regex) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  if (separator == " " && !is_regex) {
    for (std::size_t at = text.find_first_not_of(kBlanks); at != text.npos;) {
      const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
      parts.push_back(text.substr(at, end - at));
      at = text.find_first_not_of(kBlanks, end);
    }
    return parts;
  }
  if (separator.empty()) {
    for (const char c : text) parts.emplace_back(1, c);
    return parts;
  }
  std::size_t from = 0;
  if (separator.size() == 1 && !is_regex && separator != "\\") {
    for (std::size_t end = text.find(separator); end != text.npos;
         end = text.find(separator, from)) {
      parts.push_back(text.substr(from, end - from));
      from = end + 1;
    }
    parts.push_back(text.substr(from));
    return parts;
  }
  const Regex& regex = RegexOf(separator);
  std::size_t search = 0;
  while (const auto match = regex.Search(text, search)) {
    if (match->end() == match->begin()) {
      if (match->begin() >= text.size()) break;
      search = match->begin() + 1;
      continue;
    }
    parts.push_back(text.substr(from, match->begin() - from));
    from = search = match->end();
  }
  parts.push_back(text.substr(from));
  return parts;
}

// The record.

void Machine::NeedMathematics(int line) {
  if (!has_mathematics_) has_mathematics_ = !IsDebianBusybox(process_);
  if (*has_mathematics_) return;
  throw RuntimeError{"Math support is not compiled in", line};
}

void Machine::SetRecord(const std::string& text) {
  record_ = text;
  split_ = false;
  joined_ = true;
}

void Machine::SplitRecord() {
  if (split_) return;
  fields_.clear();
  std::string separator = globals_["FS"].value.Text();
  // Between paragraphs, fields end with lines, too.
  const bool paragraphs = globals_["RS"].value.Text().empty();
  std::string text = record_;
  if (paragraphs && separator.size() == 1 && separator != " ") {
    std::replace(text.begin(), text.end(), '\n', separator[0]);
  }
  for (std::string& part : Split(text, separator, false)) {
    fields_.push_back(Value::FromInput(std::move(part)));
  }
  split_ = true;
}

void Machine::JoinRecord() {
  if (joined_) return;
  record_.clear();
  const std::string between = TextOf("OFS");
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    record_ += (i == 0 ? "" : between) + AsText(fields_[i]);
  }
  joined_ = true;
}

Value Machine::Field(std::size_t number) {
  if (number == 0) {
    JoinRecord();
    return Value::FromInput(record_);
  }
  SplitRecord();
  return number <= fields_.size() ? fields_[number - 1] : Value();
}

void Machine::SetField(std::size_t number, const Value& value) {
  if (number == 0) return SetRecord(AsText(value));
  if (number > 100000) throw RuntimeError{"field index exceeds the limit"};
  SplitRecord();
  if (number > fields_.size()) fields_.resize(number, Value(std::string()));
  fields_[number - 1] = value;
  joined_ = false;
}

Value Machine::Get(const std::string& name) {
  if (name == "NF") {
    SplitRecord();
    return Value(static_cast<double>(fields_.size()));
  }
  return globals_[name].value;
}

void Machine::Set(const std::string& name, Value value) {
  if (name == "NF") {
    SplitRecord();
    const double count = std::clamp(value.Number(), 0.0, 100000.0);
    fields_.resize(static_cast<std::size_t>(count), Value(std::string()));
    joined_ = false;
    return;
  }
  // The fields of this record are those of the separator that was set before it was read.
  if (name == "FS") SplitRecord();
  globals_[name].value = std::move(value);
}

}  // namespace watertight::generator::commands::awk
