#include "framework/scan/byte_pairs.h"

#include <bit>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace watertight {
namespace {

constexpr std::size_t kBlock = ByteClass::kBlock;

#ifdef __x86_64__

__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void MarkByAvx512(const std::uint8_t* first,
                                                                         const std::uint8_t* next,
                                                                         std::string_view text,
                                                                         std::uint64_t* words) {
  const __m512i firsts[] = {_mm512_load_si512(first), _mm512_load_si512(first + kBlock)};
  const __m512i nexts[] = {_mm512_load_si512(next), _mm512_load_si512(next + kBlock)};
  const std::size_t pairs = text.size() - 1;
  std::uint64_t held = ~std::uint64_t{0};
  for (std::size_t at = 0; at < pairs; at += kBlock) {
    if (pairs - at < kBlock) held >>= kBlock - (pairs - at);
    const __m512i here = _mm512_maskz_loadu_epi8(held, text.data() + at);
    const __m512i behind = _mm512_maskz_loadu_epi8(held, text.data() + at + 1);
    const std::uint64_t ascii =
        _mm512_mask_testn_epi8_mask(held, _mm512_or_si512(here, behind), _mm512_set1_epi8(-128));
    words[at / kBlock] =
        _mm512_mask_test_epi8_mask(ascii, _mm512_permutex2var_epi8(firsts[0], here, firsts[1]),
                                   _mm512_permutex2var_epi8(nexts[0], behind, nexts[1]));
  }
}

bool CanMarkByAvx512() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
}

#else

void MarkByAvx512(const std::uint8_t* /*first*/, const std::uint8_t* /*next*/,
                  std::string_view /*text*/, std::uint64_t* /*words*/) {}

bool CanMarkByAvx512() { return false; }

#endif

}  // namespace

// Elsewhere what may be a first is marked, and those before another byte are taken out.
void BytePairs::Mark(std::string_view text, std::uint64_t* words, std::size_t together) const {
  if (text.empty()) return;
  if (together >= kBlock && CanMarkByAvx512()) {
    return MarkByAvx512(first_.data(), next_.data(), text, words);
  }
  firsts_.Mark(text.substr(0, text.size() - 1), words, together);
  for (std::size_t block = 0; block + 1 < text.size(); block += kBlock) {
    for (std::uint64_t left = words[block / kBlock]; left != 0; left &= left - 1) {
      const std::size_t at = block + static_cast<std::size_t>(std::countr_zero(left));
      if (!Has(text[at], text[at + 1])) words[block / kBlock] ^= left & (~left + 1);
    }
  }
}

}  // namespace watertight
