#include "generator/build/shell/interpreter.h"

#include <algorithm>
#include <utility>

#include "generator/build/shell/parser.h"
#include "generator/error.h"

namespace watertight::generator::shell {

using Kind = Node::Kind;

void Options::Set(char letter, bool on) {
  std::erase(letters_, letter);
  if (on) letters_ += letter;
}

Interpreter::Interpreter(Process shell_process, Language shell_language)
    : process(std::move(shell_process)), language(shell_language) {
  variables["IFS"].value = " \t\n";
  variables["OPTIND"].value = "1";
  variables["PS4"].value = "+ ";
  variables["PPID"].value = "0";
  const std::string* path = process.environment.Find("PATH");
  if (path == nullptr) {
    variables["PATH"].value = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  }
  for (const auto& [key, value] : process.environment) {
    if (!IsName(key) || key == "IFS" || key == "PPID") continue;
    variables[key] = {.value = value, .exported = true};
  }
  if (language != Language::kDash) {
    const std::int64_t level = std::atoll(Value("SHLVL").c_str());
    variables["SHLVL"] = {.value = std::to_string(level + 1), .exported = true};
  }
  // A PWD that is right is kept, links and all.
  const std::string inherited = Value("PWD");
  const Found there = process.Stat(inherited.empty() ? "." : inherited);
  const bool right = inherited.starts_with('/') && there && "/" + there.path == process.directory;
  logical_directory = right ? inherited : process.directory;
  variables["PWD"] = {.value = logical_directory, .exported = true};
}

void Interpreter::SetArguments(std::string shell_name, std::vector<std::string> arguments) {
  name = std::move(shell_name);
  positional = std::move(arguments);
}

int Interpreter::RunScript(const std::string& text) {
  try {
    RunText(text);
  } catch (const ExitShell& exit) {
    status = exit.status;
  } catch (const ScriptError& error) {
    Complain(error);
    status = error.status;
  }
  RunExitTrap();
  return status;
}

int Interpreter::RunText(const std::string& text) {
  Parser parser(text, language);
  const bool is_tested = tested;
  int result = 0;
  while (const NodePointer command = parser.Next()) {
    if (options.Has('n')) continue;
    result = Evaluate(command.get(), is_tested);
    if (skip != Skip::kNone) break;
  }
  return result;
}

void Interpreter::RunExitTrap() {
  const auto trap = traps.find("EXIT");
  if (trap == traps.end()) return;
  const std::string action = trap->second;
  traps.erase(trap);
  const int result = status;
  skip = Skip::kNone;
  try {
    RunText(action);
    status = result;
  } catch (const ExitShell& exit) {
    status = exit.status;
  } catch (const ScriptError& error) {
    Complain(error);
    status = error.status;
  }
}

// With `set -e`, what fails untested ends the shell: simple commands, subshells and pipelines. The
// parts of compound commands decide for themselves.
int Interpreter::Evaluate(const Node* node, bool is_tested) {
  if (node == nullptr) return status = 0;
  const Deeper deeper(process.machine());
  process.machine().Step();
  status = EvaluateNode(*node, is_tested);
  const bool counts = node->kind == Kind::kSimple || node->kind == Kind::kSubshell ||
                      node->kind == Kind::kPipe || node->kind == Kind::kTest ||
                      node->kind == Kind::kArithmetic;
  if (counts && status != 0 && !is_tested && options.Has('e') && skip != Skip::kReturn) {
    throw ExitShell{status};
  }
  return status;
}

int Interpreter::EvaluateNode(const Node& node, bool is_tested) {
  const bool redirects =
      !node.redirections.empty() && node.kind != Kind::kSimple && node.kind != Kind::kSubshell;
  if (redirects) {
    Node inner = node;
    inner.redirections.clear();
    line = node.line;
    const auto result =
        WithRedirections(node.redirections, [&] { return EvaluateNode(inner, is_tested); });
    if (result) return *result;
    const int failure = language == Language::kDash ? 2 : 1;
    if (!is_tested && options.Has('e') && language != Language::kAsh) throw ExitShell{failure};
    return failure;
  }
  switch (node.kind) {
    case Kind::kSimple:
      return EvaluateSimple(node, is_tested);
    case Kind::kPipe:
      return EvaluatePipe(node, is_tested);
    case Kind::kNot: {
      const int result = Evaluate(node.children[0].get(), true);
      return skip == Skip::kReturn ? result : result == 0 ? 1 : 0;
    }
    case Kind::kAnd:
    case Kind::kOr:
    case Kind::kSequence:
      return EvaluateList(node, is_tested);
    case Kind::kBackground:
      return EvaluateBackground(node);
    case Kind::kSubshell:
      return EvaluateSubshell(node, is_tested);
    case Kind::kGroup:
      return Evaluate(node.children[0].get(), is_tested);
    case Kind::kIf: {
      const int condition = Evaluate(node.children[0].get(), true);
      if (skip != Skip::kNone) return condition;
      if (condition == 0) return Evaluate(node.children[1].get(), is_tested);
      return node.children.size() > 2 ? Evaluate(node.children[2].get(), is_tested) : 0;
    }
    case Kind::kWhile:
    case Kind::kUntil:
      return EvaluateLoop(node, is_tested);
    case Kind::kFor:
      return EvaluateFor(node, is_tested);
    case Kind::kCase:
      return EvaluateCase(node, is_tested);
    case Kind::kFunction:
      functions[node.name] = node.children[0];
      return 0;
    case Kind::kTest:
      return EvaluateTest(node);
    case Kind::kArithmetic:
      return Arithmetic(Text(node.words[0])) != 0 ? 0 : 1;
  }
  return 0;
}

int Interpreter::EvaluateList(const Node& node, bool is_tested) {
  if (node.kind == Kind::kSequence) {
    int result = 0;
    for (const NodePointer& child : node.children) {
      result = Evaluate(child.get(), is_tested);
      if (skip != Skip::kNone) break;
    }
    return result;
  }
  const int left = Evaluate(node.children[0].get(), true);
  const bool decided = (left == 0) == (node.kind == Kind::kOr);
  if (decided || skip != Skip::kNone) return left;
  return Evaluate(node.children[1].get(), is_tested);
}

// After a loop's body: whether the loop ends.
bool Interpreter::LeavesLoop() {
  if (skip == Skip::kNone) return false;
  if (skip == Skip::kReturn) return true;
  if (--skip_count > 0) return true;
  return std::exchange(skip, Skip::kNone) == Skip::kBreak;
}

int Interpreter::EvaluateLoop(const Node& node, bool is_tested) {
  int result = 0;
  ++loops;
  while (true) {
    const int condition = Evaluate(node.children[0].get(), true);
    if (skip != Skip::kNone) {
      if (skip == Skip::kReturn) result = condition;
      if (LeavesLoop()) break;
      continue;
    }
    if ((condition == 0) != (node.kind == Kind::kWhile)) break;
    result = Evaluate(node.children[1].get(), is_tested);
    if (LeavesLoop()) break;
  }
  --loops;
  return result;
}

int Interpreter::EvaluateFor(const Node& node, bool is_tested) {
  line = node.line;
  const std::vector<std::string> values = node.has_in ? Fields(node.words) : positional;
  int result = 0;
  ++loops;
  for (const std::string& value : values) {
    Assign(node.name, value);
    result = Evaluate(node.children[0].get(), is_tested);
    if (LeavesLoop()) break;
  }
  --loops;
  return result;
}

int Interpreter::EvaluateCase(const Node& node, bool is_tested) {
  line = node.line;
  const std::string value = Text(node.words[0]);
  bool falls = false;
  int result = 0;
  for (const CaseItem& item : node.items) {
    const bool matches = falls || std::ranges::any_of(item.patterns, [&](const Word& pattern) {
                           return Matches(pattern, value);
                         });
    if (!matches) continue;
    result = item.body != nullptr ? Evaluate(item.body.get(), is_tested) : 0;
    falls = item.falls_through;
    if (!falls || skip != Skip::kNone) break;
  }
  return result;
}

int Interpreter::RunSubshell(const std::function<int(Interpreter&)>& body) {
  Interpreter child = *this;
  child.in_subshell = true;
  child.traps.clear();
  ++process.machine().next_process;
  try {
    child.status = body(child);
  } catch (const ExitShell& exit) {
    child.status = exit.status;
  } catch (const ScriptError& error) {
    child.Complain(error);
    child.status = error.status;
  }
  child.RunExitTrap();
  return child.status;
}

int Interpreter::EvaluateSubshell(const Node& node, bool is_tested) {
  return RunSubshell([&](Interpreter& child) {
    child.line = node.line;
    for (const Redirection& redirection : node.redirections) {
      if (!child.Redirect(redirection)) return language == Language::kDash ? 2 : 1;
    }
    return child.Evaluate(node.children[0].get(), is_tested);
  });
}

int Interpreter::EvaluateBackground(const Node& node) {
  last_background = process.machine().next_process;
  const int result = RunSubshell([&](Interpreter& child) {
    auto nothing = std::make_shared<Description>();
    nothing->readable = true;
    child.process.descriptors[0] = std::move(nothing);
    return child.Evaluate(node.children[0].get(), false);
  });
  background[last_background] = result;
  return 0;
}

int Interpreter::EvaluatePipe(const Node& node, bool is_tested) {
  std::shared_ptr<Pipe> from;
  int result = 0;
  int failed = 0;
  for (const NodePointer& command : node.children) {
    const bool last = command == node.children.back();
    const auto to = last ? nullptr : std::make_shared<Pipe>();
    result = RunSubshell([&](Interpreter& child) {
      if (from != nullptr) child.process.descriptors[0] = ReadingEnd(from);
      if (to != nullptr) child.process.descriptors[1] = WritingEnd(to);
      return child.Evaluate(command.get(), is_tested);
    });
    if (result != 0) failed = result;
    from = to;
  }
  return options.Has('P') ? failed : result;
}

std::string Interpreter::Substitute(const Node* commands) {
  const auto output = std::make_shared<Pipe>();
  if (commands == nullptr) return "";
  substitution_status = RunSubshell([&](Interpreter& child) {
    child.process.descriptors[1] = WritingEnd(output);
    // busybox and bash begin without -e.
    if (language != Language::kDash) child.options.Set('e', false);
    return child.Evaluate(commands, false);
  });
  status = substitution_status;
  if (output->endless) throw Error("RUN does not end: a command in $(…) does not");
  return output->bytes.ToString();
}

}  // namespace watertight::generator::shell
