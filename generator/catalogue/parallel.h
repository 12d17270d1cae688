// The same work on many things, on several cores.
#pragma once

#include <cstddef>
#include <functional>

namespace watertight::generator {

// Calls `work` with 0 … count - 1, each once, on `threads` threads (0: one for each core). When
// calls throw, no more begin, and the error of the lowest number is thrown: the same one whatever
// the number of threads.
void ForEachIndex(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& work);

}  // namespace watertight::generator
