// From words to fields: tilde, parameters, commands, arithmetic, then splitting and paths.

#include <algorithm>
#include <cctype>
#include <utility>

#include "generator/build/shell/arithmetic.h"
#include "generator/build/shell/braces.h"
#include "generator/build/shell/expansion.h"
#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/parser.h"
#include "generator/build/shell/pattern.h"
#include "generator/error.h"

namespace watertight::generator::shell {
namespace {

using Operation = Parameter::Operation;

constexpr std::size_t kLongestText = 64u << 20;

}  // namespace

void Expansion::Add(std::string text, bool quoted, bool split) {
  if (text.size() > kLongestText) throw Error("RUN does not end: a word grows without end");
  pieces_.push_back({.text = std::move(text), .quoted = quoted, .split = split && !quoted});
}

void Expansion::AddWord(const Word& word, bool split, bool tilde) {
  for (std::size_t index = 0; index < word.parts.size(); ++index) {
    const Part& part = word.parts[index];
    if (part.kind != Part::Kind::kText) {
      AddPart(part, split);
      continue;
    }
    std::string text = part.text;
    if (!part.quoted && tilde) {
      const bool ends = index + 1 == word.parts.size();
      text = ExpandTildes(text, index == 0, ends);
    }
    // What is written is no result of an expansion: it is not split, unless in ${x-…}.
    Add(std::move(text), part.quoted, inside_parameter_ && split);
  }
}

// ~ at the beginning, and in assignments behind each colon. A prefix that a quote or expansion
// interrupts is none.
std::string Expansion::ExpandTildes(const std::string& text, bool begins, bool ends) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool place = at == 0 ? begins : assignment_ && text[at - 1] == ':';
    if (text[at] != '~' || !place) {
      result += text[at++];
      continue;
    }
    const std::string_view stops = assignment_ ? "/:" : "/";
    const std::size_t stop = std::min(text.find_first_of(stops, at), text.size());
    const std::string user = text.substr(at + 1, stop - at - 1);
    const bool whole = stop < text.size() || ends;
    const std::string home = whole ? shell_.Tilde(user) : "";
    if (whole && (!home.empty() || user.empty()) && shell_.Find("HOME") != nullptr) {
      Add(std::exchange(result, ""), false, false);
      Add(home, true, false);
    } else {
      result += "~" + user;
    }
    at = stop;
  }
  return result;
}

void Expansion::AddPart(const Part& part, bool split) {
  if (part.kind == Part::Kind::kParameter) return AddParameter(*part.parameter, part.quoted, split);
  if (part.kind == Part::Kind::kCommand) {
    std::string output = shell_.Substitute(part.command.get());
    std::erase(output, '\0');
    while (output.ends_with('\n')) output.pop_back();
    return Add(std::move(output), part.quoted, split);
  }
  const std::string expression = shell_.Text(Word{part.expression});
  Add(std::to_string(shell_.Arithmetic(expression)), part.quoted, split);
}

// $@ and $*, which are several values.
void Expansion::AddPositional(const Parameter& parameter, bool quoted, bool split) {
  const std::vector<std::string>& values = shell_.positional;
  const bool separate = parameter.name == "@" || !quoted;
  const Variable* ifs = shell_.Find("IFS");
  std::string joint = " ";
  if (ifs != nullptr && ifs->value) joint = ifs->value->substr(0, 1);
  if (parameter.name == "@" && !split && shell_.language == Language::kBash) joint = " ";
  if (values.empty() && parameter.name == "@" && quoted) pieces_.push_back({.empty_list = true});
  if (values.empty() && parameter.name == "*" && quoted) Add("", true, split);
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (index > 0 && separate && split) pieces_.push_back({.boundary = true});
    if (index > 0 && !(separate && split)) Add(joint, quoted, false);
    Add(values[index], quoted, split);
  }
}

