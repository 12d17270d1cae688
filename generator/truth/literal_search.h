// Finds many byte strings in a text in one pass, most of which it jumps over.
//
//   const LiteralSearch search({"first", "second"});
//   search.Find(text, [](std::size_t literal, std::size_t offset) { … });
//
// Wu and Manber's algorithm: a table tells for the last bytes of a window how far the next place is
// at which a literal's beginning could end with them. The shortest literal bounds the jumps, so
// literals of similar length have a table of their own. May be used by several threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

class LiteralSearch {
 public:
  // Empty literals are never found.
  explicit LiteralSearch(std::vector<std::string> literals);

  // Every occurrence, overlapping ones too, in no order that counts.
  using Found = std::function<void(std::size_t literal, std::size_t offset)>;
  void Find(std::string_view text, const Found& found) const;

 private:
  struct Group {
    std::size_t window = 0;             // length of the shortest of its literals
    std::size_t block = 0;              // how many bytes the table looks at
    std::vector<std::uint8_t> jumps;    // by block
    std::vector<std::uint32_t> firsts;  // by block: where its bucket begins; one more at the end
    std::vector<std::uint32_t> bucket;  // literals whose window ends with the block
  };

  void AddGroup(const std::vector<std::uint32_t>& members);
  void FindIn(const Group& group, std::string_view text, const Found& found) const;

  std::vector<std::string> literals_;
  std::vector<Group> groups_;
};

}  // namespace watertight::generator
