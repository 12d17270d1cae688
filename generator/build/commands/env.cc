// env, printenv, xargs, nice, timeout: commands that run others.

#include <algorithm>
#include <cctype>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/run_program.h"

namespace watertight::generator::commands {

int RunCommand(Process& process, const std::vector<std::string>& words) {
  Process child = process;
  child.arguments = words;
  const Execution execution = Execute(child);
  if (execution.error == std::errc()) return execution.status;
  // BusyBox says so where a command takes the place of the one that starts it.
  const std::string name = NameOf(process);
  const bool replaces = name == "env" || name == "nice" || name == "timeout";
  Complain(process, Quoted(words[0]), replaces ? "can't execute '" + words[0] + "'" : words[0],
           execution.error);
  return execution.error == std::errc::no_such_file_or_directory ? 127 : 126;
}

std::string Filled(const std::string& word, const std::string& mark, const std::string& value) {
  std::string text;
  std::size_t at = 0;
  for (std::size_t next = word.find(mark); next != word.npos; next = word.find(mark, at)) {
    text.append(word, at, next - at).append(value);
    at = next + mark.size();
  }
  return text.append(word, at);
}

namespace {

void Print(Process& process, char end) {
  std::string out;
  for (const auto& [name, value] : process.environment) {
    out += name + "=" + value + end;
  }
  process.Write(1, out);
}

}  // namespace

int Env(Process& process) {
  const Options options(process, process.busybox() ? "+iu:0" : "+iu:0C:S:v",
                        {{"ignore-environment", 'i'},
                         {"unset", 'u'},
                         {"null", '0'},
                         {"chdir", 'C'},
                         {"split-string", 'S'}});
  if (options.HasAny("Sv")) NotModelled(NameOf(process) + " -" + options.LastOf("Sv"));
  Process child = process;
  std::vector<std::string> words = options.operands();
  if (options.Has('i') || (!words.empty() && words[0] == "-")) child.environment = {};
  if (!words.empty() && words[0] == "-") words.erase(words.begin());
  for (const Options::Given& option : options.given()) {
    if (option.letter == 'u') child.environment.Erase(option.value);
  }
  std::size_t at = 0;
  for (; at < words.size() && words[at].find('=') != std::string::npos; ++at) {
    const std::size_t equals = words[at].find('=');
    child.environment.Set(words[at].substr(0, equals), words[at].substr(equals + 1));
  }
  if (const auto directory = options.Value('C')) {
    const std::errc error = child.ChangeDirectory(*directory);
    if (error != std::errc()) {
      process.Fail("cannot change directory to " + Quoted(*directory) + ": " + process.Text(error));
      return 125;
    }
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  if (words.empty()) {
    Print(child, options.Has('0') ? '\0' : '\n');
    return 0;
  }
  return RunCommand(child, words);
}

int Printenv(Process& process) {
  const Options options(process, "0", {{"null", '0'}});
  const char end = options.Has('0') ? '\0' : '\n';
  if (options.operands().empty()) {
    Print(process, end);
    return 0;
  }
  int status = 0;
  for (const std::string& name : options.operands()) {
    const std::string* value = process.environment.Find(name);
    if (value == nullptr) {
      status = 1;
    } else {
      process.Write(1, *value + end);
    }
  }
  return status;
}

namespace {

// The words of xargs' input: blanks apart, quotes and backslashes as in the shell.
std::vector<std::string> QuotedWords(const Process& process, std::string_view text,
                                     bool lines_only) {
  std::vector<std::string> words;
  std::string word;
  bool begun = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool blank = c == '\n' || (!lines_only && (c == ' ' || c == '\t'));
    if (blank) {
      if (begun) words.push_back(word);
      word.clear();
      begun = false;
      continue;
    }
    if (lines_only && !begun && (c == ' ' || c == '\t')) continue;
    begun = true;
    if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];
    } else if (c == '\'' || c == '"') {
      const std::size_t end = text.find(c, i + 1);
      if (end == text.npos) NotModelled(NameOf(process) + " with an unmatched quote");
      word.append(text.substr(i + 1, end - i - 1));
      i = end;
    } else {
      word += c;
    }
  }
  if (begun) words.push_back(word);
  return words;
}

