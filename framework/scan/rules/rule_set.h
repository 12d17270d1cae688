// Rules, compiled: the literals that lead to them, and the trial of a rule around a literal.

#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/rules/rule.h"
#include "framework/scan/spelling_match.h"

namespace watertight {

struct RuleMatch {
  Fit fit = Fit::kNo;
  std::size_t begin = 0;  // of the value, in the window
  std::size_t end = 0;
  Level level = Level::kError;
};

class RuleSet {
 public:
  struct Lead {
    std::string literal;
    std::size_t rule = 0;
  };

  // Throws: Error, kUnsupported, for a pattern that RE2 refuses.
  explicit RuleSet(RuleRows rows);
  // All built-in rules. Lives to the end of the program.
  static const RuleSet& BuiltIn();

  const RuleRows& rows() const { return rows_; }
  const std::vector<Lead>& leads() const { return leads_; }

  // Its literals are the begin of the values themselves.
  bool IsToken(std::size_t rule) const;

  // at: where the literal of that size begins.
  RuleMatch MatchAround(std::size_t rule, std::size_t at, std::size_t size,
                        const TextWindow& window) const;

 private:
  RuleRows rows_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_;
  std::vector<Lead> leads_;
};

}  // namespace watertight
