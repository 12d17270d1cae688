// The one error of the generator: what was wrong, and where.
//
//   throw Error("unknown instruction: FORM (did you mean FROM?)").At(3).In("Dockerfile");
//   // what(): Dockerfile:3: unknown instruction: FORM (did you mean FROM?)
//
// Whoever finds a mistake throws its message alone; the callers who know the line and the path add
// them. what() is always a single line.
#pragma once

#include <exception>
#include <string>

namespace watertight::generator {

class Error : public std::exception {
 public:
  explicit Error(std::string message);

  // A copy with the line (from 1), or the path; what is already known is kept.
  [[nodiscard]] Error At(int line) const;
  [[nodiscard]] Error In(const std::string& path) const;

  const char* what() const noexcept override { return text_.c_str(); }
  const std::string& message() const { return message_; }
  const std::string& path() const { return path_; }
  int line() const { return line_; }  // 0: belongs to no line

 private:
  void Compose();

  std::string message_;
  std::string path_;
  int line_ = 0;
  std::string text_;
};

}  // namespace watertight::generator
