#include "framework/scan/also_hidden.h"

namespace watertight {
namespace {

thread_local std::vector<Finding> hidden;

}  // namespace

AlsoHidden::AlsoHidden(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.carrier != Carrier::kHistory && finding.carrier != Carrier::kConfig) continue;
    hidden.push_back(finding);
    ++count_;
  }
}

AlsoHidden::~AlsoHidden() { hidden.resize(hidden.size() - count_); }

const std::vector<Finding>& AlsoHidden::Findings() { return hidden; }

}  // namespace watertight
