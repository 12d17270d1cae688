#include "generator/build/volumes.h"

#include "generator/build/copy.h"
#include "generator/build/tree_paths.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {

void MountVolumes(FileTree& files, const std::set<std::string>& volumes, const FileRules& rules) {
  for (const std::string& volume : volumes) {
    const std::string path = CleanPath("/" + volume);
    const Inode* there = files.Find(path, Follow::kYes);
    if (there != nullptr && !there->is_directory()) {
      throw Error("cannot mount volume over existing file, file exists " + path);
    }
    if (there == nullptr) MakeWorkdir(files, path, "", rules);
    const std::errc error = files.Mount(path);
    if (error != std::errc()) throw Error("cannot mount " + path + ": " + ErrnoText(error));
  }
}

}  // namespace watertight::generator
