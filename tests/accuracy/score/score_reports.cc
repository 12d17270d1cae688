// score_reports WORK FOLDER: all reports of a work folder, and the table on standard output.

#include "cli/score_reports.h"

#include <filesystem>
#include <iostream>

#include "watertight/error.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string folder = argv[2];
  try {
    std::filesystem::create_directories(folder);
    watertight::cli::ScoreReports reports;
    reports.work = argv[1];
    reports.files = {{"json", folder + "/score.json"},
                     {"markdown", folder + "/score.md"},
                     {"labels", folder + "/labels.csv"},
                     {"findings", folder + "/findings.csv"},
                     {"html", folder + "/score.html"}};
    std::cout << watertight::cli::WriteScoreReports(reports);
  } catch (const watertight::Error& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  return 0;
}
