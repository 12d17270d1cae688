// sed.

#include <cctype>
#include <map>
#include <utility>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/sed_script.h"

namespace watertight::generator::commands {
namespace {

// Where lines go. The last line of a file may lack its end; it gets one when more follows.
class Output {
 public:
  void Text(std::string_view text) {
    if (lacks_end_) bytes_ += end_;
    lacks_end_ = false;
    bytes_ += text;
  }
  void Line(std::string_view line, bool ends) {
    Text(line);
    if (ends) {
      bytes_ += end_;
    } else {
      lacks_end_ = true;
    }
  }
  void set_end(char end) { end_ = end; }
  std::string Take() {
    lacks_end_ = false;
    return std::exchange(bytes_, {});
  }

 private:
  std::string bytes_;
  char end_ = '\n';
  bool lacks_end_ = false;
};

// The case of what follows in a replacement.
class CaseConverter {
 public:
  explicit CaseConverter(std::string& into) : into_(into) {}

  void Set(char conversion) {
    if (conversion == 'u' || conversion == 'l') {
      next_ = conversion;
    } else {
      all_ = conversion == 'E' ? 0 : conversion;
      next_ = 0;
    }
  }

  void Add(std::string_view text) {
    for (const char c : text) {
      const char mode = next_ != 0 ? next_ : all_;
      next_ = 0;
      const auto byte = static_cast<unsigned char>(c);
      if (mode == 'U' || mode == 'u') {
        into_ += static_cast<char>(std::toupper(byte));
      } else if (mode == 'L' || mode == 'l') {
        into_ += static_cast<char>(std::tolower(byte));
      } else {
        into_ += c;
      }
    }
  }

