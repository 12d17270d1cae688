// The ways in which a value can be spelled, and how an occurrence of each is found and confirmed.
//
// A spelling is a row of units: bytes, characters, digits of base64. Each unit has a few forms: a
// byte is itself, %2F or %2f. In texts that are broken into lines a break may stand between any two
// units. All spellings of all values are searched for at once by anchors, short literals that
// occurrences must hold; around an anchor's hit the units before and behind are compared, form by
// form. Rejected: to search for whole spellings, of which there are too many (each letter may be
// escaped, lines may end anywhere), and to decode everything that looks encoded, which reads most
// bytes twice.
//
// Anchors hold at most kLongestAnchor bytes, the size that LiteralSet is fastest with, and stand
// among the first units, so that a search has to keep few bytes that it has passed.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

constexpr std::size_t kLongestAnchor = 8;
constexpr std::size_t kLongestForm = 20;
// An occurrence begins at most so many bytes before its anchor.
constexpr std::size_t kLookBehind = 4096;

// One way to write a unit.
struct Form {
  std::array<char, kLongestForm> bytes{};
  std::uint8_t size = 0;
  bool caseless = false;  // hexadecimal digits of either case
  std::uint8_t mark = 0;  // a bit of Spelling::Encoding's marks, or 0

  std::string_view text() const { return {bytes.data(), size}; }
};

Form MakeForm(std::string_view text, std::uint8_t mark = 0, bool caseless = false);

using Forms = std::vector<Form>;

// The form, and with its hexadecimal digits in upper case where that differs.
std::vector<std::string> TextsOf(const Form& form);

// What may stand between two units.
enum class Breaks : std::uint8_t {
  kNone,
  kLines,   // line ends, also written \n, with the blanks that indent the next line
  kBlanks,  // the same, and blanks alone
  kHex,     // the same, and what separates bytes: colons, commas, 0x
};

enum class ByteOrder : std::uint8_t { kNone, kLittle, kBig };

// A literal, and where in it the unit begins: before its first byte when shift is negative.
struct Anchor {
  std::string bytes;
  std::size_t unit = 0;
  std::ptrdiff_t shift = 0;
};

// Marks that are not of a form.
constexpr std::uint8_t kEscapedBreak = 0x80;
constexpr std::uint8_t kBreak = 0x40;

class Spelling {
 public:
  virtual ~Spelling() = default;

  virtual std::size_t units() const = 0;
  // The forms of a unit, longer ones first; forms comes empty.
  virtual void FormsOf(std::size_t unit, Forms* forms) const = 0;
  virtual Breaks breaks() const { return Breaks::kNone; }
  virtual ByteOrder byte_order() const { return ByteOrder::kNone; }
  virtual std::vector<Anchor> Anchors() const = 0;
  // The chain of encodings of an occurrence that has these marks, from the outside in. False when
  // it is another spelling's.
  virtual bool Encoding(std::uint8_t marks, std::vector<std::string>* chain) const = 0;
};

using Spellings = std::vector<std::unique_ptr<const Spelling>>;

// Of one occurrence that several spellings fit, the first one counts.
Spellings SpellingsOf(const std::string& value);

// Literals that stand in texts where the value is escaped in a way that no spelling has.
std::vector<std::string> HintsOf(const std::string& value);

}  // namespace watertight
