// mv: rename(2), or a copy and a removal where an overlay cannot rename.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/copy_files.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/remove_files.h"
#include "generator/build/commands/targets.h"

namespace watertight::generator::commands {
namespace {

class Mover {
 public:
  Mover(Process& process, const Options& options) : process_(process), options_(options) {}

  bool Move(const std::string& from, const std::string& to) {
    return process_.busybox() ? MoveAsBusybox(from, to) : MoveAsCoreutils(from, to);
  }

 private:
  bool CopyAndRemove(const std::string& from, const std::string& to) {
    const CopyOptions how{.recursive = true,
                          .links = CopyOptions::Links::kKeep,
                          .mode = true,
                          .owner = true,
                          .time = true,
                          .hard_links = true,
                          .force = true,
                          .verbose = options_.Has('v') && !process_.busybox(),
                          .move = true};
    if (!Copier(process_, how).Copy(from, to)) return false;
    return RemoveFile(process_, from, {.recursive = true, .force = true, .verbose = how.verbose});
  }

  bool Says(const std::string& text) {
    process_.Fail(text);
    return false;
  }

  bool MoveAsCoreutils(const std::string& from, const std::string& to) {
    const Found source = process_.Stat(from, Follow::kNo);
    if (!source) return Says("cannot stat " + Quoted(from) + ": " + process_.Text(source.error));
    const Found target = process_.Stat(to, Follow::kNo);
    const bool directory = source.inode->is_directory();
    if (target) {
      if (options_.LastOf("nfi") == 'n') return true;
      if (target.number == source.number) {
        return Says(Quoted(from) + " and " + Quoted(to) + " are the same file");
      }
      const bool into_directory = target.inode->is_directory();
      if (options_.Has('u') && !into_directory &&
          source.inode->attributes.mtime <= target.inode->attributes.mtime) {
        return true;
      }
      if (into_directory && !directory) {
        return Says("cannot overwrite directory " + Quoted(to) + " with non-directory");
      }
      if (directory && !into_directory) {
        return Says("cannot overwrite non-directory " + Quoted(to) + " with directory " +
                    Quoted(from));
      }
    }
    const std::errc error = process_.Rename(from, to);
    if (error == std::errc()) return Renamed(from, to);
    if (error == std::errc::invalid_argument) {
      return Says("cannot move " + Quoted(WithoutSlashes(from)) + " to a subdirectory of itself, " +
                  Quoted(to));
    }
    if (error != std::errc::cross_device_link) {
      return Says("cannot move " + Quoted(from) + " to " + Quoted(to) + ": " +
                  process_.Text(error));
    }
    if (target) {
      const std::errc removed = process_.RemoveDirectory(to);
      if (removed != std::errc()) {
        return Says("inter-device move failed: " + Quoted(from) + " to " + Quoted(to) +
                    "; unable to remove target: " + process_.Text(removed));
      }
    }
    return CopyAndRemove(from, to);
  }

  bool Renamed(const std::string& from, const std::string& to) {
    if (options_.Has('v')) {
      process_.Write(1, "renamed " + Quoted(from) + " -> " + Quoted(to) + "\n");
    }
    return true;
  }

  bool MoveAsBusybox(const std::string& from, const std::string& to) {
    const Found target = process_.Stat(to);
    if (target && options_.LastOf("nfi") == 'n') return true;
    const std::errc error = process_.Rename(from, to);
    const Found source = process_.Stat(from, Follow::kNo);
    if (error == std::errc()) return Moved(from, to);
    if (error != std::errc::cross_device_link || !source) {
      return Says("can't rename '" + from + "': " + process_.Text(error));
    }
    if (target) {
      const bool directory = source.inode->is_directory();
      if (target.inode->is_directory() && !directory) {
        return Says("can't overwrite directory with non-directory");
      }
      if (!target.inode->is_directory() && directory) {
        return Says("can't overwrite non-directory with directory");
      }
      const std::errc removed = process_.Remove(to);
      if (removed != std::errc()) {
        return Says("can't remove '" + to + "': " + process_.Text(removed));
      }
    }
    return CopyAndRemove(from, to) && Moved(from, to);
  }

  bool Moved(const std::string& from, const std::string& to) {
    if (options_.Has('v')) process_.Write(1, "'" + from + "' -> '" + to + "'\n");
    return true;
  }

  Process& process_;
  const Options& options_;
};

}  // namespace

int Mv(Process& process) {
  const Options options = process.busybox()
                              ? Options(process, "finvTt:", {{"target-directory", 't'}})
                              : Options(process, "finuvTt:Z",
                                        {{"force", 'f'},
                                         {"no-clobber", 'n'},
                                         {"update", 'u'},
                                         {"verbose", 'v'},
                                         {"no-target-directory", 'T'},
                                         {"target-directory", 't'}});
  Targets targets;
  if (!FindTargets(process, options, false, targets)) return 1;
  Mover mover(process, options);
  bool all = true;
  for (const std::string& from : targets.sources) {
    const std::string to =
        targets.directory ? Joined(*targets.directory, Basename(from)) : targets.target;
    all = mover.Move(from, to) && all;
  }
  return all ? 0 : 1;
}

}  // namespace watertight::generator::commands
