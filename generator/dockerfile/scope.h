// Which variables have which values, at each point of a Dockerfile.
//
//   const Environment globals = GlobalVariables(file, arguments);
//   Scope scope(file, globals, arguments);        // at a FROM of an image
//   for (const Instruction& each : stage.instructions) {
//     const Instruction expanded = Expand(each, scope);
//     scope.Apply(expanded);                      // ENV and ARG count from the next one on
//   }
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/environment.h"
#include "generator/dockerfile/platform.h"

namespace watertight::generator {

struct BuildArguments {
  std::map<std::string, std::string> values = {};  // --build-arg
  std::string target = {};                         // --target
  Platform target_platform = {"linux", "amd64", "", ""};
  Platform build_platform = {"linux", "amd64", "", ""};
};

// HTTP_PROXY and its like, which need no ARG.
bool IsProxyArgument(std::string_view name);

// What FROM sees: the platform arguments of BuildKit, and the ARGs before the first FROM.
// Throws: Error with a line.
Environment GlobalVariables(const Dockerfile& file, const BuildArguments& arguments);

class Scope {
 public:
  Scope(const Dockerfile& file, const Environment& globals, const BuildArguments& arguments);

  // At FROM: the ENV of the image or stage. BuildKit also hands down what ARG gave to a stage.
  void SetBase(const Environment& env);
  void SetBase(const Scope& stage, const Environment& env);

  // Kaniko's ARGs count in the stages after theirs, too.
  void KeepArguments(const Scope& earlier) { declared_ = earlier.declared_; }

  // Takes the effect of an expanded ENV or ARG; others have none.
  void Apply(const Instruction& expanded);

  // What $NAME means now.
  Environment variables() const;

  // The ARGs so far, in the order of their declaration, with the values that they have.
  const std::vector<ArgName>& declared() const { return declared_; }

  // The value that a declaration gets here: --build-arg, else its default, else the global one.
  std::optional<std::string> ValueOf(const ArgName& declaration) const;

  const Dialect& dialect() const { return dialect_; }
  char escape() const { return escape_; }
  const BuildArguments& arguments() const { return *arguments_; }

 private:
  bool one_namespace() const { return dialect_.family == Family::kBuildKit; }

  Dialect dialect_;
  char escape_;
  Environment globals_;
  const BuildArguments* arguments_;
  // BuildKit has one namespace for both, so that the later of ENV and ARG counts; for the others an
  // ENV always wins.
  Environment env_;
  std::vector<ArgName> declared_;
};

}  // namespace watertight::generator
