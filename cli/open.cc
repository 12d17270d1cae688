#include "cli/open.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>

#include "cli/progress.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr std::string_view kOneOf = "one of";  // begins the name of the validator

}  // namespace

CLI::Validator OneOf(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& word) {
    if (std::find(words.begin(), words.end(), word) != words.end()) return std::string();
    std::string known;
    for (const std::string& one : words) known += (known.empty() ? "" : " or ") + one;
    return "is " + known + ", not " + Printable(word);
  };
  std::string name(kOneOf);
  for (const std::string& one : words) name += " " + one;
  return CLI::Validator(check, "", name);
}

std::string WordsOf(CLI::Option* option) {
  try {
    for (int i = 0;; ++i) {
      const std::string& name = option->get_validator(i)->get_name();
      if (name.starts_with(kOneOf)) return name.substr(kOneOf.size() + 1);
    }
  } catch (const CLI::OptionNotFound&) {
    return "";  // that was the last
  }
}

void AddPlatform(CLI::App* command, OpenFlags* flags) {
  command
      ->add_option("--platform", flags->platform,
                   "Which of several platforms, such as linux/arm64; default: this machine's")
      ->type_name("OS/ARCH");
}

void AddFormat(CLI::App* command, OpenFlags* flags) {
  command->add_option("--format", flags->format, "text or json; default: text")
      ->type_name("FORMAT")
      ->check(OneOf({"text", "json"}));
}

void AddLayer(CLI::App* command, std::optional<int>* layer, const std::string& about) {
  const auto is_number = [](const std::string& word) {
    const bool digits = !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
    return digits && word.size() < 9 ? "" : "is the number of a layer, not " + Printable(word);
  };
  command->add_option("--layer", *layer, about)->type_name("N")->check(is_number);
}

Image OpenImage(const std::string& reference, const OpenFlags& flags) {
  if (reference.empty()) throw Error(ErrorCode::kUsage, "an image is given by an empty name");
  OpenOptions options;
  options.platform = flags.platform;
  if (isatty(STDERR_FILENO) == 1) {
    auto progress = std::make_shared<Progress>(Cut(Printable(reference), 32));
    options.progress = [progress](std::uint64_t done, std::uint64_t total) {
      progress->ShowBytes(done, total);
    };
  }
  return Image::Open(reference, options);
}

const Layer& LayerOf(const Image& image, int index) {
  const int count = static_cast<int>(image.layers().size());
  if (index >= 0 && index < count) return image.layers()[static_cast<std::size_t>(index)];
  const std::string have = count == 0   ? "the image has no layers"
                           : count == 1 ? "the image has one layer, layer 0"
                                        : "the image has layers 0 to " + std::to_string(count - 1);
  throw Error(ErrorCode::kNotFound, Printable(image.reference()) + ": there is no layer " +
                                        std::to_string(index) + "; " + have);
}

void PrintNote(const std::string& text) { std::fprintf(stderr, "watertight: %s\n", text.c_str()); }

}  // namespace watertight::cli
