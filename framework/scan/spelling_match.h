// Confirms an occurrence of a spelling around the hit of an anchor.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "framework/scan/spelling.h"

namespace watertight {

// A part of a text.
struct TextWindow {
  std::string_view bytes;
  bool ends = false;  // nothing follows
};

enum class Fit : std::uint8_t {
  kNo,
  kYes,
  kUndecided,  // more of the text is needed
};

struct SpellingMatch {
  Fit fit = Fit::kNo;
  std::size_t begin = 0;  // in the window
  std::size_t end = 0;
  std::uint8_t marks = 0;
};

// at: where the unit begins, if this is an occurrence.
SpellingMatch MatchAround(const Spelling& spelling, std::size_t unit, std::size_t at,
                          const TextWindow& window);

}  // namespace watertight
