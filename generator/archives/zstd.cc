#include "generator/archives/zstd.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "generator/archives/bits.h"
#include "generator/archives/fse.h"
#include "generator/archives/lz77.h"
#include "generator/archives/xxh64.h"
#include "generator/archives/zstd_literals.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kBlockSize = std::size_t{1} << 17;
constexpr std::size_t kWindow = std::size_t{1} << 18;
constexpr std::string_view kMagic("\x28\xb5\x2f\xfd", 4);

// Predefined distributions (RFC 8878 §3.1.1.3.2.2).
const FseCounts kLiteralLengthCounts = {4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1,  1,  2,  2,
                                        2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1};
const FseCounts kMatchLengthCounts = {1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1,  1,  1,  1,  1,  1,  1, 1,
                                      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1, 1,
                                      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1};
const FseCounts kOffsetCounts = {1, 1, 1, 1, 1, 1, 2, 2, 2, 1,  1,  1,  1,  1, 1,
                                 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1};

// Codes of lengths: the smallest value and the bits after the code (§3.1.1.3.2.1.1). The codes
// before the table stand for one value each.
struct LengthRow {
  std::uint32_t base;
  unsigned bits;
};
constexpr std::array<LengthRow, 20> kLiteralRows = {
    {{16, 1},    {18, 1},    {20, 1},    {22, 1},     {24, 2},     {28, 2},    {32, 3},
     {40, 3},    {48, 4},    {64, 6},    {128, 7},    {256, 8},    {512, 9},   {1024, 10},
     {2048, 11}, {4096, 12}, {8192, 13}, {16384, 14}, {32768, 15}, {65536, 16}}};
constexpr std::array<LengthRow, 21> kMatchRows = {
    {{35, 1},    {37, 1},    {39, 1},    {41, 1},    {43, 2},     {47, 2},     {51, 3},
     {59, 3},    {67, 4},    {83, 4},    {99, 5},    {131, 7},    {259, 8},    {515, 9},
     {1027, 10}, {2051, 11}, {4099, 12}, {8195, 13}, {16387, 14}, {32771, 15}, {65539, 16}}};

struct Coded {
  std::size_t code = 0;
  std::uint32_t extra = 0;
  unsigned bits = 0;
};

template <std::size_t kRows>
Coded LengthCode(std::uint32_t value, std::uint32_t smallest,
                 const std::array<LengthRow, kRows>& rows) {
  if (value < rows.front().base) return {value - smallest, 0, 0};
  std::size_t row = kRows - 1;
  while (rows[row].base > value) --row;
  return {rows.front().base - smallest + row, value - rows[row].base, rows[row].bits};
}

// Offsets 1 to 3 mean offsets used before; ours are always new.
Coded OffsetCode(std::uint32_t distance) {
  const std::uint32_t value = distance + 3;
  unsigned high = 31;
  while ((value >> high) == 0) --high;
  return {high, value - (1u << high), high};
}

std::string SequencesHeader(std::size_t count) {
  std::string header;
  if (count < 128) {
    header = LittleEndian(count, 1);
  } else if (count < 0x7f00) {
    header = {static_cast<char>((count >> 8) + 128), static_cast<char>(count & 0xff)};
  } else {
    header = '\xff' + LittleEndian(count - 0x7f00, 2);
  }
  if (count > 0) header += '\0';  // all three tables predefined
  return header;
}

// Three interleaved state machines; a decoder reads from the end, so the last sequence is first.
std::string SequencesBits(const std::vector<Sequence>& sequences) {
  static const FseTable literal_table(kLiteralLengthCounts, 6);
  static const FseTable match_table(kMatchLengthCounts, 6);
  static const FseTable offset_table(kOffsetCounts, 5);
  BitWriter out;
  std::uint32_t literal_state = 0;
  std::uint32_t match_state = 0;
  std::uint32_t offset_state = 0;
  for (std::size_t i = sequences.size(); i-- > 0;) {
    const Coded literals = LengthCode(sequences[i].literals, 0, kLiteralRows);
    const Coded match = LengthCode(sequences[i].length, 3, kMatchRows);
    const Coded offset = OffsetCode(sequences[i].distance);
    if (i + 1 == sequences.size()) {
      match_state = match_table.First(match.code);
      offset_state = offset_table.First(offset.code);
      literal_state = literal_table.First(literals.code);
    } else {
      offset_state = offset_table.Next(out, offset_state, offset.code);
      match_state = match_table.Next(out, match_state, match.code);
      literal_state = literal_table.Next(out, literal_state, literals.code);
    }
    for (const Coded& coded : {literals, match, offset}) out.Put(coded.extra, coded.bits);
  }
  match_table.Flush(out, match_state);
  offset_table.Flush(out, offset_state);
  literal_table.Flush(out, literal_state);
  out.Put(1, 1);
  out.AlignToByte();
  return std::move(out.bytes());
}

