// sed.

#include <string>
#include <vector>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/sed_editor.h"
#include "generator/build/commands/sed_script.h"

namespace watertight::generator::commands {
namespace {

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

std::optional<SedInput> Load(Process& process, const std::string& name, bool in_place) {
  if (name == "-" && !in_place) return SedInput{"-", process.ReadAllText(0)};
  std::errc error{};
  const Found found = process.Stat(name);
  const bool regular = found && found.inode->is_regular();
  if (in_place && found && !regular && !process.busybox()) {
    process.Fail("couldn't edit " + name + ": not a regular file");
    return std::nullopt;
  }
  if (auto content = process.ReadFile(name, error)) return SedInput{name, content->ToString()};
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
  const SedScript script =
      ParseSedScript(ScriptOf(process, options, files),
                     {.extended = options.HasAny("rE"), .has_cases = !process.busybox()});
  const bool in_place = options.Has('i') && !files.empty();
  const char end = options.Has('z') ? '\0' : '\n';
  if (files.empty()) files.push_back("-");
  SedEditor editor(process, script, options.Has('n'), end);
  int status = 0;
  std::vector<SedInput> inputs;
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
