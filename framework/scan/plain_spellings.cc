// Spellings of one form for each unit: plain, UTF-16, hexadecimal.

#include <algorithm>
#include <utility>

#include "framework/image/path.h"
#include "framework/scan/spelling_anchors.h"
#include "framework/scan/spelling_kinds.h"

namespace watertight {
namespace {

std::string HexOf(std::string_view bytes, bool upper) {
  const char* const digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += digits[static_cast<unsigned char>(c) >> 4];
    hex += digits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

class Plain : public Spelling {
 public:
  explicit Plain(SharedValue value) : value_(std::move(value)) {}

  std::size_t units() const override { return value_->size(); }
  void FormsOf(std::size_t unit, Forms* forms) const override {
    forms->push_back(MakeForm(std::string_view(*value_).substr(unit, 1)));
  }
  std::vector<Anchor> Anchors() const override {
    const std::size_t size = std::min(value_->size(), kLongestAnchor);
    const std::size_t at = RarestPart(*value_, size);
    return {{value_->substr(at, size), at, 0}};
  }
  bool Encoding(std::uint8_t /*marks*/, std::vector<std::string>* chain) const override {
    chain->clear();
    return true;
  }

 private:
  SharedValue value_;
};

class Wide : public Spelling {
 public:
  Wide(std::string bytes, bool little_endian)
      : bytes_(std::move(bytes)), little_endian_(little_endian) {}

  std::size_t units() const override { return bytes_.size(); }
  void FormsOf(std::size_t unit, Forms* forms) const override {
    forms->push_back(MakeForm(std::string_view(bytes_).substr(unit, 1)));
  }
  ByteOrder byte_order() const override {
    return little_endian_ ? ByteOrder::kLittle : ByteOrder::kBig;
  }
  // From the low byte of one character to that of the fourth: the same for both byte orders.
  std::vector<Anchor> Anchors() const override {
    constexpr std::size_t kCharacters = 4;
    std::string low;
    for (std::size_t at = little_endian_ ? 0 : 1; at < bytes_.size(); at += 2) low += bytes_[at];
    const std::size_t characters = std::min(low.size(), kCharacters);
    const std::size_t at = 2 * RarestPart(low, characters) + (little_endian_ ? 0 : 1);
    return {{bytes_.substr(at, 2 * characters - 1), at, 0}};
  }
  bool Encoding(std::uint8_t /*marks*/, std::vector<std::string>* chain) const override {
    *chain = {little_endian_ ? "utf-16le" : "utf-16be"};
    return true;
  }

 private:
  std::string bytes_;
  bool little_endian_;
};

class Hex : public Spelling {
 public:
  Hex(SharedValue value, std::vector<std::string> inside)
      : value_(std::move(value)), inside_(std::move(inside)) {}

  std::size_t units() const override { return value_->size(); }
  Breaks breaks() const override { return Breaks::kHex; }
  void FormsOf(std::size_t unit, Forms* forms) const override {
    forms->push_back(MakeForm(HexOf(value_->substr(unit, 1), false), 0, true));
  }

  // Two parts that stand side by side, of which a line can end in one only; and, for bytes that are
  // written apart, parts of three or two.
  std::vector<Anchor> Anchors() const override {
    constexpr std::size_t kSize = kLongestAnchor / 2;
    std::vector<Anchor> anchors;
    const std::size_t at = RarestPart(*value_, std::min(kSize, value_->size()));
    Add(at, kSize, "", &anchors);
    if (at + 2 * kSize <= value_->size()) {
      Add(at + kSize, kSize, "", &anchors);
    } else if (at >= kSize) {
      Add(at - kSize, kSize, "", &anchors);
    }
    if (!inside_.empty() || value_->size() < kSize) return anchors;
    const std::size_t apart = PlainPart(3);
    for (const char* separator : {":", " ", "-"}) Add(apart, 3, separator, &anchors);
    for (const std::size_t pair : {apart, apart + 1}) {  // a line may end in one of them
      for (const char* separator : {", 0x", ",0x"}) Add(pair, 2, separator, &anchors);
    }
    return anchors;
  }
  bool Encoding(std::uint8_t marks, std::vector<std::string>* chain) const override {
    chain->clear();
    if ((marks & kEscapedBreak) != 0) chain->emplace_back("json");
    chain->emplace_back("hex");
    chain->insert(chain->end(), inside_.begin(), inside_.end());
    return true;
  }

 private:
  // Of the digits in either case.
  void Add(std::size_t at, std::size_t size, std::string_view separator,
           std::vector<Anchor>* anchors) const {
    for (const bool upper : {false, true}) {
      std::string text;
      for (std::size_t i = at; i < at + size && i < value_->size(); ++i) {
        if (i > at) text += separator;
        text += HexOf(value_->substr(i, 1), upper);
      }
      if (upper && text == anchors->back().bytes) return;
      anchors->push_back({text, at, 0});
    }
  }

  // The first part that is written alike in either case, else the rarest one.
  std::size_t PlainPart(std::size_t size) const {
    const std::size_t end = std::min(value_->size(), kAnchorUnits);
    for (std::size_t at = 0; at + size <= end; ++at) {
      const std::string_view part = std::string_view(*value_).substr(at, size);
      if (HexOf(part, false) == HexOf(part, true)) return at;
    }
    return RarestPart(*value_, size);
  }

  SharedValue value_;
  std::vector<std::string> inside_;
};

void AppendUnit(std::uint32_t unit, bool little_endian, std::string* bytes) {
  const char low = static_cast<char>(unit & 0xff);
  const char high = static_cast<char>(unit >> 8 & 0xff);
  *bytes += little_endian ? low : high;
  *bytes += little_endian ? high : low;
}

}  // namespace

std::string Utf16(const std::string& value, bool little_endian) {
  std::string bytes;
  const bool utf8 = IsUtf8(value);
  for (std::size_t at = 0; at < value.size();) {
    const auto lead = static_cast<unsigned char>(value[at]);
    std::size_t size = 1;
    std::uint32_t character = lead;
    if (utf8 && lead >= 0x80) {
      size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
      character = lead & (0xffU >> (size + 1));
      for (std::size_t i = 1; i < size; ++i) {
        character = character << 6 | (static_cast<unsigned char>(value[at + i]) & 0x3fU);
      }
    }
    at += size;
    if (character < 0x10000) {
      AppendUnit(character, little_endian, &bytes);
    } else {
      AppendUnit(0xd800 + ((character - 0x10000) >> 10), little_endian, &bytes);
      AppendUnit(0xdc00 + ((character - 0x10000) & 0x3ff), little_endian, &bytes);
    }
  }
  return bytes;
}

std::string Hexadecimal(const std::string& value) { return HexOf(value, false); }

OneSpelling PlainSpelling(SharedValue value) { return std::make_unique<Plain>(std::move(value)); }

OneSpelling Utf16Spelling(const std::string& value, bool little_endian) {
  return std::make_unique<Wide>(Utf16(value, little_endian), little_endian);
}

OneSpelling HexSpelling(SharedValue value, std::vector<std::string> inside) {
  return std::make_unique<Hex>(std::move(value), std::move(inside));
}

}  // namespace watertight
