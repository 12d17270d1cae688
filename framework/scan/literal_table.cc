#include "framework/scan/literal_table.h"

#include <algorithm>

namespace watertight {
namespace {

std::size_t ByteAt(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

// Many begin with the same bytes, so the last one is looked at first.
bool Begins(std::string_view bytes, const Literal& literal) {
  const std::string& wanted = literal.bytes;
  if (bytes.size() < wanted.size()) return false;
  if (!literal.caseless)
    return bytes[wanted.size() - 1] == wanted.back() && bytes.starts_with(wanted);
  return std::equal(wanted.begin(), wanted.end(), bytes.begin(),
                    [](char small, char c) { return small == SmallLetter(c); });
}

LiteralTable::LiteralTable(const std::vector<Literal>& literals) : literals_(literals) {
  for (std::uint32_t i = 0; i < literals.size(); ++i) {
    const std::string& bytes = literals[i].bytes;
    const bool single = bytes.size() == 1;
    for (std::size_t first = 0; first < kBytes; ++first) {
      const char c = static_cast<char>(first);
      if (bytes[0] != (literals[i].caseless ? SmallLetter(c) : c)) continue;
      (single ? single_ : by_first_)[first].push_back(i);
      for (std::size_t second = 0; second < kBytes && !single; ++second) {
        const char next = static_cast<char>(second);
        if (bytes[1] == (literals[i].caseless ? SmallLetter(next) : next))
          begins_.set(first * kBytes + second);
      }
    }
  }
}

void LiteralTable::Compare(std::string_view bytes, std::size_t at,
                           const std::vector<std::uint32_t>& bucket, std::vector<Hit>* hits) const {
  for (const std::uint32_t literal : bucket) {
    if (Begins(bytes.substr(at), literals_[literal])) hits->emplace_back(literal, at);
  }
}

std::vector<LiteralTable::Hit> LiteralTable::Scan(std::string_view bytes) const {
  std::vector<Hit> hits;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const std::size_t first = ByteAt(bytes, at);
    if (!single_[first].empty()) Compare(bytes, at, single_[first], &hits);
    if (at + 1 < bytes.size() && begins_[first * kBytes + ByteAt(bytes, at + 1)]) {
      Compare(bytes, at, by_first_[first], &hits);
    }
  }
  std::stable_sort(hits.begin(), hits.end(), [this](const Hit& a, const Hit& b) {
    return a.second + literals_[a.first].bytes.size() < b.second + literals_[b.first].bytes.size();
  });
  return hits;
}

}  // namespace watertight
