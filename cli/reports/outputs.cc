#include "cli/reports/outputs.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/replace_file.h"
#include "cli/standard_output.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

struct Format {
  const char* name;
  std::string (*make)(const CheckReport& report);
};
constexpr Format kFormats[] = {{"json", CheckJson}, {"sarif", CheckSarif}, {"junit", CheckJunit}};

const Format* FindFormat(std::string_view name) {
  const auto* const format = std::find_if(std::begin(kFormats), std::end(kFormats),
                                          [&](const Format& one) { return one.name == name; });
  return format == std::end(kFormats) ? nullptr : format;
}

std::vector<std::string> FormatsAndText() {
  std::vector<std::string> names = {"text"};
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

bool IsGithub() {
  const char* const github = std::getenv("GITHUB_ACTIONS");
  return github != nullptr && std::string_view(github) == "true";
}

// "images/README.md and 3 more are no images"; empty when all are.
std::string OthersText(const CheckReport& report) {
  std::vector<std::string> others = report.others;
  for (const UnopenedImage& image : report.none) others.push_back(image.reference);
  if (others.empty()) return "";
  const std::string first = Printable(others.front());
  if (others.size() == 1) return first + " is no image";
  return first + " and " + Thousands(others.size() - 1) + " more are no images";
}

}  // namespace

void AddOutputs(CLI::App* command, OutputFlags* flags) {
  command
      ->add_option(
          "--output", flags->files,
          "Also writes a report to a file: json=FILE, sarif=FILE, junit=FILE; may be given "
          "several times; - for standard output, in place of --format")
      ->type_name("FORMAT=FILE")
      ->allow_extra_args(false);
  command->add_option("--format", flags->format, "text, json, sarif or junit; default: text")
      ->type_name("FORMAT")
      ->check(OneOf(FormatsAndText()));
}

Outputs::Outputs(const OutputFlags& flags) : html_(flags.html) {
  std::vector<std::string> printed;
  if (IsStandardOutput(flags.html)) printed.emplace_back("--html -");
  if (!flags.format.empty()) printed.push_back("--format " + flags.format);
  if (const Format* const format = FindFormat(flags.format)) make_ = format->make;
  for (const std::string& word : flags.files) {
    const std::size_t equals = word.find('=');
    const Format* const format = FindFormat(std::string_view(word).substr(0, equals));
    const std::string path = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (format == nullptr || path.empty()) {
      throw Error(ErrorCode::kUsage,
                  "--output is json=FILE, sarif=FILE or junit=FILE, not " + Printable(word));
    }
    if (IsStandardOutput(path)) {
      printed.push_back("--output " + word);
      make_ = format->make;
    } else {
      files_.push_back({format->make, path});
    }
  }
  ExpectOneForStandardOutput(printed);
}

int Outputs::Write(const CheckReport& report, const std::vector<std::string>& undone,
                   const std::string& page, Output& out) const {
  std::vector<std::string> lines;
  for (const UnopenedImage& image : report.unopened) lines.push_back(image.error);
  lines.insert(lines.end(), undone.begin(), undone.end());
  WriteFiles(report, page, &lines);
  const std::string others = OthersText(report);
  if (!others.empty() && report.strict) lines.push_back(others);
  out.exit_code_when_gone = !lines.empty() ? kCannotDo : report.Failed() ? kFails : kWell;
  if (IsStandardOutput(html_)) {
    out.Write(page);
  } else {
    WriteReport(report, out);
  }
  out.Flush();
  if (!others.empty() && !report.strict) PrintNote(others);
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  if (!text.empty()) PrintNote(text);
  return out.exit_code_when_gone;
}

void Outputs::WriteFiles(const CheckReport& report, const std::string& page,
                         std::vector<std::string>* undone) const {
  const auto write = [undone](const std::string& path, const std::string& text) {
    try {
      ReplaceFile(path, text);
    } catch (const Error& error) {
      undone->emplace_back(error.what());
    }
  };
  if (!page.empty() && !IsStandardOutput(html_)) write(html_, page);
  for (const File& file : files_) write(file.path, file.make(report));
}

void Outputs::WriteReport(const CheckReport& report, Output& out) const {
  if (make_ != nullptr) {
    // A shard may have nothing to tell, and a merge still needs that.
    const bool told = !report.images.empty() || report.shard.has_value();
    if (told || make_ != CheckJson) out.Write(make_(report));
    return;
  }
  if (!report.images.empty()) WriteCheckText(report, out);
  if (IsGithub()) out.Write(CheckAnnotations(report));
}

}  // namespace watertight::cli
