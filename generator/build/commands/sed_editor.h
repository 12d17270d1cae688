// Runs a script of sed over lines.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/commands/regex.h"
#include "generator/build/commands/sed_lines.h"
#include "generator/build/commands/sed_output.h"
#include "generator/build/commands/sed_script.h"
#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

class SedEditor {
 public:
  SedEditor(Process& process, const SedScript& script, bool quiet, char end);

  // Edits the files as one text. Returns false when `q` ends it all.
  bool Run(const std::vector<SedInput>& inputs);

  std::string TakeOutput() { return output_.Take(); }
  int status() const { return status_; }
  // -i and -s count lines in each file.
  void StartOver() { lines_.StartOver(); }

 private:
  enum class Outcome { kNext, kDelete, kRestart, kQuit, kQuitSilently };

  bool Matches(const std::shared_ptr<const Regex>& regex);
  bool Matches(const SedAddress& address);
  // Whether the range goes on behind this line, of which it begins.
  void BeginRange(std::size_t index, const SedAddress& second);
  bool InRange(std::size_t index, const SedCommand& command);
  bool Selects(std::size_t index);
  Outcome RunCommands();
  std::optional<Outcome> RunCommand(const SedCommand& command, std::size_t at, std::size_t& next);
  // Commands on the two spaces, and those that lead elsewhere.
  std::optional<Outcome> RunFlow(const SedCommand& command, std::size_t& next);
  void Substitute(const SedCommand& command);
  void Replace(const std::vector<SedReplacement>& pieces, const RegexMatch& match,
               std::string& into) const;
  void AppendFile(const std::string& path);
  void FlushAppended();
  void WriteLine(const std::string& path);
  static std::string Unambiguous(std::string_view text, int width);

  Process& process_;
  const SedScript& script_;
  bool quiet_;
  char end_;
  SedLines lines_;
  SedOutput output_;
  std::vector<bool> active_;
  std::vector<std::int64_t> range_ends_;
  std::string space_;
  std::string hold_;
  bool substituted_ = false;
  std::shared_ptr<const Regex> last_regex_;
  std::size_t last_end_ = 0;
  std::vector<std::string> appended_;
  int status_ = 0;
};

}  // namespace watertight::generator::commands
