// Takes the files of a context into a tree, but for those that an ignore file hides.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"
#include "generator/dockerfile/ignore.h"

namespace watertight::generator {

class ContextFilter {
 public:
  ContextFilter(FileTree& files, const std::optional<IgnoreFile>& ignore, const FileRules& rules)
      : files_(files), ignore_(ignore), rules_(rules) {}

  // Whether a hidden directory may hold something visible.
  bool MayHoldVisible(const std::string& directory) const;
  bool Hides(const std::string& path) const;

  // A file or directory; directories before what is in them.
  void Add(const std::string& path, const Inode& node);
  // A further name of a file that was added.
  void AddLink(const std::string& existing, const std::string& path);
  // Gives the directories their times, which the files in them have changed.
  void Finish();

 private:
  void MakeParents(const std::string& path);

  FileTree& files_;
  const std::optional<IgnoreFile>& ignore_;
  const FileRules& rules_;
  std::map<std::string, Attributes> hidden_directories_;
  std::map<std::string, std::int64_t> times_;
};

}  // namespace watertight::generator
