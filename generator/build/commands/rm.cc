// rm, rmdir, unlink.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/remove_files.h"

namespace watertight::generator::commands {

int Rm(Process& process) {
  const Options options = process.busybox() ? Options(process, "rRfiv")
                                            : Options(process, "rRfidvIFP",
                                                      {{"recursive", 'r'},
                                                       {"force", 'f'},
                                                       {"dir", 'd'},
                                                       {"verbose", 'v'},
                                                       {"one-file-system", 'F'},
                                                       {"preserve-root", 'P'}});
  if (options.HasAny("iI") && options.LastOf("iIf") != 'f') NotModelled(NameOf(process) + " -i");
  const RemoveOptions how{.recursive = options.HasAny("rR"),
                          .force = options.Has('f'),
                          .verbose = options.Has('v'),
                          .empty_directories = options.Has('d')};
  if (options.operands().empty()) {
    return how.force ? 0 : MisusedBy(process, "missing operand");
  }
  bool all = true;
  for (const std::string& operand : options.operands()) {
    // BusyBox sees names without their slashes.
    const std::string path = process.busybox() ? std::string(WithoutSlashes(operand)) : operand;
    const std::string name = Basename(path);
    if (name == "." || name == "..") {
      Complain(process, "refusing to remove '.' or '..' directory: skipping " + Quoted(path),
               "can't remove '.' or '..'");
      all = false;
    } else if (how.recursive && process.Absolute(path) == "/") {
      NotModelled(NameOf(process) + " of the root directory");
    } else {
      all = RemoveFile(process, path, how) && all;
    }
  }
  return all ? 0 : 1;
}

namespace {

bool RemoveEmpty(Process& process, const std::string& path, const Options& options) {
  if (options.Has('v')) {
    process.Write(1, NameOf(process) + ": removing directory, " + Quoted(path) + "\n");
  }
  const std::errc error = process.RemoveDirectory(path);
  if (error == std::errc()) return true;
  if (options.Has('i') && error == std::errc::directory_not_empty) return false;
  Complain(process, "failed to remove " + Quoted(path), "'" + path + "'", error);
  return false;
}

}  // namespace

int Rmdir(Process& process) {
  const Options options(process, "pvi",
                        {{"parents", 'p'}, {"verbose", 'v'}, {"ignore-fail-on-non-empty", 'i'}});
  if (options.operands().empty()) return MisusedBy(process, "missing operand");
  bool all = true;
  for (std::string path : options.operands()) {
    bool removed = RemoveEmpty(process, path, options);
    while (removed && options.Has('p') && Dirname(path) != "." && Dirname(path) != "/") {
      path = Dirname(path);
      removed = RemoveEmpty(process, path, options);
    }
    all = (removed || options.Has('i')) && all;
  }
  return all ? 0 : 1;
}

int Unlink(Process& process) {
  const Options options(process, "");
  if (options.operands().size() != 1) return MisusedBy(process, "missing operand");
  const std::string& path = options.operands()[0];
  const std::errc error = process.Remove(path);
  if (error == std::errc()) return 0;
  return Complain(process, "cannot unlink " + Quoted(path), "can't remove file '" + path + "'",
                  error);
}

}  // namespace watertight::generator::commands
