#include "framework/scan/embedded.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "framework/image/json.h"

namespace watertight {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool BeginsDocument(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  return text.size() > 1 && (text.front() == '{' || text.front() == '[');
}

void AppendUtf8(std::uint32_t code, std::string* text) {
  const auto put = [text](std::uint32_t byte) { *text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3f));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

std::optional<std::uint32_t> Hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : text.substr(at, 4)) {
    const bool digit = c >= '0' && c <= '9';
    const bool lower = c >= 'a' && c <= 'f';
    const bool upper = c >= 'A' && c <= 'F';
    if (!digit && !lower && !upper) return std::nullopt;
    code = code * 16 + static_cast<std::uint32_t>(digit   ? c - '0'
                                                  : lower ? c - 'a' + 10
                                                          : c - 'A' + 10);
  }
  return code;
}

// One escape at text[*at] == '\\'; moves behind it. RFC 8259, section 7.
bool Unescape(std::string_view text, std::size_t* at, std::string* out) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
  if (*at + 1 >= text.size()) return false;
  const char c = text[*at + 1];
  if (const std::size_t simple = kNames.find(c); simple != std::string_view::npos) {
    *out += kBytes[simple];
    *at += 2;
    return true;
  }
  auto code = c == 'u' ? Hex4(text, *at + 2) : std::nullopt;
  if (!code) return false;
  *at += 6;
  if (*code >= 0xd800 && *code < 0xdc00 && text.substr(*at).starts_with("\\u")) {
    const auto low = Hex4(text, *at + 2);
    if (low && *low >= 0xdc00 && *low < 0xe000) {
      code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
      *at += 6;
    }
  }
  AppendUtf8(*code, out);
  return true;
}

// The literal that begins with the quote at text[*at]; moves behind its end.
std::optional<EmbeddedString> ReadLiteral(std::string_view text, std::size_t* at) {
  EmbeddedString literal;
  ++*at;
  while (*at < text.size() && text[*at] != '"') {
    const std::size_t begin = *at;
    if (text[*at] == '\\') {
      literal.escaped = true;
      if (!Unescape(text, at, &literal.text)) return std::nullopt;
    } else {
      literal.text += text[(*at)++];
    }
    // Of several bytes that one escape stands for, all begin with it.
    literal.offsets.resize(literal.text.size(), begin);
  }
  if (*at >= text.size()) return std::nullopt;
  literal.offsets.push_back((*at)++);
  return literal;
}

// Of both alphabets (RFC 4648, sections 4 and 5); -1 for what is in neither.
constexpr std::array<std::int8_t, 256> Base64Values() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  values['-'] = values['+'];
  values['_'] = values['/'];
  return values;
}

}  // namespace

std::vector<EmbeddedString> EmbeddedStrings(std::string_view text) {
  std::vector<EmbeddedString> found;
  if (!BeginsDocument(text) || !Json::accept(text.begin(), text.end())) return found;
  std::string key;
  // Valid JSON: only strings matter, and what ends a member.
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '"') {
      if (text[at] == ',' || text[at] == '{' || text[at] == '}') key.clear();
      ++at;
      continue;
    }
    auto literal = ReadLiteral(text, &at);
    if (!literal) return {};
    std::size_t next = at;
    while (next < text.size() && IsSpace(text[next])) ++next;
    if (next < text.size() && text[next] == ':') {
      key = std::move(literal->text);
      continue;
    }
    literal->key = key;
    found.push_back(std::move(*literal));
  }
  return found;
}

std::string EmbeddedBase64(std::string_view text) {
  static constexpr std::array<std::int8_t, 256> kValues = Base64Values();
  constexpr std::size_t kShortest = 16;
  while (text.ends_with('=')) text.remove_suffix(1);
  // "{" and "[" begin with these.
  if (text.size() < kShortest || (text.front() != 'e' && text.front() != 'W')) return "";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::int8_t value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return "";
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> count) & 0xff);
  }
  return BeginsDocument(bytes) ? bytes : "";
}

}  // namespace watertight
