#include "framework/scan/byte_class.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace watertight {
namespace {

// Returns how many bytes, from the begin of the text on, it has marked.
using MarkBlocks = std::size_t (*)(const std::uint8_t* rows, std::string_view text,
                                   std::uint64_t* words);

#ifdef __x86_64__

// All but the last bytes that are no whole block.
__attribute__((target("avx2"))) std::size_t MarkByAvx2(const std::uint8_t* rows,
                                                       std::string_view text,
                                                       std::uint64_t* words) {
  constexpr std::size_t kBlock = ByteClass::kBlock;
  constexpr std::size_t kHalf = kBlock / 2;
  const auto* const row = reinterpret_cast<const __m128i*>(rows);
  const __m256i highs_of_low = _mm256_broadcastsi128_si256(_mm_load_si128(row));
  const __m256i bit_of_high = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i low_half = _mm256_set1_epi8(15);
  std::size_t at = 0;
  for (; at + kBlock <= text.size(); at += kBlock) {
    std::uint64_t word = 0;
    for (std::size_t half = 0; half < kBlock; half += kHalf) {
      const __m256i bytes =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at + half));
      const __m256i highs = _mm256_shuffle_epi8(highs_of_low, bytes);  // 0 above ASCII
      const __m256i bit =
          _mm256_shuffle_epi8(bit_of_high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low_half));
      const __m256i others =
          _mm256_cmpeq_epi8(_mm256_and_si256(highs, bit), _mm256_setzero_si256());
      word |= std::uint64_t{~static_cast<std::uint32_t>(_mm256_movemask_epi8(others))} << half;
    }
    words[at / kBlock] = word;
  }
  return at;
}

__attribute__((target("avx512f,avx512bw"))) std::size_t MarkByAvx512(const std::uint8_t* rows,
                                                                     std::string_view text,
                                                                     std::uint64_t* words) {
  constexpr std::size_t kBlock = ByteClass::kBlock;
  const auto* const row = reinterpret_cast<const __m128i*>(rows);
  constexpr __mmask16 kAll = 0xffff;  // without it, GCC 12 warns of its own header
  const __m512i highs_of_low = _mm512_maskz_broadcast_i32x4(kAll, _mm_load_si128(row));
  const __m512i bit_of_high = _mm512_maskz_broadcast_i32x4(
      kAll, _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m512i low_half = _mm512_set1_epi8(15);
  std::uint64_t held = ~std::uint64_t{0};
  for (std::size_t at = 0; at < text.size(); at += kBlock) {
    if (text.size() - at < kBlock) held >>= kBlock - (text.size() - at);
    const __m512i bytes = _mm512_maskz_loadu_epi8(held, text.data() + at);
    const __m512i highs = _mm512_shuffle_epi8(highs_of_low, bytes);  // 0 above ASCII
    const __m512i bit =
        _mm512_shuffle_epi8(bit_of_high, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), low_half));
    words[at / kBlock] = _mm512_mask_test_epi8_mask(held, highs, bit);
  }
  return text.size();
}

// Of the ways that look at no more than so many bytes together; null when the processor has none.
MarkBlocks FastestMark(std::size_t together) {
  if (together >= sizeof(__m512i) && __builtin_cpu_supports("avx512bw") != 0) return MarkByAvx512;
  if (together >= sizeof(__m256i) && __builtin_cpu_supports("avx2") != 0) return MarkByAvx2;
  return nullptr;
}

#else

MarkBlocks FastestMark(std::size_t /*together*/) { return nullptr; }

#endif

}  // namespace

void ByteClass::Mark(std::string_view text, std::uint64_t* words, std::size_t together) const {
  const MarkBlocks mark = FastestMark(together);
  std::size_t at = mark == nullptr ? 0 : mark(rows_.data(), text, words);
  for (; at < text.size(); at += kBlock) {
    const std::string_view block = text.substr(at, kBlock);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < block.size(); ++i) word |= std::uint64_t{Has(block[i])} << i;
    words[at / kBlock] = word;
  }
}

}  // namespace watertight
