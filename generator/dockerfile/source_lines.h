// The lines of a Dockerfile, handed out one after the other with their ends of line.
#pragma once

#include <string_view>
#include <vector>

namespace watertight::generator {

struct SourceLine {
  std::string_view text;  // with its \n, if it has one
  int number = 0;         // from 1
};

class SourceLines {
 public:
  explicit SourceLines(std::string_view text);

  bool AtEnd() const { return next_ == lines_.size(); }
  const SourceLine& Next() { return lines_[next_++]; }

  // Docker reads no further than a line of 64 KiB, and then refuses the file.
  bool too_long() const { return too_long_; }

 private:
  std::vector<SourceLine> lines_;
  size_t next_ = 0;
  bool too_long_ = false;
};

std::string_view WithoutLineEnd(std::string_view line);
bool IsComment(std::string_view line);

}  // namespace watertight::generator
