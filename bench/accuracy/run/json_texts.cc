#include "bench/accuracy/run/json_texts.h"

#include <cctype>
#include <cstdint>
#include <optional>
#include <utility>

namespace watertight::bench {
namespace {

constexpr int kDeepest = 200;

bool IsPlain(std::string_view key) {
  if (key.empty()) return false;
  for (const char c : key) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  return true;
}

// As findings spell it: docs/commands/find.md.
std::string Below(const std::string& field, const std::string& key) {
  if (!IsPlain(key)) return field + "[\"" + key + "\"]";
  return field.empty() ? key : field + "." + key;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Whether it is JSON as far as strings, lists and objects go.
  bool ReadValue(const std::string& field, int depth) {
    SkipSpace();
    if (depth > kDeepest || at_ >= text_.size()) return false;
    if (text_[at_] == '{') return ReadObject(field, depth);
    if (text_[at_] == '[') return ReadList(field, depth);
    if (text_[at_] != '"') return SkipWord();
    std::optional<JsonText> string = ReadString();
    if (!string) return false;
    string->field = field;
    found_.push_back(std::move(*string));
    return true;
  }

  std::vector<JsonText> Take() { return std::move(found_); }

 private:
  void SkipSpace() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool Skip(char c) {
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // A number, true, false, null.
  bool SkipWord() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  text_[at_] == '-' || text_[at_] == '+' || text_[at_] == '.')) {
      ++at_;
    }
    return at_ > begin;
  }

  bool ReadObject(const std::string& field, int depth) {
    ++at_;
    if (Skip('}')) return true;
    do {
      SkipSpace();
      if (at_ >= text_.size() || text_[at_] != '"') return false;
      const std::optional<JsonText> key = ReadString();
      if (!key || !Skip(':') || !ReadValue(Below(field, key->text), depth + 1)) return false;
    } while (Skip(','));
    return Skip('}');
  }

  bool ReadList(const std::string& field, int depth) {
    ++at_;
    if (Skip(']')) return true;
    std::size_t index = 0;
    do {
      if (!ReadValue(field + "[" + std::to_string(index++) + "]", depth + 1)) return false;
    } while (Skip(','));
    return Skip(']');
  }

  std::optional<JsonText> ReadString() {
    JsonText string;
    string.begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      const std::size_t from = at_;
      if (text_[at_] == '\\') {
        if (!ReadEscape(&string.text)) return std::nullopt;
      } else {
        string.text += text_[at_++];
      }
      string.origins.resize(string.text.size(), from);
    }
    string.end = at_;
    if (at_ >= text_.size()) return std::nullopt;
    ++at_;
    return string;
  }

  bool ReadEscape(std::string* out) {
    if (at_ + 1 >= text_.size()) return false;
    const char c = text_[at_ + 1];
    at_ += 2;
    constexpr std::string_view kLetters = "bfnrt";
    constexpr std::string_view kControls = "\b\f\n\r\t";
    if (c == 'u') return ReadCodePoint(out);
    const std::size_t letter = kLetters.find(c);
    *out += letter == std::string_view::npos ? c : kControls[letter];
    return true;
  }

  bool ReadCodePoint(std::string* out) {
    std::uint32_t code = 0;
    if (!ReadUnit(&code)) return false;
    std::uint32_t low = 0;
    if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      if (!ReadUnit(&low)) return false;
      code = 0x10000 + ((code - 0xd800) << 10) + ((low - 0xdc00) & 0x3ff);
    }
    const auto byte = [out](std::uint32_t value) { *out += static_cast<char>(value); };
    if (code < 0x80) {
      byte(code);
      return true;
    }
    if (code < 0x800) {
      byte(0xc0 | (code >> 6));
    } else {
      if (code >= 0x10000) byte(0xf0 | (code >> 18));
      byte(code < 0x10000 ? 0xe0 | (code >> 12) : 0x80 | ((code >> 12) & 0x3f));
      byte(0x80 | ((code >> 6) & 0x3f));
    }
    byte(0x80 | (code & 0x3f));
    return true;
  }

  bool ReadUnit(std::uint32_t* unit) {
    if (at_ + 4 > text_.size()) return false;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return false;
      const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      *unit = *unit * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<JsonText> found_;
};

}  // namespace

std::vector<JsonText> JsonTextsOf(std::string_view document) {
  Reader reader(document);
  return reader.ReadValue("", 0) ? reader.Take() : std::vector<JsonText>();
}

}  // namespace watertight::bench