 private:
  std::string& into_;
  char all_ = 0;
  char next_ = 0;
};

struct Input {
  std::string name;
  std::string text;
};

class Editor {
 public:
  Editor(Process& process, const SedScript& script, bool quiet, char end)
      : process_(process), script_(script), quiet_(quiet || script.quiet), end_(end) {
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

  // Edits the files as one text. Returns false when `q` ends it all.
  bool Run(const std::vector<Input>& inputs) {
    inputs_ = &inputs;
    input_ = 0;
    offset_ = 0;
    while (NextLine(space_)) {
      bool restart = true;
      while (restart) {
        restart = false;
        const Outcome outcome = RunCommands();
        if (outcome == Outcome::kQuitSilently) return Flush(), false;
        const bool prints = outcome == Outcome::kNext || outcome == Outcome::kQuit;
        if (prints && !quiet_) output_.Line(space_, ends_);
        FlushAppended();
        if (outcome == Outcome::kQuit) return false;
        restart = outcome == Outcome::kRestart;
        process_.machine().Step();
      }
    }
    return true;
  }

  std::string TakeOutput() { return output_.Take(); }
  int status() const { return status_; }
  // -i and -s count lines in each file.
  void StartOver() { line_ = 0; }

 private:
  enum class Outcome { kNext, kDelete, kRestart, kQuit, kQuitSilently };

  void Flush() { FlushAppended(); }

  void SkipEmptyInputs() {
    while (input_ < inputs_->size() && offset_ >= (*inputs_)[input_].text.size()) {
      ++input_;
      offset_ = 0;
    }
  }

  bool NextLine(std::string& line) {
    SkipEmptyInputs();
    if (input_ == inputs_->size()) return false;
    const Input& input = (*inputs_)[input_];
    const std::size_t at = input.text.find(end_, offset_);
    const bool found = at != std::string::npos;
    line = input.text.substr(offset_, found ? at - offset_ : std::string::npos);
    offset_ = found ? at + 1 : input.text.size();
    name_ = input.name;
    // Only the end of all may lack a newline.
    ends_ = found;
    ++line_;
    if (!found && !AtLastLine()) ends_ = true;
    return true;
  }

  bool AtLastLine() {
    SkipEmptyInputs();
    return input_ == inputs_->size();
  }

  bool Matches(const std::shared_ptr<const Regex>& regex) {
    if (regex != nullptr) last_regex_ = regex;
    if (last_regex_ == nullptr) NotModelled("sed: no previous regular expression");
    return last_regex_->Search(space_, 0).has_value();
  }

  bool Matches(const SedAddress& address) {
    switch (address.kind) {
      case SedAddress::Kind::kLine:
        return line_ == address.number;
      case SedAddress::Kind::kLast:
        return AtLastLine();
      case SedAddress::Kind::kRegex:
        return Matches(address.regex);
      case SedAddress::Kind::kStep:
        if (address.step <= 0) return line_ == address.number;
        return line_ >= address.number && (line_ - address.number) % address.step == 0;
      default:
        return false;
    }
  }

  // Whether the range goes on behind this line, of which it begins.
  void BeginRange(std::size_t index, const SedAddress& second) {
    std::int64_t end = 0;
    switch (second.kind) {
      case SedAddress::Kind::kLine:
        end = second.number;
        break;
      case SedAddress::Kind::kPlus:
        end = line_ + second.number;
        break;
      case SedAddress::Kind::kMultiple:
        end = second.number <= 0 ? line_
                                 : (line_ + second.number - 1) / second.number * second.number;
        break;
      default:
        active_[index] = second.kind != SedAddress::Kind::kLast || !AtLastLine();
        return;
    }
    range_ends_[index] = end;
    active_[index] = end > line_;
  }

  bool InRange(std::size_t index, const SedCommand& command) {
    const SedAddress& second = *command.second;
    if (active_[index]) {
      const bool numbered =
          second.kind != SedAddress::Kind::kRegex && second.kind != SedAddress::Kind::kLast;
      if (!numbered) {
        if (Matches(second)) active_[index] = false;
        return true;
      }
      const std::int64_t end = range_ends_[index];
      if (line_ >= end) active_[index] = false;
      if (line_ <= end) return true;
    }
    if (!Matches(*command.first)) return false;
    BeginRange(index, second);
    return true;
  }

  bool Selects(std::size_t index) {
    const SedCommand& command = script_.commands[index];
    bool selected = true;
    if (command.second) {
      selected = InRange(index, command);
    } else if (command.first) {
      selected = Matches(*command.first);
    }
    return selected != command.negated;
  }

  Outcome RunCommands() {
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

  std::optional<Outcome> RunCommand(const SedCommand& command, std::size_t at, std::size_t& next) {
    switch (command.name) {
      case '{':
        break;
      case '=':
        output_.Text(std::to_string(line_) + "\n");
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
        output_.Text(name_ + "\n");
        break;
      default:
        return RunFlow(command, next);
    }
    return std::nullopt;
  }

  // Commands on the two spaces, and those that lead elsewhere.
  std::optional<Outcome> RunFlow(const SedCommand& command, std::size_t& next) {
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
        output_.Line(space_, ends_);
        break;
      case 'P':
        output_.Line(space_.substr(0, newline), newline != std::string::npos || ends_);
        break;
      case 'n':
        if (AtLastLine()) return Outcome::kQuit;
        if (!quiet_) output_.Line(space_, ends_);
        FlushAppended();
        NextLine(space_);
        break;
      case 'N': {
        if (AtLastLine()) return Outcome::kQuit;
        FlushAppended();
        std::string line;
        NextLine(line);
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

  void Substitute(const SedCommand& command) {
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
    if (command.print) output_.Line(space_, ends_);
    if (!command.file.empty()) WriteLine(command.file);
  }

  void Replace(const std::vector<SedReplacement>& pieces, const RegexMatch& match,
               std::string& into) const {
    CaseConverter converter(into);
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

  void AppendFile(const std::string& path) {
    std::errc error{};
    if (const auto content = process_.ReadFile(path, error)) {
      appended_.push_back(content->ToString());
    }
  }

  void FlushAppended() {
    for (const std::string& text : appended_) output_.Text(text);
    appended_.clear();
  }

  void WriteLine(const std::string& path) {
    if (path == "/dev/stdout") return output_.Line(space_, ends_);
    const std::string line = space_ + (ends_ ? std::string(1, end_) : "");
    if (path == "/dev/stderr") {
      process_.Write(2, line);
      return;
    }
    process_.WriteFile(path, Rope(line), true);
  }

  static std::string Unambiguous(std::string_view text, int width) {
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
        shown = {'\\', static_cast<char>('0' + (byte >> 6)),
                 static_cast<char>('0' + (byte >> 3 & 7)), static_cast<char>('0' + (byte & 7))};
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

  Process& process_;
  const SedScript& script_;
  bool quiet_;
  char end_;
  Output output_;
  std::vector<bool> active_;
  std::vector<std::int64_t> range_ends_;
  const std::vector<Input>* inputs_ = nullptr;
  std::size_t input_ = 0;
  std::size_t offset_ = 0;
  std::string name_;
  std::string space_;
  std::string hold_;
  bool ends_ = true;
  bool substituted_ = false;
  std::int64_t line_ = 0;
  std::shared_ptr<const Regex> last_regex_;
  std::size_t last_end_ = 0;
  std::vector<std::string> appended_;
  int status_ = 0;
};

// The script of all -e and -f, else the first operand.
std::string ScriptOf(Process& process, const Options& options, std::vector<std::string>& files) {
  std::string script;
  bool given = false;
  for (const Options::Given& option : options.given()) {
    if (option.letter != 'e' && option.letter != 'f') continue;
    if (given) script += '\n';
    given = true;
    if (option.letter == 'e') {
      script += option.value;
      continue;
    }
    std::errc error{};
    const auto content = option.value == "-" ? std::optional(process.ReadAll(0))
                                             : process.ReadFile(option.value, error);
    if (!content) NotModelled("sed -f " + option.value + ": " + process.Text(error));
    script += Chomped(content->ToString());
  }
  if (given) return script;
  if (files.empty()) NotModelled("sed without a script");
  script = files.front();
  files.erase(files.begin());
  return script;
}

std::optional<Input> Load(Process& process, const std::string& name, bool in_place) {
  if (name == "-" && !in_place) return Input{"-", process.ReadAllText(0)};
  std::errc error{};
  const Found found = process.Stat(name);
  const bool regular = found && found.inode->is_regular();
  if (in_place && found && !regular && !process.busybox()) {
    process.Fail("couldn't edit " + name + ": not a regular file");
    return std::nullopt;
  }
  if (auto content = process.ReadFile(name, error)) return Input{name, content->ToString()};
  if (process.busybox()) {
    process.Fail(name + ": " + process.Text(error));
  } else if (error == std::errc::is_a_directory) {
    process.Fail("couldn't read " + name + ": Is a directory");
  } else {
    process.Fail("can't read " + name + ": " + process.Text(error));
  }
  return std::nullopt;
}

// Writes a new file and renames it over the old one.
bool ReplaceFile(Process& process, const std::string& path, const std::string& suffix,
                 const std::string& text) {
  const Found old = process.Stat(path);
  const Attributes attributes = old.inode->attributes;
  const std::string temporary = Joined(Dirname(path), "sedXXXXXX");
  const Opened out =
      process.Open(temporary, {.write = true, .create = true, .exclusive = true, .mode = 0600});
  if (!out) {
    Complain(process, "couldn't open temporary file " + temporary,
             "can't create temp file '" + temporary + "'", out.error);
    return false;
  }
  process.Write(out.descriptor, text);
  process.Close(out.descriptor);
  const Owner owner{.uid = attributes.uid, .gid = attributes.gid};
  if (process.busybox()) {
    // In this order the set-ID bits are lost.
    process.SetMode(temporary, attributes.mode);
    process.SetOwner(temporary, owner);
  } else {
    process.SetOwner(temporary, owner);
    process.SetMode(temporary, attributes.mode);
  }
  if (!suffix.empty()) {
    // A star stands for the name; with a slash the backup is elsewhere.
    std::string backup = Basename(path);
    if (suffix.find('*') == suffix.npos) {
      backup += suffix;
    } else {
      std::string made;
      for (const char c : suffix) made += c == '*' ? backup : std::string(1, c);
      backup = made;
    }
    if (backup.find('/') == backup.npos) backup = Joined(Dirname(path), backup);
    process.Rename(path, backup);
  }
  const std::errc error = process.Rename(temporary, path);
  if (error == std::errc()) return true;
  process.Fail("cannot rename " + temporary + ": " + process.Text(error));
  return false;
}

}  // namespace

int Sed(Process& process) {
  const Options options(process, process.busybox() ? "nrEe:f:i::" : "nrEe:f:i::szu",
                        {{"quiet", 'n'},
                         {"silent", 'n'},
                         {"expression", 'e'},
                         {"file", 'f'},
                         {"in-place", 'i'},
                         {"regexp-extended", 'E'},
                         {"separate", 's'},
                         {"null-data", 'z'},
                         {"unbuffered", 'u'}});
  std::vector<std::string> files = options.operands();
  const SedScript script = ParseSedScript(ScriptOf(process, options, files), options.HasAny("rE"));
  const bool in_place = options.Has('i') && !files.empty();
  const char end = options.Has('z') ? '\0' : '\n';
  if (files.empty()) files.push_back("-");
  Editor editor(process, script, options.Has('n'), end);
  int status = 0;
  std::vector<Input> inputs;
  bool goes_on = true;
  for (const std::string& file : files) {
    if (!goes_on) break;
    const auto input = Load(process, file, in_place);
    if (!input) {
      const bool edits_other = in_place && process.Stat(file);
      status = process.busybox() ? 1 : edits_other ? 4 : 2;
      continue;
    }
    if (!in_place && !options.Has('s')) {
      inputs.push_back(*input);
      continue;
    }
    editor.StartOver();
    goes_on = editor.Run({*input});
    if (!in_place) {
      process.Write(1, editor.TakeOutput());
    } else if (!ReplaceFile(process, file, *options.Value('i'), editor.TakeOutput())) {
      return process.busybox() ? 1 : 4;
    }
  }
  if (!inputs.empty()) {
    editor.Run(inputs);
    process.Write(1, editor.TakeOutput());
  }
  return editor.status() != 0 ? editor.status() : status;
}

}  // namespace watertight::generator::commands
