#include "framework/scan/encoded_runs.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace watertight {
namespace {

constexpr std::size_t kLeastDigits = 24;
constexpr std::size_t kLeastLine = 32;        // of digits that go on in the next line
constexpr std::size_t kLeastCharacters = 12;  // of UTF-16
constexpr std::size_t kSample = 24;           // digits that tell whether a run gives text

constexpr std::array<signed char, 256> MakeDigits() {
  std::array<signed char, 256> digits{};
  for (auto& digit : digits) digit = -1;
  const std::string_view standard =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < standard.size(); ++i) {
    digits[static_cast<unsigned char>(standard[i])] = static_cast<signed char>(i);
  }
  digits['-'] = 62;
  digits['_'] = 63;
  return digits;
}
constexpr std::array<signed char, 256> kDigits = MakeDigits();

int DigitOf(char c) { return kDigits[static_cast<unsigned char>(c)]; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool IsText(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t' || c == '\r'; }

// Text as a whole, or UTF-16 of text.
bool IsText(std::string_view bytes) {
  const auto texts = static_cast<std::size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return IsText(c); }));
  const auto zeros = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
  return texts * 10 >= bytes.size() * 9 ||
         (zeros * 5 >= bytes.size() * 2 && texts * 5 >= bytes.size() * 2);
}

// The line end at the begin of a text, also written \n, with the blanks that follow.
std::size_t BreakAt(std::string_view text) {
  std::size_t size = 0;
  if (text.starts_with("\r\n")) size = 2;
  if (text.starts_with("\n")) size = 1;
  if (size == 0 && text.starts_with("\\")) {
    while (size < text.size() && text[size] == '\\') ++size;
    if (size == text.size() || text[size] != 'n') return 0;
    ++size;
  }
  if (size == 0) return 0;
  while (size < text.size() && (text[size] == ' ' || text[size] == '\t')) ++size;
  return size;
}

struct Digits {
  std::vector<std::uint32_t> at;  // of each digit in the text
  std::size_t size = 0;           // bytes of the run
  bool closed = false;            // what follows cannot belong to it
  bool url = false;
};

// The digits from the begin of the text on, over line ends.
Digits ReadDigits(std::string_view text) {
  Digits digits;
  std::size_t at = 0;
  std::size_t line_begin = 0;
  std::size_t first_line = 0;
  while (at < text.size()) {
    if (DigitOf(text[at]) >= 0) {
      digits.url |= text[at] == '-' || text[at] == '_';
      digits.at.push_back(static_cast<std::uint32_t>(at++));
      digits.size = at;
      continue;
    }
    const std::size_t line = at - line_begin;
    const std::size_t gap = BreakAt(text.substr(at));
    if (gap == 0 || line < kLeastLine || (first_line != 0 && line != first_line)) {
      digits.closed = true;
      return digits;
    }
    first_line = line;
    at += gap;
    line_begin = at;
  }
  return digits;
}

std::string DecodeFrom(std::string_view text, const Digits& digits, std::size_t first,
                       std::size_t count) {
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (std::size_t i = first; i < std::min(first + count, digits.at.size()); ++i) {
    bits = bits << 6 | static_cast<std::uint32_t>(DigitOf(text[digits.at[i]]));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xff);
  }
  return bytes;
}

// Words before the encoded text, such as those of a path, shift its groups of four.
void EmitBase64(std::string_view text, std::uint64_t offset, const Digits& digits,
                const EncodedRuns::Sink& sink) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    if (digits.at.size() < shift + kLeastDigits) return;
    const std::size_t middle = (digits.at.size() - shift - kSample) / 2 / 4 * 4;
    if (!IsText(DecodeFrom(text, digits, shift + middle, kSample))) continue;
    EncodedRun run;
    run.encoding = digits.url ? "base64url" : "base64";
    run.offset = offset;
    run.raw = text.substr(0, digits.size);
    run.decoded = DecodeFrom(text, digits, shift, digits.at.size());
    for (std::size_t i = 0; i < run.decoded.size(); ++i) {
      run.begins.push_back(digits.at[shift + i * 8 / 6]);
      run.ends.push_back(digits.at[shift + (i * 8 + 7) / 6] + 1);
    }
    sink(run);
    return;
  }
}

