#include "bench/accuracy/run/installed.h"

#include <re2/re2.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "bench/accuracy/run/files.h"
#include "bench/accuracy/run/process.h"

namespace watertight::bench {
namespace {

std::string FindProgram(const Scanner& scanner, const ScannerHome& home) {
  if (scanner.program == "{self}") return home.self;
  std::vector<std::string> folders = {home.tools + "/bin"};
  const char* path = std::getenv("PATH");
  const std::string all = path == nullptr ? "" : path;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find(':', begin), all.size());
    folders.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  for (const std::string& folder : folders) {
    std::string candidate = folder + "/" + scanner.program;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

// What it says of itself, else what its package says.
std::string VersionOf(const Installed& installed, const ScannerHome& home) {
  const Scanner& scanner = *installed.scanner;
  if (scanner.version_command.empty()) return scanner.package_version;
  const ScanPlace place = PlaceOf(installed, home);
  const std::string output = place.home + "/version.out";
  ProcessRequest request;
  request.command = Expand(scanner.version_command, {{"program", installed.program}});
  const char* path = std::getenv("PATH");
  request.environment = {
      {"PATH", home.tools + "/bin:" + (path == nullptr ? "/usr/bin:/bin" : path)},
      {"HOME", place.home},
      {"TMPDIR", place.scratch},
      {"LANG", "C.UTF-8"}};
  request.folder = place.scratch;
  request.output = output;
  request.error = place.home + "/version.err";
  request.seconds = home.seconds;
  const ProcessOutcome outcome = RunMeasured(request);
  std::string version;
  if (!outcome.started || !scanner.version_pattern ||
      !re2::RE2::PartialMatch(ReadFile(output), *scanner.version_pattern, &version)) {
    return scanner.package_version;
  }
  return version;
}

}  // namespace

ScanPlace PlaceOf(const Installed& installed, const ScannerHome& home) {
  const std::string& name = installed.scanner->name;
  ScanPlace place;
  place.program = installed.program;
  place.tools = home.tools;
  place.directory = home.scanner_directory + "/" + name;
  place.home = home.work + "/home/" + name;
  place.scratch = home.work + "/scratch";
  place.seconds = home.seconds;
  MakeFolder(place.home);
  MakeFolder(place.scratch);
  return place;
}

Installed FindInstalled(const Scanner& scanner, const ScannerHome& home) {
  Installed installed;
  installed.scanner = &scanner;
  installed.missing = scanner.not_run;
  if (!installed.missing.empty()) return installed;
  installed.program = FindProgram(scanner, home);
  if (installed.program.empty()) {
    installed.missing = "it is not installed";
    return installed;
  }
  std::error_code error;
  const auto real = std::filesystem::canonical(installed.program, error);
  installed.sha256 = FileSha256(error ? installed.program : real.string());
  installed.version = VersionOf(installed, home);
  return installed;
}

}  // namespace watertight::bench
