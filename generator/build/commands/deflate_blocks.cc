#include "generator/build/commands/deflate_blocks.h"

#include <algorithm>

#include "generator/build/commands/deflate_tree.h"

namespace watertight::generator::commands {
namespace {

constexpr std::size_t kLiterals = 286;
constexpr std::size_t kDistances = 30;
constexpr std::size_t kEndOfBlock = 256;
constexpr unsigned kLongestCode = 15;
constexpr unsigned kLongestLengthCode = 7;

// RFC 1951, 3.2.5: the first value of each code, and its extra bits.
struct Range {
  std::uint16_t first;
  std::uint8_t extra;
};
constexpr Range kLengths[] = {
    {0, 0},  {1, 0},  {2, 0},  {3, 0},   {4, 0},   {5, 0},   {6, 0},   {7, 0},   {8, 1},  {10, 1},
    {12, 1}, {14, 1}, {16, 2}, {20, 2},  {24, 2},  {28, 2},  {32, 3},  {40, 3},  {48, 3}, {56, 3},
    {64, 4}, {80, 4}, {96, 4}, {112, 4}, {128, 5}, {160, 5}, {192, 5}, {224, 5}, {255, 0}};
constexpr Range kDistanceRanges[] = {{0, 0},     {1, 0},     {2, 0},      {3, 0},      {4, 1},
                                     {6, 1},     {8, 2},     {12, 2},     {16, 3},     {24, 3},
                                     {32, 4},    {48, 4},    {64, 5},     {96, 5},     {128, 6},
                                     {192, 6},   {256, 7},   {384, 7},    {512, 8},    {768, 8},
                                     {1024, 9},  {1536, 9},  {2048, 10},  {3072, 10},  {4096, 11},
                                     {6144, 11}, {8192, 12}, {12288, 12}, {16384, 13}, {24576, 13}};

template <std::size_t kCount>
std::size_t CodeOf(const Range (&ranges)[kCount], std::size_t value) {
  const auto* after =
      std::upper_bound(std::begin(ranges), std::end(ranges), value,
                       [](std::size_t wanted, const Range& range) { return wanted < range.first; });
  return static_cast<std::size_t>(after - std::begin(ranges)) - 1;
}

std::vector<std::uint8_t> FixedLiterals() {
  std::vector<std::uint8_t> lengths(288, 8);
  std::fill(lengths.begin() + 144, lengths.begin() + 256, std::uint8_t{9});
  std::fill(lengths.begin() + 256, lengths.begin() + 280, std::uint8_t{7});
  return lengths;
}

// One symbol of the alphabet of code lengths, with what is repeated.
struct LengthCode {
  std::uint8_t symbol;
  std::uint8_t extra = 0;
  std::uint8_t extra_bits = 0;
};

void AppendRun(std::vector<LengthCode>& codes, std::uint8_t length, int count, int previous,
               int least) {
  if (count < least) {
    for (; count > 0; --count) codes.push_back({length});
  } else if (length != 0) {
    if (length != previous) {
      codes.push_back({length});
      --count;
    }
    codes.push_back({16, static_cast<std::uint8_t>(count - 3), 2});
  } else if (count <= 10) {
    codes.push_back({17, static_cast<std::uint8_t>(count - 3), 3});
  } else {
    codes.push_back({18, static_cast<std::uint8_t>(count - 11), 7});
  }
}

// The lengths of a tree, runs taken together.
void AppendLengthCodes(std::vector<LengthCode>& codes, const DeflateTree& tree) {
  int previous = -1;
  int count = 0;
  int most = tree.lengths[0] == 0 ? 138 : 7;
  int least = tree.lengths[0] == 0 ? 3 : 4;
  for (std::size_t i = 0; i <= tree.last; ++i) {
    const std::uint8_t length = tree.lengths[i];
    const int next = i < tree.last ? tree.lengths[i + 1] : -1;
    if (++count < most && length == next) continue;
    AppendRun(codes, length, count, previous, least);
    count = 0;
    previous = length;
    most = next == 0 ? 138 : length == next ? 6 : 7;
    least = next == 0 || length == next ? 3 : 4;
  }
}

constexpr std::size_t kLengthOrder[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                        11, 4,  12, 3, 13, 2, 14, 1, 15};

// What goes before the symbols of a dynamic block.
struct BlockHeader {
  std::vector<LengthCode> codes;
  DeflateTree tree;
  std::size_t sent = 0;  // lengths of the alphabet of lengths
  std::uint64_t bits = 0;
};

BlockHeader HeaderFor(const DeflateTree& literals, const DeflateTree& distances) {
  BlockHeader header;
  AppendLengthCodes(header.codes, literals);
  AppendLengthCodes(header.codes, distances);
  std::vector<std::uint32_t> counts(std::size(kLengthOrder));
  for (const LengthCode& code : header.codes) {
    ++counts[code.symbol];
    header.bits += code.extra_bits;
  }
  const std::vector<std::uint32_t> occurrences = counts;
  header.tree = BuildDeflateTree(counts, kLongestLengthCode);
  for (std::size_t i = 0; i < occurrences.size(); ++i) {
    header.bits += std::uint64_t{occurrences[i]} * header.tree.lengths[i];
  }
  header.sent = std::size(kLengthOrder);
  while (header.sent > 4 && header.tree.lengths[kLengthOrder[header.sent - 1]] == 0) --header.sent;
  header.bits += 3 * header.sent + 14;
  return header;
}

// Bits of all symbols with their extra bits.
std::uint64_t BitsOf(const std::vector<std::uint32_t>& literal_counts,
                     const std::vector<std::uint32_t>& distance_counts,
                     const std::vector<std::uint8_t>& literals,
                     const std::vector<std::uint8_t>& distances) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < literal_counts.size(); ++i) {
    const unsigned extra = i > kEndOfBlock ? kLengths[i - kEndOfBlock - 1].extra : 0;
    bits += std::uint64_t{literal_counts[i]} * (literals[i] + extra);
  }
  for (std::size_t i = 0; i < distance_counts.size(); ++i) {
    bits += std::uint64_t{distance_counts[i]} * (distances[i] + kDistanceRanges[i].extra);
  }
  return bits;
}

}  // namespace