std::string CompressedBlock(std::string_view block, std::vector<Sequence> sequences) {
  std::string literals;
  std::size_t at = 0;
  for (const Sequence& sequence : sequences) {
    literals += block.substr(at, sequence.literals);
    at += sequence.literals + sequence.length;
  }
  if (!sequences.empty() && sequences.back().length == 0) sequences.pop_back();
  std::string content = ZstdLiterals(literals) + SequencesHeader(sequences.size());
  if (!sequences.empty()) content += SequencesBits(sequences);
  return content;
}

void PutBlock(Spool& out, Lz77& lz77, std::string_view block, bool last) {
  enum BlockType { kRaw = 0, kRepeated = 1, kCompressed = 2 };
  const auto header = [&](BlockType type, std::size_t size) {
    out.Append(LittleEndian((last ? 1u : 0u) | static_cast<unsigned>(type) << 1 | size << 3, 3));
  };
  std::vector<Sequence> sequences = lz77.Next(block);
  const bool repeated =
      block.size() > 1 && block.find_first_not_of(block[0]) == std::string_view::npos;
  if (repeated) {
    header(kRepeated, block.size());
    return out.Append(block.substr(0, 1));
  }
  const std::string content = CompressedBlock(block, std::move(sequences));
  const bool smaller = content.size() < block.size();
  header(smaller ? kCompressed : kRaw, smaller ? content.size() : block.size());
  out.Append(smaller ? std::string_view(content) : block);
}

// One segment where the content is smaller than the window; a window of its own otherwise.
std::string FrameHeader(std::uint64_t size) {
  constexpr unsigned kSingleSegment = 1u << 5;
  constexpr unsigned kChecksum = 1u << 2;
  const bool single = size <= kWindow;
  struct SizeForm {
    std::uint64_t least, most;
    std::size_t bytes;
    unsigned flag;
  };
  constexpr std::array<SizeForm, 4> kForms = {{{0, 0xff, 1, 0},
                                               {0x100, 0x100ff, 2, 1},
                                               {0, 0xffffffff, 4, 2},
                                               {0, ~std::uint64_t{0}, 8, 3}}};
  std::size_t form = 0;
  while (size > kForms[form].most) ++form;
  std::string header(kMagic);
  header += static_cast<char>(kForms[form].flag << 6 | (single ? kSingleSegment : 0) | kChecksum);
  if (!single) header += static_cast<char>((18 - 10) << 3);  // 2^18 bytes
  return header + LittleEndian(size - (form == 1 ? 256 : 0), kForms[form].bytes);
}

}  // namespace

Rope Zstd(const Rope& bytes) {
  Spool spool;
  spool.Append(FrameHeader(bytes.size()));
  Lz77 lz77({kWindow, 65535});
  Xxh64 checksum;
  std::string block;
  bytes.Read([&](std::string_view part) {
    checksum.Update(part);
    while (!part.empty()) {
      if (block.size() == kBlockSize) {
        PutBlock(spool, lz77, block, false);
        block.clear();
      }
      const std::size_t taken = std::min(part.size(), kBlockSize - block.size());
      block += part.substr(0, taken);
      part.remove_prefix(taken);
    }
  });
  PutBlock(spool, lz77, block, true);
  spool.Append(LittleEndian(checksum.Finish() & 0xffffffff, 4));
  return spool.Take();
}

}  // namespace watertight::generator
