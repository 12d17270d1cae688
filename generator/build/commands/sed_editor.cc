#include "generator/build/commands/sed_editor.h"

#include <cctype>
#include <utility>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {

SedEditor::SedEditor(Process& process, const SedScript& script, bool quiet, char end)
    : process_(process), script_(script), quiet_(quiet || script.quiet), end_(end), lines_(end) {
  output_.set_end(end);
  active_.assign(script.commands.size(), false);
  range_ends_.assign(script.commands.size(), 0);
  // A range from line 0 has begun before the first line.
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const SedCommand& command = script.commands[i];
    active_[i] = command.second && command.first->kind == SedAddress::Kind::kLine &&
                 command.first->number == 0;
    for (const std::string& file : {command.file, command.name == 'w' ? command.text : ""}) {
      if (!file.empty() && !file.starts_with("/dev/std")) process.WriteFile(file, Rope());
    }
  }
}

bool SedEditor::Run(const std::vector<SedInput>& inputs) {
  lines_.Open(inputs);
  while (lines_.Next(space_)) {
    bool restart = true;
    while (restart) {
      restart = false;
      const Outcome outcome = RunCommands();
      if (outcome == Outcome::kQuitSilently) return FlushAppended(), false;
      const bool prints = outcome == Outcome::kNext || outcome == Outcome::kQuit;
      if (prints && !quiet_) output_.Line(space_, lines_.ends());
      FlushAppended();
      if (outcome == Outcome::kQuit) return false;
      restart = outcome == Outcome::kRestart;
      process_.machine().Step();
    }
  }
  return true;
}

bool SedEditor::Matches(const std::shared_ptr<const Regex>& regex) {
  if (regex != nullptr) last_regex_ = regex;
  if (last_regex_ == nullptr) NotModelled("sed: no previous regular expression");
  return last_regex_->Search(space_, 0).has_value();
}

bool SedEditor::Matches(const SedAddress& address) {
  switch (address.kind) {
    case SedAddress::Kind::kLine:
      return lines_.number() == address.number;
    case SedAddress::Kind::kLast:
      return lines_.AtLast();
    case SedAddress::Kind::kRegex:
      return Matches(address.regex);
    case SedAddress::Kind::kStep:
      if (address.step <= 0) return lines_.number() == address.number;
      return lines_.number() >= address.number &&
             (lines_.number() - address.number) % address.step == 0;
    default:
      return false;
  }
}

void SedEditor::BeginRange(std::size_t index, const SedAddress& second) {
  std::int64_t end = 0;
  switch (second.kind) {
    case SedAddress::Kind::kLine:
      end = second.number;
      break;
    case SedAddress::Kind::kPlus:
      end = lines_.number() + second.number;
      break;
    case SedAddress::Kind::kMultiple:
      end = second.number <= 0
                ? lines_.number()
                : (lines_.number() + second.number - 1) / second.number * second.number;
      break;
    default:
      active_[index] = second.kind != SedAddress::Kind::kLast || !lines_.AtLast();
      return;
  }
  range_ends_[index] = end;
  active_[index] = end > lines_.number();
}

bool SedEditor::InRange(std::size_t index, const SedCommand& command) {
  const SedAddress& second = *command.second;
  if (active_[index]) {
    const bool numbered =
        second.kind != SedAddress::Kind::kRegex && second.kind != SedAddress::Kind::kLast;
    if (!numbered) {
      if (Matches(second)) active_[index] = false;
      return true;
    }
    const std::int64_t end = range_ends_[index];
    if (lines_.number() >= end) active_[index] = false;
    if (lines_.number() <= end) return true;
  }
  if (!Matches(*command.first)) return false;
  BeginRange(index, second);
  return true;
}

bool SedEditor::Selects(std::size_t index) {
  const SedCommand& command = script_.commands[index];
  bool selected = true;
  if (command.second) {
    selected = InRange(index, command);
  } else if (command.first) {
    selected = Matches(*command.first);
  }
  return selected != command.negated;
}

SedEditor::Outcome SedEditor::RunCommands() {
  std::size_t at = 0;
  while (at < script_.commands.size()) {
    process_.machine().Step();
    const SedCommand& command = script_.commands[at];
    if (!Selects(at)) {
      at = command.name == '{' ? command.target : at + 1;
      continue;
    }
    std::size_t next = at + 1;
    if (const auto outcome = RunCommand(command, at, next)) return *outcome;
    at = next;
  }
  return Outcome::kNext;
}

std::optional<SedEditor::Outcome> SedEditor::RunCommand(const SedCommand& command, std::size_t at,
                                                        std::size_t& next) {
  switch (command.name) {
    case '{':
      break;
    case '=':
      output_.Text(std::to_string(lines_.number()) + "\n");
      break;
    case 'a':
      appended_.push_back(command.text);
      break;
    case 'i':
      output_.Text(command.text);
      break;
    case 'c':
      if (!command.second || command.negated || !active_[at]) output_.Text(command.text);
      return Outcome::kDelete;
    case 'r':
      AppendFile(command.text);
      break;
    case 'w':
      WriteLine(command.text);
      break;
    case 's':
      Substitute(command);
      break;
    case 'y':
      for (char& c : space_) c = command.map[static_cast<unsigned char>(c)];
      break;
    case 'l':
      output_.Text(Unambiguous(space_, command.number == 0 ? 70 : command.number));
      break;
    case 'F':
      output_.Text(lines_.name() + "\n");
      break;
    default:
      return RunFlow(command, next);
  }
  return std::nullopt;
}

