// What `watertight score` writes once the scanners have run.

#pragma once

#include <string>
#include <vector>

namespace watertight::cli {

struct ScoreReports {
  std::string work;                  // where the runs are
  std::string folder;                // where files go; it is made. Empty: none is written
  std::vector<std::string> formats;  // "json", "csv", "markdown", "html"
  std::string own = "watertight";    // the scanner that is listed apart
};

// Scores the runs, writes score.json, labels.csv and findings.csv, score.md, score.html, and gives
// the table for the terminal. Throws: Error, kInconsistent when a run is of another catalogue than
// the one in the folder; kNotFound without any run; kUsage for another format; kIo.
std::string WriteScoreReports(const ScoreReports& reports);

}  // namespace watertight::cli
