// What one pass searches for: known values in all their spellings, and rules.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/scan/encoded_streams.h"
#include "framework/scan/literal_set.h"
#include "framework/scan/rules/rule_set.h"
#include "framework/scan/spelling.h"

namespace watertight {

class ValueSet {
 public:
  struct SpelledValue {
    int secret = 0;  // from 1
    std::unique_ptr<const Spelling> spelling;
  };
  // What the hit of a literal may be a part of.
  struct Candidate {
    std::size_t spelling = 0;  // index into spellings()
    std::size_t unit = 0;
    std::ptrdiff_t shift = 0;
  };

  // rules may be null, and must outlive it. Throws: Error, kUnsupported.
  explicit ValueSet(std::vector<std::string> values, const RuleSet* rules = nullptr);

  // No values. Made once.
  static const ValueSet& OfBuiltInRules();

  const std::vector<std::string>& values() const { return values_; }
  // Of one occurrence that several fit, the first one counts.
  const std::vector<SpelledValue>& spellings() const { return spellings_; }
  const LiteralSet& literals() const { return literals_; }
  const std::vector<Candidate>& CandidatesOf(std::size_t literal) const {
    return candidates_[literal];
  }
  // What of an encoded stream may begin there; mostly null, and always with rules, which look for
  // all that is encoded.
  const StreamBegin* StreamAt(std::size_t literal) const {
    return literal < stream_begins_ ? &kStreamBegins[literal] : nullptr;
  }
  // What the end of a zip begins with.
  bool IsZipEnd(std::size_t literal) const { return literal == zip_end_; }
  // Whether escapes around the literal may hide a value that none of its candidates tells.
  bool IsHint(std::size_t literal) const { return hints_[literal]; }
  // Whether the column of a table may be called so.
  bool IsColumn(std::size_t literal) const { return columns_[literal]; }
  // How far escapes are undone on either side of a hint.
  std::size_t hint_reach() const { return hint_reach_; }
  const RuleSet* rules() const { return rules_; }
  // Indices into the rules' rows.
  const std::vector<std::size_t>& RulesOf(std::size_t literal) const { return rules_of_[literal]; }

 private:
  struct Parts;
  explicit ValueSet(Parts parts);
  static void MergeCases(Parts* parts);
  static Parts Prepare(std::vector<std::string> values, const RuleSet* rules);

  std::vector<std::string> values_;
  std::vector<SpelledValue> spellings_;
  std::vector<std::vector<Candidate>> candidates_;  // by literal
  const RuleSet* rules_;
  std::vector<std::vector<std::size_t>> rules_of_;  // by literal
  std::size_t stream_begins_ = 0;                   // the first literals
  std::size_t zip_end_ = 0;                         // a literal
  std::vector<bool> hints_;                         // by literal
  std::size_t hint_reach_ = 0;
  std::vector<bool> columns_;  // by literal
  LiteralSet literals_;
};

}  // namespace watertight
