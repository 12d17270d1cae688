// RUN: a command in the files of a stage.
//
//   const RunResult result = RunCommand({.tree = stage.files,
//                                 .arguments = {"/bin/sh", "-c", "echo hi > greeting"},
//                                 .environment = {{"PATH", "/bin"}},
//                                 .workdir = "/srv"});
//   if (result.status != 0) …
//
// Changes go into the uppermost layer of the tree; its clock is the time. What the model does not
// know ends with an Error that says so: nothing is skipped.

#pragma once

#include <string>
#include <vector>

#include "generator/build/file_tree.h"
#include "generator/build/shell/process.h"
#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/environment.h"

namespace watertight::generator {

struct RunRequest {
  FileTree& tree;
  std::vector<std::string> arguments;  // of the shell form: SHELL's words and the command
  Environment environment = {};        // PATH and HOME are added if they are missing
  std::string workdir = "/";
  std::string user = {};  // as in USER: name, uid, name:group; empty for root
  std::string stdin_text = {};
  Family family = Family::kBuildKit;  // whose words errors have, and who looks up users
};

struct RunResult {
  int status = 0;
  std::string output;  // both standard output and standard error, as they came
};

// Throws: Error, without a line.
RunResult RunCommand(const RunRequest& request);

struct RunUser {
  Credentials credentials;
  std::string home = "/";
};

// What a container engine makes of USER. Throws: Error in its words.
RunUser ResolveUser(const FileTree& tree, const std::string& user);

}  // namespace watertight::generator
