// Where something stands in a Dockerfile. Lines and columns count from 1, columns in bytes.
#pragma once

#include <compare>

namespace watertight::generator {

struct Position {
  int line = 0;
  int column = 0;
  auto operator<=>(const Position&) const = default;
};

// `end` is one past the last byte, here-document bodies and their last marker included.
struct Range {
  Position begin;
  Position end;
  bool operator==(const Range&) const = default;
};

}  // namespace watertight::generator
