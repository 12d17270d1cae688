// The kinds of spellings, each of a value that all of them share.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/scan/spelling.h"

namespace watertight {

using SharedValue = std::shared_ptr<const std::string>;
using OneSpelling = std::unique_ptr<const Spelling>;

// Byte by byte.
OneSpelling PlainSpelling(SharedValue value);
// "utf-16le" and "utf-16be". A value that is not UTF-8 is taken for Latin-1.
OneSpelling Utf16Spelling(const std::string& value, bool little_endian);
std::string Utf16(const std::string& value, bool little_endian);
// inside: what the value's digits are of, from the outside in.
OneSpelling HexSpelling(SharedValue value, std::vector<std::string> inside);
std::string Hexadecimal(const std::string& value);

// Base64 of any text that holds the value: its digits depend on how many bytes, modulo three, stand
// before it.
struct Base64Content {
  SharedValue bytes;
  // Bytes that belong to the occurrence, but of which nothing is known: 0 or 1.
  std::size_t unknown_before = 0;
  std::size_t unknown_behind = 0;
  std::vector<std::string> encoding;  // of the bytes: what is inside of the base64
};
OneSpelling Base64Spelling(Base64Content content, std::size_t bytes_before);
// The digits that the value alone decides, and whether there are others that it decides in part.
Base64Content Base64Of(const std::string& value, std::size_t bytes_before);

// Percent, JSON, JSON in JSON, C, \u: each character as itself or escaped.
std::vector<OneSpelling> EscapedSpellings(const SharedValue& value);
// The value as programs escape it, each text once; none of them is the value itself.
struct EscapedText {
  std::string encoding;
  std::string text;
};
std::vector<EscapedText> EscapedTexts(const std::string& value);
// The value with CRLF for its LFs, or LF for its CRLFs; nothing for a value of one line.
std::optional<std::string> WithOtherLineEnds(const std::string& value);

// A value of several lines with its lines broken elsewhere. Null for a value of one line.
OneSpelling RewrappedSpelling(const std::string& value);

}  // namespace watertight