std::optional<SedEditor::Outcome> SedEditor::RunFlow(const SedCommand& command, std::size_t& next) {
  const std::size_t newline = space_.find(end_);
  switch (command.name) {
    case 'b':
      next = command.target;
      break;
    case 't':
      if (std::exchange(substituted_, false)) next = command.target;
      break;
    case 'T':
      if (!std::exchange(substituted_, false)) next = command.target;
      break;
    case 'd':
      return Outcome::kDelete;
    case 'D':
      if (newline == std::string::npos) return Outcome::kDelete;
      space_.erase(0, newline + 1);
      return Outcome::kRestart;
    case 'p':
      output_.Line(space_, lines_.ends());
      break;
    case 'P':
      output_.Line(space_.substr(0, newline), newline != std::string::npos || lines_.ends());
      break;
    case 'n':
      if (lines_.AtLast()) return Outcome::kQuit;
      if (!quiet_) output_.Line(space_, lines_.ends());
      FlushAppended();
      lines_.Next(space_);
      break;
    case 'N': {
      if (lines_.AtLast()) return Outcome::kQuit;
      FlushAppended();
      std::string line;
      lines_.Next(line);
      space_ += end_ + line;
      break;
    }
    case 'g':
      space_ = hold_;
      break;
    case 'G':
      space_ += end_ + hold_;
      break;
    case 'h':
      hold_ = space_;
      break;
    case 'H':
      hold_ += end_ + space_;
      break;
    case 'x':
      std::swap(space_, hold_);
      break;
    case 'z':
      space_.clear();
      break;
    default:  // q, Q
      status_ = command.number;
      return command.name == 'q' ? Outcome::kQuit : Outcome::kQuitSilently;
  }
  return std::nullopt;
}

void SedEditor::Substitute(const SedCommand& command) {
  if (command.regex != nullptr) last_regex_ = command.regex;
  if (last_regex_ == nullptr) NotModelled("sed: no previous regular expression");
  std::string out;
  std::size_t from = 0;
  std::size_t copied = 0;
  int count = 0;
  bool replaced = false;
  while (from <= space_.size()) {
    const auto match = last_regex_->Search(space_, from);
    if (!match) break;
    // An empty match right behind the last match is none.
    const bool adjacent =
        match->begin() == match->end() && count > 0 && match->begin() == last_end_;
    if (!adjacent) {
      ++count;
      last_end_ = match->end();
      if (count >= command.occurrence) {
        out.append(space_, copied, match->begin() - copied);
        Replace(command.replacement, *match, out);
        copied = match->end();
        replaced = true;
        if (!command.all) break;
      }
    }
    from = match->end() > match->begin() ? match->end() : match->end() + 1;
  }
  if (!replaced) return;
  out.append(space_, copied);
  space_ = std::move(out);
  substituted_ = true;
  if (command.print) output_.Line(space_, lines_.ends());
  if (!command.file.empty()) WriteLine(command.file);
}

void SedEditor::Replace(const std::vector<SedReplacement>& pieces, const RegexMatch& match,
                        std::string& into) const {
  SedCase converter(into);
  for (const SedReplacement& piece : pieces) {
    if (piece.kind == SedReplacement::Kind::kCase) {
      converter.Set(piece.conversion);
    } else if (piece.kind == SedReplacement::Kind::kText) {
      converter.Add(piece.text);
    } else if (piece.group < match.groups.size()) {
      converter.Add(match.Text(space_, piece.group));
    }
  }
}

void SedEditor::AppendFile(const std::string& path) {
  std::errc error{};
  if (const auto content = process_.ReadFile(path, error)) {
    appended_.push_back(content->ToString());
  }
}

void SedEditor::FlushAppended() {
  for (const std::string& text : appended_) output_.Text(text);
  appended_.clear();
}

void SedEditor::WriteLine(const std::string& path) {
  if (path == "/dev/stdout") return output_.Line(space_, lines_.ends());
  const std::string line = space_ + (lines_.ends() ? std::string(1, end_) : "");
  if (path == "/dev/stderr") {
    process_.Write(2, line);
    return;
  }
  process_.WriteFile(path, Rope(line), true);
}

std::string SedEditor::Unambiguous(std::string_view text, int width) {
  std::string out;
  int column = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view kBytes = "\\\a\b\f\n\r\t\v";
    constexpr std::string_view kLetters = "\\abfnrtv";
    std::string shown(1, c);
    const std::size_t letter = kBytes.find(c);
    if (letter != kBytes.npos) {
      shown = std::string("\\") + kLetters[letter];
    } else if (byte >= 128 || std::isprint(byte) == 0) {
      shown = {'\\', static_cast<char>('0' + (byte >> 6)), static_cast<char>('0' + (byte >> 3 & 7)),
               static_cast<char>('0' + (byte & 7))};
    }
    if (column + static_cast<int>(shown.size()) > width - 1 && width > 1) {
      out += "\\\n";
      column = 0;
    }
    out += shown;
    column += static_cast<int>(shown.size());
  }
  return out + "$\n";
}

}  // namespace watertight::generator::commands
