// watertight generate --list: what there is to choose from.

#pragma once

#include <string>
#include <vector>

namespace watertight::cli {

class Output;

// "classic-20.10, classic-26, …"
std::string NamesOfBuilders();
std::string NamesOfArchives();

struct GenerateListFlags {
  std::string what;                // fixtures, builders, archives or kinds
  std::string format;              // text or json; of fixtures also markdown
  std::string fixtures;            // a folder, instead of those built in
  std::vector<std::string> globs;  // of fixtures; none: all
};

// Returns an ExitCode. Throws: Error, generator::Error.
int RunGenerateList(const GenerateListFlags& flags, Output& out);

}  // namespace watertight::cli
