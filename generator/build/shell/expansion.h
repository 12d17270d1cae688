// The expansion of one word: pieces of text that know whether they are quoted, and become fields.
#pragma once

#include <string>
#include <vector>

#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/syntax_tree.h"

namespace watertight::generator::shell {

class Expansion {
 public:
  Expansion(Interpreter& shell, bool assignment) : shell_(shell), assignment_(assignment) {}

  // `split`: whether the results of expansions may become several fields.
  void AddWord(const Word& word, bool split, bool tilde);

  // All pieces as one text; as a pattern, with what is quoted escaped.
  std::string Joined(bool pattern) const;
  // The fields, each as a pattern.
  std::vector<std::string> Split() const;

 private:
  struct Piece {
    std::string text = {};
    bool quoted = false;
    bool split = false;
    bool boundary = false;    // between the values of $@
    bool empty_list = false;  // "$@" without values, which makes no field
  };

  void Add(std::string text, bool quoted, bool split);
  void AddPart(const Part& part, bool split);
  void AddParameter(const Parameter& parameter, bool quoted, bool split);
  void AddPositional(const Parameter& parameter, bool quoted, bool split);
  void AddInner(const Word& word, bool quoted, bool split);
  void AssignDefault(const Parameter& parameter, bool quoted, bool split);
  [[noreturn]] void NotSet(const std::string& name);
  [[noreturn]] void Missing(const Parameter& parameter);
  std::string BadSubstitution() const;
  std::string ExpandTildes(const std::string& text, bool begins, bool ends);
  std::string Transformed(const Parameter& parameter, const std::string& value);
  static std::string Trimmed(Parameter::Operation operation, const std::string& value,
                             const std::string& pattern);
  std::string Substring(const Parameter& parameter, const std::string& value);
  std::string Replaced(const Parameter& parameter, const std::string& value);
  static std::string Cased(Parameter::Operation operation, const std::string& value);

  Interpreter& shell_;
  bool assignment_;
  bool inside_parameter_ = false;
  std::vector<Piece> pieces_;
};

}  // namespace watertight::generator::shell
