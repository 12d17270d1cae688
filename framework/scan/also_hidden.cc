#include "framework/scan/also_hidden.h"

#include <utility>

#include "watertight/secret.h"

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

std::string AlsoHidden::Without(std::string text) {
  std::string_view last;  // findings of one value follow one another
  for (const Finding& finding : hidden) {
    if (finding.secret == 0 || finding.value == last) continue;
    text = WithoutValue(std::move(text), finding.value);
    last = finding.value;
  }
  return text;
}

AlsoHidden::~AlsoHidden() { hidden.resize(hidden.size() - count_); }

const std::vector<Finding>& AlsoHidden::Findings() { return hidden; }

std::string WithoutValue(std::string text, std::string_view value) {
  const std::size_t first = text.find(value);
  if (first == std::string::npos) return text;
  const std::string shown = Redacted(value);
  for (std::size_t at = first; at != std::string::npos; at = text.find(value, at + shown.size())) {
    text.replace(at, value.size(), shown);
  }
  return text;
}

}  // namespace watertight
