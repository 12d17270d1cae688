// Standard output: buffered, written in large pieces, checked.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watertight::cli {

// Thrown when whoever reads the output has closed it, as `head` does. No error: the program ends
// without a word.
struct ReaderGone {};

class Output {
 public:
  Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Each throws Error, kIo, or ReaderGone.
  void Write(std::string_view bytes);
  void Flush();

  // For hot paths: append here, then call Drain, which writes once enough has gathered.
  std::string& buffer() { return buffer_; }
  void Drain();

  bool is_terminal() const { return is_terminal_; }
  // Columns of the terminal; 0 when the output is none.
  std::size_t width() const { return width_; }
  // The text in a colour (an SGR parameter such as "1;31") on a terminal without NO_COLOR; else as
  // it is.
  std::string Coloured(const char* sgr, std::string_view text) const;

  // What the program exits with when the reader goes before the end.
  int exit_code_when_gone = 0;
  // The image that the work is about, for the error of an output that takes no more.
  std::string subject;

 private:
  void WriteAll(std::string_view bytes) const;

  std::string buffer_;
  bool is_terminal_ = false;
  bool colours_ = false;
  std::size_t width_ = 0;
};

}  // namespace watertight::cli