void DeflateBlocks::Begin() {
  symbols_.clear();
  copies_ = 0;
  literal_counts_.assign(kLiterals, 0);
  distance_counts_.assign(kDistances, 0);
  literal_counts_[kEndOfBlock] = 1;
}

bool DeflateBlocks::Add(DeflateSymbol symbol, std::size_t covered, bool may_end_early) {
  symbols_.push_back(symbol);
  if (symbol.distance == 0) {
    ++literal_counts_[symbol.value];
  } else {
    ++copies_;
    ++literal_counts_[kEndOfBlock + 1 + CodeOf(kLengths, symbol.value)];
    ++distance_counts_[CodeOf(kDistanceRanges, symbol.distance - 1U)];
  }
  // A block that does well so far had better end before the text changes.
  if (may_end_early && symbols_.size() % 4096 == 0) {
    std::uint64_t bits = 8 * symbols_.size();
    for (std::size_t i = 0; i < kDistances; ++i) {
      bits += std::uint64_t{distance_counts_[i]} * (5U + kDistanceRanges[i].extra);
    }
    if (copies_ < symbols_.size() / 2 && bits / 8 < covered / 2) return true;
  }
  return symbols_.size() == capacity_ - 1 || copies_ == capacity_;
}

void DeflateBlocks::PutBits(std::uint32_t value, unsigned count) {
  pending_ |= std::uint64_t{value} << pending_count_;
  for (pending_count_ += count; pending_count_ >= 8; pending_count_ -= 8, pending_ >>= 8) {
    bytes_ += static_cast<char>(pending_ & 0xff);
  }
}

