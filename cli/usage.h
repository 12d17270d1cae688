// What the program says when it was called wrongly: one line, with the word that was probably
// meant.

#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace watertight::cli {

// "ls: the option --laier is unknown; did you mean --layer? (see watertight ls --help)"
std::string UsageLine(const CLI::App& app, const CLI::ParseError& error);

// CLI11 takes the word "[a,b]" for a list of two. A mark behind the bracket keeps such a word, a
// pattern or the name of a file, whole.
std::string MarkedWord(std::string word);
std::string UnmarkedWord(std::string word);

}  // namespace watertight::cli
