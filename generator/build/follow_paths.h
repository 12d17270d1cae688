// Which files of the context a BuildKit client sends.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

// Of the sources of all COPY and ADD, cleaned and absolute, those that are there and are not sent
// all the same: the client goes through a symbolic link once, for the first source that leads
// through it, and never looks at the others (fsutil's FollowLinks).
std::vector<std::string> UnsentSources(const FileTree& context, std::vector<std::string> sources);

// The sources of all COPY and ADD of a build that the context has.
class SentSources {
 public:
  void Note(const Transfer& transfer, int line);
  // Throws: Error at the line of a source that was not sent.
  void Check(const FileTree& context, const FileRules& rules) const;

 private:
  std::vector<std::pair<std::string, int>> sources_;  // with their lines
};

}  // namespace watertight::generator