void Expansion::AddParameter(const Parameter& parameter, bool quoted, bool split) {
  if (parameter.operation == Operation::kBad) shell_.Die(BadSubstitution());
  if (parameter.operation == Operation::kIndirect) {
    Parameter other = parameter;
    other.operation = Operation::kNone;
    other.name = shell_.Value(parameter.name);
    return AddParameter(other, quoted, split);
  }
  const bool list = parameter.name == "@" || parameter.name == "*";
  std::optional<std::string> value = shell_.ParameterValue(parameter.name);
  const bool none = !value || (parameter.colon && value->empty());
  switch (parameter.operation) {
    case Operation::kDefault:
      if (none) return AddInner(parameter.word, quoted, split);
      break;
    case Operation::kAlternative:
      if (!none) return AddInner(parameter.word, quoted, split);
      if (quoted && !list) Add("", true, split);
      return;
    case Operation::kAssign:
      if (none) return AssignDefault(parameter, quoted, split);
      break;
    case Operation::kError:
      if (none) Missing(parameter);
      break;
    default:
      if (!value && shell_.options.Has('u') && !list) {
        NotSet(parameter.name);
      }
  }
  if (parameter.operation == Operation::kLength) {
    const std::size_t length = list ? shell_.positional.size() : value.value_or("").size();
    return Add(std::to_string(length), quoted, split);
  }
  const bool plain = parameter.operation <= Operation::kAlternative;
  if (list && plain) return AddPositional(parameter, quoted, split);
  if (!value && !quoted) return;
  Add(plain ? value.value_or("") : Transformed(parameter, value.value_or("")), quoted, split);
}

std::string Expansion::BadSubstitution() const {
  return shell_.language == Language::kAsh ? "syntax error: bad substitution" : "Bad substitution";
}

// The word of ${x-word}, which is split as an expansion, quotes aside.
void Expansion::AddInner(const Word& word, bool quoted, bool split) {
  const bool outer = std::exchange(inside_parameter_, true);
  const std::size_t before = pieces_.size();
  AddWord(word, split, !quoted);
  if (quoted && pieces_.size() == before) Add("", true, split);
  inside_parameter_ = outer;
}

void Expansion::AssignDefault(const Parameter& parameter, bool quoted, bool split) {
  if (!IsName(parameter.name)) shell_.Die(BadSubstitution());
  const std::string value = shell_.Text(parameter.word);
  shell_.Assign(parameter.name, value);
  Add(value, quoted, split);
}

void Expansion::NotSet(const std::string& name) {
  if (shell_.language != Language::kBash) shell_.Die(name + ": parameter not set");
  throw ScriptError{(IsName(name) ? name : "$" + name) + ": unbound variable",
                    shell_.in_subshell ? 1 : 127};
}

void Expansion::Missing(const Parameter& parameter) {
  std::string message = shell_.Text(parameter.word);
  if (parameter.word.parts.empty()) {
    message = parameter.colon ? (shell_.language == Language::kBash ? "parameter null or not set"
                                                                    : "parameter not set or null")
                              : "parameter not set";
  }
  if (shell_.language != Language::kBash) shell_.Die(parameter.name + ": " + message);
  throw ScriptError{parameter.name + ": " + message, shell_.in_subshell ? 1 : 127};
}

std::string Expansion::Transformed(const Parameter& parameter, const std::string& value) {
  switch (parameter.operation) {
    case Operation::kShortestPrefix:
    case Operation::kLongestPrefix:
    case Operation::kShortestSuffix:
    case Operation::kLongestSuffix:
      return Trimmed(parameter.operation, value, shell_.PatternOf(parameter.word));
    case Operation::kSubstring:
      return Substring(parameter, value);
    case Operation::kReplace:
    case Operation::kReplaceAll:
      return Replaced(parameter, value);
    default:
      return Cased(parameter.operation, value);
  }
}

std::string Expansion::Trimmed(Operation operation, const std::string& value,
                               const std::string& pattern) {
  const std::string_view text = value;
  const bool prefix =
      operation == Operation::kShortestPrefix || operation == Operation::kLongestPrefix;
  const bool longest =
      operation == Operation::kLongestPrefix || operation == Operation::kLongestSuffix;
  for (std::size_t step = 0; step <= text.size(); ++step) {
    const std::size_t length = longest ? text.size() - step : step;
    const std::string_view part =
        prefix ? text.substr(0, length) : text.substr(text.size() - length);
    if (!MatchesPattern(pattern, part)) continue;
    return std::string(prefix ? text.substr(length) : text.substr(0, text.size() - length));
  }
  return value;
}

std::string Expansion::Substring(const Parameter& parameter, const std::string& value) {
  const auto size = static_cast<std::int64_t>(value.size());
  std::int64_t begin = shell_.Arithmetic(shell_.Text(parameter.word));
  if (begin < 0) begin += size;
  if (begin < 0 || begin > size) return "";
  std::int64_t length = size - begin;
  if (parameter.has_second) {
    const std::int64_t wanted = shell_.Arithmetic(shell_.Text(parameter.second));
    length = wanted < 0 ? std::max<std::int64_t>(length + wanted, 0) : std::min(length, wanted);
  }
  return value.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
}

