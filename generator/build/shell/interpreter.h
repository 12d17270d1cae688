// Runs the commands of a script.
//
//   Interpreter shell(process, Language::kDash);
//   shell.SetArguments("/bin/sh", {});
//   return shell.RunScript("mkdir -p a && cd a && echo $PWD > b");
//
// A subshell is a copy. The members are open to the builtins, which are part of the shell.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/shell/language.h"
#include "generator/build/shell/process.h"
#include "generator/build/shell/syntax_tree.h"

namespace watertight::generator::shell {

struct Variable {
  std::optional<std::string> value = {};
  bool exported = false;
  bool read_only = false;
};

// `set -e` and the like, by letter; `pipefail` is 'P'.
class Options {
 public:
  bool Has(char letter) const { return letters_.find(letter) != letters_.npos; }
  void Set(char letter, bool on);
  const std::string& letters() const { return letters_; }

 private:
  std::string letters_;
};

// The shell ends.
struct ExitShell {
  int status = 0;
};

class Interpreter;

// A builtin finds its words in process.arguments.
using BuiltinFunction = int (*)(Interpreter& shell);

struct Builtin {
  std::string_view name;
  BuiltinFunction run;
  // Errors of a special builtin end the shell, and assignments before it stay.
  bool special = false;
  // Which shells have it: d, a, b.
  std::string_view shells = "dab";
};

const Builtin* FindBuiltin(std::string_view name, Language language);

class Interpreter {
 public:
  Interpreter(Process shell_process, Language shell_language);

  // $0 and the positional parameters.
  void SetArguments(std::string shell_name, std::vector<std::string> arguments);

  // Until the end or `exit`, with the EXIT trap.
  int RunScript(const std::string& text);
  // In this shell: eval, `.`, traps.
  int RunText(const std::string& text);
  int Run(const Node& node) { return Evaluate(&node, false); }

  // Variables.
  const Variable* Find(const std::string& variable) const;
  std::string Value(const std::string& variable) const;
  // Throws: ScriptError for one that is read-only.
  void Assign(const std::string& variable, const std::string& value);
  void Unset(const std::string& variable);
  void Export(const std::string& variable) { variables[variable].exported = true; }
  // Remembers the variable until the function returns.
  void MakeLocal(const std::string& variable);
  Environment ExportedVariables() const;
  // The name begins with no $: 1, #, @, HOME.
  std::optional<std::string> ParameterValue(const std::string& parameter);

  // Expansion (expansion.cc).
  std::vector<std::string> Fields(const std::vector<Word>& words);
  std::string Text(const Word& word, bool assignment = false);
  std::string PatternOf(const Word& word);
  std::int64_t Arithmetic(const std::string& expression);
  std::vector<std::string> Paths(const std::string& pattern) const;
  std::string Tilde(const std::string& user) const;

  // Messages.
  std::string Prefix() const;  // "/bin/sh: 1: "
  void Complain(const std::string& message);
  void Complain(const ScriptError& error);
  int Fail(const std::string& message, int result = 1);
  [[noreturn]] void Die(const std::string& message);

  // Commands (commands.cc).
  int RunBuiltin(const Builtin& row, std::vector<std::string> words);
  int RunFunction(const NodePointer& body, std::vector<std::string> words);
  int RunExternal(const std::vector<std::string>& words);
  // By the rules of a command's first word; a function counts only if wanted.
  int RunWords(std::vector<std::string> words, bool functions);
  // The path of an external command, "" when there is none.
  std::string Which(const std::string& command, const std::string& path) const;
  void RunExitTrap();

  enum class Skip { kNone, kBreak, kContinue, kReturn };

  Process process;
  Language language;
  std::map<std::string, Variable> variables;
  std::map<std::string, NodePointer> functions;
  std::string name = "sh";
  std::vector<std::string> positional;
  Options options;
  std::map<std::string, std::string> traps;
  int status = 0;
  int line = 0;
  bool from_file = false;
  bool named = false;  // sh -c SCRIPT NAME
  int first_line = 0;
  int last_background = 0;
  std::map<int, int> background;  // the status by process
  Skip skip = Skip::kNone;
  int skip_count = 0;
  int loops = 0;
  int function_depth = 0;
  int source_depth = 0;
  int process_id = 1;
  int substitution_status = 0;
  bool tested = false;             // whether the status of the command that runs is looked at
  bool redirections_stay = false;  // `exec` without a command
  std::string builtin;             // that runs, for messages
  std::string applet;              // the name by which busybox was called
  bool executing = false;          // `exec` replaces the shell
  bool in_subshell = false;
  std::size_t option_offset = 0;  // of getopts in a word of several letters
  std::string logical_directory;

 private:
  friend class Expansion;

  int Evaluate(const Node* node, bool is_tested);
  int EvaluateList(const Node& node, bool is_tested);
  int EvaluateLoop(const Node& node, bool is_tested);
  int EvaluateFor(const Node& node, bool is_tested);
  int EvaluateCase(const Node& node, bool is_tested);
  int EvaluatePipe(const Node& node, bool is_tested);
  int EvaluateSubshell(const Node& node, bool is_tested);
  int EvaluateTest(const Node& node);
  bool Matches(const Word& pattern, const std::string& value);
  int EvaluateBackground(const Node& node);
  int EvaluateSimple(const Node& node, bool is_tested);
  int EvaluateNode(const Node& node, bool is_tested);
  bool LeavesLoop();
  // Runs `body` with the redirections; nothing when one of them fails.
  std::optional<int> WithRedirections(const std::vector<Redirection>& redirections,
                                      const std::function<int()>& body);
  bool Redirect(const Redirection& redirection);
  bool RedirectToFile(const Redirection& redirection, const std::string& path);
  bool RedirectToText(const Redirection& redirection);
  bool Duplicate(const Redirection& redirection);
  using Assigned = std::vector<std::pair<std::string, std::string>>;
  std::vector<std::string> CommandWords(const Node& node);
  Assigned Values(const Node& node);
  void Trace(const std::vector<std::string>& words, const Assigned& assigned);
  int AssignAll(const Node& node);
  int RunWithAssignments(const Node& node, const std::vector<std::string>& words);
  int RunSpecial(const Node& node, const Builtin& row, std::vector<std::string> words);
  int RunTextFile(Process& child);
  std::errc SearchFailure(const std::string& command) const;
  std::string OpenFailure(const std::string& path, bool creates, std::errc error) const;
  int NotExecuted(const std::string& word, std::errc error);
  // What a subshell writes; its status goes into `substitution_status`.
  std::string Substitute(const Node* commands);
  int RunSubshell(const std::function<int(Interpreter&)>& body);

  std::vector<std::map<std::string, std::optional<Variable>>> scopes_;
};

// 'it'\''s'
std::string SingleQuoted(const std::string& text);

// Runs a shell as the program of `process`: sh -c …, sh FILE …
int RunShell(Process& process, Language language);

}  // namespace watertight::generator::shell
