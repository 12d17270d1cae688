// Known values in all their spellings, made ready to be searched for together.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/scan/literal_set.h"
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

  // Throws: Error, kUnsupported.
  explicit ValueSet(std::vector<std::string> values);

  const std::vector<std::string>& values() const { return values_; }
  // Of one occurrence that several fit, the first one counts.
  const std::vector<SpelledValue>& spellings() const { return spellings_; }
  const LiteralSet& literals() const { return literals_; }
  const std::vector<Candidate>& CandidatesOf(std::size_t literal) const {
    return candidates_[literal];
  }

 private:
  struct Parts;
  explicit ValueSet(Parts parts);
  static Parts Prepare(std::vector<std::string> values);

  std::vector<std::string> values_;
  std::vector<SpelledValue> spellings_;
  std::vector<std::vector<Candidate>> candidates_;  // by literal
  LiteralSet literals_;
};

}  // namespace watertight
