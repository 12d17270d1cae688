#include "framework/scan/value_set.h"

#include <map>
#include <utility>

namespace watertight {

struct ValueSet::Parts {
  std::vector<std::string> values;
  std::vector<SpelledValue> spellings;
  std::vector<std::vector<Candidate>> candidates;
  std::vector<std::string> literals;
};

ValueSet::Parts ValueSet::Prepare(std::vector<std::string> values) {
  Parts parts;
  parts.values = std::move(values);
  std::map<std::string, std::size_t> literal_of;
  for (std::size_t i = 0; i < parts.values.size(); ++i) {
    for (auto& spelling : SpellingsOf(parts.values[i])) {
      for (const Anchor& anchor : spelling->Anchors()) {
        const auto [at, added] = literal_of.emplace(anchor.bytes, parts.literals.size());
        if (added) {
          parts.literals.push_back(anchor.bytes);
          parts.candidates.emplace_back();
        }
        parts.candidates[at->second].push_back({parts.spellings.size(), anchor.unit, anchor.shift});
      }
      parts.spellings.push_back({static_cast<int>(i) + 1, std::move(spelling)});
    }
  }
  return parts;
}

ValueSet::ValueSet(std::vector<std::string> values) : ValueSet(Prepare(std::move(values))) {}

ValueSet::ValueSet(Parts parts)
    : values_(std::move(parts.values)),
      spellings_(std::move(parts.spellings)),
      candidates_(std::move(parts.candidates)),
      literals_(std::move(parts.literals)) {}

}  // namespace watertight
