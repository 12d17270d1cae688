// Places in a document whose members' names hold what was found: shown without it.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "framework/scan/document.h"
#include "watertight/finding.h"

namespace watertight {

class ShownKeys {
 public:
  // strings: all of one document; must outlive it.
  explicit ShownKeys(const std::vector<DocumentString>& strings) : strings_(strings) {}

  // Of a member's name, in which these findings are, if any: completes their places, which are that
  // of its object so far. Names come in the document's order.
  void AddName(std::size_t string, std::vector<Finding>* findings);
  // Hides such names, and what messages hide anyway, in the place of a finding.
  void Hide(Finding* finding) const;

 private:
  struct Name {
    std::string field;      // as the document spells it
    std::string shown;      // its last member's name hidden
    std::string object;     // the field of the object
    std::size_t index = 0;  // of the name among the object's, as jq counts them
  };

  std::size_t IndexOf(std::size_t string) const;

  const std::vector<DocumentString>& strings_;
  std::vector<Name> names_;  // those within others behind them
};

}  // namespace watertight
