#include "bench/accuracy/run/run.h"

#include <re2/re2.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include "bench/accuracy/run/canaries.h"
#include "bench/accuracy/run/catalogue.h"
#include "bench/accuracy/run/files.h"
#include "bench/accuracy/run/run_files.h"
#include "bench/accuracy/run/scan_one.h"
#include "generator/catalogue/parallel.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

// A scanner as it is installed here.
struct Installed {
  const Scanner* scanner = nullptr;
  std::string program;  // empty: not available
  std::string version;
  std::string sha256;
  std::string missing;  // why it is not available
};

// One seed, with all that the runs share.
struct Corpus {
  Corpus(const std::string& work, const std::string& folder)
      : catalogue(ReadCatalogue(folder)),
        canary_folder(work + "/canaries/" + catalogue.seed),
        images(folder, work + "/views/" + catalogue.seed),
        canary_images(canary_folder, work + "/views/" + catalogue.seed + ".canaries") {}

  Catalogue catalogue;
  std::string canary_folder;
  std::vector<CanaryImage> canaries;
  ImageShelf images;
  ImageShelf canary_images;
};

std::string FindProgram(const Scanner& scanner, const RunOptions& options) {
  if (scanner.program == "{self}") return options.self;
  std::vector<std::string> folders = {options.tools + "/bin"};
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

ScanPlace PlaceOf(const Installed& installed, const RunOptions& options) {
  const std::string& name = installed.scanner->name;
  ScanPlace place;
  place.program = installed.program;
  place.tools = options.tools;
  place.directory = options.scanner_directory + "/" + name;
  place.home = options.work + "/home/" + name;
  place.scratch = options.work + "/scratch";
  place.seconds = options.seconds;
  MakeFolder(place.home);
  MakeFolder(place.scratch);
  return place;
}

// What it says of itself, else what its package says.
std::string VersionOf(const Installed& installed, const RunOptions& options) {
  const Scanner& scanner = *installed.scanner;
  if (scanner.version_command.empty()) return scanner.package_version;
  const ScanPlace place = PlaceOf(installed, options);
  const std::string output = place.home + "/version.out";
  ProcessRequest request;
  request.command = Expand(scanner.version_command, {{"program", installed.program}});
  const char* path = std::getenv("PATH");
  request.environment = {
      {"PATH", options.tools + "/bin:" + (path == nullptr ? "/usr/bin:/bin" : path)},
      {"HOME", place.home},
      {"TMPDIR", place.scratch},
      {"LANG", "C.UTF-8"}};
  request.folder = place.scratch;
  request.output = output;
  request.error = place.home + "/version.err";
  request.seconds = options.seconds;
  const ProcessOutcome outcome = RunMeasured(request);
  std::string version;
  if (!outcome.started || !scanner.version_pattern ||
      !re2::RE2::PartialMatch(ReadFile(output), *scanner.version_pattern, &version)) {
    return scanner.package_version;
  }
  return version;
}

Installed FindInstalled(const Scanner& scanner, const RunOptions& options) {
  Installed installed;
  installed.scanner = &scanner;
  installed.missing = scanner.not_run;
  if (!installed.missing.empty()) return installed;
  installed.program = FindProgram(scanner, options);
  if (installed.program.empty()) {
    installed.missing = "it is not installed";
    return installed;
  }
  std::error_code error;
  const auto real = std::filesystem::canonical(installed.program, error);
  installed.sha256 = FileSha256(error ? installed.program : real.string());
  installed.version = VersionOf(installed, options);
  return installed;
}

std::vector<const Scanner*> ChosenScanners(const std::vector<Scanner>& all,
                                           const std::vector<std::string>& names) {
  std::vector<const Scanner*> chosen;
  std::string known;
  for (const Scanner& scanner : all) known += (known.empty() ? "" : ", ") + scanner.name;
  for (const std::string& name : names) {
    const std::size_t before = chosen.size();
    for (const Scanner& scanner : all) {
      if (name == "all" || name == scanner.name) chosen.push_back(&scanner);
    }
    if (chosen.size() == before) {
      throw Error(ErrorCode::kUsage,
                  "score: the scanner " + name + " is unknown; there are " + known);
    }
  }
  return chosen;
}

// Whether the finding is the canary's: a scanner that shows values must show this one.
bool IsOfCanary(const PlacedFinding& found, const CanaryImage& canary, bool tells_values) {
  const std::string& value = found.reported.value;
  const bool masked = value.find('*') != std::string::npos;
  if (!value.empty() && !masked) {
    return value.find(canary.value) != std::string::npos ||
           canary.value.find(value) != std::string::npos;
  }
  return !tells_values || found.family == "github-pat" || found.family == "vcs";
}

bool IsSeen(const Scanner& scanner, const CanaryImage& canary, const ScanResult& result) {
  const std::string& name = canary.name;
  const bool in_file = name == kLiveFile || name == "lower-layer";
  const bool tells_values = scanner.features.value != "none";
  return std::any_of(
      result.findings.begin(), result.findings.end(), [&](const PlacedFinding& found) {
        // A line of a configuration that was laid out anew may not tell which part it is of.
        const bool either = found.carrier == "config" && found.field.empty() && !in_file;
        if (!either && found.carrier != (in_file ? "file" : name)) return false;
        return IsOfCanary(found, canary, tells_values);
      });
}

// One scanner, configuration, view and seed.
class Run {
 public:
  Run(const RunOptions& options, const Installed& installed, const std::string& configuration,
      const std::string& view, Corpus* corpus)
      : options_(options), installed_(installed), scanner_(*installed.scanner), corpus_(*corpus) {
    record_.scanner = scanner_.name;
    record_.version = installed.version;
    record_.program_sha256 = installed.sha256;
    record_.configuration = configuration;
    record_.view = view;
    record_.environment = scanner_.environment;
    record_.network = scanner_.network;
    record_.seed = corpus_.catalogue.seed;
    record_.catalogue_sha256 = corpus_.catalogue.sha256;
    record_.started = NowText();
    record_.features = scanner_.features;
    record_.derived_from = scanner_.derived_from;
    const auto found = scanner_.configurations.find(configuration);
    if (found == scanner_.configurations.end()) return;
    configuration_ = &found->second;
    const auto command = configuration_->commands.find(view);
    if (command != configuration_->commands.end()) record_.command = command->second;
    if (configuration_->several.contains(view)) record_.batch = options.batch;
    folder_ = options.work + "/runs/" + scanner_.name + "." + configuration + "." + view + "/" +
              corpus_.catalogue.seed;
  }

  // False for a configuration that the scanner has not: then there is nothing to tell.
  bool exists() const { return configuration_ != nullptr; }

  RunTotal Do() {
    if (record_.command.empty()) return NotAvailable(WhyNoView());
    if (installed_.program.empty()) return NotAvailable(installed_.missing);
    const FinishedImages finished(folder_, record_);
    MakeFolder(folder_ + "/raw");
    WriteRecord();
    ScanCanaries();
    WriteRecord();
    ScanImages(finished);
    return Total();
  }

 private:
  std::string WhyNoView() const {
    return configuration_->why_not.empty() ? "it has no command for this view"
                                           : configuration_->why_not;
  }

  std::string What() const {
    return scanner_.name + " " + record_.configuration + " " + record_.view;
  }

  void WriteRecord() const {
    ReplaceFile(folder_ + "/run.json",
                ToJson(record_).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }

  RunTotal NotAvailable(const std::string& why) {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
    MakeFolder(folder_);
    record_.state = "not-available";
    record_.reason = why;
    WriteRecord();
    return Total();
  }

  ScanResult Scan(ImageShelf& shelf, const std::string& file, const std::string& raw) {
    ScanPlace place = PlaceOf(installed_, options_);
    place.raw = folder_ + "/raw/" + raw;
    const PreparedImage& image = shelf.Get(file, record_.view);
    if (!image.problem.empty()) {
      ScanResult result;
      result.state = "not-run";
      result.reason = "the view could not be made: " + image.problem;
      return result;
    }
    return ScanOne(scanner_, *configuration_, record_.command, image, place);
  }

  void ScanCanaries() {
    record_.smoke_silent = true;
    std::string problem;
    for (const CanaryImage& canary : corpus_.canaries) {
      const ScanResult result = Scan(corpus_.canary_images, canary.file, "canary." + canary.file);
      if (result.state != "ok" && canary.name == kLiveFile) problem = result.reason;
      if (!result.network_off) record_.network = "on";
      if (canary.name == kClean) {
        record_.smoke_silent = record_.smoke_silent && result.findings.empty();
        continue;
      }
      const bool seen = IsSeen(scanner_, canary, result);
      record_.canaries.push_back({canary.layout, CarrierName(canary.name), seen});
      if (canary.name != kLiveFile) continue;
      record_.smoke_hit = record_.smoke_hit || seen;
      if (!seen) unread_[canary.layout] = result.reason;
    }
    if (record_.smoke_hit) return;
    record_.state = "error";
    record_.reason = "a token in a file of a small image was not found" +
                     (problem.empty() ? "" : ": " + problem);
  }

  void ScanImages(const FinishedImages& finished) {
    const std::size_t all = corpus_.catalogue.images.size();
    std::size_t done = 0;
    for (const CatalogueImage& image : corpus_.catalogue.images) {
      done += finished.Contains(image) ? 1U : 0U;
    }
    const std::size_t groups = (all + record_.batch - 1) / record_.batch;
    generator::ForEachIndex(groups, options_.jobs, [&](std::size_t group) {
      const std::size_t begin = group * record_.batch;
      const std::size_t end = std::min(begin + record_.batch, all);
      ScanGroup(finished, begin, end, [&](const CatalogueImage& image, const ScanResult& result) {
        const std::lock_guard<std::mutex> lock(mutex_);
        AppendToFile(folder_ + "/results.jsonl", ResultLine(image, result, folder_));
        if (options_.progress) options_.progress(What(), ++done, all);
      });
    });
  }

  // Those of the images from begin to end that are not finished.
  template <typename Tell>
  void ScanGroup(const FinishedImages& finished, std::size_t begin, std::size_t end, Tell tell) {
    std::vector<const CatalogueImage*> left;
    for (std::size_t i = begin; i < end; ++i) {
      const CatalogueImage& image = corpus_.catalogue.images[i];
      if (!finished.Contains(image)) left.push_back(&image);
    }
    std::map<const CatalogueImage*, ScanResult> together;
    if (left.size() > 1) together = ScanBatch(begin, end);
    for (const CatalogueImage* image : left) {
      const auto scanned = together.find(image);
      const bool is_read = !unread_.contains(image->layout);
      tell(*image, is_read && scanned != together.end() ? scanned->second : ResultOf(*image));
    }
  }

  // All of the group, whatever is finished, so that the folder of a batch is always the same. Their
  // names are numbers: no scanner leaves out an image for its name.
  std::map<const CatalogueImage*, ScanResult> ScanBatch(std::size_t begin, std::size_t end) {
    const std::string batch = std::to_string(record_.batch) + "." + std::to_string(begin);
    std::vector<const CatalogueImage*> rows;
    std::vector<const PreparedImage*> images;
    for (std::size_t i = begin; i < end; ++i) {
      const CatalogueImage& row = corpus_.catalogue.images[i];
      if (row.sha256.empty()) continue;
      const std::string ending = record_.view == "image" ? ".tar" : "";
      const PreparedImage& image =
          corpus_.images.Get(row.file, record_.view, batch + "/" + std::to_string(i) + ending);
      if (!image.problem.empty()) continue;
      rows.push_back(&row);
      images.push_back(&image);
    }
    std::map<const CatalogueImage*, ScanResult> results;
    if (images.size() < 2) return results;
    ScanPlace place = PlaceOf(installed_, options_);
    place.raw = folder_ + "/raw/batch." + batch;
    const std::vector<ScanResult> found =
        ScanTogether(scanner_, *configuration_, record_.command,
                     configuration_->several.at(record_.view), images, place);
    for (std::size_t i = 0; i < found.size(); ++i) results[rows[i]] = found[i];
    return results;
  }

  ScanResult ResultOf(const CatalogueImage& image) {
    const auto unread = unread_.find(image.layout);
    if (unread == unread_.end()) return Scan(corpus_.images, image.file, image.file);
    ScanResult result;
    result.state = "error";
    result.reason = "a token in a file of a small image of this layout was not found" +
                    (unread->second.empty() ? "" : ": " + unread->second);
    return result;
  }

  RunTotal Total() const {
    RunTotal total;
    total.scanner = scanner_.name;
    total.version = record_.version;
    total.configuration = record_.configuration;
    total.view = record_.view;
    total.seed = record_.seed;
    total.state = record_.state;
    total.reason = record_.reason;
    total.all = corpus_.catalogue.images.size();
    const std::string path = folder_ + "/results.jsonl";
    if (!std::filesystem::exists(path)) return total;
    const std::string bytes = ReadFile(path);
    for (std::size_t begin = 0; begin < bytes.size();) {
      const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
      const Json row = Json::parse(bytes.substr(begin, end - begin));
      begin = end + 1;
      total.images += row.at("state") == "ok" ? 1U : 0U;
      total.errors += row.at("state") == "error" ? 1U : 0U;
      total.findings += row.at("findings").size();
      total.seconds += row.at("seconds").get<double>();
    }
    return total;
  }

  const RunOptions& options_;
  const Installed& installed_;
  const Scanner& scanner_;
  Corpus& corpus_;
  const Configuration* configuration_ = nullptr;
  RunRecord record_;
  std::string folder_;
  std::map<Layout, std::string> unread_;  // with the reason, where there is one
  std::mutex mutex_;
};

}  // namespace

std::vector<RunTotal> RunScanners(const RunOptions& options,
                                  const std::vector<std::string>& catalogues) {
  const std::vector<Scanner> scanners = ReadScanners(options.scanner_directory);
  std::vector<Installed> chosen;
  for (const Scanner* scanner : ChosenScanners(scanners, options.scanners)) {
    chosen.push_back(FindInstalled(*scanner, options));
  }
  std::vector<RunTotal> totals;
  for (const std::string& folder : catalogues) {
    Corpus corpus(options.work, folder);
    corpus.canaries = WriteCanaries(corpus.canary_folder, corpus.catalogue.seed, options.clock,
                                    corpus.catalogue.Layouts());
    for (const Installed& installed : chosen) {
      for (const std::string& configuration : options.configurations) {
        for (const std::string& view : options.views) {
          Run run(options, installed, configuration, view, &corpus);
          if (run.exists()) totals.push_back(run.Do());
        }
      }
    }
  }
  return totals;
}

}  // namespace watertight::bench
