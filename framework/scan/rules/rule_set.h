// Rules, compiled: the literals that lead to them, and the trial of a rule around a literal.

#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/lazy_pattern.h"
#include "framework/scan/rules/own_rule.h"
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

  explicit RuleSet(RuleRows rows);
  // The built-in rules and the user's, whose errors come first and whose others come last: a lesser
  // finding hides none of a built-in rule.
  explicit RuleSet(std::vector<OwnRule> own);
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;
  // All built-in rules. Lives to the end of the program.
  static const RuleSet& BuiltIn();

  const RuleRows& rows() const { return rows_; }
  const std::vector<Lead>& leads() const { return leads_; }

  // Compiled when it is first asked for.
  const re2::RE2& pattern(std::size_t rule) const { return patterns_[rule].Get(); }
  // What its pattern matches is the value, without a name beside it.
  bool IsWhole(std::size_t rule) const;
  // All of the text is a value of the rule.
  bool IsAllOf(std::size_t rule, std::string_view text) const;

  // at: where the literal of that size begins.
  RuleMatch MatchAround(std::size_t rule, std::size_t at, std::size_t size,
                        const TextWindow& window) const;

 private:
  struct Part;

  static Part PartOfOwn(const Rule& row, std::size_t at, std::size_t end, std::string_view bytes);
  RuleMatch MatchIn(std::size_t rule, std::size_t at, std::size_t size,
                    std::string_view text) const;
  void Add(const Rule& rule);
  void AddOwn(const OwnRule& own);

  std::vector<OwnRule> own_;  // the rows point into it
  RuleRows rows_;
  std::deque<LazyPattern> patterns_;  // which cannot be moved
  std::vector<Lead> leads_;
};

}  // namespace watertight
