#include "generator/build/volumes.h"

#include "generator/build/copy.h"
#include "generator/build/tree_paths.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {

VolumeMounts::VolumeMounts(FileTree& files, const std::set<std::string>& volumes,
                           const FileRules& rules)
    : files_(files) {
  for (const std::string& volume : volumes) {
    const std::string path = CleanPath("/" + volume);
    const Inode* there = files.Find(path, Follow::kYes);
    if (there != nullptr && !there->is_directory()) {
      throw Error("cannot mount volume over existing file, file exists " + path);
    }
    if (there == nullptr) MakeWorkdir(files, path, "", rules);
    const FileTree content = files;
    const std::errc error = files.Mount(path, content, path, false);
    if (error != std::errc()) throw Error("cannot mount " + path + ": " + ErrnoText(error));
    ++mounted_;
  }
}

VolumeMounts::~VolumeMounts() {
  for (; mounted_ > 0; --mounted_) files_.Unmount();
}

}  // namespace watertight::generator
