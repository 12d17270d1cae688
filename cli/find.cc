// watertight find: every place where a known value is.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/find_report.h"
#include "cli/open.h"
#include "cli/output.h"
#include "framework/image/path.h"
#include "watertight/known_values.h"

namespace watertight::cli {
namespace {

struct FindFlags : OpenFlags {
  std::string image;
  std::vector<std::string> values;
  std::vector<std::string> variables;
  std::vector<std::string> files;
  bool strict = false;
};

// In the order in which findings number them.
std::vector<Secret> SecretsOf(const FindFlags& flags) {
  std::vector<Secret> secrets;
  for (const std::string& value : flags.values) secrets.push_back(Secret::Value(value));
  for (const std::string& name : flags.variables) secrets.push_back(Secret::FromEnv(name));
  for (const std::string& path : flags.files) secrets.push_back(Secret::FromFile(path));
  if (!secrets.empty()) return secrets;
  throw Error(ErrorCode::kUsage,
              "find: give what to look for: --value, --value-env or --value-file "
              "(see watertight find --help)");
}

// What could not be searched, on one line; empty when everything was.
std::string Unsearched(const Image& image, const ValueSearch& search, bool strict) {
  std::string text;
  for (const std::string& part : search.unreadable) text += (text.empty() ? "" : "; ") + part;
  if (text.empty() && strict && !search.notes.empty()) {
    text = Printable(image.reference()) +
           ": not everything was searched: " + search.notes.front().text;
    if (!search.notes.front().path.empty()) {
      text += " (" + Printable(search.notes.front().path) + ")";
    }
    if (search.notes.size() > 1) {
      text += ", and " + std::to_string(search.notes.size() - 1) + " more notes";
    }
  }
  return text;
}

int RunFind(const FindFlags& flags, Output& out) {
  const std::vector<Secret> secrets = SecretsOf(flags);
  out.subject = flags.image;
  const Image image = OpenImage(flags.image, flags);
  const ValueSearch search = FindKnownValues(image, secrets);
  const std::string unsearched = Unsearched(image, search, flags.strict);
  const int code = !search.findings.empty() ? kFails : unsearched.empty() ? kWell : kCannotDo;
  out.exit_code_when_gone = code;
  if (flags.json()) {
    WriteFindJson(image, search, out);
  } else {
    WriteFindText(image, secrets, search, out);
  }
  out.Flush();
  if (!unsearched.empty()) PrintNote(unsearched);
  return code;
}

}  // namespace

void AddFind(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<FindFlags>();
  CLI::App* command = app->add_subcommand(
      "find", "Finds known values in everything that an image holds; exit 1 when one is there");
  command->add_option("IMAGE", flags->image, "The image; watertight --help says what it may be")
      ->type_name("")
      ->required();
  command
      ->add_option("--value", flags->values,
                   "A value; other users of the machine can see it in the list of processes")
      ->type_name("VALUE")
      ->allow_extra_args(false);
  command->add_option("--value-env", flags->variables, "The value of an environment variable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option("--value-file", flags->files,
                   "The content of a file, less one final newline: one value")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_flag("--strict", flags->strict,
                    "Exit 2 also when a limit or a damaged archive in a file left a part out");
  AddPlatform(command, flags.get());
  AddFormat(command, flags.get());
  command->footer(
      "Each of the three options may be given several times. Values have four bytes or more.\n"
      "\n"
      "Example:\n"
      "  watertight find app.tar --value-env NPM_TOKEN --value-file ~/.ssh/deploy_key");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunFind(*flags, out); }; });
}

}  // namespace watertight::cli
