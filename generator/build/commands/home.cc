#include "generator/build/commands/home.h"

#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

void CopySkeleton(Process& process, const std::string& from, const std::string& to,
                  const NewHome& home) {
  std::vector<std::string> names;
  if (process.ReadDirectory(from, names) != std::errc()) return;
  for (const std::string& name : names) {
    const std::string source = Joined(from, name);
    const std::string target = Joined(to, name);
    const Inode inode = *process.Stat(source, Follow::kNo).inode;
    if (inode.is_directory()) {
      process.MakeDirectory(target, 0700);
      CopySkeleton(process, source, target, home);
    } else if (inode.is_symlink()) {
      process.MakeSymlink(inode.link, target);
    } else {
      process.WriteFile(target, inode.content);
    }
    process.SetOwner(target, {.uid = home.uid, .gid = home.gid}, Follow::kNo);
    if (!inode.is_symlink()) process.SetMode(target, inode.attributes.mode);
    if (home.keeps_times) process.SetTime(target, inode.attributes.mtime, Follow::kNo);
  }
}

}  // namespace

bool MakeHome(Process& process, const NewHome& home) {
  if (process.Stat(home.path)) return false;
  std::string above;
  const std::vector<std::string> components = Components(home.path);
  for (std::size_t i = 0; i + 1 < components.size(); ++i) {
    above += "/" + components[i];
    if (process.Stat(above)) continue;
    process.MakeDirectory(above, 0777);
    process.SetMode(above, 0755);
  }
  if (process.MakeDirectory(home.path, 0777) != std::errc()) return false;
  CopySkeleton(process, home.skeleton, home.path, home);
  process.SetOwner(home.path, {.uid = home.uid, .gid = home.gid});
  process.SetMode(home.path, home.mode);
  return true;
}

}  // namespace watertight::generator::commands
