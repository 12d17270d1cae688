#include "framework/scan/encoded_runs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <iterator>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "framework/scan/digit_marks.h"
#include "framework/scan/digit_runs.h"

namespace watertight {
namespace {

constexpr std::size_t kLeastArchive = 128;  // of digits that are looked at for an archive
constexpr std::size_t kSample = 24;         // digits that tell whether a run gives text

// Text as a whole, or UTF-16 of text.
bool GivesText(std::string_view bytes) {
  const auto texts = static_cast<std::size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return IsText(c); }));
  const auto zeros = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
  return texts * 10 >= bytes.size() * 9 ||
         (zeros * 5 >= bytes.size() * 2 && texts * 5 >= bytes.size() * 2);
}

std::uint64_t WordAt(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// How many of the bytes that kSample digits give are none of ASCII. Three bytes of four digits: the
// first begins in the first digit, and so on; that bit of each digit has a place of its own.
int HighBytes(const std::uint8_t* digits) {
  constexpr auto kTopBits = std::bit_cast<std::uint64_t>(
      std::array<std::uint8_t, 8>{1 << 5, 1 << 3, 1 << 1, 0, 1 << 5, 1 << 3, 1 << 1, 0});
  static_assert(kSample == 3 * sizeof kTopBits);
  return std::popcount((WordAt(digits) & kTopBits) | (WordAt(digits + 8) & kTopBits) >> 1 |
                       (WordAt(digits + 16) & kTopBits) << 2);
}

// Of kSample digits.
bool GivesText(const std::uint8_t* digits) {
  constexpr std::size_t kBytes = kSample * 6 / 8;
  constexpr int kMostHigh = kBytes / 5;  // text bears no more
  if (HighBytes(digits) > kMostHigh) return false;
  std::array<char, kBytes> bytes{};
  DecodeDigits(digits, kSample, bytes.data());
  return GivesText(std::string_view(bytes.data(), bytes.size()));
}

// Where kSample digits in the middle of a run begin, of groups of four from digit `shift` on.
std::size_t MiddleOf(const Digits& digits, std::size_t shift) {
  return shift + (digits.count - shift - kSample) / 2 / 4 * 4;
}

const char* Base64Name(std::string_view raw) {
  return raw.find_first_of("-_") != std::string_view::npos ? "base64url" : "base64";
}

EncodedRun EncodedStream(const char* encoding, std::uint64_t offset, std::string_view raw,
                         std::string decoded) {
  EncodedRun run;
  run.encoding = encoding;
  run.offset = offset;
  run.raw = raw;
  run.decoded = std::move(decoded);
  run.compressed = true;
  return run;
}

void EmitStream(std::string_view text, std::uint64_t offset, const Digits& digits,
                const EncodedRuns::Sink& sink) {
  const std::string_view raw = text.substr(0, digits.size);
  sink(EncodedStream(Base64Name(raw), offset, raw,
                     DecodeFrom(text, DigitPlaces(text, digits), 0, digits.count)));
}

// Words before the encoded text, such as those of a path, shift its groups of four.
void EmitBase64(std::string_view text, std::uint64_t offset, const Digits& digits,
                const EncodedRuns::Sink& sink) {
  if (BeginsEncodedStream(text, StreamEncoding::kBase64) ||
      (digits.count >= kLeastArchive &&
       BeginsContainer(EncodedRuns::HeadOf(text, StreamEncoding::kBase64)))) {
    EmitStream(text, offset, digits, sink);
  }
  const DigitPlaces places(text, digits);
  // The samples of all shifts: that of the first may begin last.
  const std::size_t first = MiddleOf(digits, 0) - std::min<std::size_t>(MiddleOf(digits, 0), 3);
  std::array<std::uint8_t, kSample + 6> middle{};
  ReadValues(text, places, first, std::min(first + middle.size(), digits.count), middle.data());
  for (std::size_t shift = 0; shift < 4; ++shift) {
    if (digits.count < shift + kLeastDigits) return;
    if (!GivesText(middle.data() + (MiddleOf(digits, shift) - first))) continue;
    EncodedRun run;
    run.offset = offset;
    run.raw = text.substr(0, digits.size);
    run.encoding = Base64Name(run.raw);
    run.decoded = DecodeFrom(text, places, shift, digits.count);
    run.begins.reserve(run.decoded.size());
    run.ends.reserve(run.decoded.size());
    for (std::size_t i = 0; i < run.decoded.size(); ++i) {
      run.begins.push_back(places[shift + i * 8 / 6]);
      run.ends.push_back(places[shift + (i * 8 + 7) / 6] + 1);
    }
    sink(run);
    return;
  }
}

// Whether all digits are hexadecimal. Mostly they are a digest: no more bytes above ASCII are
// looked at than a text can have.
bool EmitHex(std::string_view text, std::uint64_t offset, const Digits& digits,
             const EncodedRuns::Sink& sink) {
  if (digits.count % 2 != 0) return false;
  const std::string_view raw = text.substr(0, digits.size);
  const bool hex = std::all_of(raw.begin(), raw.end(),
                               [](char c) { return Base64Digit(c) < 0 || HexDigit(c) >= 0; });
  if (!hex) return false;
  const DigitPlaces places(text, digits);
  if (BeginsEncodedStream(raw, StreamEncoding::kHex) ||
      (digits.count >= kLeastArchive &&
       BeginsContainer(EncodedRuns::HeadOf(raw, StreamEncoding::kHex)))) {
    sink(EncodedStream("hex", offset, raw, DecodeHex(text, places, digits.count)));
  }
  std::size_t high = 0;
  for (std::size_t i = 0; i < digits.count; i += 2) {
    if (HexDigit(text[places[i]]) >= 8 && ++high * 10 > digits.count) return true;
  }
  EncodedRun run;
  run.encoding = "hex";
  run.offset = offset;
  run.raw = raw;
  run.decoded = DecodeHex(text, places, digits.count);
  for (std::size_t i = 0; i < digits.count; i += 2) {
    run.begins.push_back(places[i]);
    run.ends.push_back(places[i + 1] + 1);
  }
  if (GivesText(run.decoded)) sink(run);
  return true;
}

void Emit(std::string_view text, std::uint64_t offset, const Digits& digits,
          const EncodedRuns::Sink& sink) {
  if (digits.count < kLeastDigits || EmitHex(text, offset, digits, sink)) return;
  EmitBase64(text, offset, digits, sink);
}

// How many bytes of a piece a run that is open may take, and those that tell that it ends.
std::size_t MayGoOn(std::string_view piece) {
  constexpr std::size_t kToTell = 64;
  std::size_t at = 0;
  while (at < piece.size() &&
         (Base64Digit(piece[at]) >= 0 ||
          std::string_view("\r\n\t \\%").find(piece[at]) != std::string_view::npos)) {
    ++at;
  }
  return std::min(piece.size(), at + kToTell);
}

// Whether kLook bytes are all digits or line ends.
bool FillsLook(const char* bytes) {
#ifdef __SSE2__
  static_assert(EncodedRuns::kLook == sizeof(__m128i));
  const __m128i these = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  const auto is = [&](char c) { return _mm_cmpeq_epi8(these, _mm_set1_epi8(c)); };
  const auto lies = [](__m128i some, char first, char last) {
    const __m128i above = _mm_sub_epi8(some, _mm_set1_epi8(first));
    const __m128i most = _mm_set1_epi8(static_cast<char>(last - first));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, most), above);
  };
  const __m128i letters = lies(_mm_or_si128(these, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i numbers = _mm_or_si128(lies(these, '/', '9'), is('+'));
  const __m128i url = _mm_or_si128(is('-'), is('_'));
  const __m128i line_ends = _mm_or_si128(is('\n'), is('\r'));
  const __m128i all = _mm_or_si128(_mm_or_si128(letters, numbers), _mm_or_si128(url, line_ends));
  return _mm_movemask_epi8(all) == 0xffff;
#else
  return std::all_of(bytes, bytes + EncodedRuns::kLook,
                     [](char c) { return Base64Digit(c) >= 0 || c == '\n' || c == '\r'; });
#endif
}

}  // namespace

