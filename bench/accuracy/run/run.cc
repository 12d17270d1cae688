#include "bench/accuracy/run/run.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "bench/accuracy/run/canaries.h"
#include "bench/accuracy/run/catalogue.h"
#include "bench/accuracy/run/files.h"
#include "bench/accuracy/run/installed.h"
#include "bench/accuracy/run/run_files.h"
#include "bench/accuracy/run/scan_one.h"
#include "generator/catalogue/parallel.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

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
  const bool in_file = name != "config" && name != "history";
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
    folder_ = options.home.work + "/runs/" + scanner_.name + "." + configuration + "." + view +
              "/" + corpus_.catalogue.seed;
  }

  // False for a configuration that the scanner has not: then there is nothing to tell.
  bool exists() const { return configuration_ != nullptr; }

  RunTotal Do() {
    if (record_.command.empty()) return NotAvailable(WhyNoView());
    if (installed_.program.empty()) return NotAvailable(installed_.missing);
    const FinishedImages finished(folder_, record_, options_.rereads);
    MakeFolder(folder_ + "/raw");
    WriteRecord();
    ScanCanaries();
    WriteRecord();
    ScanImages(finished);
    finished.Forget();
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

  ScanResult Scan(ImageShelf& shelf, const std::string& file, const std::string& raw,
                  const EarlierRun* earlier = nullptr) {
    ScanPlace place = PlaceOf(installed_, options_.home);
    place.raw = folder_ + "/raw/" + raw;
    if (earlier != nullptr && earlier->shared_by == 1) place.earlier = earlier->outcome;
    const PreparedImage& image = shelf.Get(file, record_.view);
    if (!image.problem.empty()) {
      ScanResult result;
      result.state = "not-run";
      result.reason = "the view could not be made: " + image.problem;
      return result;
    }
    return ScanOne(scanner_, *configuration_, record_.command, image, place);
  }

  // In one run where the scanner takes several, else each alone.
  std::vector<ScanResult> CanaryResults() {
    std::vector<BatchImage> images;
    for (const CanaryImage& canary : corpus_.canaries)
      images.push_back({canary.file, true, nullptr});
    std::vector<std::optional<ScanResult>> together(images.size());
    if (record_.batch > 1) together = ScanBatch(corpus_.canary_images, images, "canaries", 0);
    std::vector<ScanResult> results;
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::string& file = images[i].file;
      results.push_back(together[i] ? *together[i]
                                    : Scan(corpus_.canary_images, file, "canary." + file));
    }
    return results;
  }

  void ScanCanaries() {
    record_.smoke_silent = true;
    std::string problem;
    const std::vector<ScanResult> results = CanaryResults();
    for (std::size_t i = 0; i < results.size(); ++i) {
      const CanaryImage& canary = corpus_.canaries[i];
      const ScanResult& result = results[i];
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
    const CatalogueImage* first = corpus_.catalogue.images.data();
    std::vector<const CatalogueImage*> left;
    for (std::size_t i = begin; i < end; ++i) {
      const CatalogueImage& image = corpus_.catalogue.images[i];
      if (!finished.Contains(image)) left.push_back(&image);
    }
    std::vector<std::optional<ScanResult>> together(end - begin);
    if (left.size() > 1) {
      std::vector<BatchImage> images;
      for (std::size_t i = begin; i < end; ++i) {
        const CatalogueImage& image = corpus_.catalogue.images[i];
        images.push_back({image.file, !image.sha256.empty(), finished.Earlier(image)});
      }
      const std::string name = std::to_string(record_.batch) + "." + std::to_string(begin);
      together = ScanBatch(corpus_.images, images, name, begin);
    }
    for (const CatalogueImage* image : left) {
      const auto& scanned = together[static_cast<std::size_t>(image - first) - begin];
      const bool is_read = !unread_.contains(image->layout);
      tell(*image, is_read && scanned ? *scanned : ResultOf(*image, finished.Earlier(*image)));
    }
  }

  struct BatchImage {
    std::string file;
    bool is_archive = true;
    const EarlierRun* earlier = nullptr;
  };

  // Of one run with these images; nullopt: they have to be scanned.
  static std::optional<ProcessOutcome> EarlierOf(const std::vector<BatchImage>& files,
                                                 const std::vector<std::size_t>& places) {
    const bool all = std::all_of(places.begin(), places.end(), [&](std::size_t i) {
      return files[i].earlier != nullptr && files[i].earlier->shared_by == places.size();
    });
    return all ? std::optional(files[places.front()].earlier->outcome) : std::nullopt;
  }

  // All of the images, whatever is finished, so that the folder of a batch is always the same.
  // Their names are numbers from `number`: no scanner leaves out an image for its name. nullopt for
  // those that have to be scanned alone.
  std::vector<std::optional<ScanResult>> ScanBatch(ImageShelf& shelf,
                                                   const std::vector<BatchImage>& files,
                                                   const std::string& name, std::size_t number) {
    std::vector<std::size_t> places;
    std::vector<const PreparedImage*> images;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (!files[i].is_archive) continue;
      const std::string ending = record_.view == "image" ? ".tar" : "";
      const PreparedImage& image =
          shelf.Get(files[i].file, record_.view, name + "/" + std::to_string(number + i) + ending);
      if (!image.problem.empty()) continue;
      places.push_back(i);
      images.push_back(&image);
    }
    std::vector<std::optional<ScanResult>> results(files.size());
    if (images.size() < 2) return results;
    ScanPlace place = PlaceOf(installed_, options_.home);
    place.raw = folder_ + "/raw/batch." + name;
    place.earlier = EarlierOf(files, places);
    std::vector<ScanResult> found =
        ScanTogether(scanner_, *configuration_, record_.command,
                     configuration_->several.at(record_.view), images, place);
    for (std::size_t i = 0; i < found.size(); ++i) results[places[i]] = std::move(found[i]);
    return results;
  }

  ScanResult ResultOf(const CatalogueImage& image, const EarlierRun* earlier) {
    const auto unread = unread_.find(image.layout);
    if (unread == unread_.end()) return Scan(corpus_.images, image.file, image.file, earlier);
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

std::vector<Scanner> ChooseScanners(const RunOptions& options) {
  const std::vector<Scanner> all = ReadScanners(options.home.scanner_directory);
  std::vector<Scanner> chosen;
  std::string known;
  for (const Scanner& scanner : all) known += (known.empty() ? "" : ", ") + scanner.name;
  for (const std::string& name : options.scanners) {
    const std::size_t before = chosen.size();
    for (const Scanner& scanner : all) {
      if (name == "all" || name == scanner.name) chosen.push_back(scanner);
    }
    if (chosen.size() == before) {
      throw Error(ErrorCode::kUsage,
                  "score: the scanner " + name + " is unknown; there are " + known);
    }
  }
  return chosen;
}

std::vector<RunTotal> RunScanners(const RunOptions& options, const std::vector<Scanner>& scanners,
                                  const std::vector<std::string>& catalogues) {
  std::vector<Installed> chosen;
  for (const Scanner& scanner : scanners) chosen.push_back(FindInstalled(scanner, options.home));
  std::vector<RunTotal> totals;
  for (const std::string& folder : catalogues) {
    Corpus corpus(options.home.work, folder);
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
