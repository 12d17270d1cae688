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
  explicit Hex(SharedValue value) : value_(std::move(value)) {}

  std::size_t units() const override { return value_->size(); }
  void FormsOf(std::size_t unit, Forms* forms) const override {
    forms->push_back(MakeForm(HexOf(value_->substr(unit, 1), false), 0, true));
  }
  std::vector<Anchor> Anchors() const override {
    constexpr std::size_t kSize = kLongestAnchor / 2;
    const std::size_t at = RarestPart(*value_, kSize);
    const std::string part = value_->substr(at, kSize);
    return {{HexOf(part, false), at, 0}, {HexOf(part, true), at, 0}};
  }
  bool Encoding(std::uint8_t /*marks*/, std::vector<std::string>* chain) const override {
    *chain = {"hex"};
    return true;
  }

 private:
  SharedValue value_;
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

OneSpelling HexSpelling(SharedValue value) { return std::make_unique<Hex>(std::move(value)); }

}  // namespace watertight
