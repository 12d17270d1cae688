// Bytes that never move, and are freed together.

#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace watertight {

class Arena {
 public:
  // Aligned for 8-byte numbers.
  char* Allocate(std::size_t size);
  std::string_view Copy(std::string_view bytes);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace watertight
