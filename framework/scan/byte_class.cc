#include "framework/scan/byte_class.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace watertight {
namespace {

#ifdef __x86_64__

__attribute__((target("avx2"))) void MarkByAvx2(const std::uint8_t* rows, std::string_view blocks,
                                                std::uint64_t* words) {
  constexpr std::size_t kBlock = ByteClass::kBlock;
  constexpr std::size_t kHalf = kBlock / 2;
  const auto* const row = reinterpret_cast<const __m128i*>(rows);
  const __m256i highs_of_low = _mm256_broadcastsi128_si256(_mm_load_si128(row));
  const __m256i bit_of_high = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i low_half = _mm256_set1_epi8(15);
  for (std::size_t at = 0; at < blocks.size(); at += kBlock) {
    std::uint64_t word = 0;
    for (std::size_t half = 0; half < kBlock; half += kHalf) {
      const __m256i bytes =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks.data() + at + half));
      const __m256i highs = _mm256_shuffle_epi8(highs_of_low, bytes);  // 0 above ASCII
      const __m256i bit =
          _mm256_shuffle_epi8(bit_of_high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low_half));
      const __m256i others =
          _mm256_cmpeq_epi8(_mm256_and_si256(highs, bit), _mm256_setzero_si256());
      word |= std::uint64_t{~static_cast<std::uint32_t>(_mm256_movemask_epi8(others))} << half;
    }
    words[at / kBlock] = word;
  }
}

bool HasAvx2() { return __builtin_cpu_supports("avx2") != 0; }

#else

void MarkByAvx2(const std::uint8_t* /*rows*/, std::string_view /*blocks*/,
                std::uint64_t* /*words*/) {}

bool HasAvx2() { return false; }

#endif

}  // namespace

void ByteClass::Mark(std::string_view text, std::uint64_t* words) const {
  const std::size_t whole = HasAvx2() ? text.size() / kBlock * kBlock : 0;
  MarkByAvx2(rows_.data(), text.substr(0, whole), words);
  for (std::size_t at = whole; at < text.size(); at += kBlock) {
    const std::string_view block = text.substr(at, kBlock);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < block.size(); ++i) word |= std::uint64_t{Has(block[i])} << i;
    words[at / kBlock] = word;
  }
}

}  // namespace watertight
