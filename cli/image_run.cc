#include "cli/image_run.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include "cli/page_document.h"
#include "framework/image/path.h"
#include "framework/scan/also_hidden.h"
#include "framework/scan/cache/cached_layers.h"

namespace watertight::cli {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

const std::vector<Finding>& FindingsOf(const std::optional<WantedSearch>& search,
                                       std::optional<ValueSearch> WantedSearch::*part) {
  static const std::vector<Finding> none;
  return search && (*search).*part ? ((*search).*part)->findings : none;
}

// A folder whose layers cannot be read any more because it is gone.
bool HasVanished(const Image& image) {
  std::error_code error;
  const std::string& path = image.archive_path();
  return !path.empty() && path != "-" && !std::filesystem::exists(path, error) &&
         !image.unreadable_layers().empty();
}

}  // namespace

ImageRun::ImageRun(std::string reference, std::shared_ptr<const Policy> policy,
                   std::vector<Check> checks, CheckOptions options, std::optional<Image> opened)
    : reference_(std::move(reference)),
      policy_(std::move(policy)),
      checks_(std::move(checks)),
      options_(std::move(options)),
      image_(std::move(opened)),
      results_(checks_.size()) {}

const Image& ImageRun::image() {
  if (error_) throw *error_;
  if (image_) return *image_;
  try {
    return image_.emplace(OpenImage(reference_, options_.open));
  } catch (const Error& error) {
    error_ = error;
    throw;
  }
}

const WantedSearch& ImageRun::search() {
  if (search_) return *search_;
  Wanted wanted;
  if (policy_->off.count(kNoSecrets) == 0) wanted.secrets = &policy_->options;
  wanted.values = policy_->secrets;
  const Clock::time_point start = Clock::now();
  const bool any = wanted.secrets != nullptr || !wanted.values.empty();
  search_ = any ? FindAndHash(image(), wanted, {}, options_.cache) : WantedSearch();
  searching_ += SecondsSince(start);
  return *search_;
}

CheckResult ImageRun::Make(const Check& check) {
  if (check.searches) search();
  // No message may show what the search found.
  const AlsoHidden secrets(FindingsOf(search_, &WantedSearch::secrets));
  const AlsoHidden values(FindingsOf(search_, &WantedSearch::values));
  const Clock::time_point start = Clock::now();
  CheckResult result = check.make(*this);
  result.name = check.name;
  result.seconds = SecondsSince(start);
  if (check.searches) result.seconds += std::exchange(searching_, 0);
  if (options_.cache != nullptr) SaveContents(image());
  if (options_.baseline != nullptr) options_.baseline->Apply(&result);
  if (options_.strict) FailUnsearched(&result);
  return result;
}

const CheckResult& ImageRun::Result(std::size_t check) {
  std::optional<CheckResult>& result = results_[check];
  if (result) return *result;
  image();
  result = Make(checks_[check]);
  // What fails alone, in a run of some checks, is told as in a run of all.
  if (result->status == CheckStatus::kFailed && !search_) {
    search();
    result = Make(checks_[check]);
  }
  return *result;
}

CheckResult ImageRun::Take(std::size_t check) {
  CheckResult taken = std::move(*results_[check]);
  CheckResult outcome;
  outcome.name = taken.name;
  outcome.status = taken.status;
  outcome.message = taken.message;
  results_[check] = std::move(outcome);
  return taken;
}

CheckedImage ImageRun::Close(std::vector<CheckResult> results) {
  if (HasVanished(image())) {
    error_.emplace(ErrorCode::kNotFound,
                   Printable(reference_) + ": it vanished while it was checked");
    throw *error_;
  }
  CheckedImage checked{0, FactsOf(image()), std::move(results), policy_, ""};
  if (options_.page) checked.document = ImageDocument(image(), checked.results);
  for (CheckResult& result : checked.results) {
    for (CheckFinding& found : result.findings) {
      if (found.fate) found.fate->entry = nullptr;  // of the image
    }
  }
  image_.reset();
  search_.reset();
  return checked;
}

const CheckResult* ImageRun::ResultOf(const std::string& name) {
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    if (checks_[i].name == name) return &Result(i);
  }
  return nullptr;
}

}  // namespace watertight::cli
