// Runs a program of awk.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/build/commands/awk_machine.h"
#include "generator/build/commands/awk_syntax.h"

namespace watertight::generator::commands::awk {

class Interpreter {
 public:
  Interpreter(const Program& program, Machine& machine);

  // Returns the exit status.
  int Run();

 private:
  enum class Flow { kNormal, kBreak, kContinue, kReturn };
  struct NextRecord {
    bool of_next_file = false;
  };
  struct Exit {};

  void RunRules(Rule::Kind kind);
  void RunRecord();
  bool Matches(const Rule& rule, std::size_t index);

  Flow Execute(const Statement& statement);
  Flow ExecuteBlock(const Statement& statement);
  Flow ExecuteLoop(const Statement& statement);
  Flow ExecuteForIn(const Statement& statement);
  void Print(const Statement& statement);
  void Delete(const Expression& target);
  [[noreturn]] void Leave(const Statement& statement);

  Value Evaluate(const Expression& expression);
  std::string Text(const Expression& expression) { return machine_.AsText(Evaluate(expression)); }
  double Number(const Expression& expression) { return Evaluate(expression).Number(); }
  Value Assign(const Expression& target, Value value);
  Value AssignWith(const Expression& expression);
  Value Increase(const Expression& expression);
  Value Getline(const Expression& expression);
  Value In(const Expression& expression);
  double Arithmetic(const Expression& expression, double left, double right);
  bool MatchesRegex(const Expression& text, const Expression& regex);
  Cell& CellOf(const Expression& variable);
  std::string KeyOf(const Expression& element);

  Value Call(const Expression& call);
  Value CallBuiltin(const Expression& call);
  Value CallNumeric(const Expression& call);
  Value Split(const Expression& call);
  Value Substitute(const Expression& call, bool all);
  Value Match(const Expression& call);
  Value Substring(const Expression& call);
  Value Length(const Expression& call);
  Value Time(const Expression& call);
  // Of an argument that is a regular expression, or a text that becomes one.
  std::string RegexText(const Expression& expression);

  const Program& program_;
  Machine& machine_;
  std::map<std::string, const Function*> functions_;
  std::vector<bool> in_range_;
  std::vector<Cell>* frame_ = nullptr;
  Value returned_;
  int status_ = 0;
  int depth_ = 0;
};

// printf's format with its values.
std::string Formatted(Machine& machine, const std::string& format,
                      const std::vector<Value>& values);

}  // namespace watertight::generator::commands::awk
