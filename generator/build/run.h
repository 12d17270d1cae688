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
#include "generator/error.h"

namespace watertight::generator {

struct RunRequest {
  FileTree& tree;
  std::vector<std::string> arguments;  // of the shell form: SHELL's words and the command
  Environment environment = {};        // PATH and HOME are added if they are missing
  std::string workdir = "/";
  std::string user = {};  // as in USER: name, uid, name:group; empty for root
  std::string stdin_text = {};
  Family family = Family::kBuildKit;  // whose words errors have, and who looks up users
  bool bare_groups = false;           // see FileRules
};

struct RunResult {
  int status = 0;
  std::string output;  // both standard output and standard error, as they came
};

// The program could not be started.
class NotStarted : public Error {
 public:
  using Error::Error;
};

// Of USER.
class NoSuchUser : public Error {
 public:
  using Error::Error;
};

// Throws: NotStarted or NoSuchUser with the reason alone; Error, without a line, for what is not
// modelled.
RunResult RunCommand(const RunRequest& request);

struct RunUser {
  Credentials credentials;
  std::string home = "/";
};

// What a container engine makes of USER. Throws: NoSuchUser in its words.
RunUser ResolveUser(const FileTree& tree, const std::string& user,
                    Family family = Family::kBuildKit);

}  // namespace watertight::generator
