// mkdir.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/mode_change.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

class DirectoryMaker {
 public:
  DirectoryMaker(Process& process, bool verbose, const std::optional<ModeChange>& mode)
      : process_(process), verbose_(verbose), mode_(mode) {}

  bool Make(const std::string& path) {
    const std::errc error = process_.MakeDirectory(path, 0777);
    if (error != std::errc()) return Fails(path, error);
    if (mode_) Change(path);
    Tell(path);
    return true;
  }

  // With everything above it.
  bool MakeAll(const std::string& path) {
    std::string above = path.starts_with('/') ? "/" : "";
    const std::vector<std::string> components = Components(path);
    for (std::size_t i = 0; i + 1 < components.size(); ++i) {
      above = above.empty() ? components[i] : Joined(above, components[i]);
      if (!MakeParent(above, path)) return false;
    }
    const Found there = process_.Stat(path);
    if (there && there.inode->is_directory()) return true;
    const std::errc error = process_.MakeDirectory(path, 0777);
    if (error == std::errc::file_exists && !there && process_.busybox()) {
      return Fails(path, there.error);
    }
    if (error != std::errc()) return Fails(FailingAt(path, error), error);
    if (mode_) Change(path);
    Tell(path);
    return true;
  }

 private:
  bool MakeParent(const std::string& above, const std::string& path) {
    if (process_.Stat(above)) return true;
    const std::uint32_t umask = process_.umask;
    process_.umask &= ~0300U;  // so that its owner can go on
    const std::errc error = process_.MakeDirectory(above, 0777);
    process_.umask = umask;
    if (error == std::errc()) {
      Tell(process_.busybox() ? above + "/" : above);
      return true;
    }
    if (process_.busybox()) return Fails(above == path ? above : above + "/", error);
    return Fails(FailingAt(above, error), error);
  }

  // coreutils goes down directory by directory, and names the one it could not enter.
  std::string FailingAt(const std::string& path, std::errc error) const {
    if (process_.busybox()) {
      const bool file_above = error == std::errc::not_a_directory;
      return file_above ? Dirname(path) + "/" : path;
    }
    const std::string above = Dirname(path);
    const Found parent = process_.Stat(above);
    if (error == std::errc::not_a_directory) return above;
    const bool closed = error == std::errc::permission_denied && parent &&
                        process_.Access(above, Permission::kExecute) != std::errc();
    return closed ? above : path;
  }

  void Change(const std::string& path) {
    // The mode counts from a=rwx.
    const std::uint32_t mode = mode_->Apply(0777, true, process_.umask, true);
    process_.SetMode(path, mode);
  }

  void Tell(const std::string& path) {
    if (!verbose_) return;
    process_.Write(1, process_.busybox()
                          ? "created directory: '" + path + "'\n"
                          : NameOf(process_) + ": created directory " + Quoted(path) + "\n");
  }

  bool Fails(const std::string& path, std::errc error) {
    Complain(process_, "cannot create directory " + Quoted(path),
             "can't create directory '" + path + "'", error);
    return false;
  }

  Process& process_;
  bool verbose_;
  const std::optional<ModeChange>& mode_;
};

}  // namespace

int Mkdir(Process& process) {
  const Options options(process, "m:pvZ", {{"mode", 'm'}, {"parents", 'p'}, {"verbose", 'v'}});
  if (options.operands().empty()) return MisusedBy(process, "missing operand");
  std::optional<ModeChange> mode;
  if (const auto text = options.Value('m')) {
    mode = ModeChange::Parse(*text);
    if (!mode)
      return Complain(process, "invalid mode " + Quoted(*text), "invalid mode '" + *text + "'");
  }
  DirectoryMaker maker(process, options.Has('v'), mode);
  bool all = true;
  for (const std::string& path : options.operands()) {
    all = (options.Has('p') ? maker.MakeAll(path) : maker.Make(path)) && all;
  }
  return all ? 0 : 1;
}

}  // namespace watertight::generator::commands
