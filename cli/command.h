// What the subcommands share with main.cc: each adds itself to the command line, and says what to
// run when it was chosen.

#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace watertight::cli {

class Output;

// The program's exit codes.
enum ExitCode : int {
  kWell = 0,      // all well
  kFails = 1,     // the image fails: a check failed, two images differ
  kCannotDo = 2,  // bad usage, or an image that cannot be read
};

// Returns an ExitCode. Throws: Error, for kCannotDo.
using Runner = std::function<int(Output& out)>;

void AddInspect(CLI::App* app, Runner* chosen);
void AddLs(CLI::App* app, Runner* chosen);
void AddCat(CLI::App* app, Runner* chosen);
void AddDiff(CLI::App* app, Runner* chosen);
void AddFind(CLI::App* app, Runner* chosen);
void AddCheck(CLI::App* app, Runner* chosen);
void AddMerge(CLI::App* app, Runner* chosen);
void AddGenerate(CLI::App* app, Runner* chosen);
void AddScore(CLI::App* app, Runner* chosen);
void AddCompletion(CLI::App* app, Runner* chosen);

}  // namespace watertight::cli