void EncodedRuns::Reset() { open_.clear(); }

// Only the run that is open is put together; the rest of the piece is scanned where it stands.
void EncodedRuns::Take(std::string_view piece, std::uint64_t offset, const Sink& sink) {
  if (open_.empty()) return Scan(piece, offset, false, sink);
  const std::size_t before = open_.size();
  const std::string_view more = piece.substr(0, MayGoOn(piece));
  open_ += more;
  const Digits digits = ReadDigits(open_);
  const bool all = more.size() == piece.size();
  if (!digits.closed && all && open_.size() <= kLongest) return;
  const std::string text = std::exchange(open_, {});
  if (!digits.closed || digits.size < before) {
    return Scan(text + std::string(piece.substr(more.size())), open_offset_, text.size() > kLongest,
                sink);
  }
  Emit(text, open_offset_, digits, sink);
  const std::size_t done = digits.size - before;
  Scan(piece.substr(done), offset + done, false, sink);
}

void EncodedRuns::Finish(const Sink& sink) {
  const std::string text = std::exchange(open_, {});
  Scan(text, open_offset_, true, sink);
}

// The first digits of a run may be escaped, and the end of a piece may cut them.
void EncodedRuns::Scan(std::string_view text, std::uint64_t offset, bool ends, const Sink& sink) {
  const std::size_t cut = ends ? text.size() : BeginOfCutDigit(text);
  DigitMarks marks(text);
  std::size_t known = 0;  // runs up to there
  for (;;) {
    const DigitRun run = marks.Next(known);
    const std::size_t next = std::max(known, std::min(run.begin, cut));
    const std::size_t at = BeginOfDigits(text, next, known);
    if (at >= text.size()) return;
    const std::string_view rest = text.substr(at);
    const Digits digits = ReadDigits(rest, at == run.begin ? run.end - run.begin : 0);
    if (!digits.closed && !ends) {
      open_ = rest;
      open_offset_ = offset + at;
      return;
    }
    Emit(rest, offset + at, digits, sink);
    known = at + std::max<std::size_t>(1, digits.size);
  }
}

