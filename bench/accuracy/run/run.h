// Runs scanners on catalogues and leaves what the scorer reads:
//
//   WORK/catalogue/SEED/                        the images, with their values
//   WORK/canaries/SEED/                         see canaries.h
//   WORK/views/SEED/                            the images as folders
//   WORK/runs/SCANNER.CONFIGURATION.VIEW/SEED/  run.json, results.jsonl, raw/
//
// What is finished is not run again: an interrupted run goes on where it was.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/accuracy/run/installed.h"
#include "bench/accuracy/run/scanner.h"

namespace watertight::bench {

struct RunOptions {
  ScannerHome home;
  std::vector<std::string> scanners;        // names, or "all"
  std::vector<std::string> configurations;  // "default", "best"
  std::vector<std::string> views;
  unsigned jobs = 1;
  std::size_t batch = 1;  // images for scanners that take several in one run
  bool rereads = false;   // reports of earlier runs, instead of running what has one
  std::int64_t clock = 0;
  // what: "trivy best image". Any thread, one at a time.
  std::function<void(const std::string& what, std::size_t done, std::size_t total)> progress;
};

// What one scanner, configuration, view and seed came to.
struct RunTotal {
  std::string scanner;
  std::string version;
  std::string configuration;
  std::string view;
  std::string seed;
  std::string state;
  std::string reason;
  std::size_t images = 0;  // ok, of all
  std::size_t all = 0;
  std::size_t errors = 0;
  std::size_t findings = 0;
  double seconds = 0;
};

// Those that the options name. Throws: Error: kUsage for one that is unknown; kIo, kBadJson for a
// description that cannot be read.
std::vector<Scanner> ChooseScanners(const RunOptions& options);

// catalogues: folders in WORK/catalogue.
std::vector<RunTotal> RunScanners(const RunOptions& options, const std::vector<Scanner>& scanners,
                                  const std::vector<std::string>& catalogues);

}  // namespace watertight::bench
