#include "generator/build/commands/remove_files.h"

#include "generator/build/commands/messages.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

bool CannotRemove(Process& process, const std::string& path, std::errc error) {
  Complain(process, "cannot remove " + Quoted(path), "can't remove '" + path + "'", error);
  return false;
}

bool NotThere(Process& process, const std::string& path, std::errc error,
              const RemoveOptions& options) {
  const bool absent = error == std::errc::no_such_file_or_directory;
  if (process.busybox() && !absent) {
    process.Fail("can't stat '" + path + "': " + process.Text(error));
    return false;
  }
  if (options.force && (absent || error == std::errc::not_a_directory)) return true;
  return CannotRemove(process, path, error);
}

void Tell(Process& process, const std::string& what, const std::string& path) {
  process.Write(1, what + (process.busybox() ? "'" + path + "'" : Quoted(path)) + "\n");
}

bool RemoveDirectoryItself(Process& process, const std::string& path,
                           const RemoveOptions& options) {
  // A link with a slash behind it leads to what is in the directory, but is none to remove.
  const Found link = process.Stat(WithoutSlashes(path), Follow::kNo);
  const bool through_link = path.ends_with('/') && link && link.inode->is_symlink();
  if (through_link && options.force) return true;
  const std::errc error = through_link ? std::errc::not_a_directory : process.RemoveDirectory(path);
  if (error != std::errc()) return CannotRemove(process, path, error);
  if (options.verbose) {
    Tell(process, process.busybox() ? "removed directory: " : "removed directory ", path);
  }
  return true;
}

bool RemoveTree(Process& process, const std::string& path, const RemoveOptions& options) {
  std::vector<std::string> names;
  const std::errc error = process.ReadDirectory(path, names);
  if (error != std::errc()) {
    // An empty directory goes without being read.
    const bool empty = process.RemoveDirectory(path) == std::errc();
    if (empty || process.busybox()) return empty;
    return CannotRemove(process, path, error);
  }
  bool all = true;
  for (const std::string& name : names) {
    all = RemoveFile(process, Joined(path, name), options) && all;
  }
  // coreutils leaves a directory alone when something in it stayed; BusyBox tries.
  if (!all) return false;
  return RemoveDirectoryItself(process, path, options);
}

}  // namespace

bool RemoveFile(Process& process, const std::string& path, const RemoveOptions& options) {
  const Found found = process.Stat(path, Follow::kNo);
  if (!found) return NotThere(process, path, found.error, options);
  if (found.inode->is_directory()) {
    if (options.recursive) return RemoveTree(process, path, options);
    if (options.empty_directories) return RemoveDirectoryItself(process, path, options);
    process.Fail(process.busybox() ? "'" + path + "' is a directory"
                                   : "cannot remove " + Quoted(path) + ": Is a directory");
    return false;
  }
  const std::errc error = process.Remove(path);
  if (error != std::errc()) return CannotRemove(process, path, error);
  if (options.verbose) Tell(process, "removed ", path);
  return true;
}

}  // namespace watertight::generator::commands
