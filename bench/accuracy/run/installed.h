// The scanners of this machine.

#pragma once

#include <string>

#include "bench/accuracy/run/scan_one.h"
#include "bench/accuracy/run/scanner.h"

namespace watertight::bench {

// Where scanners are, and where they run.
struct ScannerHome {
  std::string work;               // private: homes, scratch
  std::string tools;              // a folder with bin/; then PATH
  std::string scanner_directory;  // of the descriptions
  std::string self;               // the program watertight
  double seconds = 300;           // limit of one run
};

// A scanner as it is installed here.
struct Installed {
  const Scanner* scanner = nullptr;
  std::string program;  // empty: not available
  std::string version;
  std::string sha256;
  std::string missing;  // why it is not available
};

// Where it runs. The folders are there afterwards.
ScanPlace PlaceOf(const Installed& installed, const ScannerHome& home);

// Looks the program up and asks it for its version.
Installed FindInstalled(const Scanner& scanner, const ScannerHome& home);

}  // namespace watertight::bench
