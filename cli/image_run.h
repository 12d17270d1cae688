// One image that is checked.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/checks.h"
#include "cli/open.h"
#include "cli/reports/baseline.h"
#include "cli/reports/report.h"
#include "framework/scan/secret_search.h"

namespace watertight::cli {

struct CheckOptions {
  OpenFlags open;
  bool strict = false;                 // a check that was skipped or left parts out fails
  bool page = false;                   // a page of it will be written
  bool may_be_none = false;            // of a folder: what turns out to be no image is no error
  std::string entry_platform;          // for which an entry of the policy names it
  const Baseline* baseline = nullptr;  // must outlive the run
  CacheFolder* cache = nullptr;        // of results; the same
};

// It is opened, searched and judged when that is first asked for, and once; and closed when all
// that was wanted of it is done, so that many images need no more memory than one.
class ImageRun {
 public:
  ImageRun(std::string reference, std::shared_ptr<const Policy> policy, std::vector<Check> checks,
           CheckOptions options, std::optional<Image> opened = std::nullopt);

  const std::string& reference() const { return reference_; }
  const CheckOptions& options() const { return options_; }
  const Policy& policy() const { return *policy_; }
  const std::vector<Check>& checks() const { return checks_; }

  // Throws: Error, when the image cannot be opened; the same each time.
  const Image& image();
  // For the rules and the known secrets of the policy, unless they are off. It computes digests
  // too, so whoever wants both searches first.
  const WantedSearch& search();

  const CheckResult& Result(std::size_t check);
  // Null when it has no check of that name.
  const CheckResult* ResultOf(const std::string& name);

  // The result, of which the outcome alone stays here, for a test that is repeated.
  CheckResult Take(std::size_t check);
  // Closes the image. results: of its checks. Throws: Error, when it vanished in between.
  CheckedImage Close(std::vector<CheckResult> results);

 private:
  CheckResult Make(const Check& check);

  std::string reference_;
  std::shared_ptr<const Policy> policy_;
  std::vector<Check> checks_;
  CheckOptions options_;
  std::optional<Image> image_;
  std::optional<Error> error_;
  std::optional<WantedSearch> search_;
  double searching_ = 0;  // seconds that no result has yet
  std::vector<std::optional<CheckResult>> results_;
};

}  // namespace watertight::cli
