// What COPY, ADD and WORKDIR do to the files of a stage.
//
//   const CopySource context{.files = VisibleFiles(…)};
//   const CopyOutcome outcome = CopyInto(stage, context, copy, workdir, FileRulesOf("classic-28"));
//   outcome.content;  // "file:9d1c…", what the history says was copied
//
// The instructions are expanded. Errors are the builder's own words, without a line.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

// Where the files come from.
struct CopySource {
  const FileTree& files;
  bool context = true;  // else a stage or an image: COPY --from
  const std::map<std::string, std::string>* urls = nullptr;  // what ADD would download
  // Whether the store can take a layer that was made apart: Docker's overlay2 cannot, so that
  // --link means nothing there.
  bool merges = false;
  std::string root = "/workspace";  // where kaniko has them
  // All files of the context, and the name of the ignore file that hides some; for messages.
  std::function<FileTree()> everything = {};
  std::string ignore_file = {};
};

struct CopyOutcome {
  // What the classic builder and buildah name in the history: "file:…", "dir:…", "multi:…", or the
  // bare digest of a download. Empty for the others.
  std::string content;
  // What kaniko is told of: absolute paths; nothing when nothing was copied.
  std::optional<std::vector<std::string>> made = {};
  // With --link: the layer is this tree's, and not what changed in the stage.
  std::optional<FileTree> layer;
};

// The changes go into the uppermost layer of `stage`; its clock is the time of the build.
// `workdir` is absolute. Throws: Error.
CopyOutcome CopyInto(FileTree& stage, const CopySource& source, const Copy& copy,
                     const std::string& workdir, const FileRules& rules);
CopyOutcome CopyInto(FileTree& stage, const CopySource& source, const Add& add,
                     const std::string& workdir, const FileRules& rules);

// Makes the directory of WORKDIR, absolute, with those above it. `user` is USER's text.
// Throws: Error.
void MakeWorkdir(FileTree& stage, const std::string& path, const std::string& user,
                 const FileRules& rules);

}  // namespace watertight::generator
