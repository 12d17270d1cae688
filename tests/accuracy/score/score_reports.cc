// score_reports WORK FOLDER: all reports of a work folder, and the table on standard output.

#include <iostream>

#include "cli/score_reports.h"
#include "watertight/error.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    std::cout << watertight::cli::WriteScoreReports(
        {argv[1], argv[2], {"json", "csv", "markdown", "html"}, "watertight"});
  } catch (const watertight::Error& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  return 0;
}
