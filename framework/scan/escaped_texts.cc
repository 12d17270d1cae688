// Whole texts as programs escape them: what base64 of a document holds. Programs differ in which
// characters they escape; each row is one of them.

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "framework/image/path.h"
#include "framework/scan/spelling_kinds.h"

namespace watertight {
namespace {

enum class Beyond : std::uint8_t { kPlain, kLower, kUpper };  // characters that are not ASCII

struct JsonWriter {
  std::string_view escaped;  // as \u, beside what JSON demands
  std::string_view slashed;  // with a backslash
  Beyond beyond;
};
constexpr JsonWriter kJsonWriters[] = {
    {"", "", Beyond::kPlain},          // JavaScript, jq
    {"", "", Beyond::kLower},          // Python
    {"<>&", "", Beyond::kPlain},       // Go
    {"", "/", Beyond::kLower},         // PHP
    {"", "/", Beyond::kPlain},         // Objective-C
    {"<>&='", "", Beyond::kPlain},     // Gson
    {"<>&'+`\"", "", Beyond::kUpper},  // .NET
};

std::string BackslashU(unsigned unit, bool upper) {
  char text[8];
  std::snprintf(text, sizeof text, upper ? "\\u%04X" : "\\u%04x", unit);
  return text;
}

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Requires: not ASCII alone.
std::string EscapedUnits(std::string_view characters, bool upper) {
  const std::string wide = Utf16(std::string(characters), false);
  std::string text;
  for (std::size_t i = 0; i + 1 < wide.size(); i += 2) {
    const auto high = static_cast<unsigned char>(wide[i]);
    text += BackslashU(static_cast<unsigned>(high << 8 | static_cast<unsigned char>(wide[i + 1])),
                       upper);
  }
  return text;
}

std::string JsonText(std::string_view value, const JsonWriter& writer) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const bool upper = writer.beyond == Beyond::kUpper;
  std::string json;
  for (std::size_t at = 0; at < value.size();) {
    const char c = value[at];
    if (!IsAscii(c) && writer.beyond != Beyond::kPlain) {
      const auto* end = std::find_if(value.begin() + at, value.end(), IsAscii);
      const auto size = static_cast<std::size_t>(end - value.begin()) - at;
      json += EscapedUnits(value.substr(at, size), upper);
      at += size;
      continue;
    }
    ++at;
    const std::size_t known = kShort.find(c);
    const bool control = IsAscii(c) && c < ' ';
    if (writer.escaped.find(c) != std::string_view::npos) {
      json += BackslashU(static_cast<unsigned char>(c), upper);
    } else if (known != std::string_view::npos) {
      json += '\\';
      json += kLetters[known];
    } else if (control) {
      json += BackslashU(static_cast<unsigned char>(c), upper);
    } else {
      if (writer.slashed.find(c) != std::string_view::npos) json += '\\';
      json += c;
    }
  }
  return json;
}

// RFC 3986 leaves letters, digits and "-._~" as they are.
std::string PercentText(std::string_view value, bool upper) {
  std::string text;
  for (const char c : value) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || std::string_view("-._~").find(c) != std::string_view::npos) {
      text += c;
      continue;
    }
    char escape[4];
    std::snprintf(escape, sizeof escape, upper ? "%%%02X" : "%%%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += escape;
  }
  return text;
}

std::string HtmlText(std::string_view value, std::string_view apostrophe, std::string_view quote) {
  std::string text;
  for (const char c : value) {
    if (c == '&') {
      text += "&amp;";
    } else if (c == '<') {
      text += "&lt;";
    } else if (c == '>') {
      text += "&gt;";
    } else if (c == '"') {
      text += quote;
    } else if (c == '\'') {
      text += apostrophe;
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::vector<EscapedText> EscapedTexts(const std::string& value) {
  std::vector<EscapedText> texts;
  const auto add = [&](const char* encoding, std::string text) {
    const bool known = std::any_of(texts.begin(), texts.end(),
                                   [&](const EscapedText& other) { return other.text == text; });
    if (text != value && !known) texts.push_back({encoding, std::move(text)});
  };
  for (const JsonWriter& writer : kJsonWriters) add("json", JsonText(value, writer));
  add("percent", PercentText(value, true));
  add("percent", PercentText(value, false));
  add("html", HtmlText(value, "&#39;", "&#34;"));    // Go
  add("html", HtmlText(value, "&#x27;", "&quot;"));  // Python
  add("html", HtmlText(value, "'", "\""));           // of the text of an element
  return texts;
}

std::optional<std::string> WithOtherLineEnds(const std::string& value) {
  if (value.find('\n') == std::string::npos) return std::nullopt;
  const bool short_ends = value.find("\r\n") == std::string::npos;
  std::string other;
  for (const char c : value) {
    if (c == '\n' && short_ends) other += '\r';
    if (c != '\r' || short_ends) other += c;
  }
  return other;
}

}  // namespace watertight
