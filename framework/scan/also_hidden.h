// Findings that texts of this thread must not show, beside those that they know of.
//
// Every message shows steps of the history, redacted by what the rules of documents find there.
// Who found more in the same documents, by a known value or a rule of one's own, says so here
// while messages are made.

#pragma once

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

 private:
  std::size_t count_ = 0;
};

}  // namespace watertight
