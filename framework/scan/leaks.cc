#include "watertight/leaks.h"

#include <cstddef>
#include <utility>

#include "framework/scan/allowances.h"
#include "framework/scan/document_leaks.h"

namespace watertight {
namespace {

std::vector<Finding> Find(const Image& image, const CleanOptions& options, Carrier carrier) {
  std::vector<Finding> kept;
  for (Finding& finding : FindDocumentLeaks(image.config().json, options)) {
    if (finding.carrier != carrier) continue;
    finding.blob = image.config().blob;
    if (finding.step && static_cast<std::size_t>(*finding.step) < image.history().size()) {
      finding.layer = image.history()[static_cast<std::size_t>(*finding.step)].layer;
    }
    kept.push_back(std::move(finding));
  }
  Allowances(options.allowed_findings()).Apply(&kept);
  return kept;
}

}  // namespace

CleanOptions& CleanOptions::Known(Secret secret) {
  known_.push_back(std::move(secret));
  return *this;
}

CleanOptions& CleanOptions::Allow(std::string name) {
  allowed_.push_back(std::move(name));
  return *this;
}

CleanOptions& CleanOptions::Allow(AllowedFinding allowed) {
  CheckAllowed(allowed);
  allowed_findings_.push_back(std::move(allowed));
  return *this;
}

std::vector<Finding> FindHistoryLeaks(const Image& image, const CleanOptions& options) {
  return Find(image, options, Carrier::kHistory);
}

std::vector<Finding> FindConfigLeaks(const Image& image, const CleanOptions& options) {
  return Find(image, options, Carrier::kConfig);
}

}  // namespace watertight
