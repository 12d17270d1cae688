// What sed writes: lines, and the texts that s puts in place of a match.

#pragma once

#include <cctype>
#include <string>
#include <string_view>
#include <utility>

namespace watertight::generator::commands {

// Where lines go. The last line of a file may lack its end; it gets one when more follows.
class SedOutput {
 public:
  void Text(std::string_view text) {
    if (lacks_end_) bytes_ += end_;
    lacks_end_ = false;
    bytes_ += text;
  }
  void Line(std::string_view line, bool ends) {
    Text(line);
    if (ends) {
      bytes_ += end_;
    } else {
      lacks_end_ = true;
    }
  }
  void set_end(char end) { end_ = end; }
  std::string Take() {
    lacks_end_ = false;
    return std::exchange(bytes_, {});
  }

 private:
  std::string bytes_;
  char end_ = '\n';
  bool lacks_end_ = false;
};

// The case of what follows in a replacement.
class SedCase {
 public:
  explicit SedCase(std::string& into) : into_(into) {}

  void Set(char conversion) {
    if (conversion == 'u' || conversion == 'l') {
      next_ = conversion;
    } else {
      all_ = conversion == 'E' ? 0 : conversion;
      next_ = 0;
    }
  }

  void Add(std::string_view text) {
    for (const char c : text) {
      const char mode = next_ != 0 ? next_ : all_;
      next_ = 0;
      const auto byte = static_cast<unsigned char>(c);
      if (mode == 'U' || mode == 'u') {
        into_ += static_cast<char>(std::toupper(byte));
      } else if (mode == 'L' || mode == 'l') {
        into_ += static_cast<char>(std::tolower(byte));
      } else {
        into_ += c;
      }
    }
  }

 private:
  std::string& into_;
  char all_ = 0;
  char next_ = 0;
};

}  // namespace watertight::generator::commands
