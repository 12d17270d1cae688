// A script of sed, parsed.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/commands/regex.h"

namespace watertight::generator::commands {

struct SedAddress {
  enum class Kind {
    kLine,     // `number`
    kLast,     // $
    kRegex,    // `regex`, null for the last one used
    kStep,     // number~step
    kPlus,     // +number, as a second address
    kMultiple  // ~number, as a second address
  };
  Kind kind = Kind::kLine;
  std::int64_t number = 0;
  std::int64_t step = 0;
  std::shared_ptr<const Regex> regex = {};
};

// A piece of what s puts in place of a match.
struct SedReplacement {
  enum class Kind { kText, kGroup, kCase };
  Kind kind = Kind::kText;
  std::string text = {};
  std::size_t group = 0;
  char conversion = 0;  // U, L, u, l, E
};

struct SedCommand {
  std::optional<SedAddress> first = {};
  std::optional<SedAddress> second = {};
  bool negated = false;
  char name = 0;
  std::string text = {};   // of a i c, a label, a file name
  int number = 0;          // of q Q l
  std::size_t target = 0;  // where a branch or "{" leads when it does not fall through

  std::shared_ptr<const Regex> regex = {};  // of s; null for the last one used
  std::vector<SedReplacement> replacement = {};
  bool all = false;
  bool print = false;
  int occurrence = 1;
  std::string file = {};           // s///w
  std::array<char, 256> map = {};  // of y
};

// What a script is read as.
struct SedDialect {
  bool extended = false;  // regular expressions
  bool has_cases = true;  // \U, \L, \u, \l and \E in a replacement, which BusyBox has not
};

struct SedScript {
  std::vector<SedCommand> commands;
  bool quiet = false;  // begins with "#n"
};

// Ends the build when the script is none, or has what is not modelled.
SedScript ParseSedScript(std::string_view text, const SedDialect& dialect);

}  // namespace watertight::generator::commands
