// What a run of a scanner left: run.json and results.jsonl in
// WORK/runs/SCANNER.CONFIGURATION.VIEW/SEED.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watertight::bench {

// Empty and nullopt stand for what the scanner does not tell.
struct Finding {
  int number = 0;  // in the findings of its result, from 0
  std::string rule;
  std::string family;  // a kind, a class of kinds, "generic", or empty: unknown
  std::string carrier;
  std::optional<int> layer;
  std::string diff_id;
  std::string path;
  std::vector<std::string> nested;
  std::string field;
  std::optional<int> line;
  std::optional<int> end_line;
  std::optional<int> column;
  std::optional<int> end_column;
  std::optional<std::int64_t> offset;
  std::optional<std::int64_t> length;
  std::string value;  // never printed
  bool masked = false;
  std::string value_sha1;
  std::string value_sha256;
  bool tells_name_alone = false;  // of a scanner that reads names and no contents
  std::string canonical;          // its JSON: what findings are sorted by

  bool has_value() const { return !value.empty() && !masked; }
  bool names_layer() const { return layer.has_value() || !diff_id.empty(); }
};

enum class RunState : std::uint8_t { kOk, kError, kNotRun };
const char* ToString(RunState state);

struct ImageResult {
  std::string fixture;
  std::string builder;
  std::string archive;
  std::string archive_sha256;
  RunState state = RunState::kNotRun;
  std::string reason;
  double seconds = 0;
  std::uint64_t peak_memory = 0;
  std::vector<Finding> findings;
};

struct Canary {
  std::string builder;
  std::string archive;
  std::string carrier;
  bool seen = false;
};

// One scanner, one configuration, one view, one seed.
struct ScannerRun {
  std::string scanner;
  std::string version;
  std::string program_sha256;
  std::string configuration;
  std::string view;
  std::string seed;
  std::string network;
  std::string machine;
  std::string started;
  std::string catalogue_sha256;
  std::vector<std::string> command;
  std::vector<std::string> derived_from;
  std::string environment;  // an object of JSON
  std::int64_t batch = 1;   // images that it got in one run, at most
  bool tells_line = false;
  std::string tells_value;  // "plain", "masked", "sha1", "sha256", "none"
  RunState state = RunState::kOk;
  std::string reason;
  std::vector<Canary> canaries;
  std::vector<ImageResult> images;

  // A tool that reads names and no contents; a canary in a file is nothing to it.
  bool reads_names_alone() const { return tells_value == "none" && !tells_line; }
};

}  // namespace watertight::bench