std::vector<std::string> WordsOf(Process& process, const Options& options) {
  const std::string text = process.ReadAllText(0);
  std::vector<std::string> words;
  if (options.HasAny("0d")) {
    char delimiter = '\0';
    if (const auto text_of = options.Value('d'); text_of && !options.Has('0')) {
      if (*text_of == "\\n") {
        delimiter = '\n';
      } else if (*text_of != "\\0") {
        if (text_of->size() != 1) NotModelled(NameOf(process) + " -d " + *text_of);
        delimiter = (*text_of)[0];
      }
    }
    words = SplitAt(text, delimiter);
    if (words.back().empty()) words.pop_back();
  } else {
    words = QuotedWords(process, text, options.HasAny("IiL"));
  }
  if (const auto end = options.Value('E'); end && !end->empty()) {
    words.erase(std::find(words.begin(), words.end(), *end), words.end());
  }
  return words;
}

// The status of xargs after one of a command.
int Combined(int status, int of_command) {
  if (of_command == 126 || of_command == 127) return of_command;
  return of_command == 0 ? status : 123;
}

}  // namespace

int Xargs(Process& process) {
  const Options options(process, process.busybox() ? "+0rtn:s:I:E:e::P:L:x" : "+0rtn:s:I:E:P:d:L:x",
                        {{"null", '0'},
                         {"no-run-if-empty", 'r'},
                         {"verbose", 't'},
                         {"max-args", 'n'},
                         {"max-chars", 's'},
                         {"replace", 'I'},
                         {"max-procs", 'P'},
                         {"delimiter", 'd'}});
  if (options.Has('L')) NotModelled(NameOf(process) + " -L");
  std::vector<std::string> command = options.operands();
  if (command.empty()) command.push_back("echo");
  const std::vector<std::string> words = WordsOf(process, options);
  Process child = process;
  child.descriptors[0] = std::make_shared<Description>();
  child.descriptors[0]->readable = true;
  int status = 0;
  const auto run = [&](const std::vector<std::string>& line) {
    if (options.Has('t')) {
      std::string text;
      for (const std::string& word : line) text += (text.empty() ? "" : " ") + word;
      process.Write(2, text + "\n");
    }
    process.machine().Step();
    status = Combined(status, RunCommand(child, line));
    return status != 126 && status != 127;
  };
  if (const auto mark = options.Value('I')) {
    for (const std::string& word : words) {
      std::vector<std::string> line;
      for (const std::string& part : command) line.push_back(Filled(part, *mark, word));
      if (!run(line)) break;
    }
    return status;
  }
  const auto most = NumberOf(options.Value('n').value_or("5000"));
  if (!most || *most == 0) NotModelled(NameOf(process) + " -n");
  if (words.empty() && !options.Has('r')) run(command);
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.size(), at + static_cast<std::size_t>(*most));
    std::vector<std::string> line = command;
    line.insert(line.end(), words.begin() + static_cast<std::ptrdiff_t>(at),
                words.begin() + static_cast<std::ptrdiff_t>(end));
    if (!run(line)) break;
    at = end;
  }
  return status;
}

namespace {

// A command that only changes how another one runs, which no file shows.
int RunAsIs(Process& process, std::string_view letters, std::size_t own_operands) {
  const Options options(process, letters);
  std::vector<std::string> words = options.operands();
  if (words.size() <= own_operands) return MisusedBy(process, "missing operand", 125);
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(own_operands));
  return RunCommand(process, words);
}

}  // namespace

int Nice(Process& process) { return RunAsIs(process, "+n:", 0); }

int Timeout(Process& process) { return RunAsIs(process, "+s:k:", 1); }

}  // namespace watertight::generator::commands
