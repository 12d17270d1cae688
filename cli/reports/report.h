// What `check` found, for those who write it down.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/checks.h"
#include "watertight/image.h"

namespace watertight::cli {

class Output;

struct CheckedImage {
  Image image;
  std::vector<CheckResult> results;
};

struct UnopenedImage {
  std::string reference;
  std::string error;  // one line
};

struct CheckReport {
  Policy policy;
  std::vector<CheckedImage> images;
  std::vector<UnopenedImage> unopened;
  bool is_whole = false;  // every check of every image was made

  bool Failed() const;
};

// For a person.
void WriteCheckText(const CheckReport& report, Output& out);
// The forms that programs read, each a document.
std::string CheckJson(const CheckReport& report);
std::string CheckSarif(const CheckReport& report);
std::string CheckJunit(const CheckReport& report);
// Lines that GitHub shows beside the run, one for each check that failed.
std::string CheckAnnotations(const CheckReport& report);

}  // namespace watertight::cli