bool EmitHex(std::string_view text, std::uint64_t offset, const Digits& digits,
             const EncodedRuns::Sink& sink) {
  const bool hex = std::all_of(digits.at.begin(), digits.at.end(),
                               [&](std::uint32_t at) { return HexDigit(text[at]) >= 0; });
  if (!hex || digits.at.size() % 2 != 0) return false;
  EncodedRun run;
  run.encoding = "hex";
  run.offset = offset;
  run.raw = text.substr(0, digits.size);
  for (std::size_t i = 0; i < digits.at.size(); i += 2) {
    run.decoded +=
        static_cast<char>(HexDigit(text[digits.at[i]]) << 4 | HexDigit(text[digits.at[i + 1]]));
    run.begins.push_back(digits.at[i]);
    run.ends.push_back(digits.at[i + 1] + 1);
  }
  if (IsText(run.decoded)) sink(run);
  return true;
}

// The first run of digits from a place on: looked at is one byte of each kLeastDigits, unless it is
// a digit.
std::size_t NextDigits(std::string_view text, std::size_t from) {
  while (from + kLeastDigits <= text.size()) {
    std::size_t at = from + kLeastDigits;
    while (at > from && DigitOf(text[at - 1]) >= 0) --at;
    if (at == from) return from;
    from = at;
  }
  // What touches the end may go on.
  std::size_t at = text.size();
  while (at > from && DigitOf(text[at - 1]) >= 0) --at;
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

void EncodedRuns::Reset() { open_.clear(); }

void EncodedRuns::Take(std::string_view piece, std::uint64_t offset, const Sink& sink) {
  if (open_.empty()) return Scan(piece, offset, false, sink);
  const std::uint64_t begin = open_offset_;
  const std::string text = std::exchange(open_, {}) + std::string(piece);
  Scan(text, begin, text.size() > kLongest, sink);
}

void EncodedRuns::Finish(const Sink& sink) {
  const std::string text = std::exchange(open_, {});
  Scan(text, open_offset_, true, sink);
}

// UTF-16 of ASCII text: characters and zeros in turns.
void EncodedRuns::ScanWide(std::string_view text, std::uint64_t offset, const Sink& sink) {
  std::size_t at = 0;
  while ((at = text.find('\0', at)) != std::string_view::npos) {
    if (at == 0 || !IsText(text[at - 1])) {
      ++at;
      continue;
    }
    const std::size_t begin = at - 1;
    std::size_t end = at + 1;
    while (end + 1 < text.size() && IsText(text[end]) && text[end + 1] == '\0') end += 2;
    // The last character of the big-endian form has no zero behind it.
    const bool half = end < text.size() && IsText(text[end]);
    const std::size_t count = (end - begin) / 2 + (half ? 1 : 0);
    if (count >= kLeastCharacters) {
      const bool zero_before = begin > 0 && text[begin - 1] == '\0';
      const bool odd = ((offset + begin) & 1) != 0;
      EmitWide(text, begin, offset, {count, half, zero_before && (half || odd)}, sink);
    }
    at = end;
  }
}

void EncodedRuns::Scan(std::string_view text, std::uint64_t offset, bool ends, const Sink& sink) {
  for (std::size_t at = NextDigits(text, 0); at < text.size();) {
    const std::string_view rest = text.substr(at);
    const Digits digits = ReadDigits(rest);
    if (!digits.closed && !ends) {
      open_ = rest;
      open_offset_ = offset + at;
      return;
    }
    if (digits.at.size() >= kLeastDigits && !EmitHex(rest, offset + at, digits, sink)) {
      EmitBase64(rest, offset + at, digits, sink);
    }
    at = NextDigits(text, at + std::max<std::size_t>(1, digits.size));
  }
}

}  // namespace watertight
