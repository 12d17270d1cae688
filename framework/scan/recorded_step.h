// The text that a builder records for a Dockerfile instruction: history[].created_by, OnBuild,
// container_config.Cmd. Builders take quotes away, so that where a value ends must be worked out
// from what else the image records.
//
//   |2 OTHER=x SECRET=a b /bin/sh -c make                    classic, sorted; N arguments
//   RUN |2 SECRET=a b OTHER= /bin/sh -c make # buildkit      BuildKit, as declared; N arguments
//   |3 OTHER=x SECRET=a b /bin/sh -c make                    buildah, sorted; N words
//   /bin/sh -c #(nop)  ENV A=x B=a b                         classic; ENV A=x B=a b in BuildKit
//   /bin/sh -c #(nop) ENV A=x B="a b"                        buildah, as written

#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/possible_secret.h"

namespace watertight {

// What the rest of the image tells about names and values.
struct KnownBindings {
  std::map<std::string, std::set<std::string>, std::less<>> values;  // certain ones
  std::set<std::string, std::less<>> arguments;   // first or valueless names of ARG
  std::set<std::string, std::less<>> candidates;  // further NAME= of ARG: names, or part of a value
  std::set<std::string, std::less<>> shells;      // "/bin/bash -o pipefail -c" of SHELL

  // A list of arguments, and the steps that can be read to begin with it.
  std::map<std::string, std::set<std::string>, std::less<>> lists;

  bool Repeats(std::string_view list) const;
  void AddValue(const std::string& name, const std::string& value);
};

// Every NAME and value that the text binds, secret or not, in order.
std::vector<PossibleSecret> RecordedBindings(std::string_view text, const KnownBindings& known);

// Learns the names of ARG, the shell of SHELL, and the values whose end is certain.
void LearnFrom(std::string_view text, KnownBindings* known);

}  // namespace watertight
