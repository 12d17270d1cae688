#include "framework/scan/value_set.h"

#include <algorithm>
#include <map>
#include <utility>

#include "framework/scan/columns.h"

namespace watertight {

namespace {

// A character may take some 24 bytes when it is escaped twice; values may have megabytes.
std::size_t HintReach(std::size_t size) {
  constexpr std::size_t kEach = 24;
  constexpr std::size_t kLeast = 512;
  constexpr std::size_t kMost = 8192;
  return size > kMost / kEach ? kMost : std::max(kLeast, kEach * size);
}

}  // namespace

struct ValueSet::Parts {
  std::vector<std::string> values;
  std::vector<SpelledValue> spellings;
  std::vector<std::vector<Candidate>> candidates;
  const RuleSet* rules = nullptr;
  std::vector<std::vector<std::size_t>> rules_of;
  std::size_t stream_begins = 0;
  std::size_t zip_end = 0;
  std::vector<bool> hints;
  std::size_t hint_reach = 0;
  std::vector<bool> columns;
  std::vector<Literal> literals;
};

ValueSet::Parts ValueSet::Prepare(std::vector<std::string> values, const RuleSet* rules) {
  Parts parts;
  parts.values = std::move(values);
  parts.rules = rules;
  std::map<std::string, std::size_t> literal_of;
  const auto literal = [&](const std::string& bytes) {
    const auto [at, added] = literal_of.emplace(bytes, parts.literals.size());
    if (added) {
      parts.literals.push_back({bytes});
      parts.candidates.emplace_back();
      parts.rules_of.emplace_back();
      parts.hints.push_back(false);
      parts.columns.push_back(false);
    }
    return at->second;
  };
  if (rules == nullptr) {
    for (const StreamBegin& begin : kStreamBegins) literal(std::string(begin.text));
    parts.stream_begins = parts.literals.size();
  }
  parts.zip_end = literal("PK\x05\x06");
  for (std::size_t i = 0; i < parts.values.size(); ++i) {
    for (auto& spelling : SpellingsOf(parts.values[i])) {
      for (const Anchor& anchor : spelling->Anchors()) {
        parts.candidates[literal(anchor.bytes)].push_back(
            {parts.spellings.size(), anchor.unit, anchor.shift});
      }
      parts.spellings.push_back({static_cast<int>(i) + 1, std::move(spelling)});
    }
    for (const std::string& hint : HintsOf(parts.values[i])) parts.hints[literal(hint)] = true;
    parts.hint_reach = std::max(parts.hint_reach, HintReach(parts.values[i].size()));
  }
  if (rules != nullptr) {
    for (const RuleSet::Lead& lead : rules->leads()) {
      parts.rules_of[literal(lead.literal)].push_back(lead.rule);
    }
    for (const std::string& word : ColumnWords()) parts.columns[literal(word)] = true;
  }
  MergeCases(&parts);
  return parts;
}

// Of literals of spellings that differ in the case of letters, such as those of hexadecimal, one:
// the fewer there are, the faster they are found. What stands there decides afterwards.
void ValueSet::MergeCases(Parts* parts) {
  std::map<std::string, std::size_t> first_of;  // by small letters
  std::size_t kept = 0;
  for (std::size_t i = 0; i < parts->literals.size(); ++i) {
    const bool merges =
        i > parts->zip_end && !parts->hints[i] && !parts->columns[i] && parts->rules_of[i].empty();
    if (merges) {
      std::string small = parts->literals[i].bytes;
      std::transform(small.begin(), small.end(), small.begin(), SmallLetter);
      const auto [first, added] = first_of.emplace(small, kept);
      if (!added) {
        parts->literals[first->second] = {small, true};
        auto& candidates = parts->candidates[first->second];
        candidates.insert(candidates.end(), parts->candidates[i].begin(),
                          parts->candidates[i].end());
        continue;
      }
    }
    std::swap(parts->literals[kept], parts->literals[i]);
    std::swap(parts->candidates[kept], parts->candidates[i]);
    std::swap(parts->rules_of[kept], parts->rules_of[i]);
    parts->hints[kept] = parts->hints[i];
    parts->columns[kept] = parts->columns[i];
    ++kept;
  }
  parts->literals.resize(kept);
  parts->candidates.resize(kept);
  parts->rules_of.resize(kept);
  parts->hints.resize(kept);
  parts->columns.resize(kept);
}

ValueSet::ValueSet(std::vector<std::string> values, const RuleSet* rules)
    : ValueSet(Prepare(std::move(values), rules)) {}

const ValueSet& ValueSet::OfBuiltInRules() {
  static const auto* set = new ValueSet({}, &RuleSet::BuiltIn());
  return *set;
}

ValueSet::ValueSet(Parts parts)
    : values_(std::move(parts.values)),
      spellings_(std::move(parts.spellings)),
      candidates_(std::move(parts.candidates)),
      rules_(parts.rules),
      rules_of_(std::move(parts.rules_of)),
      stream_begins_(parts.stream_begins),
      zip_end_(parts.zip_end),
      hints_(std::move(parts.hints)),
      hint_reach_(parts.hint_reach),
      columns_(std::move(parts.columns)),
      literals_(std::move(parts.literals)) {}

}  // namespace watertight
