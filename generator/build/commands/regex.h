// Regular expressions of POSIX, basic and extended, with GNU's extensions, as sed, grep, find and
// expr take them: leftmost, then longest; back-references; \w \W \s \S \b \B \< \> \` \'.
//
//   const Regex regex("^(a|b)*c$", {.extended = true});
//   if (const auto match = regex.Search(line, 0)) use(match->groups[1]);
//
// A library of the machine would match as that machine's libc does. Text is bytes.

#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator::commands {

struct RegexOptions {
  bool extended = false;
  bool ignore_case = false;
  bool multiple_lines = false;  // ^ and $ match at newlines too
};

struct RegexMatch {
  struct Group {
    std::size_t begin = std::string_view::npos;  // npos for a group that took no part
    std::size_t end = std::string_view::npos;
  };
  std::vector<Group> groups;  // 0 is the whole match

  std::size_t begin() const { return groups[0].begin; }
  std::size_t end() const { return groups[0].end; }
  std::string_view Text(std::string_view subject, std::size_t group) const {
    const Group& found = groups[group];
    if (found.begin == std::string_view::npos) return {};
    return subject.substr(found.begin, found.end - found.begin);
  }
};

// A pattern that is no regular expression, in glibc's words: "Unmatched ( or \\(".
struct RegexError {
  std::string message;
};

class Regex {
 public:
  // Throws: RegexError.
  Regex(std::string_view pattern, const RegexOptions& options);

  // The leftmost match that begins at `from` or later. What stands before `from` counts for ^, \b.
  std::optional<RegexMatch> Search(std::string_view text, std::size_t from) const;
  std::size_t group_count() const { return group_count_; }

  struct Instruction {
    enum class Kind : std::uint8_t {
      kBytes,          // one byte of the set `set`
      kJump,           // to `next`
      kSplit,          // to `next`, else to `other`
      kSave,           // position into slot `other`
      kAssert,         // `assertion`
      kBackReference,  // to group `other`
      kProgress,       // fails when nothing was matched since the kSave of slot `other`
      kMatch,
    };
    Kind kind = Kind::kMatch;
    char assertion = 0;  // one of ^ $ b B < > ` '
    std::uint32_t next = 0;
    std::uint32_t other = 0;
  };

 private:
  friend class RegexCompiler;

  std::vector<Instruction> program_;
  std::vector<std::bitset<256>> sets_;
  std::size_t group_count_ = 0;
  std::size_t slot_count_ = 0;  // two for each group, then one for each loop
  bool has_back_references_ = false;
  bool multiple_lines_ = false;
  bool ignore_case_ = false;
};

}  // namespace watertight::generator::commands
