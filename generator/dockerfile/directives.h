// Parser directives: the comments at the very top that change how the rest is read.
//
//   # syntax=docker/dockerfile:1
//   # escape=`
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dialect.h"

namespace watertight::generator {

struct Directive {
  std::string name;  // lower case: syntax, escape, check
  std::string value;
  int line = 0;
};

// Fed line by line; stops looking at the first line that is no known directive.
class DirectiveReader {
 public:
  explicit DirectiveReader(const Dialect& dialect) : dialect_(dialect) {}

  // True when the line was one. Throws: Error for a repetition or an unknown escape character.
  bool Read(std::string_view line, int number);

  char escape() const { return escape_; }
  const std::vector<Directive>& directives() const { return directives_; }

 private:
  Dialect dialect_;
  bool done_ = false;
  char escape_ = '\\';
  std::vector<Directive> directives_;
};

// The frontend of `# syntax=`, looked for before anything is parsed; empty when there is none. A
// #! line may stand above it, as above no other directive.
std::string DetectSyntax(std::string_view text);

}  // namespace watertight::generator
