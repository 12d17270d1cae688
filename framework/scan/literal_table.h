// Byte strings that are all searched for in one pass, by a table of their first two bytes: ready at
// once, and slow. For small texts.

#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watertight {

struct Literal {
  std::string bytes;
  bool caseless = false;  // any case of the letters of ASCII; bytes has small ones
};

// Of a letter of ASCII; any other byte as it is.
inline char SmallLetter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Whether the bytes begin with the literal, which is not empty.
bool Begins(std::string_view bytes, const Literal& literal);

class LiteralTable {
 public:
  // A literal's number, and where it begins.
  using Hit = std::pair<std::size_t, std::size_t>;

  // The literals must outlive it.
  explicit LiteralTable(const std::vector<Literal>& literals);

  // Every occurrence, by their ends.
  std::vector<Hit> Scan(std::string_view bytes) const;

 private:
  void Compare(std::string_view bytes, std::size_t at, const std::vector<std::uint32_t>& bucket,
               std::vector<Hit>* hits) const;

  static constexpr std::size_t kBytes = 256;

  const std::vector<Literal>& literals_;
  std::bitset<kBytes * kBytes> begins_;  // the two bytes that some literal begins with
  std::array<std::vector<std::uint32_t>, kBytes> by_first_;
  std::array<std::vector<std::uint32_t>, kBytes> single_;  // literals of one byte
};

}  // namespace watertight
