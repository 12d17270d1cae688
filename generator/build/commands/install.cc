// install.

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/mode_change.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

class Installer {
 public:
  Installer(Process& process, const Options& options) : process_(process), options_(options) {}

  // Takes mode and owner from the options.
  bool Prepare() {
    const std::string mode = options_.Value('m').value_or("0755");
    mode_ = ModeChange::Parse(mode);
    if (!mode_) {
      Complain(process_, "invalid mode " + Quoted(mode), "invalid mode '" + mode + "'");
      return false;
    }
    const Accounts accounts(process_);
    if (const auto user = options_.Value('o')) {
      owner_.uid = accounts.UserId(*user);
      if (!owner_.uid) {
        Complain(process_, "invalid user " + Quoted(*user), "unknown user " + *user);
        return false;
      }
    }
    if (const auto group = options_.Value('g')) {
      owner_.gid = accounts.GroupId(*group);
      if (!owner_.gid) {
        Complain(process_, "invalid group " + Quoted(*group), "unknown group " + *group);
        return false;
      }
    }
    return true;
  }

  bool MakeDirectories(const std::string& path, bool with_last) {
    std::string above = path.starts_with('/') ? "/" : "";
    const std::vector<std::string> components = Components(path);
    for (std::size_t i = 0; i < components.size(); ++i) {
      above = above.empty() ? components[i] : Joined(above, components[i]);
      const bool last = i + 1 == components.size();
      const Found there = process_.Stat(above);
      if (!there) {
        const std::errc error = process_.MakeDirectory(above, 0755);
        if (error != std::errc()) {
          Complain(process_, "cannot create directory " + Quoted(above),
                   "can't create directory '" + above + "'", error);
          return false;
        }
        process_.SetMode(above, 0755);
        if (options_.Has('v') && !process_.busybox()) {
          process_.Write(1, NameOf(process_) + ": creating directory " + Quoted(above) + "\n");
        }
      }
      const bool as_wanted = there && !owner_.uid && !owner_.gid &&
                             there.inode->attributes.mode == mode_->Apply(0, true, 0, false);
      if (last && with_last) return as_wanted || SetAttributes(above, true);
    }
    return true;
  }

  bool Copy(const std::string& from, const std::string& to) {
    const Found source = process_.Stat(from);
    if (!source) {
      Complain(process_, "cannot stat " + Quoted(from), "can't stat '" + from + "'", source.error);
      return false;
    }
    if (source.inode->is_directory()) {
      Complain(process_, "omitting directory " + Quoted(from), "omitting directory '" + from + "'");
      return false;
    }
    const Found target = process_.Stat(to, Follow::kNo);
    if (target && target.number == source.number) {
      process_.Fail(Quoted(from) + " and " + Quoted(to) + " are the same file");
      return false;
    }
    if (target && target.inode->is_directory()) {
      Complain(process_, "cannot overwrite directory " + Quoted(to) + " with non-directory",
               "'" + to + "' is a directory");
      return false;
    }
    std::errc error{};
    const std::int64_t mtime = source.inode->attributes.mtime;
    const auto content = process_.ReadFile(from, error);
    if (!content) {
      Complain(process_, "cannot open " + Quoted(from) + " for reading",
               "can't open '" + from + "'", error);
      return false;
    }
    if (target) process_.Remove(to);
    const Opened out =
        process_.Open(to, {.write = true, .create = true, .exclusive = true, .mode = 0600});
    if (!out) {
      Complain(process_, "cannot create regular file " + Quoted(to), "can't create '" + to + "'",
               to.ends_with('/') && !process_.busybox() ? std::errc::not_a_directory : out.error);
      return false;
    }
    process_.Write(out.descriptor, *content);
    process_.Close(out.descriptor);
    if (options_.Has('p')) process_.SetTime(to, mtime);
    if (options_.Has('v')) {
      process_.Write(1, Quoted(from) + " -> " + Quoted(to) + "\n");
    }
    return SetAttributes(to, false);
  }

 private:
  bool SetAttributes(const std::string& path, bool is_directory) {
    if (owner_.uid || owner_.gid) {
      const std::errc error = process_.SetOwner(path, owner_);
      if (error != std::errc()) {
        Complain(process_, "cannot change ownership of " + Quoted(path),
                 "can't change ownership of " + path, error);
        return false;
      }
    }
    process_.SetMode(path, mode_->Apply(0, is_directory, 0, false));
    return true;
  }

  Process& process_;
  const Options& options_;
  std::optional<ModeChange> mode_;
  Owner owner_;
};

bool IsDirectory(const Process& process, const std::string& path) {
  const Found found = process.Stat(path);
  return found && found.inode->is_directory();
}

}  // namespace

int Install(Process& process) {
  const Options options(process, process.busybox() ? "cdDpsg:m:o:t:v" : "cdDpg:m:o:t:vTC",
                        {{"directory", 'd'},
                         {"preserve-timestamps", 'p'},
                         {"group", 'g'},
                         {"mode", 'm'},
                         {"owner", 'o'},
                         {"target-directory", 't'},
                         {"verbose", 'v'},
                         {"no-target-directory", 'T'},
                         {"compare", 'C'}});
  if (options.HasAny("sC")) NotModelled(NameOf(process) + " -" + options.LastOf("sC"));
  Installer installer(process, options);
  if (!installer.Prepare()) return 1;
  std::vector<std::string> operands = options.operands();
  if (operands.empty()) return MisusedBy(process, "missing file operand");
  bool all = true;
  if (options.Has('d')) {
    for (const std::string& path : operands) all = installer.MakeDirectories(path, true) && all;
    return all ? 0 : 1;
  }
  std::string target = options.Value('t').value_or("");
  if (!options.Has('t')) {
    if (operands.size() < 2) {
      return MisusedBy(process, "missing destination file operand after " + Quoted(operands[0]));
    }
    target = operands.back();
    operands.pop_back();
  }
  if (options.Has('D')) {
    const std::string above = options.Has('t') ? target : Dirname(target);
    if (!installer.MakeDirectories(above, false)) return 1;
  }
  const bool into = options.Has('t') || (IsDirectory(process, target) && !options.Has('T'));
  if (!into && operands.size() > 1) {
    const Found found = process.Stat(target);
    return Complain(process, "target " + Quoted(target), "'" + target + "'",
                    found ? std::errc::not_a_directory : found.error);
  }
  for (const std::string& from : operands) {
    all = installer.Copy(from, into ? Joined(target, Basename(from)) : target) && all;
  }
  return all ? 0 : 1;
}

}  // namespace watertight::generator::commands
