#include "framework/image/path.h"

#include <vector>

namespace watertight {
namespace {

// No leading slash, no empty component, none that begins with a dot but is not a name: the usual
// case.
bool IsClean(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.back() == '/') return false;
  if (name.find("//") != std::string_view::npos) return false;
  for (std::size_t at = 0; at != std::string_view::npos;) {
    const std::string_view rest = name.substr(at);
    if (rest == "." || rest == ".." || rest.starts_with("./") || rest.starts_with("../"))
      return false;
    at = name.find('/', at);
    if (at != std::string_view::npos) ++at;
  }
  return true;
}

// The size of the UTF-8 sequence at the head of bytes (RFC 3629); 0 when there is none.
std::size_t Utf8Length(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xe0 && at(1) < 0xa0) || (lead == 0xf0 && at(1) < 0x90);
  const bool surrogate = lead == 0xed && at(1) > 0x9f;
  const bool too_large = lead == 0xf4 && at(1) > 0x8f;
  return overlong || surrogate || too_large ? 0 : length;
}

// C1 controls and the marks that turn the direction of text: they drive a terminal, or make a name
// read as another.
bool IsHostile(std::string_view character) {
  if (character.size() == 2)
    return character[0] == '\xc2' && static_cast<unsigned char>(character[1]) < 0xa0;
  if (character.size() != 3 || character[0] != '\xe2') return false;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  return (second == 0x80 && (third >= 0xa8 && third <= 0xae)) ||
         (second == 0x80 && (third == 0x8e || third == 0x8f)) ||
         (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

void AppendEscaped(std::string_view bytes, std::string* text) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    if (c == '\n') {
      *text += "\\n";
    } else if (c == '\t') {
      *text += "\\t";
    } else if (c == '\r') {
      *text += "\\r";
    } else {
      const auto byte = static_cast<unsigned char>(c);
      *text += "\\x";
      *text += kDigits[byte >> 4];
      *text += kDigits[byte & 15];
    }
  }
}

}  // namespace

CleanedName CleanName(std::string_view name) {
  CleanedName cleaned;
  const std::string_view bare =
      name.size() > 1 && name.back() == '/' ? name.substr(0, name.size() - 1) : name;
  if (IsClean(bare)) {
    cleaned.path = bare;
    return cleaned;
  }
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    name = slash == std::string_view::npos ? std::string_view() : name.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      cleaned.escapes_root = true;
    } else {
      parts.pop_back();
    }
  }
  for (const std::string_view part : parts) {
    if (!cleaned.path.empty()) cleaned.path += '/';
    cleaned.path += part;
  }
  return cleaned;
}

std::pair<std::string_view, std::string_view> SplitParent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {std::string_view(), path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

std::string Printable(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = Utf8Length(bytes);
    const std::string_view character = bytes.substr(0, length == 0 ? 1 : length);
    const auto first = static_cast<unsigned char>(character[0]);
    if (length == 0 || first < 0x20 || first == 0x7f || IsHostile(character)) {
      AppendEscaped(character, &text);
    } else {
      text += character;
    }
    bytes.remove_prefix(character.size());
  }
  return text;
}

std::string ToUtf8(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = Utf8Length(bytes);
    if (length == 0) {
      text += "\xef\xbf\xbd";
      bytes.remove_prefix(1);
    } else {
      text += bytes.substr(0, length);
      bytes.remove_prefix(length);
    }
  }
  return text;
}

bool IsUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = Utf8Length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace watertight
