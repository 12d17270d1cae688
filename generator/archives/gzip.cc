#include "generator/archives/gzip.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "generator/archives/bits.h"
#include "generator/archives/crc32.h"
#include "generator/archives/huffman.h"
#include "generator/archives/lz77.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kBlockSize = 65535;  // what one stored block can hold
constexpr std::size_t kEndOfBlock = 256;

constexpr std::array<std::string_view, 4> kHeaders = {
    std::string_view("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10),
    std::string_view("\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff", 10),
    std::string_view("\x1f\x8b\x08\x00\x00\x09\x6e\x88\x00\xff", 10),
    std::string_view("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00", 10)};

// A value as a code and some bits after it (RFC 1951 §3.2.5).
struct Coded {
  std::size_t code = 0;
  std::uint32_t extra = 0;
  unsigned extra_bits = 0;
};

// Codes come in groups of `group`, each with one bit more; the first two groups have none.
Coded CodeOf(std::uint32_t value, std::uint32_t group_bits) {
  const std::uint32_t group = 1u << group_bits;
  if (value < 2 * group) return {value, 0, 0};
  unsigned high = 31;
  while ((value >> high) == 0) --high;
  const unsigned extra_bits = high - group_bits;
  return {(static_cast<std::size_t>(extra_bits) << group_bits) + (value >> extra_bits),
          value & ((1u << extra_bits) - 1), extra_bits};
}

Coded LengthCode(std::uint32_t length) {
  if (length == 258) return {285, 0, 0};
  Coded coded = CodeOf(length - 3, 2);
  coded.code += 257;
  return coded;
}

Coded DistanceCode(std::uint32_t distance) { return CodeOf(distance - 1, 1); }

// Codes of the lengths, bits reversed, as deflate packs them (§3.2.2).
std::vector<std::uint32_t> ReversedCodes(const std::vector<std::uint8_t>& lengths) {
  std::array<std::uint32_t, 16> next{};
  std::array<std::uint32_t, 17> count{};
  for (const std::uint8_t length : lengths) ++count[length];
  count[0] = 0;
  for (std::size_t bits = 1; bits < 16; ++bits)
    next[bits] = (next[bits - 1] + count[bits - 1]) << 1;
  std::vector<std::uint32_t> codes(lengths.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    std::uint32_t code = lengths[i] == 0 ? 0 : next[lengths[i]]++;
    for (unsigned bit = 0; bit < lengths[i]; ++bit, code >>= 1)
      codes[i] = codes[i] << 1 | (code & 1);
  }
  return codes;
}

struct Code {
  std::vector<std::uint8_t> lengths;
  std::vector<std::uint32_t> codes;

  Code(const std::vector<std::uint32_t>& frequencies, unsigned longest)
      : lengths(CodeLengths(frequencies, longest)), codes(ReversedCodes(lengths)) {}

  void Put(BitWriter& out, std::size_t symbol) const { out.Put(codes[symbol], lengths[symbol]); }
  // Lengths up to the last one that is used.
  std::size_t Used(std::size_t least) const {
    std::size_t used = lengths.size();
    while (used > least && lengths[used - 1] == 0) --used;
    return used;
  }
};

// A list of code lengths in runs: symbols 0 to 15, 16 = repeat, 17 and 18 = zeros (§3.2.7).
std::vector<Coded> RunsOf(const std::vector<std::uint8_t>& lengths) {
  std::vector<Coded> runs;
  for (std::size_t i = 0; i < lengths.size();) {
    std::size_t count = 1;
    while (i + count < lengths.size() && lengths[i + count] == lengths[i]) ++count;
    if (lengths[i] == 0 && count >= 3) {
      count = std::min<std::size_t>(count, 138);
      const bool many = count >= 11;
      runs.push_back(
          {many ? 18u : 17u, static_cast<std::uint32_t>(count - (many ? 11 : 3)), many ? 7u : 3u});
    } else if (i > 0 && lengths[i - 1] == lengths[i] && count >= 3) {
      count = std::min<std::size_t>(count, 6);
      runs.push_back({16, static_cast<std::uint32_t>(count - 3), 2});
    } else {
      count = 1;
      runs.push_back({lengths[i], 0, 0});
    }
    i += count;
  }
  return runs;
}

void PutCodes(BitWriter& out, const Code& literals, const Code& distances) {
  constexpr std::array<std::size_t, 19> kOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                  11, 4,  12, 3, 13, 2, 14, 1, 15};
  const std::size_t literal_count = literals.Used(257);
  const std::size_t distance_count = distances.Used(1);
  std::vector<std::uint8_t> lengths(
      literals.lengths.begin(),
      literals.lengths.begin() + static_cast<std::ptrdiff_t>(literal_count));
  lengths.insert(lengths.end(), distances.lengths.begin(),
                 distances.lengths.begin() + static_cast<std::ptrdiff_t>(distance_count));
  const std::vector<Coded> runs = RunsOf(lengths);
  std::vector<std::uint32_t> frequencies(19);
  for (const Coded& run : runs) ++frequencies[run.code];
  const Code run_code(frequencies, 7);
  std::size_t order_count = 19;
  while (order_count > 4 && run_code.lengths[kOrder[order_count - 1]] == 0) --order_count;
  out.Put(literal_count - 257, 5);
  out.Put(distance_count - 1, 5);
  out.Put(order_count - 4, 4);
  for (std::size_t i = 0; i < order_count; ++i) out.Put(run_code.lengths[kOrder[i]], 3);
  for (const Coded& run : runs) {
    run_code.Put(out, run.code);
    out.Put(run.extra, run.extra_bits);
  }
}

