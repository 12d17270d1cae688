// The parts of a text that are UTF-16 of ASCII.

#include <array>
#include <bit>
#include <cstring>

#include "framework/scan/encoded_runs.h"

namespace watertight {
namespace {

constexpr std::size_t kWord = 8;

constexpr std::uint64_t Bytes(std::array<unsigned char, kWord> bytes) {
  return std::bit_cast<std::uint64_t>(bytes);
}
constexpr std::uint64_t kNoneOfEven = Bytes({0x80, 0xff, 0x80, 0xff, 0x80, 0xff, 0x80, 0xff});
constexpr std::uint64_t kNoneOfOdd = Bytes({0xff, 0x80, 0xff, 0x80, 0xff, 0x80, 0xff, 0x80});

// Where the first character of four in UTF-16 is in a word: 0 or 1; kWord when it holds no such.
std::size_t WideCharacterAt(const char* word) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, word, kWord);
  const bool even = (bits & kNoneOfEven) == 0;
  if ((!even && (bits & kNoneOfOdd) != 0) || bits == 0) return kWord;
  const std::size_t at = even ? 0 : 1;
  for (std::size_t i = at; i < kWord; i += 2) {
    if (!IsText(word[i])) return kWord;
  }
  return at;
}

struct WideShape {
  std::size_t characters = 0;
  bool half = false;  // the last one has no zero behind it
  bool big_endian = false;
};

void EmitWide(std::string_view text, std::size_t begin, std::uint64_t offset,
              const WideShape& shape, const EncodedRuns::Sink& sink) {
  EncodedRun run;
  run.encoding = shape.big_endian ? "utf-16be" : "utf-16le";
  const std::size_t from = shape.big_endian ? begin - 1 : begin;
  const std::size_t count = shape.characters - (shape.half && !shape.big_endian ? 1 : 0);
  run.offset = offset + from;
  run.raw = text.substr(from, 2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    run.decoded += text[begin + 2 * i];
    run.begins.push_back(static_cast<std::uint32_t>(2 * i));
    run.ends.push_back(static_cast<std::uint32_t>(2 * i + 2));
  }
  sink(run);
}

}  // namespace

// UTF-16 of ASCII text: characters and zeros in turns. Each run holds one of the words that are
// looked at.
void EncodedRuns::ScanWide(std::string_view text, std::uint64_t offset, std::size_t least,
                           const Sink& sink) {
  const std::size_t stride = 2 * least - kWord;
  for (std::size_t at = 0; at + kWord <= text.size(); at += stride) {
    const std::size_t character = WideCharacterAt(text.data() + at);
    if (character == kWord) continue;
    std::size_t begin = at + character;
    while (begin >= 2 && IsText(text[begin - 2]) && text[begin - 1] == '\0') begin -= 2;
    std::size_t end = at + character;
    while (end + 1 < text.size() && IsText(text[end]) && text[end + 1] == '\0') end += 2;
    // The last character of the big-endian form has no zero behind it.
    const bool half = end < text.size() && IsText(text[end]);
    const std::size_t count = (end - begin) / 2 + (half ? 1 : 0);
    if (count >= least) {
      const bool zero_before = begin > 0 && text[begin - 1] == '\0';
      const bool odd = ((offset + begin) & 1) != 0;
      EmitWide(text, begin, offset, {count, half, zero_before && (half || odd)}, sink);
    }
    while (at + stride < end) at += stride;
  }
}

}  // namespace watertight
