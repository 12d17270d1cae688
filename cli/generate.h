// What the parts of watertight generate share: its options, as they were given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/archives/archive.h"

namespace watertight::cli {

class Output;

struct GenerateFlags {
  // Of a Dockerfile of one's own.
  std::string dockerfile;
  std::string context;
  std::string provenance;
  std::vector<std::string> build_args;
  std::vector<std::string> secrets;
  std::vector<std::string> bases;
  std::string target;
  std::string platform;
  std::vector<std::string> tags;
  bool squash = false;
  std::string output;
  std::string truth;
  // Of the catalogue.
  std::vector<std::string> globs;
  std::string out;
  std::string contexts;
  std::string fixtures;
  bool faults = false;
  unsigned jobs = 0;
  // Of both.
  std::vector<std::string> builders;
  std::vector<std::string> archives;
  std::string compression;
  bool reveal = false;
  std::string seed;  // empty: the default one
  // Of lists.
  std::string list;
  std::string format = "text";
};

// SOURCE_DATE_EPOCH, or a fixed time. Throws: Error, kUsage.
std::int64_t GenerateClock();
// Nothing for an empty name.
std::optional<generator::Compression> CompressionOf(const std::string& name);

// Each returns an ExitCode. Throws: Error, generator::Error.
int GenerateDockerfile(GenerateFlags flags, Output& out);
int GenerateCatalogue(const GenerateFlags& flags, Output& out);
int GenerateContexts(const GenerateFlags& flags, Output& out);

}  // namespace watertight::cli
