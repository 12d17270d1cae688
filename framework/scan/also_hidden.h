// Findings that texts of this thread must not show, beside those that they know of.
//
// Every message shows steps of the history, redacted by what the rules of documents find there.
// Who found more in the same documents, by a known value or a rule of one's own, says so here
// while messages are made.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "watertight/finding.h"

namespace watertight {

class AlsoHidden {
 public:
  // findings: of one image's configuration and history; others are ignored.
  explicit AlsoHidden(const std::vector<Finding>& findings);
  AlsoHidden(const AlsoHidden&) = delete;
  AlsoHidden& operator=(const AlsoHidden&) = delete;
  ~AlsoHidden();

  // Of all that live.
  static const std::vector<Finding>& Findings();
  // The text with each known value of these that stands in it redacted.
  static std::string Without(std::string text);

 private:
  std::size_t count_ = 0;
};

// The text with each value that stands in it as it is redacted.
std::string WithoutValue(std::string text, std::string_view value);

}  // namespace watertight
