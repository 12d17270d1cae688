#include "bench/accuracy/run/scan_one.h"

#include <re2/re2.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

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

// What of the report the configuration keeps. Throws: Error, for a report that is not as described.
Report ReadOwnReport(const Scanner& scanner, const Configuration& configuration,
                     const ScanPlace& place, ScanResult* result) {
  const bool exists = std::filesystem::exists(result->raw);
  // An empty one of an earlier run is not kept.
  if (!exists && !place.earlier) {
    result->reason = "it left no report";
    return {};
  }
  ReportFormat format = scanner.report;
  format.where.insert(format.where.end(), configuration.where.begin(), configuration.where.end());
  Report report = ReadReport(format, exists ? ReadFile(result->raw) : "");
  result->reason = Contradiction(scanner, result->exit_code, report.all);
  return report;
}

PlacedFinding Place(const Scanner& scanner, const PreparedImage& image,
                    const ReportedFinding& finding) {
  const ScannedInput input = {&image.facts, image.tree.empty() ? nullptr : &image.origins,
                              image.input()};
  return PlaceFinding(scanner, input, finding);
}

// The command's words for one run. input: an archive, a folder, or a folder of several.
struct Words {
  std::vector<std::string> command;
  std::string input;
  bool is_tree = false;
};

ProcessOutcome RunCommand(const Scanner& scanner, const Words& words, const ScanPlace& place) {
  const Scratch scratch(place.scratch);
  ProcessRequest request;
  request.command = Expand(words.command, {{"program", place.program},
                                           {"image", words.input},
                                           {"tree", words.input},
                                           {"report", place.raw + ".report"},
                                           {"scanner", place.directory},
                                           {"tools", place.tools},
                                           {"own", scratch.own()}});
  request.environment = EnvironmentOf(scanner, place, scratch);
  request.folder = scanner.folder == "tree" && words.is_tree ? words.input : scratch.own();
  request.output = place.raw + ".stdout";
  request.error = place.raw + ".stderr";
  request.network = scanner.network == "on";
  request.seconds = place.seconds;
  // What an interrupted run left is not this one's.
  std::error_code error;
  std::filesystem::remove(place.raw + ".report", error);
  return RunMeasured(request);
}

// Runs the command, and says what it came to but for the findings.
ScanResult RunOrRecall(const Scanner& scanner, const Words& words, const ScanPlace& place) {
  ScanResult result;
  result.raw = place.raw + (scanner.report.from == "file" ? ".report" : ".stdout");
  const ProcessOutcome outcome = place.earlier ? *place.earlier : RunCommand(scanner, words, place);
  result.exit_code = outcome.exit_code;
  result.seconds = outcome.seconds;
  result.peak_memory = outcome.peak_memory;
  result.network_off = outcome.network_off;
  if (!place.earlier) result.reason = Failure(scanner, outcome, place);
  return result;
}

// Calls read with a result that has come to its end; whatever fails is the result's reason.
template <typename Read>
ScanResult RunAndRead(const Scanner& scanner, const Words& words, const ScanPlace& place,
                      Read read) {
  ScanResult result;
  try {
    result = RunOrRecall(scanner, words, place);
    if (result.reason.empty()) read(&result);
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

// The words that name the image, once for each.
std::vector<std::string> Repeated(const std::vector<std::string>& command,
                                  const std::vector<const PreparedImage*>& images) {
  std::vector<std::string> words;
  for (const std::string& word : command) {
    if (word.find("{image}") == std::string::npos) {
      words.push_back(word);
      continue;
    }
    for (const PreparedImage* image : images) {
      words.push_back(Expand({word}, {{"image", image->archive}}).front());
    }
  }
  return words;
}

// Which image of the folder a finding is of; a path from the folder becomes one from the image.
// Throws: Error, kBadJson, for one of none.
const PreparedImage& ImageOf(const std::string& folder,
                             const std::map<std::string, const PreparedImage*>& images,
                             ReportedFinding* finding) {
  std::string_view text = finding->image.empty() ? finding->path : finding->image;
  if (text.starts_with("file://")) text.remove_prefix(7);
  const bool absolute = text.starts_with(folder + "/");
  if (absolute) text.remove_prefix(folder.size() + 1);
  if (text.starts_with("./")) text.remove_prefix(2);
  const std::size_t end = std::min(text.find_first_not_of("0123456789.tar"), text.size());
  const auto found = images.find(std::string(text.substr(0, end)));
  if (found == images.end()) {
    throw Error(ErrorCode::kBadJson, "its report has a finding of no image: " + finding->path);
  }
  if (!absolute && finding->image.empty()) finding->path = std::string(text.substr(end));
  return *found->second;
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
  const Words words = {command, image.input(), !image.tree.empty()};
  return RunAndRead(scanner, words, place, [&](ScanResult* result) {
    const Report report = ReadOwnReport(scanner, configuration, place, result);
    if (!result->reason.empty()) return;
    for (const ReportedFinding& finding : report.findings) {
      result->findings.push_back(Place(scanner, image, finding));
    }
  });
}

std::vector<ScanResult> ScanTogether(const Scanner& scanner, const Configuration& configuration,
                                     const std::vector<std::string>& command,
                                     const std::string& how,
                                     const std::vector<const PreparedImage*>& images,
                                     const ScanPlace& place) {
  const std::filesystem::path first(images.front()->input());
  Words words = {command, first.parent_path().string(), !images.front()->tree.empty()};
  if (how == "repeat") words.command = Repeated(command, images);
  std::map<std::string, const PreparedImage*> by_name;
  for (const PreparedImage* image : images) {
    by_name[std::filesystem::path(image->input()).filename().string()] = image;
  }
  std::map<const PreparedImage*, std::vector<PlacedFinding>> findings;
  const ScanResult whole = RunAndRead(scanner, words, place, [&](ScanResult* result) {
    Report report = ReadOwnReport(scanner, configuration, place, result);
    if (!result->reason.empty()) return;
    for (ReportedFinding& finding : report.findings) {
      const PreparedImage& image = ImageOf(words.input, by_name, &finding);
      findings[&image].push_back(Place(scanner, image, finding));
    }
  });
  std::vector<ScanResult> results;
  if (whole.state != "ok") return results;
  for (const PreparedImage* image : images) {
    results.push_back(whole);
    results.back().shared_by = images.size();
    results.back().seconds /= static_cast<double>(images.size());
    results.back().findings = std::move(findings[image]);
  }
  return results;
}

}  // namespace watertight::bench
