// Simple commands: their words, their assignments, and what their first word stands for.

#include <algorithm>
#include <utility>

#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/parser.h"
#include "generator/build/shell/pattern.h"

namespace watertight::generator::shell {
namespace {

constexpr std::string_view kDeclarations[] = {"export", "readonly", "local", "declare", "typeset"};

// A word in single quotes where it needs them, as `set -x` of busybox and bash shows it.
std::string QuotedIfNeeded(const std::string& word, Language language) {
  constexpr std::string_view kSpecial = " \t\n!\"#$%&'()*;<=>?[\\`{|}~";
  if (word.empty()) return language == Language::kAsh ? "" : "''";
  if (word.find_first_of(kSpecial) == word.npos) return word;
  return SingleQuoted(word);
}

bool IsAssignmentWord(const Word& word) {
  if (word.parts.empty() || word.parts[0].kind != Part::Kind::kText || word.parts[0].quoted) {
    return false;
  }
  const std::string& text = word.parts[0].text;
  return IsName(text.substr(0, std::min(text.find('='), text.size()))) &&
         text.find('=') != text.npos;
}

}  // namespace

std::string SingleQuoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string Interpreter::Prefix() const {
  const std::string number = std::to_string(line);
  const std::string what = builtin.empty() ? "" : builtin + ": ";
  switch (language) {
    case Language::kDash:
      return name + ": " + number + ": " + what;
    case Language::kBash:
      return name + ": line " + number + ": " + what;
    case Language::kAsh:
      break;
  }
  // busybox counts lines in files alone, and names them where it names something at all.
  if (what.empty() && !from_file && !named) return name + ": ";
  return name + ": " + what + "line " + (from_file ? number : "0") + ": ";
}

void Interpreter::Complain(const std::string& message) {
  process.Write(2, Prefix() + message + "\n");
}

void Interpreter::Complain(const ScriptError& error) {
  if (error.line > 0) line = error.line;
  process.Write(2, (error.prefix.empty() ? Prefix() : error.prefix) + error.message + "\n");
}

int Interpreter::Fail(const std::string& message, int result) {
  Complain(message);
  return result;
}

void Interpreter::Die(const std::string& message) {
  throw ScriptError{message, language == Language::kBash ? 1 : 2};
}

// `export x=$y` keeps its value in one field, as an assignment does.
std::vector<std::string> Interpreter::CommandWords(const Node& node) {
  const std::string* first = node.words.empty() ? nullptr : LiteralText(node.words[0]);
  const bool declares =
      first != nullptr && std::ranges::find(kDeclarations, *first) != std::end(kDeclarations);
  if (!declares) return Fields(node.words);
  std::vector<std::string> words;
  for (const Word& word : node.words) {
    if (IsAssignmentWord(word)) {
      Word value = word;
      std::string& text = value.parts[0].text;
      const std::string key = text.substr(0, text.find('=') + 1);
      text.erase(0, key.size());
      if (text.empty()) value.parts.erase(value.parts.begin());
      words.push_back(key + Text(value, true));
    } else {
      std::ranges::move(Fields({word}), std::back_inserter(words));
    }
  }
  return words;
}

void Interpreter::Trace(const std::vector<std::string>& words, const Assigned& assigned) {
  if (!options.Has('x')) return;
  const bool plain = language == Language::kDash;
  const auto shown = [&](const std::string& text) {
    return plain ? text : QuotedIfNeeded(text, language);
  };
  const std::string prefix = Text(Parser::Quoted(Value("PS4"), language));
  std::string text = prefix;
  std::string separator;
  for (const auto& [key, value] : assigned) {
    text += separator + key + "=" + (value.empty() ? value : shown(value));
    separator = " ";
    if (language == Language::kBash) text += "\n" + prefix;
    if (language == Language::kBash) separator = "";
  }
  if (language == Language::kBash && words.empty()) text.erase(text.size() - prefix.size() - 1);
  for (const std::string& word : words) text += std::exchange(separator, " ") + shown(word);
  process.Write(2, text + "\n");
}

// Without a command, the status is that of the last substitution.
int Interpreter::AssignAll(const Node& node) {
  Assigned assigned;
  for (const Assignment& assignment : node.assignments) {
    std::string value = assignment.append ? Value(assignment.name) : "";
    value += Text(assignment.value, true);
    Assign(assignment.name, value);
    assigned.emplace_back(assignment.name, value);
  }
  if (!assigned.empty()) Trace({}, assigned);
  return substitution_status;
}

int Interpreter::EvaluateSimple(const Node& node, bool is_tested) {
  line = node.line;
  substitution_status = 0;
  const std::vector<std::string> words = CommandWords(node);
  const int failure = language == Language::kDash ? 2 : 1;
  if (words.empty()) {
    return WithRedirections(node.redirections, [&] { return AssignAll(node); }).value_or(failure);
  }
  const Builtin* row = FindBuiltin(words[0], language);
  const bool special = row != nullptr && row->special && language != Language::kBash;
  const auto body = [&] {
    tested = is_tested;
    return special ? RunSpecial(node, *row, words) : RunWithAssignments(node, words);
  };
  const std::optional<int> result = WithRedirections(node.redirections, body);
  if (!result && special) throw ExitShell{failure};
  return result.value_or(failure);
}

int Interpreter::RunSpecial(const Node& node, const Builtin& row, std::vector<std::string> words) {
  Assigned assigned;
  for (const Assignment& assignment : node.assignments) {
    assigned.emplace_back(assignment.name, Text(assignment.value, true));
    Assign(assigned.back().first, assigned.back().second);
  }
  Trace(words, assigned);
  return RunBuiltin(row, std::move(words));
}

// The assignments before a command hold as long as it runs.
int Interpreter::RunWithAssignments(const Node& node, const std::vector<std::string>& words) {
  Assigned assigned;
  std::map<std::string, std::optional<Variable>> outer;
  const auto restore = [&] {
    for (auto& [key, old] : outer) {
      if (old) {
        variables[key] = std::move(*old);
      } else {
        variables.erase(key);
      }
    }
  };
  int result = 0;
  try {
    for (const Assignment& assignment : node.assignments) {
      std::string value = assignment.append ? Value(assignment.name) : "";
      value += Text(assignment.value, true);
      const auto found = variables.find(assignment.name);
      outer.emplace(assignment.name,
                    found == variables.end() ? std::nullopt : std::optional(found->second));
      Assign(assignment.name, value);
      Export(assignment.name);
      assigned.emplace_back(assignment.name, std::move(value));
    }
    Trace(words, assigned);
    result = RunWords(words, true);
  } catch (...) {
    restore();
    throw;
  }
  restore();
  return result;
}

int Interpreter::RunWords(std::vector<std::string> words, bool use_functions) {
  const Builtin* row = FindBuiltin(words[0], language);
  if (row != nullptr && row->special && language != Language::kBash) {
    return RunBuiltin(*row, std::move(words));
  }
  const auto function = functions.find(words[0]);
  if (use_functions && function != functions.end()) {
    const NodePointer body = function->second;
    return RunFunction(body, std::move(words));
  }
  if (row != nullptr) return RunBuiltin(*row, std::move(words));
  return RunExternal(words);
}

int Interpreter::RunBuiltin(const Builtin& row, std::vector<std::string> words) {
  std::swap(process.arguments, words);
  process.environment = ExportedVariables();
  const std::string outer = std::exchange(builtin, std::string(row.name));
  const auto restore = [&] {
    std::swap(process.arguments, words);
    builtin = outer;
  };
  int result = 0;
  try {
    result = row.run(*this);
  } catch (ScriptError& error) {
    if (error.line > 0) line = error.line;
    if (error.prefix.empty()) error.prefix = Prefix();
    restore();
    throw;
  } catch (...) {
    restore();
    throw;
  }
  restore();
  return result;
}

int Interpreter::RunExternal(const std::vector<std::string>& words) {
  Process child = process;
  child.arguments = words;
  child.environment = ExportedVariables();
  // A shell looks in its own PATH, exported or not.
  if (words[0].find('/') == std::string::npos) {
    const std::string path = Which(words[0], Value("PATH"));
    if (path.empty() && language == Language::kAsh) {
      if (const auto ran = ExecuteApplet(child)) return ran->status;
    }
    if (path.empty()) return NotExecuted(words[0], SearchFailure(words[0]));
    child.program = path;
  }
  const Execution execution = Execute(child);
  if (execution.error == std::errc()) return execution.status;
  if (execution.error != std::errc::executable_format_error) {
    return NotExecuted(words[0], execution.error);
  }
  return RunTextFile(child);
}

// What the kernel cannot execute is a script for the shell itself.
int Interpreter::RunTextFile(Process& child) {
  std::errc error = {};
  const std::string path = child.program.empty() ? child.arguments[0] : child.program;
  const std::optional<Rope> text = child.ReadFile(path, error);
  if (!text) return NotExecuted(child.arguments[0], error);
  Interpreter script(child, language);
  script.SetArguments(child.arguments[0], child.Operands());
  script.from_file = true;
  return script.RunScript(text->ToString());
}

int Interpreter::NotExecuted(const std::string& word, std::errc error) {
  const bool missing =
      error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  std::string reason = missing ? "not found" : process.Text(error);
  if (language == Language::kBash && missing) {
    const bool path = word.find('/') != word.npos;
    reason = path ? process.Text(error) : "command not found";
  }
  Complain(word + ": " + reason);
  return missing ? 127 : 126;
}

std::string Interpreter::Which(const std::string& command, const std::string& path) const {
  if (command.empty()) return "";
  if (command.find('/') != command.npos) {
    const Found found = process.Stat(command);
    return found && process.May(*found.inode, Permission::kExecute) ? command : "";
  }
  return SearchPath(process, command, path).value_or("");
}

std::errc Interpreter::SearchFailure(const std::string& command) const {
  // What is there but cannot be executed is told as such.
  for (const std::string& directory : PathDirectories(Value("PATH"))) {
    const Found found = process.Stat(directory + "/" + command);
    if (found && !command.empty() && found.inode->is_regular()) return std::errc::permission_denied;
  }
  return std::errc::no_such_file_or_directory;
}

}  // namespace watertight::generator::shell