std::size_t EncodedRuns::NextLook(std::string_view text, std::size_t from, std::size_t stride) {
  for (; from + kLook <= text.size(); from += stride) {
    if (FillsLook(text.data() + from)) return from;
  }
  return text.size();
}

// A word alone in the line above is none of its digits; nor is the n of an escaped line end.
std::size_t EncodedRuns::BeginOfRun(std::string_view text, std::size_t at, std::size_t least) {
  const auto line_begin = [&](std::size_t end) {
    while (end > least && Base64Digit(text[end - 1]) >= 0) --end;
    return end;
  };
  while (at < text.size() && Base64Digit(text[at]) < 0) ++at;
  std::size_t begin = line_begin(at);
  while (begin > least) {
    std::size_t end = begin;
    while (end > least && std::string_view("\r\n \t").find(text[end - 1]) != std::string_view::npos)
      --end;
    if (text.substr(end, begin - end).find('\n') == std::string_view::npos) break;
    const std::size_t line = line_begin(end);
    if (end - line < kLeastLine) break;
    begin = line;
  }
  if (begin > least && begin < text.size() && text[begin - 1] == '\\' && text[begin] == 'n')
    ++begin;
  while (true) {
    std::size_t end = begin;
    while (end < text.size() && Base64Digit(text[end]) >= 0) ++end;
    const std::size_t next = text.find_first_not_of("\r\n", end);
    if (end - begin >= kLeastLine || next == end || next == std::string_view::npos) break;
    begin = next;
  }
  return begin;
}

std::size_t EncodedRuns::EndOfRun(std::string_view text, std::size_t at) {
  while (at < text.size() && (Base64Digit(text[at]) >= 0 || text[at] == '\n' || text[at] == '\r'))
    ++at;
  return at;
}

std::string EncodedRuns::HeadOf(std::string_view text, StreamEncoding encoding) {
  constexpr std::size_t kHead =
      1400;  // two of hexadecimal, or 4 for 3 bytes, of a tar's first block
  text = text.substr(0, kHead);
  Digits digits = ReadDigits(text);
  const DigitPlaces places(text, digits);
  if (encoding != StreamEncoding::kHex) return DecodeFrom(text, places, 0, digits.count);
  std::size_t count = 0;
  while (count < digits.count && HexDigit(text[places[count]]) >= 0) ++count;
  return DecodeHex(text, places, count);
}

std::uint64_t EncodedRuns::TakeStream(std::string_view text, std::uint64_t offset,
                                      StreamEncoding encoding, const Sink& sink) {
  open_encoding_ = encoding;
  return ReadStream(std::string(text.substr(0, kLongest)), offset, text.size() > kLongest, sink);
}

std::uint64_t EncodedRuns::GoOn(std::string_view piece, const Sink& sink) {
  std::string text = std::exchange(open_, {}) + std::string(piece);
  const bool ends = piece.empty() || text.size() > kLongest;
  return ReadStream(std::move(text), open_offset_, ends, sink);
}

std::uint64_t EncodedRuns::ReadStream(std::string text, std::uint64_t offset, bool ends,
                                      const Sink& sink) {
  Digits digits = ReadDigits(text);
  const std::uint64_t end = offset + digits.size;
  if (!digits.closed && !ends) {
    open_ = std::move(text);
    open_offset_ = offset;
    return end;
  }
  if (open_encoding_ == StreamEncoding::kLong) {
    Emit(text, offset, digits, sink);
    return end;
  }
  if (digits.count < kLeastDigits) return end;
  const std::string_view raw = std::string_view(text).substr(0, digits.size);
  const DigitPlaces places(text, digits);
  if (open_encoding_ == StreamEncoding::kHex) {
    std::size_t count = 0;
    while (count < digits.count && HexDigit(text[places[count]]) >= 0) ++count;
    sink(EncodedStream("hex", offset, raw, DecodeHex(text, places, count)));
  } else {
    EncodedRun run =
        EncodedStream(Base64Name(raw), offset, raw, DecodeFrom(text, places, 0, digits.count));
    run.compressed = open_encoding_ == StreamEncoding::kBase64;
    sink(run);
  }
  return end;
}

}  // namespace watertight
