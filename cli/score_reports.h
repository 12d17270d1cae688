// What `watertight score` writes once the scanners have run.

#pragma once

#include <string>
#include <vector>

namespace watertight::cli {

// A format is "text", which is the table for the terminal, "json", "markdown", "labels" and
// "findings", which are CSV, or "html".
struct ScoreFile {
  std::string format;
  std::string path;
};

struct ScoreReports {
  std::string work;  // where the runs are
  std::vector<ScoreFile> files;
  std::string format = "text";     // of what is given back
  std::string own = "watertight";  // the scanner that is listed apart
};

// Scores the runs, writes the files, and gives the report for standard output. Throws: Error,
// kInconsistent when a run is of another catalogue than the one in the folder; kNotFound without
// any run; kUsage for another format; kIo.
std::string WriteScoreReports(const ScoreReports& reports);

}  // namespace watertight::cli
