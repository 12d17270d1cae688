#include "bench/accuracy/run/textproto.h"

#include <cctype>
#include <string_view>
#include <utility>

#include "watertight/error.h"

namespace watertight::bench {
namespace {

constexpr int kDeepest = 100;

class Reader {
 public:
  Reader(std::string_view text, std::string place) : text_(text), place_(std::move(place)) {}

  Json ReadMessage(char end, int depth) {
    if (depth > kDeepest) Fail("messages are nested too deep");
    Json message = Json::object();
    for (SkipSpace(); at_ < text_.size() && text_[at_] != end; SkipSpace()) {
      const std::string name = ReadWord();
      SkipSpace();
      if (Take(':')) SkipSpace();
      message[name].push_back(ReadValue(depth));
      SkipSpace();
      if (!Take(',')) Take(';');
    }
    if (end != '\0' && !Take(end)) Fail("a message does not end");
    return message;
  }

 private:
  [[noreturn]] void Fail(const std::string& why) const {
    throw Error(ErrorCode::kBadJson, place_ + ": byte " + std::to_string(at_) + ": " + why);
  }

  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void SkipSpace() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (std::isspace(static_cast<unsigned char>(text_[at_])) == 0) {
        return;
      } else {
        ++at_;
      }
    }
  }

  // A name, an extension's or type's name in brackets, a number, an enumerator.
  std::string ReadWord() {
    const std::size_t begin = at_;
    constexpr std::string_view kOther = "_.-+/[]";
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  kOther.find(text_[at_]) != std::string_view::npos)) {
      ++at_;
    }
    if (begin == at_) Fail("neither a name nor a value");
    return std::string(text_.substr(begin, at_ - begin));
  }

  Json ReadValue(int depth) {
    if (Take('{')) return ReadMessage('}', depth + 1);
    if (Take('<')) return ReadMessage('>', depth + 1);
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) return ReadStrings();
    const std::string word = ReadWord();
    if (word == "true" || word == "false") return word == "true";
    const Json number = Json::parse(word, nullptr, false);
    return number.is_number() ? number : Json(word);
  }

  // Strings that follow one another are one.
  std::string ReadStrings() {
    std::string bytes;
    while (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      ReadString(text_[at_++], &bytes);
      SkipSpace();
    }
    return bytes;
  }

  void ReadString(char quote, std::string* bytes) {
    while (!Take(quote)) {
      if (at_ >= text_.size()) Fail("a string does not end");
      if (Take('\\')) {
        ReadEscape(bytes);
      } else {
        *bytes += text_[at_++];
      }
    }
  }

  void ReadEscape(std::string* bytes) {
    if (at_ >= text_.size()) Fail("a string does not end");
    const char c = text_[at_++];
    constexpr std::string_view kLetters = "abfnrtv";
    constexpr std::string_view kControls = "\a\b\f\n\r\t\v";
    if (const std::size_t found = kLetters.find(c); found != std::string_view::npos) {
      *bytes += kControls[found];
    } else if (c >= '0' && c <= '7') {
      --at_;
      *bytes += static_cast<char>(ReadDigits(8, 3));
    } else if (c == 'x' || c == 'X') {
      *bytes += static_cast<char>(ReadDigits(16, 2));
    } else if (c == 'u' || c == 'U') {
      AppendCodePoint(ReadDigits(16, c == 'u' ? 4 : 8), bytes);
    } else {
      *bytes += c;
    }
  }

  unsigned ReadDigits(unsigned base, int most) {
    unsigned number = 0;
    for (int i = 0; i < most && at_ < text_.size(); ++i, ++at_) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(text_[at_])));
      const std::size_t digit = kDigits.find(lower);
      if (digit >= base) break;
      number = number * base + static_cast<unsigned>(digit);
    }
    return number;
  }

  static void AppendCodePoint(unsigned code, std::string* bytes) {
    const auto byte = [bytes](unsigned value) { *bytes += static_cast<char>(value); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
      byte(0xc0 | (code >> 6));
    } else if (code < 0x10000) {
      byte(0xe0 | (code >> 12));
      byte(0x80 | ((code >> 6) & 0x3f));
    } else {
      byte(0xf0 | (code >> 18));
      byte(0x80 | ((code >> 12) & 0x3f));
      byte(0x80 | ((code >> 6) & 0x3f));
    }
    byte(0x80 | (code & 0x3f));
  }

  std::string_view text_;
  std::string place_;
  std::size_t at_ = 0;
};

}  // namespace

Json ParseTextproto(const std::string& text, const std::string& place) {
  return Reader(text, place).ReadMessage('\0', 0);
}

}  // namespace watertight::bench
