// A command's options, as getopt_long(3) finds them: words of one letter that may be joined, long
// names that may be shortened, operands in between, "--" for the end.
//
//   const Options options(process, "rft:v", {{"recursive", 'r'}, {"target-directory", 't'}});
//   if (options.Has('r')) …
//   for (const std::string& name : options.operands()) …
//
// An option that is not listed ends the build, because nothing is known of what it would do.

#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

struct LongOption {
  std::string_view name;
  char letter;
};

class Options {
 public:
  // `letters`: "a" a flag, "b:" with a value, "c::" with a value in the same word or none; with a
  // "+" in front, options end at the first operand.
  Options(const Process& process, std::string_view letters,
          std::initializer_list<LongOption> names = {});
  Options(std::string_view command, const std::vector<std::string>& words, std::string_view letters,
          std::initializer_list<LongOption> names = {});

  struct Given {
    char letter;
    std::string value;
  };

  bool Has(char letter) const { return Count(letter) > 0; }
  bool HasAny(std::string_view letters) const;
  int Count(char letter) const;
  // The last one.
  std::optional<std::string> Value(char letter) const;
  // Of several letters that exclude each other, the one that was given last; 0 for none.
  char LastOf(std::string_view letters) const;

  const std::vector<Given>& given() const { return given_; }
  const std::vector<std::string>& operands() const { return operands_; }

 private:
  enum class Kind { kUnknown, kFlag, kValue, kOptionalValue };

  void Parse(const std::vector<std::string>& words, std::initializer_list<LongOption> names);
  Kind KindOf(char letter) const;
  [[noreturn]] void Refuse(const std::string& option) const;

  std::string command_;
  std::string_view letters_;
  bool stops_at_operand_ = false;
  std::vector<Given> given_;
  std::vector<std::string> operands_;
};

}  // namespace watertight::generator::commands
