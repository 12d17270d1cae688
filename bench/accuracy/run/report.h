// A scanner's report, read as its description says.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/accuracy/run/scanner.h"

namespace watertight::bench {

// A finding as the scanner tells it. Empty and nullopt: it does not.
struct ReportedFinding {
  std::string rule;
  std::string path;
  std::string image;  // of several that were scanned together
  std::string layer;  // whatever names it: a diff_id, a digest
  std::string text;   // the line, with the value masked
  std::string carrier;
  std::vector<std::string> nested;
  std::string field;
  std::string value;
  std::string value_sha1;
  std::string value_sha256;
  std::optional<std::int64_t> line;  // lines and columns from 1, the end behind the last byte
  std::optional<std::int64_t> end_line;
  std::optional<std::int64_t> column;
  std::optional<std::int64_t> end_column;
  std::optional<std::int64_t> offset;
  std::optional<std::int64_t> length;
};

struct Report {
  std::vector<ReportedFinding> findings;
  std::size_t all = 0;  // also those that no condition keeps
};

// bytes: the file, or standard output. Throws: Error, kBadJson, for anything that is not of the
// described shape: what is not understood is never "no findings".
Report ReadReport(const ReportFormat& format, const std::string& bytes);

}  // namespace watertight::bench
