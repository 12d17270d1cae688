// What a run leaves on disk: run.json and results.jsonl, docs/benchmarks.md.

#pragma once

#include <map>
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

// The archives that earlier runs of the same scanner, command and catalogue finished, after
// everything else was taken away: the folder is made fit to go on with.
class FinishedImages {
 public:
  FinishedImages(const std::string& folder, const RunRecord& record);

  bool Contains(const CatalogueImage& image) const;

 private:
  std::set<std::string> done_;
};

}  // namespace watertight::bench
