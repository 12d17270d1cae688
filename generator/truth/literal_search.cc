#include "generator/truth/literal_search.h"

#include <algorithm>
#include <utility>

namespace watertight::generator {
namespace {

constexpr std::size_t kTable = 1 << 16;
constexpr std::size_t kLongestJump = 255;
// Lengths from which on literals share a table.
constexpr std::size_t kGroupsFrom[] = {1, 2, 4, 8, 20};

std::size_t BlockAt(std::string_view text, std::size_t end, std::size_t block) {
  const auto byte = [&](std::size_t back) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[end - back]));
  };
  if (block == 1) return byte(1);
  if (block == 2) return byte(2) << 8 | byte(1);
  return (byte(3) * 0x9e5 + byte(2) * 0x1d3 + byte(1)) % kTable;
}

}  // namespace

LiteralSearch::LiteralSearch(std::vector<std::string> literals) : literals_(std::move(literals)) {
  for (std::size_t i = 0; i < std::size(kGroupsFrom); ++i) {
    const std::size_t from = kGroupsFrom[i];
    const std::size_t below = i + 1 < std::size(kGroupsFrom) ? kGroupsFrom[i + 1] : SIZE_MAX;
    std::vector<std::uint32_t> members;
    for (std::uint32_t literal = 0; literal < literals_.size(); ++literal) {
      const std::size_t size = literals_[literal].size();
      if (size >= from && size < below) members.push_back(literal);
    }
    if (!members.empty()) AddGroup(members);
  }
}

void LiteralSearch::AddGroup(const std::vector<std::uint32_t>& members) {
  Group& group = groups_.emplace_back();
  group.window = kLongestJump;
  for (const std::uint32_t literal : members) {
    group.window = std::min(group.window, literals_[literal].size());
  }
  group.block = group.window < 4 ? std::min<std::size_t>(group.window, 2) : 3;
  group.jumps.assign(kTable, static_cast<std::uint8_t>(group.window - group.block + 1));
  group.firsts.assign(kTable + 1, 0);
  std::vector<std::pair<std::size_t, std::uint32_t>> ends;  // block, literal
  for (const std::uint32_t literal : members) {
    for (std::size_t end = group.block; end <= group.window; ++end) {
      std::uint8_t& jump = group.jumps[BlockAt(literals_[literal], end, group.block)];
      jump = std::min(jump, static_cast<std::uint8_t>(group.window - end));
    }
    ends.emplace_back(BlockAt(literals_[literal], group.window, group.block), literal);
  }
  std::ranges::sort(ends);
  for (const auto& [block, literal] : ends) {
    ++group.firsts[block + 1];
    group.bucket.push_back(literal);
  }
  for (std::size_t block = 0; block < kTable; ++block) {
    group.firsts[block + 1] += group.firsts[block];
  }
}

void LiteralSearch::Find(std::string_view text, const Found& found) const {
  for (const Group& group : groups_) FindIn(group, text, found);
}

void LiteralSearch::FindIn(const Group& group, std::string_view text, const Found& found) const {
  for (std::size_t end = group.window; end <= text.size();) {
    const std::size_t block = BlockAt(text, end, group.block);
    const std::size_t jump = group.jumps[block];
    if (jump > 0) {
      end += jump;
      continue;
    }
    const std::size_t begin = end - group.window;
    for (std::uint32_t i = group.firsts[block]; i < group.firsts[block + 1]; ++i) {
      const std::string& literal = literals_[group.bucket[i]];
      if (text.substr(begin, literal.size()) == literal) found(group.bucket[i], begin);
    }
    ++end;
  }
}

}  // namespace watertight::generator
