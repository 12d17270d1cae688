// Files as the commands on text read them: each operand in turn, "-" and none standing for
// standard input.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/commands/options.h"

namespace watertight::generator::commands {

// Calls `take` with each file's content; complains of those that cannot be read, and returns
// whether there were none. `what`: how coreutils begins such a complaint ("cannot open %s for
// reading"), "" for the name alone.
struct InputWords {
  std::string_view before = "";
  std::string_view behind = "";
  bool opens_directories = true;  // so that reading them fails: "error reading 'x'"
};
bool ReadInputs(Process& process, const std::vector<std::string>& names, const InputWords& words,
                const std::function<void(const std::string& name, const Rope& content)>& take);

// The content of one, or nothing after a complaint in coreutils' words.
std::optional<Rope> ReadInput(Process& process, const std::string& name, const InputWords& words);

// Lines with their ends; the last may lack it.
std::vector<std::string_view> LinesOf(std::string_view text, char end = '\n');
// Without its end.
std::string_view Chomped(std::string_view line, char end = '\n');

// A count of head, tail, dd, truncate: digits and a unit (b, k, M, kB, MB …).
std::optional<std::uint64_t> SizeFrom(std::string_view text);

}  // namespace watertight::generator::commands
