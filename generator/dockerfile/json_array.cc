#include "generator/dockerfile/json_array.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr int kDeepest = 1000;  // deeper ones count as no JSON

// RFC 8259, as strict as Go's encoding/json: invalid UTF-8 and lone surrogates become U+FFFD.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  // The strings of an array; `others` tells of elements that are none. False: no JSON.
  bool ReadArray(std::vector<std::string>& strings, bool& others) {
    if (!Take('[')) return false;
    SkipSpaces();
    if (Take(']')) return true;
    do {
      SkipSpaces();
      std::string value;
      if (AtString()) {
        if (!ReadString(value)) return false;
        strings.push_back(value);
      } else {
        if (!SkipValue(1)) return false;
        others = true;
      }
      SkipSpaces();
    } while (Take(','));
    return Take(']');
  }

  bool AtEnd() {
    SkipSpaces();
    return at_ == text_.size();
  }

 private:
  bool AtString() const { return at_ < text_.size() && text_[at_] == '"'; }
  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void SkipSpaces() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }

  bool SkipValue(int depth);
  bool SkipMembers(char close, int depth);
  bool SkipNumber();
  bool SkipDigits();
  bool ReadString(std::string& value);
  bool ReadEscape(std::string& value);
  std::optional<char32_t> ReadHex();

  std::string_view text_;
  size_t at_ = 0;
};

bool JsonReader::SkipValue(int depth) {
  SkipSpaces();
  std::string ignored;
  if (AtString()) return ReadString(ignored);
  if (Take('[')) return depth < kDeepest && SkipMembers(']', depth + 1);
  if (Take('{')) return depth < kDeepest && SkipMembers('}', depth + 1);
  return Take("true") || Take("false") || Take("null") || SkipNumber();
}

bool JsonReader::SkipMembers(char close, int depth) {
  SkipSpaces();
  if (Take(close)) return true;
  do {
    if (close == '}') {
      SkipSpaces();
      std::string ignored;
      if (!AtString() || !ReadString(ignored)) return false;
      SkipSpaces();
      if (!Take(':')) return false;
    }
    if (!SkipValue(depth)) return false;
    SkipSpaces();
  } while (Take(','));
  return Take(close);
}

bool JsonReader::SkipDigits() {
  const size_t begin = at_;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  return at_ > begin;
}

bool JsonReader::SkipNumber() {
  const size_t begin = at_;
  Take('-');
  if (!Take('0') && !SkipDigits()) return false;
  if (Take('.') && !SkipDigits()) return false;
  if (Take('e') || Take('E')) {
    if (!Take('+')) Take('-');
    if (!SkipDigits()) return false;
  }
  // Go refuses what a double does not hold.
  return std::isfinite(std::strtod(std::string(text_.substr(begin, at_ - begin)).c_str(), nullptr));
}

std::optional<char32_t> JsonReader::ReadHex() {
  if (at_ + 4 > text_.size()) return std::nullopt;
  unsigned value = 0;
  const char* begin = text_.data() + at_;
  const auto parsed = std::from_chars(begin, begin + 4, value, 16);
  if (parsed.ec != std::errc() || parsed.ptr != begin + 4) return std::nullopt;
  at_ += 4;
  return static_cast<char32_t>(value);
}

bool JsonReader::ReadEscape(std::string& value) {
  if (at_ == text_.size()) return false;
  const char c = text_[at_++];
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (const size_t index = kNames.find(c); index != std::string_view::npos) {
    value += kValues[index];
    return true;
  }
  if (c != 'u') return false;
  const auto first = ReadHex();
  if (!first) return false;
  char32_t rune = *first;
  if (rune >= 0xD800 && rune <= 0xDBFF && text_.substr(at_).starts_with("\\u")) {
    const size_t back = at_;
    at_ += 2;
    const auto second = ReadHex();
    if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
      rune = 0x10000 + ((rune - 0xD800) << 10) + (*second - 0xDC00);
    } else {
      at_ = back;
    }
  }
  Append(value, rune);
  return true;
}

bool JsonReader::ReadString(std::string& value) {
  ++at_;
  while (at_ < text_.size()) {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte < 0x20) return false;
    if (Take('"')) return true;
    if (Take('\\')) {
      if (!ReadEscape(value)) return false;
      continue;
    }
    const Rune rune = DecodeRune(text_, at_);
    Append(value, rune.value);
    at_ += rune.size;
  }
  return false;
}

}  // namespace

std::optional<std::vector<std::string>> ParseJsonArray(std::string_view text, bool strict) {
  JsonReader reader(TrimLeft(text));
  std::vector<std::string> strings;
  bool others = false;
  if (!reader.ReadArray(strings, others)) return std::nullopt;
  if (strict && !reader.AtEnd()) return std::nullopt;
  if (others) throw Error("when using JSON array syntax, arrays must be comprised of strings only");
  return strings;
}

}  // namespace watertight::generator
