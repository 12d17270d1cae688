#include "bench/accuracy/run/scan_one.h"

#include <re2/re2.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "bench/accuracy/run/files.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

// A folder that is gone when the run is over.
class Scratch {
 public:
  explicit Scratch(const std::string& parent) {
    MakeFolder(parent);
    path_ = parent + "/run.XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) {
      throw Error(ErrorCode::kIo, path_ + ": " + std::strerror(errno));
    }
    MakeFolder(path_ + "/tmp");
    MakeFolder(path_ + "/own");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }

  std::string temporary() const { return path_ + "/tmp"; }
  std::string own() const { return path_ + "/own"; }

 private:
  std::string path_;
};

bool Contains(const std::vector<int>& codes, int code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::map<std::string, std::string> EnvironmentOf(const Scanner& scanner, const ScanPlace& place,
                                                 const Scratch& scratch) {
  const char* path = std::getenv("PATH");
  std::map<std::string, std::string> variables = {
      {"PATH", place.tools + "/bin:" + (path == nullptr ? "/usr/bin:/bin" : path)},
      {"HOME", place.home},
      {"TMPDIR", scratch.temporary()},
      {"LANG", "C.UTF-8"}};
  for (const auto& [name, value] : scanner.environment) {
    variables[name] = Expand({value}, {{"home", place.home}, {"own", scratch.own()}}).front();
  }
  return variables;
}

std::string Number(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return std::to_string(whole);
}

// Why the run says nothing about the image; empty when it came to its end.
std::string Failure(const Scanner& scanner, const ProcessOutcome& outcome, const ScanPlace& place) {
  if (!outcome.started) return "it could not be started: " + outcome.problem;
  if (outcome.timed_out) return "it was ended after " + Number(place.seconds) + " s";
  if (!Contains(scanner.clean_codes, outcome.exit_code) &&
      !Contains(scanner.finding_codes, outcome.exit_code)) {
    return "its exit code is " + std::to_string(outcome.exit_code);
  }
  if (scanner.report.end) {
    const std::string ending = scanner.report.end_in == "stdout" ? ".stdout" : ".stderr";
    if (!re2::RE2::PartialMatch(ReadFile(place.raw + ending), *scanner.report.end)) {
      return "it did not say that it came to its end";
    }
  }
  return "";
}

// An exit code that stands for findings alone, or for none, must fit the report.
std::string Contradiction(const Scanner& scanner, int exit_code, std::size_t reported) {
  const bool may_be_clean = Contains(scanner.clean_codes, exit_code);
  const bool may_have_found = Contains(scanner.finding_codes, exit_code);
  const std::string code = "its exit code is " + std::to_string(exit_code);
  if (!may_be_clean && reported == 0) return code + ", and its report has no finding";
  if (!may_have_found && reported > 0) return code + ", and its report has findings";
  return "";
}

std::string KeepRaw(const std::string& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) == 0 && !error) std::filesystem::remove(path, error);
  return path;
}

void ReadFindings(const Scanner& scanner, const Configuration& configuration,
                  const PreparedImage& image, ScanResult* result) {
  if (!std::filesystem::exists(result->raw)) {
    result->reason = "it left no report";
    return;
  }
  ReportFormat format = scanner.report;
  format.where.insert(format.where.end(), configuration.where.begin(), configuration.where.end());
  const Report report = ReadReport(format, ReadFile(result->raw));
  result->reason = Contradiction(scanner, result->exit_code, report.all);
  if (!result->reason.empty()) return;
  const ScannedInput input = {&image.facts, image.tree.empty() ? nullptr : &image.origins,
                              image.input()};
  for (const ReportedFinding& finding : report.findings) {
    result->findings.push_back(PlaceFinding(scanner, input, finding));
  }
}

}  // namespace

std::vector<std::string> Expand(const std::vector<std::string>& command,
                                const std::map<std::string, std::string>& values) {
  std::vector<std::string> words;
  for (std::string word : command) {
    for (const auto& [name, value] : values) {
      const std::string mark = "{" + name + "}";
      for (std::size_t at = word.find(mark); at != std::string::npos;
           at = word.find(mark, at + value.size())) {
        word.replace(at, mark.size(), value);
      }
    }
    words.push_back(std::move(word));
  }
  return words;
}

ScanResult ScanOne(const Scanner& scanner, const Configuration& configuration,
                   const std::vector<std::string>& command, const PreparedImage& image,
                   const ScanPlace& place) {
  ScanResult result;
  try {
    const Scratch scratch(place.scratch);
    const bool to_file = scanner.report.from == "file";
    result.raw = place.raw + (to_file ? ".report" : ".stdout");
    ProcessRequest request;
    request.command = Expand(command, {{"program", place.program},
                                       {"image", image.archive},
                                       {"tree", image.tree},
                                       {"report", place.raw + ".report"},
                                       {"scanner", place.directory},
                                       {"tools", place.tools},
                                       {"own", scratch.own()}});
    request.environment = EnvironmentOf(scanner, place, scratch);
    request.folder = scanner.folder == "tree" && !image.tree.empty() ? image.tree : scratch.own();
    request.output = place.raw + ".stdout";
    request.error = place.raw + ".stderr";
    request.network = scanner.network == "on";
    request.seconds = place.seconds;
    // What an interrupted run left is not this one's.
    std::error_code error;
    std::filesystem::remove(place.raw + ".report", error);
    const ProcessOutcome outcome = RunMeasured(request);
    result.exit_code = outcome.exit_code;
    result.seconds = outcome.seconds;
    result.peak_memory = outcome.peak_memory;
    result.network_off = outcome.network_off;
    result.reason = Failure(scanner, outcome, place);
    if (result.reason.empty()) ReadFindings(scanner, configuration, image, &result);
  } catch (const Error& failed) {
    result.reason = failed.what();
  } catch (const Json::exception& failed) {
    result.reason = std::string("its report: ") + failed.what();
  }
  if (!result.reason.empty()) {
    result.state = "error";
    result.findings.clear();
  }
  for (const char* ending : {".stdout", ".stderr", ".report"}) KeepRaw(place.raw + ending);
  return result;
}

}  // namespace watertight::bench