std::string Expansion::Replaced(const Parameter& parameter, const std::string& value) {
  std::string pattern = shell_.PatternOf(parameter.word);
  const std::string replacement = shell_.Text(parameter.second);
  const bool all = parameter.operation == Operation::kReplaceAll;
  const bool anchors = !all && shell_.language == Language::kBash;
  const bool front = anchors && pattern.starts_with('#');
  const bool back = anchors && pattern.starts_with('%');
  if (front || back) pattern.erase(0, 1);
  if (pattern.empty()) return value;
  std::string result;
  std::size_t at = 0;
  const auto match_at = [&](std::size_t begin) -> std::optional<std::size_t> {
    for (std::size_t end = value.size(); end > begin || (end == begin && (front || back)); --end) {
      if (back && end != value.size()) return {};
      if (MatchesPattern(pattern, std::string_view(value).substr(begin, end - begin))) return end;
      if (end == 0) break;
    }
    return {};
  };
  while (at <= value.size()) {
    const auto end = front && at > 0 ? std::nullopt : match_at(at);
    if (!end) {
      if (at == value.size()) break;
      result += value[at++];
      continue;
    }
    result += replacement;
    at = *end;
    if (!all) break;
    if (at == value.size()) break;
  }
  return result + value.substr(std::min(at, value.size()));
}

std::string Expansion::Cased(Operation operation, const std::string& value) {
  const bool upper = operation == Operation::kUpper || operation == Operation::kUpperFirst;
  const bool first = operation == Operation::kUpperFirst || operation == Operation::kLowerFirst;
  std::string result = value;
  for (std::size_t index = 0;
       index < (first ? std::min<std::size_t>(1, result.size()) : result.size()); ++index) {
    const auto c = static_cast<unsigned char>(result[index]);
    result[index] = static_cast<char>(upper ? std::toupper(c) : std::tolower(c));
  }
  return result;
}

std::string Expansion::Joined(bool pattern) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    if (piece.boundary) text += ' ';
    text += pattern && piece.quoted ? EscapedPattern(piece.text) : piece.text;
  }
  return text;
}

std::vector<std::string> Interpreter::Fields(const std::vector<Word>& words) {
  std::vector<std::string> fields;
  std::vector<Word> expanded = words;
  if (language == Language::kBash) {
    expanded.clear();
    for (const Word& word : words)
      std::ranges::move(ExpandBraces(word), std::back_inserter(expanded));
  }
  for (const Word& word : expanded) {
    Expansion expansion(*this, false);
    expansion.AddWord(word, true, true);
    for (const std::string& pattern : expansion.Split()) {
      if (!options.Has('f') && IsPattern(pattern)) {
        std::vector<std::string> paths =
            Paths(language == Language::kDash ? WithPlainCaret(pattern) : pattern);
        if (!paths.empty()) {
          std::ranges::move(paths, std::back_inserter(fields));
          continue;
        }
      }
      fields.push_back(WithoutEscapes(pattern));
    }
  }
  return fields;
}

std::string Interpreter::Text(const Word& word, bool assignment) {
  Expansion expansion(*this, assignment);
  expansion.AddWord(word, false, true);
  return expansion.Joined(false);
}

std::string Interpreter::PatternOf(const Word& word) {
  Expansion expansion(*this, false);
  expansion.AddWord(word, false, true);
  const std::string pattern = expansion.Joined(true);
  return language == Language::kDash ? WithPlainCaret(pattern) : pattern;
}

std::int64_t Interpreter::Arithmetic(const std::string& expression) {
  const Variables names{.get =
                            [this](const std::string& variable) {
                              const std::optional<std::string> value = ParameterValue(variable);
                              if (!value && options.Has('u') && language == Language::kBash) {
                                Die(variable + ": unbound variable");
                              }
                              return value.value_or("");
                            },
                        .set = [this](const std::string& variable,
                                      const std::string& value) { Assign(variable, value); }};
  try {
    return shell::Evaluate(expression, names, language);
  } catch (ScriptError& error) {
    if (language == Language::kBash) error.status = 1;
    throw;
  }
}

}  // namespace watertight::generator::shell
