// The parts of a text that have escapes: percent, HTML, C, JSON, \u, quoted-printable.

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include "framework/scan/byte_pairs.h"
#include "framework/scan/encoded_runs.h"

namespace watertight {
namespace {

constexpr std::size_t kLeast = 20;
constexpr std::size_t kMost = 16384;  // bytes before and behind an escape

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct Escape {
  const char* encoding = "";
  char byte = 0;
  std::size_t size = 0;
  bool nothing = false;  // it stands for no byte
};

// The number of that many digits; nothing when one is none, or it is no ASCII.
std::optional<char> Number(std::string_view text, std::size_t begin, std::size_t count, int base) {
  int number = 0;
  if (count == 0 || begin + count > text.size()) return std::nullopt;
  for (std::size_t i = begin; i < begin + count; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0 || digit >= base) return std::nullopt;
    number = number * base + digit;
    if (number >= 0x80) return std::nullopt;
  }
  return static_cast<char>(number);
}

std::optional<Escape> HtmlAt(std::string_view text) {
  struct Named {
    std::string_view name;
    char byte;
  };
  constexpr Named kNamed[] = {
      {"&amp;", '&'}, {"&quot;", '"'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}};
  for (const Named& named : kNamed) {
    if (text.starts_with(named.name)) return Escape{"html", named.byte, named.name.size(), false};
  }
  if (!text.starts_with("&#")) return std::nullopt;
  const std::size_t end = text.substr(0, 10).find(';');
  if (end == std::string_view::npos) return std::nullopt;
  const bool hex = text[2] == 'x' || text[2] == 'X';
  const std::size_t begin = hex ? 3 : 2;
  const auto byte = Number(text, begin, end - begin, hex ? 16 : 10);
  if (!byte) return std::nullopt;
  return Escape{"html", *byte, end + 1, false};
}

// Behind backslashes, as JSON within JSON has them: each level doubles them. Of more, the last ones
// count.
std::optional<Escape> BackslashAt(std::string_view text) {
  constexpr std::size_t kMostSlashes = 16;
  const std::size_t most = std::min(text.size(), kMostSlashes + 1);
  std::size_t slashes = 1;
  while (slashes < most && text[slashes] == '\\') ++slashes;
  if (slashes == most) return std::nullopt;
  const char kind = text[slashes];
  if (kind == 'x') {
    const auto byte = Number(text, slashes + 1, 2, 16);
    if (byte) return Escape{"c-escape", *byte, slashes + 3, false};
  } else if (kind == 'u') {
    const auto byte = Number(text, slashes + 1, 4, 16);
    if (byte) return Escape{"unicode-escape", *byte, slashes + 5, false};
  } else if (kind == '/') {
    return Escape{"json", '/', slashes + 1, false};
  } else if (kind >= '0' && kind <= '3') {
    const auto byte = Number(text, slashes, 3, 8);
    if (byte) return Escape{"c-escape", *byte, slashes + 3, false};
  }
  return std::nullopt;
}

std::optional<Escape> EscapeAt(std::string_view text) {
  if (text[0] == '%') {
    const auto byte = Number(text, 1, 2, 16);
    if (byte) return Escape{"percent", *byte, 3, false};
  } else if (text[0] == '\\') {
    return BackslashAt(text);
  } else if (text[0] == '&') {
    return HtmlAt(text);
  } else if (text.starts_with("=\n")) {
    return Escape{"quoted-printable", 0, 2, true};
  } else if (text.starts_with("=\r\n")) {
    return Escape{"quoted-printable", 0, 3, true};
  } else if (text.starts_with("=3D")) {
    return Escape{"quoted-printable", '=', 3, false};
  } else if (text[0] == '=' &&
             (text.size() == 3 || (text.size() > 3 && (text[3] == '=' || text[3] <= ' ')))) {
    const auto byte = Number(text, 1, 2, 16);  // all of a text in such
    if (byte) return Escape{"quoted-printable", *byte, 3, false};
  }
  return std::nullopt;
}

// A part with escapes goes on over what words and URLs are made of.
bool GoesOn(char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '<' && c != '>'; }

std::size_t Emit(std::string_view text, std::size_t begin, std::uint64_t offset,
                 const EncodedRuns::Sink& sink) {
  EncodedRun run;
  run.offset = offset + begin;
  std::size_t at = begin;
  while (at < text.size() && at - begin < 2 * kMost) {
    const auto escape = EscapeAt(text.substr(at));
    if (!escape && !GoesOn(text[at])) break;
    const std::size_t size = escape ? escape->size : 1;
    if (escape && *run.encoding == '\0') run.encoding = escape->encoding;
    if (!escape || !escape->nothing) {
      run.decoded += escape ? escape->byte : text[at];
      run.begins.push_back(static_cast<std::uint32_t>(at - begin));
      run.ends.push_back(static_cast<std::uint32_t>(at - begin + size));
    }
    at += size;
  }
  run.raw = text.substr(begin, at - begin);
  if (run.decoded.size() >= kLeast && *run.encoding != '\0') sink(run);
  return at;
}

// What an escape begins with: mostly another byte stands behind it.
constexpr BytePair kBegins[] = {{'%', "01234567"},
                                {'&', "#abcdefghijklmnopq"},
                                {'=', "\n\r0123456789abcdefABCDEF"},
                                {'\\', "\\xu/0123"}};
constexpr BytePairs kMayEscape(kBegins);

}  // namespace

void EncodedRuns::ScanEscapes(std::string_view text, std::uint64_t offset, const Sink& sink) {
  constexpr std::size_t kBlock = ByteClass::kBlock;
  std::array<std::uint64_t, 64> words{};
  std::size_t told = 0;  // what ends here was told
  for (std::size_t part = 0; part + 1 < text.size(); part += words.size() * kBlock) {
    kMayEscape.Mark(text.substr(part, words.size() * kBlock + 1), words.data());
    for (std::size_t i = 0; i < words.size() && part + i * kBlock + 1 < text.size(); ++i) {
      for (std::uint64_t marks = words[i]; marks != 0; marks &= marks - 1) {
        const std::size_t at =
            part + i * kBlock + static_cast<std::size_t>(std::countr_zero(marks));
        if (at < told || !EscapeAt(text.substr(at))) continue;
        std::size_t begin = at;
        while (begin > told && at - begin < kMost && GoesOn(text[begin - 1])) --begin;
        told = Emit(text, begin, offset, sink);
      }
    }
  }
}

}  // namespace watertight
