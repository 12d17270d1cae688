// From a file in the tree to the model of the program that it is.

#include <algorithm>
#include <array>
#include <utility>

#include "generator/build/shell/command.h"
#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/process.h"

namespace watertight::generator {
namespace {

using shell::Language;

struct ShellName {
  std::string_view name;
  Language language;
};

constexpr std::array kShells = {
    ShellName{"ash", Language::kAsh},
    ShellName{"bash", Language::kBash},
    ShellName{"dash", Language::kDash},
    ShellName{"sh", Language::kDash},
};

constexpr std::string_view kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// Modelled commands that Debian leaves out of its busybox.
constexpr std::array<std::string_view, 18> kNotInDebianBusybox = {
    "addgroup", "adduser",  "delgroup",  "deluser",   "groupadd",
    "groupdel", "groupmod", "install",   "ldconfig",  "mawk",
    "nice",     "printenv", "sha224sum", "sha384sum", "update-ca-certificates",
    "useradd",  "userdel",  "usermod"};

bool IsMissingAtDebian(std::string_view name) {
  return std::ranges::find(kNotInDebianBusybox, name) != kNotInDebianBusybox.end();
}

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

const ShellName* FindShell(std::string_view name) {
  const auto* found = std::ranges::find(kShells, name, &ShellName::name);
  return found == kShells.end() ? nullptr : found;
}

// The beginning of a file's content.
std::string Beginning(const Inode& inode, std::uint64_t count) {
  return inode.content.Part(0, std::min(count, inode.content.size())).ToString();
}

bool IsBusyboxName(std::string_view name) {
  return name == "busybox" || name.starts_with("busybox.") || name.starts_with("busybox-");
}

// Whether a file is busybox: by its name, as one of its hard links, or as a copy of it.
bool IsBusybox(const Process& process, const Found& file) {
  if (IsBusyboxName(BaseName(file.path))) return true;
  for (const std::string_view path : {"/bin/busybox", "/usr/bin/busybox"}) {
    const Resolved busybox = process.tree().Resolve(path, Follow::kYes);
    if (busybox.inode != nullptr && busybox.number == file.number) return true;
  }
  if (FindShell(BaseName(file.path)) == nullptr) return false;
  if (Beginning(*file.inode, 4) != "\177ELF") return false;
  return file.inode->content.ToString().find("BusyBox v") != std::string::npos;
}

// The interpreter and its argument in a line that begins with #!.
std::vector<std::string> InterpreterOf(std::string_view line) {
  line.remove_prefix(2);
  line = line.substr(0, line.find('\n'));
  const auto trim = [](std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    const std::size_t end = text.find_last_not_of(" \t\r");
    return end == text.npos || end < begin ? std::string_view()
                                           : text.substr(begin, end - begin + 1);
  };
  line = trim(line);
  const std::size_t blank = line.find_first_of(" \t");
  std::vector<std::string> words = {std::string(line.substr(0, blank))};
  if (blank != line.npos) words.emplace_back(trim(line.substr(blank)));
  return words;
}

// A program that the tree has only by name, or a real one.
bool IsProgram(const Inode& inode) {
  const std::string begin = Beginning(inode, 4096);
  return begin.starts_with("\177ELF") || begin.find('\0') != begin.npos;
}

Execution RunNamed(Process& process, std::string_view name, Language language) {
  if (FindShell(name) != nullptr) return {.status = shell::RunShell(process, language)};
  const Program* program = FindProgram(name);
  if (program == nullptr) NotModelled(name);
  return {.status = program->run(process)};
}

Execution RunBusybox(Process& process) {
  process.userland = Userland::kBusybox;
  std::string_view name = BaseName(process.arguments[0]);
  if (IsBusyboxName(name)) {
    if (process.arguments.size() < 2) NotModelled("busybox without a command");
    process.arguments.erase(process.arguments.begin());
    name = BaseName(process.arguments[0]);
  }
  if (IsDebianBusybox(process) && IsMissingAtDebian(name)) {
    process.Write(2, std::string(name) + ": applet not found\n");
    return {.status = 127};
  }
  return RunNamed(process, name, Language::kAsh);
}

Execution RunScript(Process& process, const std::string& path, const std::string& first_line);

Execution RunFile(Process& process, const std::string& path) {
  const Deeper deeper(process.machine());
  process.machine().Step();
  const Found file = process.Stat(path);
  if (!file) return {.error = file.error};
  if (!file.inode->is_regular() || !process.May(*file.inode, Permission::kExecute)) {
    return {.error = std::errc::permission_denied};
  }
  const std::string begin = Beginning(*file.inode, 256);
  if (begin.starts_with("#!")) return RunScript(process, path, begin);
  process.executable = file.path;
  if (IsBusybox(process, file)) return RunBusybox(process);
  process.userland = Userland::kCoreutils;
  const std::string_view called = BaseName(path);
  const std::string_view real = BaseName(file.path);
  const ShellName* shell = FindShell(real);
  if (shell == nullptr) shell = FindShell(called);
  if (shell != nullptr) return {.status = shell::RunShell(process, shell->language)};
  // Text is no program, but a base may have a command as an empty file that only holds its place.
  const bool stub = file.inode->content.empty() && file.inode->layer < process.tree().layer();
  if (!stub && !IsProgram(*file.inode)) return {.error = std::errc::executable_format_error};
  const bool known = FindProgram(called) != nullptr;
  return RunNamed(process, known ? called : real, Language::kDash);
}

Execution RunScript(Process& process, const std::string& path, const std::string& first_line) {
  std::vector<std::string> words = InterpreterOf(first_line);
  if (words[0].empty()) return {.error = std::errc::executable_format_error};
  const std::string interpreter = words[0];
  words.push_back(path);
  words.insert(words.end(), process.arguments.begin() + 1, process.arguments.end());
  process.arguments = std::move(words);
  return RunFile(process, interpreter);
}

}  // namespace

bool IsDebianBusybox(const Process& process) {
  const Inode* file = process.tree().Find("/" + process.executable);
  return process.busybox() && file != nullptr &&
         file->content.ToString().find("(Debian ") != std::string::npos;
}

bool FindsApplet(const Process& process, std::string_view name) {
  return FindProgram(name) != nullptr && IsDebianBusybox(process) && !IsMissingAtDebian(name);
}

std::optional<Execution> ExecuteApplet(Process& process) {
  const std::string_view name = process.arguments[0];
  if (!FindsApplet(process, name)) return {};
  return RunNamed(process, name, Language::kAsh);
}

std::vector<std::string> PathDirectories(std::string_view path) {
  std::vector<std::string> directories;
  while (true) {
    const std::size_t colon = path.find(':');
    const std::string_view directory = path.substr(0, colon);
    directories.emplace_back(directory.empty() ? "." : directory);
    if (colon == path.npos) return directories;
    path.remove_prefix(colon + 1);
  }
}

std::optional<std::string> SearchPath(const Process& process, const std::string& name,
                                      std::string_view path) {
  if (name.empty()) return {};
  for (const std::string& directory : PathDirectories(path)) {
    const std::string file = directory + (directory.ends_with('/') ? "" : "/") + name;
    const Found found = process.Stat(file);
    if (!found || !found.inode->is_regular()) continue;
    if (process.May(*found.inode, Permission::kExecute)) return file;
  }
  return {};
}

Execution Execute(Process& process) {
  if (process.arguments.empty()) return {.error = std::errc::no_such_file_or_directory};
  std::string path = std::exchange(process.program, "");
  if (path.empty()) path = process.arguments[0];
  if (path.find('/') == path.npos) {
    const std::string* search = process.environment.Find("PATH");
    const auto found =
        SearchPath(process, path, search != nullptr ? std::string_view(*search) : kDefaultPath);
    if (!found) return {.error = std::errc::no_such_file_or_directory};
    path = *found;
  }
  return RunFile(process, path);
}

}  // namespace watertight::generator
