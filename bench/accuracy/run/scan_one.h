// One run of a scanner, on one image or on several: the command, what it left, and what that says.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/accuracy/run/image_facts.h"
#include "bench/accuracy/run/places.h"
#include "bench/accuracy/run/process.h"
#include "bench/accuracy/run/scanner.h"
#include "bench/accuracy/run/views.h"

namespace watertight::bench {

// An image in one view, ready to be scanned by any scanner.
struct PreparedImage {
  std::string archive;  // absolute path
  std::string tree;     // absolute path of the folder; empty in the view `image`
  ImageFacts facts;
  Tree origins;
  std::string problem;  // why it could not be prepared

  const std::string& input() const { return tree.empty() ? archive : tree; }
};

// Where and with what a scanner runs.
struct ScanPlace {
  std::string program;    // absolute path
  std::string tools;      // the folder with bin/
  std::string directory;  // of its scanner.json
  std::string home;       // HOME, for all of its runs: some keep a cache there
  std::string scratch;    // for folders that are removed after the run
  std::string raw;        // what the run left, as file names that begin so
  double seconds = 0;     // limit
  // How an earlier run ended that left `raw`: then that is read, and nothing is run.
  std::optional<ProcessOutcome> earlier;
};

struct ScanResult {
  std::string state = "ok";  // "ok", "error", "not-run"
  std::string reason;
  int exit_code = -1;
  double seconds = 0;
  std::uint64_t peak_memory = 0;
  std::size_t shared_by = 1;  // images that were scanned in one run; seconds are its share
  bool network_off = false;
  std::string raw;  // the report
  std::vector<PlacedFinding> findings;
};

// {program}, {image}, {tree}, {report}, {scanner}, {tools}, {own}: the words of a command with
// their values.
std::vector<std::string> Expand(const std::vector<std::string>& command,
                                const std::map<std::string, std::string>& values);

// Never throws for what a scanner does: that is a state.
ScanResult ScanOne(const Scanner& scanner, const Configuration& configuration,
                   const std::vector<std::string>& command, const PreparedImage& image,
                   const ScanPlace& place);

// Images in one folder that holds nothing else, each under a name of its own, in one run; how:
// "folder" or "repeat", as a configuration says. The results are in the order of the images. None
// when the run fails, or tells a finding of none of the images: then each has to be scanned alone.
std::vector<ScanResult> ScanTogether(const Scanner& scanner, const Configuration& configuration,
                                     const std::vector<std::string>& command,
                                     const std::string& how,
                                     const std::vector<const PreparedImage*>& images,
                                     const ScanPlace& place);

}  // namespace watertight::bench
