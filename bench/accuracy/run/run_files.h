// What a run leaves on disk: run.json and results.jsonl, docs/benchmarks.md.

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "bench/accuracy/run/catalogue.h"
#include "bench/accuracy/run/scan_one.h"

namespace watertight::bench {

struct CanarySeen {
  Layout layout;
  std::string carrier;
  bool seen = false;
};

// One scanner, one configuration, one view, one seed.
struct RunRecord {
  std::string scanner;
  std::string version;
  std::string program_sha256;
  std::string configuration;
  std::string view;
  std::vector<std::string> command;
  std::map<std::string, std::string> environment;
  std::string network;    // "off" or "on"
  std::size_t batch = 1;  // images that it got in one run, at most
  std::string seed;
  std::string catalogue_sha256;
  std::string started;
  Features features;
  std::vector<std::string> derived_from;
  bool smoke_hit = false;
  bool smoke_silent = false;
  std::string state = "ok";  // "ok", "error", "not-available"
  std::string reason;
  std::vector<CanarySeen> canaries;
};

// "cpu, 2 cores, Linux 6.1.0"
std::string MachineText();
// RFC 3339, UTC.
std::string NowText();

Json ToJson(const RunRecord& record);

// One line of results.jsonl. folder: raw is written relative to it.
std::string ResultLine(const CatalogueImage& image, const ScanResult& result,
                       const std::string& folder);

// An image's run that came to its end; the outcome is that of the whole run.
struct EarlierRun {
  ProcessOutcome outcome;
  std::size_t shared_by = 1;
};

// The archives that earlier runs of the same scanner, command and catalogue finished, after
// everything else was taken away: the folder is made fit to go on with.
class FinishedImages {
 public:
  // rereads: no image is finished, since its report is to be read again.
  FinishedImages(std::string folder, const RunRecord& record, bool rereads);

  bool Contains(const CatalogueImage& image) const;

  // Whose report is to be read again; nullptr: the image has to be scanned.
  const EarlierRun* Earlier(const CatalogueImage& image) const;

  // All reports are read: what was known before is not needed any more.
  void Forget() const;

 private:
  void KeepFinished();
  void RecallAll();

  std::string folder_;
  std::set<std::string> done_;
  std::map<std::string, EarlierRun> earlier_;
};

}  // namespace watertight::bench
