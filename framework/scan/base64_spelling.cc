#include <algorithm>
#include <set>
#include <utility>

#include "framework/scan/spelling_anchors.h"
#include "framework/scan/spelling_kinds.h"

namespace watertight {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr unsigned kPlus = 62;
constexpr unsigned kSlash = 63;

enum Mark : std::uint8_t { kUrl = 1, kPercent = 2, kJson = 4 };

// Longer ones first.
void AddDigit(unsigned digit, Forms* forms) {
  if (digit == kPlus) {
    forms->push_back(MakeForm("\\u002b", kJson, true));
    forms->push_back(MakeForm("%2b", kPercent, true));
    forms->push_back(MakeForm("-", kUrl));
  } else if (digit == kSlash) {
    forms->push_back(MakeForm("\\u002f", kJson, true));
    forms->push_back(MakeForm("%2f", kPercent, true));
    forms->push_back(MakeForm("\\/", kJson));
    forms->push_back(MakeForm("_", kUrl));
  }
  forms->push_back(MakeForm(kDigits.substr(digit, 1)));
}

class Base64 : public Spelling {
 public:
  // A digit is 6 bits of the bytes in groups of three; that of the first byte's first bit is the
  // first.
  Base64(Base64Content content, std::size_t bytes_before)
      : content_(std::move(content)),
        known_begin_(8 * (bytes_before + content_.unknown_before)),
        known_end_(known_begin_ + 8 * content_.bytes->size()),
        first_digit_(8 * bytes_before / 6),
        units_((known_end_ + 8 * content_.unknown_behind + 5) / 6 - first_digit_) {}

  std::size_t units() const override { return units_; }
  Breaks breaks() const override { return Breaks::kLines; }

  void FormsOf(std::size_t unit, Forms* forms) const override {
    const Digit known = DigitAt(unit);
    if (known.mask == 0x3f) return AddDigit(known.bits, forms);
    for (unsigned digit = 0; digit < kDigits.size(); ++digit) {
      if ((digit & known.mask) == known.bits) AddDigit(digit, forms);
    }
    std::stable_sort(forms->begin(), forms->end(),
                     [](const Form& a, const Form& b) { return a.size > b.size; });
  }

  // Two parts that stand side by side: a line break can be in one of them only, when lines have
  // eight digits or more.
  std::vector<Anchor> Anchors() const override {
    const std::size_t begin = (known_begin_ + 5) / 6 - first_digit_;
    const std::size_t end = known_end_ / 6 - first_digit_;
    std::vector<Anchor> anchors;
    if (end - begin < 2 * kPart) {
      AddBroken(begin, std::min(end - begin, kMostBroken), &anchors);
      return anchors;
    }
    const std::size_t at = PlainPair(begin, std::min(end, begin + kAnchorUnits));
    for (const std::size_t part : {at, at + kPart}) {
      for (std::string& text : Texts(part, kPart)) anchors.push_back({std::move(text), part, 0});
    }
    return anchors;
  }

  bool Encoding(std::uint8_t marks, std::vector<std::string>* chain) const override {
    chain->clear();
    if ((marks & (kJson | kEscapedBreak)) != 0) chain->emplace_back("json");
    if ((marks & kPercent) != 0) chain->emplace_back("percent");
    chain->emplace_back((marks & kUrl) != 0 ? "base64url" : "base64");
    chain->insert(chain->end(), content_.encoding.begin(), content_.encoding.end());
    return true;
  }

 private:
  static constexpr std::size_t kPart = 4;
  static constexpr std::size_t kMostBroken = 6;
  static constexpr std::size_t kMostTexts = 64;

  struct Digit {
    unsigned bits = 0;
    unsigned mask = 0;  // of those that are known
  };

  Digit DigitAt(std::size_t unit) const {
    Digit digit;
    const std::size_t begin = 6 * (first_digit_ + unit);
    for (std::size_t bit = begin; bit < begin + 6; ++bit) {
      const bool known = bit >= known_begin_ && bit < known_end_;
      const std::size_t at = bit - known_begin_;
      const unsigned set =
          known ? static_cast<unsigned char>((*content_.bytes)[at / 8]) >> (7 - at % 8) & 1U : 0U;
      digit.bits = digit.bits << 1 | set;
      digit.mask = digit.mask << 1 | (known ? 1U : 0U);
    }
    return digit;
  }

  // The first of two parts without + and /, which have other forms; else the first two.
  std::size_t PlainPair(std::size_t begin, std::size_t end) const {
    std::size_t run = 0;
    for (std::size_t unit = begin; unit < end; ++unit) {
      run = DigitAt(unit).bits < kPlus ? run + 1 : 0;
      if (run == 2 * kPart) return unit + 1 - run;
    }
    return begin;
  }

  // In all forms, cut to what an anchor may hold.
  std::vector<std::string> Texts(std::size_t unit, std::size_t count) const {
    std::set<std::string> texts = {""};
    for (std::size_t i = 0; i < count; ++i) {
      Forms forms;
      FormsOf(unit + i, &forms);
      std::set<std::string> longer;
      const bool many = texts.size() * forms.size() > kMostTexts;
      for (const Form& form : forms) {
        if (many && form.size > 1) continue;
        for (const std::string& digit : TextsOf(form)) {
          for (const std::string& text : texts) {
            longer.insert((text + digit).substr(0, kLongestAnchor));
          }
        }
      }
      texts = std::move(longer);
    }
    return {texts.begin(), texts.end()};
  }

  // Of a short value, with a line break at each place and without.
  void AddBroken(std::size_t unit, std::size_t count, std::vector<Anchor>* anchors) const {
    for (const std::string& text : Texts(unit, count)) {
      anchors->push_back({text, unit, 0});
      for (std::size_t at = 1; at < text.size(); ++at) {
        for (const char* line_end : {"\n", "\r\n", "\\n"}) {
          anchors->push_back({Broken(text, at, line_end), unit, 0});
        }
      }
    }
  }

  static std::string Broken(const std::string& text, std::size_t at, const char* line_end) {
    return (text.substr(0, at) + line_end + text.substr(at)).substr(0, kLongestAnchor);
  }

  Base64Content content_;
  std::size_t known_begin_;  // in bits of the groups of three bytes
  std::size_t known_end_;
  std::size_t first_digit_;
  std::size_t units_;
};

}  // namespace

OneSpelling Base64Spelling(Base64Content content, std::size_t bytes_before) {
  return std::make_unique<Base64>(std::move(content), bytes_before);
}

Base64Content Base64Of(const std::string& value, std::size_t bytes_before) {
  const std::size_t begin = 8 * bytes_before;
  const std::size_t end = begin + 8 * value.size();
  std::string digits;
  for (std::size_t digit = (begin + 5) / 6; digit < end / 6; ++digit) {
    unsigned bits = 0;
    for (std::size_t bit = 6 * digit; bit < 6 * digit + 6; ++bit) {
      const std::size_t at = bit - begin;
      bits = bits << 1 | (static_cast<unsigned char>(value[at / 8]) >> (7 - at % 8) & 1U);
    }
    digits += kDigits[bits];
  }
  return {std::make_shared<const std::string>(std::move(digits)),
          begin % 6 != 0 ? 1U : 0U,
          end % 6 != 0 ? 1U : 0U,
          {"base64"}};
}

}  // namespace watertight
