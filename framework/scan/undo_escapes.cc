#include "framework/scan/undo_escapes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "framework/scan/html_entities.h"

namespace watertight {
namespace {

// What an escape at the begin of a text stands for; of size 0 when there is none.
struct Undone {
  std::string bytes;
  std::size_t size = 0;
};

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The number that so many digits at a place give.
std::optional<std::uint32_t> NumberAt(std::string_view text, std::size_t at, std::size_t count,
                                      int base) {
  if (count == 0 || count > 8 || at > text.size() || count > text.size() - at) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text.substr(at, count)) {
    const int digit = DigitOf(c);
    if (digit < 0 || digit >= base) return std::nullopt;
    number = number * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
  }
  return number;
}

std::string Utf8Of(std::uint32_t code) {
  const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
  const auto next = [&](std::uint32_t shift) { return byte(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xc0 | code >> 6), next(0)};
  if (code < 0x10000) return {byte(0xe0 | code >> 12), next(6), next(0)};
  return {byte(0xf0 | (code >> 18 & 7)), next(12), next(6), next(0)};
}

Undone PercentAt(std::string_view text) {
  if (text[0] != '%') return {};
  const auto byte = NumberAt(text, 1, 2, 16);
  return byte ? Undone{{static_cast<char>(*byte)}, 3} : Undone();
}

Undone WideAt(std::string_view text) {
  auto code = NumberAt(text, 2, 4, 16);
  if (!code) return {};
  std::size_t size = 6;
  if (*code >= 0xd800 && *code < 0xdc00 && text.substr(size).starts_with("\\u")) {
    const auto low = NumberAt(text, size + 2, 4, 16);
    if (low && *low >= 0xdc00 && *low < 0xe000) {
      code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
      size += 6;
    }
  }
  return {Utf8Of(*code), size};
}

// Of JSON and C, and of shells, which have a backslash before any mark.
Undone BackslashAt(std::string_view text) {
  constexpr std::string_view kLetters = "\"\\/'bfnrtav?";
  constexpr std::string_view kBytes = "\"\\/'\b\f\n\r\t\a\v?";
  if (text[0] != '\\' || text.size() < 2) return {};
  if (const std::size_t known = kLetters.find(text[1]); known != std::string_view::npos) {
    return {{kBytes[known]}, 2};
  }
  if (text[1] == 'u') return WideAt(text);
  if (text[1] == 'x') {
    const auto byte = NumberAt(text, 2, 2, 16);
    return byte ? Undone{{static_cast<char>(*byte)}, 4} : Undone();
  }
  constexpr std::string_view kMarks = " !#$%&()*+,:;<=>@[]^`{|}";
  if (kMarks.find(text[1]) != std::string_view::npos) return {{text[1]}, 2};
  const auto byte = NumberAt(text, 1, 3, 8);
  return byte && *byte < 0x100 ? Undone{{static_cast<char>(*byte)}, 4} : Undone();
}

Undone NamedAt(std::string_view text) {
  struct Named {
    std::string_view name;
    char byte;
  };
  constexpr Named kNamed[] = {
      {"&amp;", '&'}, {"&quot;", '"'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}};
  for (const Named& named : kNamed) {
    if (text.starts_with(named.name)) return {{named.byte}, named.name.size()};
  }
  constexpr std::uint32_t kFirst = 0xa0;
  constexpr std::uint32_t kLast = 0xff;
  for (std::uint32_t code = kFirst; code <= kLast; ++code) {
    const std::string_view name = Latin1Entity(code);
    if (name.empty() || !text.substr(1).starts_with(name)) continue;
    if (text.substr(1 + name.size()).starts_with(";")) return {Utf8Of(code), name.size() + 2};
  }
  return {};
}

Undone HtmlAt(std::string_view text) {
  constexpr std::size_t kLongest = 12;
  if (text[0] != '&' || text.size() < 4) return {};
  if (text[1] != '#') return NamedAt(text);
  const std::size_t end = text.substr(0, kLongest).find(';');
  if (end == std::string_view::npos) return {};
  const bool hex = text[2] == 'x' || text[2] == 'X';
  const std::size_t begin = hex ? 3 : 2;
  const auto code = NumberAt(text, begin, end - begin, hex ? 16 : 10);
  return code && *code < 0x110000 ? Undone{Utf8Of(*code), end + 1} : Undone();
}

// RFC 2045, 6.7: blanks may stand behind the = that ends a line.
Undone QuotedAt(std::string_view text) {
  if (text[0] != '=') return {};
  const std::size_t end = text.find_first_not_of(" \t\r", 1);
  if (end != std::string_view::npos && text[end] == '\n') return {"", end + 1};
  const auto byte = NumberAt(text, 1, 2, 16);
  return byte ? Undone{{static_cast<char>(*byte)}, 3} : Undone();
}

struct Row {
  const char* encoding;
  char mark;
  Undone (*at)(std::string_view text);
};
// In the order of Escaping.
constexpr Row kRows[] = {{"percent", '%', PercentAt},
                         {"json", '\\', BackslashAt},
                         {"html", '&', HtmlAt},
                         {"quoted-printable", '=', QuotedAt}};

}  // namespace

bool UndoEscapes(std::string_view text, std::uint64_t offset, Escaping escaping, EncodedRun* run) {
  const Row& row = kRows[static_cast<std::size_t>(escaping)];
  if (text.find(row.mark) == std::string_view::npos) return false;
  *run = {};
  run->encoding = row.encoding;
  run->offset = offset;
  run->raw = text;
  bool any = false;
  for (std::size_t at = 0; at < text.size();) {
    Undone undone;
    if (text[at] == row.mark) undone = row.at(text.substr(at));
    if (undone.size == 0) {
      undone.bytes = text.substr(at, 1);
      undone.size = 1;
    } else {
      any = true;
    }
    for (const char byte : undone.bytes) {
      run->decoded += byte;
      run->begins.push_back(static_cast<std::uint32_t>(at));
      run->ends.push_back(static_cast<std::uint32_t>(at + undone.size));
    }
    at += undone.size;
  }
  return any;
}

}  // namespace watertight
