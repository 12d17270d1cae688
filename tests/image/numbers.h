// A text of which no two places look alike.

#pragma once

#include <cstddef>
#include <string>

namespace watertight::testing {

inline std::string Numbers(std::size_t bytes) {
  std::string numbers;
  for (std::size_t i = 0; numbers.size() < bytes; ++i) numbers += std::to_string(i) + " ";
  return numbers;
}

}  // namespace watertight::testing
