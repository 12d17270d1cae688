#include "generator/build/commands/targets.h"

#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

bool IsDirectory(const Process& process, const std::string& path) {
  const Found found = process.Stat(path);
  return found && found.inode->is_directory();
}

bool Misused(Process& process, const std::vector<std::string>& operands) {
  if (operands.empty()) {
    MisusedBy(process, "missing file operand");
  } else {
    MisusedBy(process, "missing destination file operand after " + Quoted(operands[0]));
  }
  return false;
}

}  // namespace

bool FindTargets(Process& process, const Options& options, bool recursive, Targets& targets) {
  targets.sources = options.operands();
  if (const auto directory = options.Value('t')) {
    if (targets.sources.empty()) return Misused(process, {});
    targets.directory = *directory;
    if (IsDirectory(process, *directory)) return true;
    const Found found = process.Stat(*directory);
    Complain(process, "target directory " + Quoted(*directory), "target '" + *directory + "'",
             found ? std::errc::not_a_directory : found.error);
    return false;
  }
  if (targets.sources.size() < 2) return Misused(process, targets.sources);
  const std::string last = targets.sources.back();
  targets.sources.pop_back();
  const bool is_directory = IsDirectory(process, last);
  targets.target = last;
  if (options.Has('T')) {
    if (targets.sources.size() > 1) {
      MisusedBy(process, "extra operand " + Quoted(last));
      return false;
    }
    if (process.busybox() && is_directory && !IsDirectory(process, targets.sources[0])) {
      process.Fail("'" + last + "' is a directory");
      return false;
    }
    return true;
  }
  // BusyBox takes whatever it is for a directory when more than one file goes there.
  const bool several = targets.sources.size() > 1;
  const bool cannot_become = process.busybox() && process.Stat(last) && recursive &&
                             IsDirectory(process, targets.sources[0]);
  if (is_directory || (process.busybox() && (several || cannot_become))) {
    targets.directory = last;
    return true;
  }
  if (!several) return true;
  const Found found = process.Stat(last);
  process.Fail("target " + Quoted(last) + ": " +
               process.Text(found ? std::errc::not_a_directory : found.error));
  return false;
}

}  // namespace watertight::generator::commands
