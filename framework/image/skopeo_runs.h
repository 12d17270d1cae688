// Runs of skopeo that write into one temporary folder.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/image/guarded_folder.h"
#include "watertight/image.h"

namespace watertight {

// Each run throws: Error, kUnsupported where skopeo is not installed, kIo with skopeo's own words.
class SkopeoRuns {
 public:
  // options must outlive it. Of storage, skopeo itself chooses the platform.
  SkopeoRuns(bool of_storage, const OpenOptions& options);

  // The manifest or index as it is stored.
  std::string Inspect(const std::string& source);
  // The folder of a dir: layout. total: bytes that will come; 0: not known.
  std::string Copy(const std::string& source, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  std::string Run(const std::vector<std::string>& words);
  bool GoesOn();
  std::vector<std::string> Overrides() const;

  bool of_storage_;
  const OpenOptions& options_;
  std::chrono::seconds silence_;
  GuardedFolder folder_;
  int copies_ = 0;
  std::uint64_t total_ = 0;
  bool silent_ = false;
  std::uint64_t last_bytes_ = 0;
  Clock::time_point last_growth_;
};

}  // namespace watertight
