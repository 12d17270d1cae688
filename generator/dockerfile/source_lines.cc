#include "generator/dockerfile/source_lines.h"

#include <algorithm>

#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

constexpr size_t kLongestLine = 64 * 1024;

}  // namespace

SourceLines::SourceLines(std::string_view text) {
  int number = 0;
  while (!text.empty() && !too_long_) {
    const size_t end = text.find('\n');
    const bool ended = end != std::string_view::npos;
    const size_t size = ended ? end + 1 : text.size();
    if (size > kLongestLine || (size == kLongestLine && !ended)) {
      too_long_ = true;
    } else {
      lines_.push_back({text.substr(0, size), ++number});
      text.remove_prefix(size);
    }
  }
}

std::string_view WithoutLineEnd(std::string_view line) {
  const size_t last = line.find_last_not_of("\r\n");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool IsComment(std::string_view line) { return TrimLeft(line).starts_with('#'); }

}  // namespace watertight::generator
