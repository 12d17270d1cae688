// What a program of awk runs on: its variables, the record and its fields, files and commands.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator/build/commands/awk_value.h"
#include "generator/build/commands/regex.h"
#include "generator/build/shell/process.h"

namespace watertight::generator::commands::awk {

// An error that ends the program: "division by zero".
struct RuntimeError {
  std::string message;
  int line = 0;  // of the program; 0: is not told
};

// Text that is read record by record.
struct Input {
  std::string text = {};
  std::size_t at = 0;
};

class Machine {
 public:
  explicit Machine(Process& process);

  Process& process() { return process_; }
  bool busybox() const { return process_.busybox(); }
  // Throws RuntimeError where awk was built without powers, logarithms and the like.
  void NeedMathematics(int line);

  // Variables of the program and of awk.
  Cell& Global(const std::string& name) { return globals_[name]; }
  Value Get(const std::string& name);
  void Set(const std::string& name, Value value);
  std::string TextOf(const std::string& name) { return Get(name).Text(); }
  std::string ConversionFormat() { return TextOf("CONVFMT"); }
  std::string AsText(const Value& value) { return value.Text(ConversionFormat()); }

  // The record.
  Value Field(std::size_t number);
  void SetField(std::size_t number, const Value& value);
  void SetRecord(const std::string& text);

  // Input. Returns 1 for a record, 0 at the end, -1 when it cannot be read.
  int NextRecord(std::string& record);  // of the main input: the operands, else standard input
  int NextFromFile(const std::string& name, std::string& record);
  int NextFromCommand(const std::string& command, std::string& record);
  void SkipFile() { current_.reset(); }

  // Output. `kind`: "" ">" ">>" "|".
  void Print(const std::string& text, const std::string& kind, const std::string& target);
  int Close(const std::string& name);
  void CloseAll();
  int System(const std::string& command);

  // A text as a regular expression, kept for the next time.
  const Regex& RegexOf(const std::string& text);
  std::vector<std::string> Split(const std::string& text, const std::string& separator,
                                 bool is_regex);

 private:
  void SplitRecord();
  void JoinRecord();
  bool NextFile();
  bool TakeRecord(Input& input, std::string& record);
  bool TakeParagraph(Input& input, std::string& record);
  std::string OutputOf(const std::string& command, int& status);
  void CountRecord();
  static bool Assigns(const std::string& operand);

  struct Output {
    std::string kind;
    int descriptor = -1;    // of a file
    std::string text = {};  // of what a command is going to read
  };

  Process& process_;
  std::optional<bool> has_mathematics_;
  std::map<std::string, Cell> globals_;
  std::string record_;
  std::vector<Value> fields_;
  bool split_ = true;   // whether fields_ are those of record_
  bool joined_ = true;  // whether record_ is that of fields_
  std::size_t next_operand_ = 1;
  bool read_any_ = false;
  bool ended_ = false;
  std::optional<Input> current_;
  std::map<std::string, Input> files_;
  std::map<std::string, Input> commands_;
  std::map<std::string, int> command_statuses_;
  std::map<std::string, Output> outputs_;
  std::vector<std::string> output_order_;
  std::map<std::string, Regex> regexes_;
};

}  // namespace watertight::generator::commands::awk
