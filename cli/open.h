// Opening images for a subcommand: the options that all of them have, and progress on a terminal.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watertight/image.h"

namespace CLI {
class App;
class Option;
class Validator;
}  // namespace CLI

namespace watertight::cli {

struct OpenFlags {
  std::string platform;
  std::string format = "text";

  bool json() const { return format == "json"; }
};

void AddPlatform(CLI::App* command, OpenFlags* flags);
void AddFormat(CLI::App* command, OpenFlags* flags);
void AddLayer(CLI::App* command, std::optional<int>* layer, const std::string& about);

// "text or json".
CLI::Validator OneOf(const std::vector<std::string>& words);
// Those words, in one text; empty for an option that takes others.
std::string WordsOf(CLI::Option* option);

// Throws: Error.
Image OpenImage(const std::string& reference, const OpenFlags& flags);

// The layer of that number. Throws: Error, kNotFound, naming the layers that there are.
const Layer& LayerOf(const Image& image, int index);

// A line on standard error: "watertight: …".
void PrintNote(const std::string& text);

}  // namespace watertight::cli
