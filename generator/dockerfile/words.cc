#include "generator/dockerfile/words.h"

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

// Docker reads flags byte by byte, so that a byte of a longer character becomes a character of its
// own: --chown=é arrives as Ã©.
class FlagReader {
 public:
  FlagReader(std::string_view text, char escape) : text_(text), escape_(escape) {}

  LeadingFlags Run() {
    while (at_ < text_.size()) {
      if (IsSpace(Byte(at_))) {
        ++at_;
        continue;
      }
      if (!text_.substr(at_).starts_with("--")) break;
      const std::string word = ReadWord();
      if (word == "--") break;
      if (!word.empty()) flags_.push_back(word);
    }
    return {flags_, std::string(text_.substr(at_))};
  }

 private:
  char32_t Byte(size_t at) const { return static_cast<unsigned char>(text_[at]); }

  std::string ReadWord() {
    std::string word;
    char quote = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote == 0 && IsSpace(Byte(at_))) break;
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (c == escape_) {
        if (at_ + 1 == text_.size()) continue;  // dropped at the very end
        Append(word, Byte(++at_));
      } else {
        Append(word, Byte(at_));
      }
    }
    return word;
  }

  std::string_view text_;
  char escape_;
  size_t at_ = 0;
  std::vector<std::string> flags_;
};

class WordReader {
 public:
  WordReader(std::string_view text, char escape) : text_(text), escape_(escape) {}

  std::vector<std::string> Run() {
    while (at_ < text_.size()) {
      const Rune rune = DecodeRune(text_, at_);
      if (quote_ == 0 && IsSpace(rune.value)) {
        Finish();
        at_ += rune.size;
      } else {
        Take(rune);
      }
    }
    Finish();
    return words_;
  }

 private:
  void Finish() {
    if (keep_empty_ || !word_.empty()) words_.push_back(word_);
    word_.clear();
    keep_empty_ = false;
  }

  void Take(Rune rune) {
    if (quote_ != 0 && rune.value == quote_) {
      quote_ = 0;
    } else if (quote_ == 0 && (rune.value == U'\'' || rune.value == U'"')) {
      quote_ = rune.value;
      keep_empty_ = true;
    }
    at_ += rune.size;
    // The escape character takes the next one along, but for single quotes.
    if (rune.value == static_cast<unsigned char>(escape_) && quote_ != U'\'') {
      if (at_ == text_.size()) return;  // dropped at the very end
      Append(word_, rune.value);
      rune = DecodeRune(text_, at_);
      at_ += rune.size;
    }
    Append(word_, rune.value);
  }

  std::string_view text_;
  char escape_;
  size_t at_ = 0;
  char32_t quote_ = 0;
  bool keep_empty_ = false;  // "" is a word
  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace

LeadingFlags TakeFlags(std::string_view text, char escape) {
  return FlagReader(text, escape).Run();
}

std::vector<std::string> SplitWords(std::string_view text, char escape) {
  return WordReader(text, escape).Run();
}

std::vector<NameValue> SplitNameValues(std::string_view text, std::string_view keyword,
                                       char escape) {
  const auto words = SplitWords(text, escape);
  if (words.empty()) return {};
  if (words[0].find('=') == std::string::npos) {
    const auto parts = SplitInTwo(text);
    if (parts.size() < 2) throw Error(std::string(keyword) + " must have two arguments");
    return {{std::string(parts[0]), std::string(parts[1]), true}};
  }
  std::vector<NameValue> pairs;
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) {
      throw Error("Syntax error - can't find = in " + Quote(word) +
                  ". Must be of the form: name=value");
    }
    pairs.push_back({word.substr(0, equals), word.substr(equals + 1)});
  }
  return pairs;
}

}  // namespace watertight::generator
