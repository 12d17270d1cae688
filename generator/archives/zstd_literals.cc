#include "generator/archives/zstd_literals.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "generator/archives/bits.h"
#include "generator/archives/fse.h"
#include "generator/archives/huffman.h"

namespace watertight::generator {
namespace {

constexpr unsigned kLongestCode = 11;
constexpr unsigned kWeightLog = 6;

enum LiteralsType { kRaw = 0, kRepeated = 1, kCompressed = 2 };

std::string PlainHeader(LiteralsType type, std::size_t size) {
  if (size < 32) return LittleEndian(type | size << 3, 1);
  if (size < 4096) return LittleEndian(type | 1u << 2 | size << 4, 2);
  return LittleEndian(type | 3u << 2 | size << 4, 3);
}

// Weight = longest length + 1 - length, 0 for a byte that does not occur; the last is implied.
std::vector<std::uint8_t> WeightsOf(const std::vector<std::uint8_t>& lengths) {
  const std::uint8_t longest = *std::max_element(lengths.begin(), lengths.end());
  std::size_t count = lengths.size();
  while (lengths[count - 1] == 0) --count;
  std::vector<std::uint8_t> weights(count);
  for (std::size_t i = 0; i < count; ++i) {
    weights[i] = lengths[i] == 0 ? 0 : static_cast<std::uint8_t>(longest + 1 - lengths[i]);
  }
  weights.pop_back();
  return weights;
}

// §4.2.1.2: two states take turns, written from the last weight to the first.
std::string CompressedWeights(const std::vector<std::uint8_t>& weights) {
  std::vector<std::uint32_t> frequencies(kLongestCode + 1);
  for (const std::uint8_t weight : weights) ++frequencies[weight];
  const auto distinct = std::count_if(frequencies.begin(), frequencies.end(),
                                      [](std::uint32_t frequency) { return frequency > 0; });
  if (weights.size() < 3 || distinct < 2) return "";
  while (frequencies.back() == 0) frequencies.pop_back();
  const FseCounts counts = ShareStates(frequencies, kWeightLog);
  const FseTable table(counts, kWeightLog);
  BitWriter out;
  std::array<std::uint32_t, 2> states{};
  for (std::size_t i = weights.size(); i-- > 0;) {
    std::uint32_t& state = states[i % 2];
    state = i + 2 >= weights.size() ? table.First(weights[i]) : table.Next(out, state, weights[i]);
  }
  table.Flush(out, states[1]);
  table.Flush(out, states[0]);
  out.Put(1, 1);
  out.AlignToByte();
  return FseDescription(counts, kWeightLog) + out.bytes();
}

// The Huffman tree in front of the streams; "" when it cannot be written.
std::string TreeDescription(const std::vector<std::uint8_t>& lengths) {
  const std::vector<std::uint8_t> weights = WeightsOf(lengths);
  const std::string compressed = CompressedWeights(weights);
  const std::size_t direct_size = (weights.size() + 1) / 2;
  const bool direct = weights.size() <= 128;
  if (!compressed.empty() && compressed.size() < 128 &&
      (!direct || compressed.size() < direct_size)) {
    return static_cast<char>(compressed.size()) + compressed;
  }
  if (!direct) return "";
  std::string description(1, static_cast<char>(127 + weights.size()));
  for (std::size_t i = 0; i < weights.size(); i += 2) {
    const int second = i + 1 < weights.size() ? weights[i + 1] : 0;
    description += static_cast<char>(weights[i] << 4 | second);
  }
  return description;
}

// Numbers are given from the longest codes up, within a length in the order of the bytes
// (§4.2.1.3).
std::vector<std::uint32_t> CodesOf(const std::vector<std::uint8_t>& lengths) {
  std::vector<std::uint32_t> codes(lengths.size());
  std::uint32_t next = 0;
  for (unsigned length = kLongestCode; length > 0; --length, next >>= 1) {
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      if (lengths[i] == length) codes[i] = next++;
    }
  }
  return codes;
}

// A stream is read from its end, so it is written from the last byte to the first.
std::string Stream(std::string_view literals, const std::vector<std::uint8_t>& lengths,
                   const std::vector<std::uint32_t>& codes) {
  BitWriter out;
  for (std::size_t i = literals.size(); i-- > 0;) {
    const auto byte = static_cast<unsigned char>(literals[i]);
    out.Put(codes[byte], lengths[byte]);
  }
  out.Put(1, 1);
  out.AlignToByte();
  return std::move(out.bytes());
}

std::string FourStreams(std::string_view literals, const std::vector<std::uint8_t>& lengths,
                        const std::vector<std::uint32_t>& codes) {
  const std::size_t quarter = (literals.size() + 3) / 4;
  std::string sizes;
  std::string streams;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string stream = Stream(literals.substr(i * quarter, quarter), lengths, codes);
    if (i < 3) sizes += LittleEndian(stream.size(), 2);
    streams += stream;
  }
  return sizes + streams;
}

std::string HuffmanLiterals(std::string_view literals) {
  std::vector<std::uint32_t> frequencies(256);
  for (const char c : literals) ++frequencies[static_cast<unsigned char>(c)];
  const std::vector<std::uint8_t> lengths = CodeLengths(frequencies, kLongestCode);
  const std::string tree = TreeDescription(lengths);
  if (tree.empty()) return "";
  const std::vector<std::uint32_t> codes = CodesOf(lengths);
  const bool single = literals.size() < 256;
  const std::string content =
      tree + (single ? Stream(literals, lengths, codes) : FourStreams(literals, lengths, codes));
  // Both sizes in 10, 14 or 18 bits; the first of these forms has one stream.
  const std::size_t largest = std::max(literals.size(), content.size());
  const unsigned format = single ? 0 : largest < 1024 ? 1 : largest < 16384 ? 2 : 3;
  const unsigned bits = format < 2 ? 10 : format == 2 ? 14 : 18;
  const std::uint64_t header = kCompressed | format << 2 |
                               static_cast<std::uint64_t>(literals.size()) << 4 |
                               static_cast<std::uint64_t>(content.size()) << (4 + bits);
  return LittleEndian(header, (4 + 2 * bits + 7) / 8) + content;
}

}  // namespace

std::string LittleEndian(unsigned long long value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i, value >>= 8) bytes += static_cast<char>(value & 0xff);
  return bytes;
}

std::string ZstdLiterals(std::string_view literals) {
  const bool repeated =
      !literals.empty() && literals.find_first_not_of(literals[0]) == std::string_view::npos;
  if (repeated) return PlainHeader(kRepeated, literals.size()) + literals[0];
  std::string raw = PlainHeader(kRaw, literals.size());
  raw += literals;
  if (literals.size() < 8) return raw;
  std::string coded = HuffmanLiterals(literals);
  return coded.empty() || coded.size() >= raw.size() ? raw : coded;
}

}  // namespace watertight::generator
