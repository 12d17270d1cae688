// Small ones: true, false, sleep, sync, seq, yes, date, and the commands that are also part
// of the shell.

#include <cctype>
#include <cstdio>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/times.h"
#include "generator/build/shell/interpreter.h"

namespace watertight::generator::commands {
namespace {

// Runs the shell's own command of that name. bash's are those of coreutils.
int RunBuiltin(Process& process, std::string_view name) {
  const shell::Language language =
      process.busybox() ? shell::Language::kAsh : shell::Language::kBash;
  shell::Interpreter interpreter(process, language);
  const shell::Builtin* builtin = shell::FindBuiltin(name, language);
  return interpreter.RunBuiltin(*builtin, process.arguments);
}

}  // namespace

int True(Process&) { return 0; }

int False(Process&) { return 1; }

int Sync(Process&) { return 0; }

// A program that changes nothing that an image holds and can be known here.
int Nothing(Process&) { return 0; }

int Echo(Process& process) { return RunBuiltin(process, "echo"); }
int Printf(Process& process) { return RunBuiltin(process, "printf"); }
int Test(Process& process) { return RunBuiltin(process, "test"); }
int Bracket(Process& process) { return RunBuiltin(process, "["); }

int Sleep(Process& process) {
  const std::vector<std::string> words = process.Operands();
  if (words.empty()) return MisusedBy(process, "missing operand");
  for (std::string word : words) {
    if (std::string_view("smhd").find(word.back()) != std::string_view::npos) word.pop_back();
    const bool number = !word.empty() && word.find_first_not_of("0123456789.") == word.npos;
    if (number || word == "infinity") continue;
    if (process.busybox()) return process.Fail("invalid number '" + word + "'");
    return MisusedBy(process, "invalid time interval " + Quoted(word));
  }
  return 0;
}

namespace {

std::size_t Decimals(const std::string& text) {
  const std::size_t dot = text.find('.');
  return dot == text.npos ? 0 : text.size() - dot - 1;
}

bool IsNumber(const std::string& text) {
  std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  if (at == text.size()) return false;
  bool dot = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !dot) {
      dot = true;
    } else if (!std::isdigit(static_cast<unsigned char>(text[at]))) {
      return false;
    }
  }
  return true;
}

}  // namespace

int Seq(Process& process) {
  // A negative number is no option.
  std::vector<std::string> numbers;
  std::string separator = "\n";
  bool equal_width = false;
  const std::vector<std::string> operands = process.Operands();
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const std::string& word = operands[i];
    if (!word.starts_with('-') || IsNumber(word)) {
      numbers.push_back(word);
    } else if (word == "-w") {
      equal_width = true;
    } else if (word.starts_with("-s")) {
      separator = word.size() > 2 ? word.substr(2) : i + 1 < operands.size() ? operands[++i] : "";
    } else {
      NotModelled(NameOf(process) + " " + word);
    }
  }
  if (numbers.empty() || numbers.size() > 3) return MisusedBy(process, "missing operand");
  for (const std::string& number : numbers) {
    if (IsNumber(number)) continue;
    if (process.busybox()) return process.Fail("invalid number '" + number + "'");
    return MisusedBy(process, "invalid floating point argument: " + Quoted(number));
  }
  const std::string first = numbers.size() > 1 ? numbers[0] : "1";
  const std::string step = numbers.size() > 2 ? numbers[1] : "1";
  const std::string& last = numbers.back();
  const std::size_t decimals = std::max(Decimals(first), Decimals(step));
  const double increment = std::stod(step);
  if (increment == 0) NotModelled(NameOf(process) + " with a step of 0");
  const double end = std::stod(last);
  std::string out;
  std::size_t width = 0;
  const auto shown = [&](double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", static_cast<int>(decimals), value);
    return std::string(text);
  };
  if (equal_width) width = std::max(shown(std::stod(first)).size(), shown(end).size());
  for (std::int64_t i = 0;; ++i) {
    process.machine().Step();
    const double value = std::stod(first) + static_cast<double>(i) * increment;
    if (increment > 0 ? value > end : value < end) break;
    std::string text = shown(value);
    while (text.size() < width) text.insert(text.starts_with('-') ? 1 : 0, "0");
    out += (i > 0 ? separator : "") + text;
  }
  if (!out.empty()) out += '\n';
  process.Write(1, out);
  return 0;
}

// Nothing stops it here but its reader, so as much as any reader of a build may want.
int Yes(Process& process) {
  std::string line;
  for (const std::string& word : process.Operands()) line += (line.empty() ? "" : " ") + word;
  if (line.empty()) line = "y";
  line += '\n';
  std::string out;
  while (out.size() < 65536) out += line;
  process.endless = true;
  process.Write(1, out);
  return 0;
}

int Date(Process& process) {
  const Options options(process, process.busybox() ? "ud:r:RI::D:" : "ud:r:RI::s:",
                        {{"utc", 'u'},
                         {"universal", 'u'},
                         {"date", 'd'},
                         {"reference", 'r'},
                         {"rfc-email", 'R'},
                         {"rfc-2822", 'R'},
                         {"iso-8601", 'I'}});
  if (options.HasAny("sD")) NotModelled(NameOf(process) + " -" + options.LastOf("sD"));
  std::int64_t seconds = process.clock();
  if (const auto text = options.Value('d')) {
    const auto parsed =
        process.busybox() ? ParseBusyboxDate(*text, seconds) : ParseDate(*text, seconds);
    if (!parsed) {
      return Complain(process, "invalid date " + Quoted(*text), "invalid date '" + *text + "'");
    }
    seconds = *parsed;
  }
  if (const auto path = options.Value('r')) {
    const Found found = process.Stat(*path);
    if (!found) return Complain(process, Quoted(*path), *path, found.error);
    seconds = found.inode->attributes.mtime;
  }
  std::string format = "%a %b %e %H:%M:%S UTC %Y";
  for (const std::string& operand : options.operands()) {
    if (!operand.starts_with('+')) NotModelled(NameOf(process) + " that sets the clock");
    format = operand.substr(1);
  }
  if (options.Has('R')) format = "%a, %d %b %Y %H:%M:%S +0000";
  if (const auto kind = options.Value('I')) {
    const std::string zone = "+00:00";
    format = kind->starts_with('s')   ? "%Y-%m-%dT%H:%M:%S" + zone
             : kind->starts_with('m') ? "%Y-%m-%dT%H:%M" + zone
             : kind->starts_with('h') ? "%Y-%m-%dT%H" + zone
                                      : "%Y-%m-%d";
  }
  process.Write(1, FormatTime(format, seconds) + "\n");
  return 0;
}

}  // namespace watertight::generator::commands
