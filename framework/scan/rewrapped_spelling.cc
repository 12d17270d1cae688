// A key is the same key when its lines are broken elsewhere, indented, joined, or when line ends
// are written \n. All blanks and line ends are taken out, of the value and of the text.

#include <algorithm>
#include <utility>

#include "framework/scan/spelling_anchors.h"
#include "framework/scan/spelling_kinds.h"

namespace watertight {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

constexpr std::size_t kTwoParts = 8;

class Rewrapped : public Spelling {
 public:
  // run: where in the squeezed value the part for the anchors begins, and its size.
  Rewrapped(std::string squeezed, std::size_t run, std::size_t run_size)
      : squeezed_(std::move(squeezed)), run_(run), run_size_(run_size) {}

  std::size_t units() const override { return squeezed_.size(); }
  Breaks breaks() const override { return Breaks::kBlanks; }
  void FormsOf(std::size_t unit, Forms* forms) const override {
    const char c = squeezed_[unit];
    if (c == '/') forms->push_back(MakeForm("\\/", kEscapedCharacter));
    if (c == '"') forms->push_back(MakeForm("\\\"", kEscapedCharacter));
    if (c == '\\') forms->push_back(MakeForm("\\\\", kEscapedCharacter));
    forms->push_back(MakeForm(std::string_view(&c, 1)));
  }

  // Two parts that stand side by side: a line break can be in one of them only. Of a value of short
  // lines one alone, which must stand in one line.
  std::vector<Anchor> Anchors() const override {
    if (run_size_ < kTwoParts) return {{squeezed_.substr(run_, run_size_), run_, 0}};
    const std::size_t size = std::min(kLongestAnchor, run_size_ / 2);
    return {{squeezed_.substr(run_, size), run_, 0},
            {squeezed_.substr(run_ + size, size), run_ + size, 0}};
  }

  bool Encoding(std::uint8_t marks, std::vector<std::string>* chain) const override {
    chain->clear();
    if ((marks & (kEscapedBreak | kEscapedCharacter)) != 0) chain->emplace_back("json");
    return true;
  }

 private:
  static constexpr std::uint8_t kEscapedCharacter = 1;

  std::string squeezed_;
  std::size_t run_;
  std::size_t run_size_;
};

bool IsPlainByte(char c) {
  return IsUnescaped(c) || std::string_view("+=:,").find(c) != std::string_view::npos;
}

}  // namespace

OneSpelling RewrappedSpelling(const std::string& value) {
  constexpr std::size_t kFirst = 256;
  constexpr std::size_t kLong = 2 * kLongestAnchor;
  constexpr std::size_t kShort = 4;
  if (value.find_first_of("\r\n") == std::string::npos) return nullptr;
  std::string squeezed;
  std::size_t run = 0;
  std::size_t best = 0;
  std::size_t best_size = 0;
  for (const char c : value) {
    const bool blank = kBlank.find(c) != std::string_view::npos;
    if (!blank) squeezed += c;
    if (blank || !IsPlainByte(c)) run = squeezed.size();
    const std::size_t size = squeezed.size() - run;
    if (best_size < kLong && size > best_size && run < kFirst) {
      best = run;
      best_size = size;
    }
  }
  if (best_size < kShort) return nullptr;
  return std::make_unique<Rewrapped>(std::move(squeezed), best, best_size);
}

}  // namespace watertight
