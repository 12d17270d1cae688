// Comments above a RUN that say what it does, for commands that are not modelled:
//
//   # watertight: directory /opt/app 0755
//   # watertight: write /opt/app/token deadbeef
//   RUN installer --yes
//
// A RUN with such comments is not run. docs/run-comments.md has the grammar.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/build/file_tree.h"
#include "generator/build/shell/process.h"

namespace watertight::generator {

struct RunComment {
  enum class Action {
    kNothing,
    kWrite,
    kAppend,
    kDelete,
    kDirectory,
    kSymlink,
    kMode,
    kOwner,
  };
  Action action = Action::kNothing;
  std::string path = {};
  std::string text = {};  // of a file, or a link's target
  std::uint32_t mode = 0;
  Owner owner = {};
  bool operator==(const RunComment&) const = default;
};

// Of the comments above an instruction, without their #, those that begin with "watertight:".
// Throws: Error.
std::vector<RunComment> ParseRunComments(const std::vector<std::string>& comments);

// What is made belongs to `user`, as USER names it; relative paths count from `workdir`.
// Throws: Error.
void ApplyRunComments(FileTree& tree, const std::vector<RunComment>& comments,
                      const std::string& workdir, const std::string& user);

}  // namespace watertight::generator
