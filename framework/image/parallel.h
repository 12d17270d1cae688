// Independent pieces of work, shared by a few threads.

#pragma once

#include <cstddef>
#include <functional>
#include <optional>

namespace watertight {

// threads as in OpenOptions: 0 is one for each processor.
unsigned ThreadCount(unsigned threads);

// The number of the next piece of work; nothing when all are taken.
using NextPiece = std::function<std::optional<std::size_t>()>;

// Calls work in this thread and others, threads in all but no more than there are pieces; 0: one
// for each processor. Each asks for pieces until there are none. Throws what the first that failed
// threw, when all have ended.
void RunInParallel(std::size_t pieces, unsigned threads,
                   const std::function<void(const NextPiece& next)>& work);

}  // namespace watertight