void PutDynamic(BitWriter& out, std::string_view block, const std::vector<Sequence>& sequences,
                const Code& literals, const Code& distances) {
  PutCodes(out, literals, distances);
  std::size_t at = 0;
  for (const Sequence& sequence : sequences) {
    for (std::uint32_t i = 0; i < sequence.literals; ++i, ++at) {
      literals.Put(out, static_cast<unsigned char>(block[at]));
    }
    if (sequence.length == 0) continue;
    const Coded length = LengthCode(sequence.length);
    const Coded distance = DistanceCode(sequence.distance);
    literals.Put(out, length.code);
    out.Put(length.extra, length.extra_bits);
    distances.Put(out, distance.code);
    out.Put(distance.extra, distance.extra_bits);
    at += sequence.length;
  }
  literals.Put(out, kEndOfBlock);
}

void PutStored(BitWriter& out, std::string_view block) {
  out.AlignToByte();
  const auto size = static_cast<std::uint32_t>(block.size());
  out.Put(size, 16);
  out.Put(~size & 0xffff, 16);
  out.Append(block);
}

void PutBlock(BitWriter& out, Lz77& lz77, std::string_view block, bool last) {
  const std::vector<Sequence> sequences = lz77.Next(block);
  std::vector<std::uint32_t> literal_frequencies(286);
  std::vector<std::uint32_t> distance_frequencies(30);
  std::size_t at = 0;
  std::uint64_t bits = 0;
  for (const Sequence& sequence : sequences) {
    for (std::uint32_t i = 0; i < sequence.literals; ++i, ++at) {
      ++literal_frequencies[static_cast<unsigned char>(block[at])];
    }
    if (sequence.length == 0) continue;
    const Coded length = LengthCode(sequence.length);
    const Coded distance = DistanceCode(sequence.distance);
    ++literal_frequencies[length.code];
    ++distance_frequencies[distance.code];
    bits += length.extra_bits + distance.extra_bits;
    at += sequence.length;
  }
  ++literal_frequencies[kEndOfBlock];
  const Code literals(literal_frequencies, 15);
  const Code distances(distance_frequencies, 15);
  for (std::size_t i = 0; i < 286; ++i)
    bits += std::uint64_t{literal_frequencies[i]} * literals.lengths[i];
  for (std::size_t i = 0; i < 30; ++i)
    bits += std::uint64_t{distance_frequencies[i]} * distances.lengths[i];
  const bool stored = bits / 8 > block.size();
  out.Put(last ? 1 : 0, 1);
  out.Put(stored ? 0 : 2, 2);
  if (stored) {
    PutStored(out, block);
  } else {
    PutDynamic(out, block, sequences, literals, distances);
  }
}

}  // namespace

Rope Gzip(const Rope& bytes, GzipStyle style) {
  Spool spool;
  spool.Append(kHeaders[static_cast<std::size_t>(style)]);
  Lz77 lz77({32768, 258});
  RunningCrc32 crc;
  BitWriter out;
  std::string block;
  const auto flush = [&](std::string_view part, bool last) {
    crc.Update(part);
    PutBlock(out, lz77, part, last);
    spool.Append(out.bytes());
    out.bytes().clear();
  };
  bytes.Read([&](std::string_view part) {
    while (!part.empty()) {
      if (block.size() == kBlockSize) {
        flush(block, false);
        block.clear();
      }
      const std::size_t taken = std::min(part.size(), kBlockSize - block.size());
      block += part.substr(0, taken);
      part.remove_prefix(taken);
    }
  });
  flush(block, true);
  out.AlignToByte();
  out.Put(crc.value(), 32);
  out.Put(bytes.size() & 0xffffffff, 32);
  spool.Append(out.bytes());
  return spool.Take();
}

}  // namespace watertight::generator
