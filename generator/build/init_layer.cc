#include "generator/build/init_layer.h"

#include <string>
#include <string_view>

#include "generator/build/copy_job.h"
#include "generator/build/tree_paths.h"

namespace watertight::generator {
namespace {

enum class Point { kDirectory, kFile, kLink };

struct InitFile {
  std::string_view path;
  Point kind;
  std::string_view target = {};
};

// daemon/initlayer/setup_unix.go.
constexpr InitFile kFiles[] = {
    {"/.dockerenv", Point::kFile},
    {"/dev/console", Point::kFile},
    {"/dev/pts", Point::kDirectory},
    {"/dev/shm", Point::kDirectory},
    {"/etc/hostname", Point::kFile},
    {"/etc/hosts", Point::kFile},
    {"/etc/mtab", Point::kLink, "/proc/mounts"},
    {"/etc/resolv.conf", Point::kFile},
    {"/proc", Point::kDirectory},
    {"/sys", Point::kDirectory},
};

// Whatever is no directory on the way goes, the file itself too.
void ClearWay(FileTree& files, std::string_view path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string above(path.substr(0, slash));
    const Inode* inode = files.Find(above);
    if (inode != nullptr && !inode->is_directory()) files.Remove(above);
    if (slash == path.npos) return;
  }
}

}  // namespace

void AddInitLayer(FileTree& files) {
  const Attributes attributes{.mode = 0755, .mtime = files.clock()};
  for (const InitFile& file : kFiles) {
    const std::string path(file.path);
    ClearWay(files, path);
    if (files.Find(path, Follow::kYes) != nullptr) continue;
    MakeDirectories(files, file.kind == Point::kDirectory ? path : DirName(path), attributes,
                    InSetGroup::kMode);
    if (file.kind == Point::kFile) files.MakeFile(path, attributes, Rope());
    if (file.kind == Point::kLink) {
      files.MakeSymlink(path, {.mode = 0777, .mtime = files.clock()}, std::string(file.target));
    }
  }
  files.BeginLayer();
}

}  // namespace watertight::generator
