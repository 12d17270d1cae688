// chmod.

#include <cstdio>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/files.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/mode_change.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

std::string Shown(std::uint32_t mode) {
  char octal[16];
  std::snprintf(octal, sizeof octal, "%04o", mode);
  return std::string(octal) + " (" + ModeLetters(mode) + ")";
}

class ModeChanger {
 public:
  ModeChanger(Process& process, const Options& options, const ModeChange& change)
      : process_(process), options_(options), change_(change) {}

  bool Change(const std::string& path, bool operand) {
    const Found found = process_.Stat(path, operand ? Follow::kYes : Follow::kNo);
    if (!found) return NotThere(path, found.error);
    if (found.inode->is_symlink()) return KeepLink(path);
    const Inode inode = *found.inode;
    bool all = SetMode(path, inode);
    const bool through_link = process_.Stat(path, Follow::kNo).inode->is_symlink();
    const bool descends =
        inode.is_directory() && options_.Has('R') && !(through_link && process_.busybox());
    if (!descends) return all;
    std::vector<std::string> names;
    const std::errc error = process_.ReadDirectory(path, names);
    if (error != std::errc()) {
      Complain(process_, "cannot read directory " + Quoted(path), path,
               process_.busybox() && !all ? std::errc::operation_not_permitted : error);
      return false;
    }
    for (const std::string& name : names) all = Change(Joined(path, name), false) && all;
    return all;
  }

 private:
  bool quiet() const { return options_.Has('f'); }

  bool NotThere(const std::string& path, std::errc error) {
    const bool dangles = process_.Stat(path, Follow::kNo) && !process_.busybox();
    if (quiet() && !process_.busybox()) return false;
    if (dangles) {
      process_.Fail("cannot operate on dangling symlink " + Quoted(path));
    } else {
      Complain(process_, "cannot access " + Quoted(path), path, error);
    }
    return false;
  }

  bool KeepLink(const std::string& path) {
    if (options_.Has('v') && !process_.busybox()) {
      process_.Write(1,
                     "neither symbolic link " + Quoted(path) + " nor referent has been changed\n");
    }
    return true;
  }

  bool SetMode(const std::string& path, const Inode& inode) {
    const std::uint32_t old = inode.attributes.mode;
    const std::uint32_t mode =
        change_.Apply(old, inode.is_directory(), process_.umask, !process_.busybox());
    const std::errc error = process_.SetMode(path, mode);
    if (error != std::errc()) {
      if (quiet() && !process_.busybox()) return false;
      Complain(process_, "changing permissions of " + Quoted(path), path, error);
      return false;
    }
    Tell(path, old, process_.Stat(path).inode->attributes.mode);
    return true;
  }

  void Tell(const std::string& path, std::uint32_t old, std::uint32_t mode) {
    const bool changed = old != mode;
    if (!options_.Has('v') && !(options_.Has('c') && changed)) return;
    std::string text = "mode of " + Quoted(path);
    if (process_.busybox()) {
      text += " changed to " + Shown(mode);
    } else if (changed) {
      text += " changed from " + Shown(old) + " to " + Shown(mode);
    } else {
      text += " retained as " + Shown(mode);
    }
    process_.Write(1, text + "\n");
  }

  Process& process_;
  const Options& options_;
  const ModeChange& change_;
};

// "-w" and the like are modes, not options: they go behind the options.
bool LooksLikeMode(const std::string& word) {
  return word.size() > 1 && word[0] == '-' &&
         word.find_first_not_of("-+=,rwxXstugoa") == word.npos && word != "--";
}

}  // namespace

int Chmod(Process& process) {
  std::vector<std::string> words;
  std::string mode;
  bool options_end = false;
  for (const std::string& word : process.Operands()) {
    options_end = options_end || word == "--";
    if (mode.empty() && !options_end && LooksLikeMode(word)) {
      mode = word;
    } else {
      words.push_back(word);
    }
  }
  const Options options = process.busybox() ? Options(NameOf(process), words, "Rvcf")
                                            : Options(NameOf(process), words, "RvcfZ:",
                                                      {{"recursive", 'R'},
                                                       {"verbose", 'v'},
                                                       {"changes", 'c'},
                                                       {"silent", 'f'},
                                                       {"quiet", 'f'},
                                                       {"reference", 'Z'}});
  std::vector<std::string> paths = options.operands();
  if (const auto reference = options.Value('Z')) {
    const Found found = process.Stat(*reference);
    if (!found) {
      return process.Fail("failed to get attributes of " + Quoted(*reference) + ": " +
                          process.Text(found.error));
    }
    char octal[16];
    std::snprintf(octal, sizeof octal, "%05o", found.inode->attributes.mode);
    mode = octal;
  } else if (mode.empty()) {
    if (paths.empty()) return MisusedBy(process, "missing operand");
    mode = paths.front();
    paths.erase(paths.begin());
  }
  if (paths.empty()) return MisusedBy(process, "missing operand after " + Quoted(mode));
  const auto change = ModeChange::Parse(mode);
  if (!change) {
    if (process.busybox()) return process.Fail("invalid mode '" + mode + "'");
    return MisusedBy(process, "invalid mode: " + Quoted(mode));
  }
  ModeChanger changer(process, options, *change);
  bool all = true;
  for (const std::string& path : paths) all = changer.Change(path, true) && all;
  return all ? 0 : 1;
}

}  // namespace watertight::generator::commands
