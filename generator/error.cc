#include "generator/error.h"

#include <utility>

namespace watertight::generator {
namespace {

std::string OnOneLine(const std::string& text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\t') {
      line += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      line += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      line += c;
    }
  }
  return line;
}

}  // namespace

Error::Error(std::string message) : message_(std::move(message)) { Compose(); }

Error Error::At(int line) const {
  Error copy = *this;
  // Where the path is known, the line is another file's.
  if (copy.line_ == 0 && copy.path_.empty()) copy.line_ = line;
  copy.Compose();
  return copy;
}

Error Error::In(const std::string& path) const {
  Error copy = *this;
  if (copy.path_.empty()) copy.path_ = path;
  copy.Compose();
  return copy;
}

void Error::Compose() {
  text_ = OnOneLine(path_);
  if (line_ > 0) {
    if (text_.empty())
      text_ = "line ";
    else
      text_ += ':';
    text_ += std::to_string(line_);
  }
  if (!text_.empty()) text_ += ": ";
  text_ += OnOneLine(message_);
}

}  // namespace watertight::generator
