// The parts of a text that are UTF-16 of ASCII.

#include <array>
#include <bit>
#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "framework/scan/encoded_runs.h"

namespace watertight {
namespace {

constexpr std::size_t kWord = 8;
constexpr std::size_t kSkips = 16;  // the distance of words that are looked at together

#ifdef __x86_64__

// From a place on: past those words kSkips bytes apart in which characters and zeros do not stand
// in turns.
__attribute__((target("avx2"))) std::size_t SkipByAvx2(std::string_view text, std::size_t from) {
  constexpr std::size_t kHalf = sizeof(__m256i);
  const __m256i first = _mm256_set1_epi16('\t');
  const __m256i range = _mm256_set1_epi16('~' - '\t');
  const __m256i zero = _mm256_setzero_si256();
  for (; from + 2 * kHalf <= text.size(); from += 2 * kHalf) {
    const auto* const half = reinterpret_cast<const __m256i*>(text.data() + from);
    const __m256i bytes =
        _mm256_unpacklo_epi64(_mm256_loadu_si256(half), _mm256_loadu_si256(half + 1));
    const __m256i swapped =
        _mm256_or_si256(_mm256_slli_epi16(bytes, 8), _mm256_srli_epi16(bytes, 8));
    // Zeros, where both bytes together are a character.
    const __m256i even = _mm256_subs_epu16(_mm256_sub_epi16(bytes, first), range);
    const __m256i odd = _mm256_subs_epu16(_mm256_sub_epi16(swapped, first), range);
    const __m256i either =
        _mm256_or_si256(_mm256_cmpeq_epi64(even, zero), _mm256_cmpeq_epi64(odd, zero));
    if (_mm256_testz_si256(either, either) == 0) break;
  }
  return from;
}

std::size_t SkipWords(std::string_view text, std::size_t from) {
  return __builtin_cpu_supports("avx2") != 0 ? SkipByAvx2(text, from) : from;
}

#else

std::size_t SkipWords(std::string_view /*text*/, std::size_t from) { return from; }

#endif

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
  run.decoded.reserve(count);
  run.begins.reserve(count);
  run.ends.reserve(count);
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
    if (stride == kSkips) at = SkipWords(text, at);
    if (at + kWord > text.size()) break;
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
