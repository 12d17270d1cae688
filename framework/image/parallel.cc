#include "framework/image/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace watertight {

unsigned ThreadCount(unsigned threads) {
  return threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

void RunInParallel(std::size_t pieces, unsigned threads,
                   const std::function<void(const NextPiece& next)>& work) {
  std::atomic<std::size_t> taken = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const NextPiece next = [&]() -> std::optional<std::size_t> {
    const std::size_t piece = taken++;
    return piece < pieces ? std::optional<std::size_t>(piece) : std::nullopt;
  };
  const auto run = [&] {
    try {
      work(next);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  const std::size_t wanted = ThreadCount(threads);
  std::vector<std::thread> others;
  others.reserve(std::min(wanted, pieces));
  try {
    for (std::size_t i = 1; i < std::min(wanted, pieces); ++i) others.emplace_back(run);
  } catch (const std::system_error&) {
    // The system gives no more threads: those that there are do the work.
  }
  run();
  for (std::thread& thread : others) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace watertight
