// A Dockerfile as logical lines: continuations joined, comments taken out, here-documents attached,
// each line split into keyword, flags and arguments, but nothing checked that needs to know what
// the instruction means.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/directives.h"
#include "generator/dockerfile/heredoc.h"
#include "generator/dockerfile/position.h"
#include "generator/dockerfile/words.h"

namespace watertight::generator {

struct Node {
  std::string keyword;             // as written
  std::vector<std::string> flags;  // each with its dashes, without quotes
  std::vector<std::string> args;
  std::vector<NameValue> pairs;  // of ENV and LABEL
  bool json = false;             // an exec form
  std::string line;              // the logical line
  std::vector<Heredoc> heredocs;
  std::vector<std::string> comments;  // above it, without the #; an empty comment clears them
  Range range;
  std::shared_ptr<Node> trigger;  // of ONBUILD
};

struct Warning {
  std::string message;
  Range range;
  bool operator==(const Warning&) const = default;
};

struct Nodes {
  std::vector<Node> nodes;
  std::vector<Warning> warnings;
  std::vector<Directive> directives;
  char escape = '\\';
};

// Throws: Error with a line.
Nodes ParseNodes(std::string_view text, const Dialect& dialect);

}  // namespace watertight::generator
