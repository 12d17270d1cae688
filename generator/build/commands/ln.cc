// ln, link.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/targets.h"

namespace watertight::generator::commands {
namespace {

class Linker {
 public:
  Linker(Process& process, const Options& options) : process_(process), options_(options) {}

  bool Make(const std::string& target, const std::string& path) {
    const bool made =
        process_.busybox() ? MakeAsBusybox(target, path) : MakeAsCoreutils(target, path);
    if (made && options_.Has('v')) {
      const char* arrow = symbolic() || process_.busybox() ? " -> " : " => ";
      process_.Write(1, Quoted(path) + arrow + Quoted(target) + "\n");
    }
    return made;
  }

 private:
  bool symbolic() const { return options_.Has('s'); }

  std::errc Create(const std::string& target, const std::string& path) {
    if (!symbolic()) {
      return process_.Link(target, path, options_.Has('L') ? Follow::kYes : Follow::kNo);
    }
    if (!options_.Has('r')) return process_.MakeSymlink(target, path);
    return process_.MakeSymlink(Relative(target, path), path);
  }

  // With links resolved as far as there are any.
  std::string Real(const std::string& path) const {
    const Found found = process_.Stat(path);
    if (found) return "/" + found.path;
    const Found parent = process_.Stat(Dirname(path));
    if (parent) return Normal("/" + parent.path + "/" + Basename(path));
    return Normal(process_.Absolute(path));
  }

  std::string Relative(const std::string& target, const std::string& path) const {
    return RelativeTo(Real(target), Real(Dirname(path)));
  }

  bool MakeAsBusybox(const std::string& target, const std::string& path) {
    if (options_.Has('f')) process_.Remove(path);
    const Found source = process_.Stat(target, Follow::kNo);
    if (!symbolic() && !source) {
      process_.Fail(target + ": " + process_.Text(source.error));
      return false;
    }
    const std::errc error = Create(target, path);
    if (error == std::errc()) return true;
    process_.Fail(path + ": " + process_.Text(error));
    return false;
  }

  bool MakeAsCoreutils(const std::string& target, const std::string& path) {
    if (!symbolic()) {
      const Found source = process_.Stat(target, options_.Has('L') ? Follow::kYes : Follow::kNo);
      if (!source) return Says("failed to access " + Quoted(target), source.error);
      if (source.inode->is_directory()) {
        process_.Fail(QuotedIfOdd(target) + ": hard link not allowed for directory");
        return false;
      }
    }
    const Found there = process_.Stat(path, Follow::kNo);
    if (there && options_.Has('f')) {
      if (process_.Stat(target, Follow::kNo).number == there.number &&
          process_.Stat(target, Follow::kNo)) {
        process_.Fail(Quoted(target) + " and " + Quoted(path) + " are the same file");
        return false;
      }
      if (there.inode->is_directory()) {
        process_.Fail(QuotedIfOdd(path) + ": cannot overwrite directory");
        return false;
      }
      // The real one makes the link under another name and renames it, which leaves the same.
      process_.Remove(path);
    }
    const std::errc error = Create(target, path);
    if (error == std::errc()) return true;
    const std::string kind =
        std::string("failed to create ") + (symbolic() ? "symbolic link " : "hard link ");
    std::string behind;
    if (symbolic() && target.empty()) behind = " -> ''";
    if (!symbolic() && error != std::errc::file_exists) behind = " => " + Quoted(target);
    return Says(kind + Quoted(path) + behind, error);
  }

  bool Says(const std::string& text, std::errc error) {
    process_.Fail(text + ": " + process_.Text(error));
    return false;
  }

  Process& process_;
  const Options& options_;
};

bool IsDirectory(const Process& process, const std::string& path, const Options& options) {
  // With -n a link to a directory is no directory.
  const Found found = process.Stat(path, options.Has('n') ? Follow::kNo : Follow::kYes);
  return found && found.inode->is_directory();
}

}  // namespace

int Ln(Process& process) {
  const Options options = process.busybox() ? Options(process, "sfnvT")
                                            : Options(process, "sfnvTt:rLPi",
                                                      {{"symbolic", 's'},
                                                       {"force", 'f'},
                                                       {"no-dereference", 'n'},
                                                       {"verbose", 'v'},
                                                       {"no-target-directory", 'T'},
                                                       {"target-directory", 't'},
                                                       {"relative", 'r'},
                                                       {"logical", 'L'},
                                                       {"physical", 'P'}});
  std::vector<std::string> operands = options.operands();
  if (operands.empty()) return MisusedBy(process, "missing file operand");
  Linker linker(process, options);
  std::optional<std::string> directory = options.Value('t');
  if (!directory && operands.size() == 1) {
    const std::string path =
        process.busybox() ? Basename(operands[0]) : "./" + Basename(operands[0]);
    return linker.Make(operands[0], path) ? 0 : 1;
  }
  if (!directory) {
    const std::string last = operands.back();
    const bool is_directory = !options.Has('T') && IsDirectory(process, last, options);
    if (process.busybox() && options.Has('T') && IsDirectory(process, last, options) &&
        !options.Has('n') && process.Stat(last, Follow::kNo).inode->is_directory()) {
      return process.Fail("'" + last + "' is a directory");
    }
    operands.pop_back();
    if (!is_directory && operands.size() > 1 && !process.busybox()) {
      const Found found = process.Stat(last);
      return process.Fail("target " + Quoted(last) + ": " +
                          process.Text(found ? std::errc::not_a_directory : found.error));
    }
    if (is_directory) {
      directory = last;
    } else {
      bool all = true;
      for (const std::string& target : operands) {
        all = linker.Make(target, last) && all;
      }
      return all ? 0 : 1;
    }
  }
  bool all = true;
  for (const std::string& target : operands) {
    all = linker.Make(target, Joined(*directory, Basename(target))) && all;
  }
  return all ? 0 : 1;
}

int Link(Process& process) {
  const Options options(process, "");
  const std::vector<std::string>& operands = options.operands();
  if (operands.empty()) return MisusedBy(process, "missing operand");
  if (operands.size() == 1)
    return MisusedBy(process, "missing operand after " + Quoted(operands[0]));
  if (operands.size() > 2) return MisusedBy(process, "extra operand " + Quoted(operands[2]));
  const std::errc error = process.Link(operands[0], operands[1]);
  if (error == std::errc()) return 0;
  return Complain(process,
                  "cannot create link " + Quoted(operands[1]) + " to " + Quoted(operands[0]),
                  "can't create link '" + operands[1] + "' to '" + operands[0] + "'", error);
}

}  // namespace watertight::generator::commands