void DeflateBlocks::Align() {
  if (pending_count_ > 0) PutBits(0, 8 - pending_count_);
}

void DeflateBlocks::PutStored(std::string_view input) {
  Align();
  const auto length = static_cast<std::uint32_t>(input.size());
  PutBits(length & 0xffff, 16);
  PutBits(~length & 0xffff, 16);
  bytes_ += input;
}

void DeflateBlocks::PutSymbols(const std::vector<std::uint8_t>& literals,
                               const std::vector<std::uint8_t>& distances) {
  const std::vector<std::uint32_t> literal_codes = DeflateCodes(literals);
  const std::vector<std::uint32_t> distance_codes = DeflateCodes(distances);
  for (const DeflateSymbol& symbol : symbols_) {
    if (symbol.distance == 0) {
      PutBits(literal_codes[symbol.value], literals[symbol.value]);
      continue;
    }
    const std::size_t length = CodeOf(kLengths, symbol.value);
    const std::size_t literal = kEndOfBlock + 1 + length;
    PutBits(literal_codes[literal], literals[literal]);
    PutBits(symbol.value - kLengths[length].first, kLengths[length].extra);
    const std::uint32_t distance = symbol.distance - 1U;
    const std::size_t code = CodeOf(kDistanceRanges, distance);
    PutBits(distance_codes[code], distances[code]);
    PutBits(distance - kDistanceRanges[code].first, kDistanceRanges[code].extra);
  }
  PutBits(literal_codes[kEndOfBlock], literals[kEndOfBlock]);
}

void DeflateBlocks::End(const std::string_view* input, std::size_t length, bool last) {
  const std::vector<std::uint32_t> literal_counts = literal_counts_;
  const std::vector<std::uint32_t> distance_counts = distance_counts_;
  const DeflateTree literals = BuildDeflateTree(literal_counts_, kLongestCode);
  const DeflateTree distances = BuildDeflateTree(distance_counts_, kLongestCode);
  const BlockHeader header = HeaderFor(literals, distances);
  const std::uint64_t dynamic =
      BitsOf(literal_counts, distance_counts, literals.lengths, distances.lengths) + header.bits;
  const std::vector<std::uint8_t> fixed_literals = FixedLiterals();
  const std::vector<std::uint8_t> fixed_distances(kDistances, 5);
  const std::uint64_t fixed =
      BitsOf(literal_counts, distance_counts, fixed_literals, fixed_distances);
  const std::uint64_t fixed_bytes = (fixed + 3 + 7) / 8;
  const std::uint64_t least = std::min(fixed_bytes, (dynamic + 3 + 7) / 8);
  const std::uint32_t final_bit = last ? 1 : 0;
  if (length + 4 <= least && input != nullptr) {
    PutBits(final_bit, 3);
    PutStored(*input);
  } else if (fixed_bytes == least) {
    PutBits(1 << 1 | final_bit, 3);
    PutSymbols(fixed_literals, fixed_distances);
  } else {
    PutBits(2 << 1 | final_bit, 3);
    PutBits(static_cast<std::uint32_t>(literals.last + 1 - 257), 5);
    PutBits(static_cast<std::uint32_t>(distances.last), 5);
    PutBits(static_cast<std::uint32_t>(header.sent - 4), 4);
    for (std::size_t i = 0; i < header.sent; ++i) PutBits(header.tree.lengths[kLengthOrder[i]], 3);
    const std::vector<std::uint32_t> codes = DeflateCodes(header.tree.lengths);
    for (const LengthCode& code : header.codes) {
      PutBits(codes[code.symbol], header.tree.lengths[code.symbol]);
      PutBits(code.extra, code.extra_bits);
    }
    PutSymbols(literals.lengths, distances.lengths);
  }
  Begin();
  if (last) Align();
}

}  // namespace watertight::generator::commands
