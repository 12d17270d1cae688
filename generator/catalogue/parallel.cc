#include "generator/catalogue/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace watertight::generator {
namespace {

// A number that was taken is worked on, so all before one that fails are, and the lowest of those
// that fail is known.
class Work {
 public:
  Work(std::size_t count, const std::function<void(std::size_t)>& work)
      : count_(count), work_(work), failed_(count) {}

  void Run() {
    while (!stopped_) {
      const std::size_t i = next_++;
      if (i >= count_) return;
      try {
        work_(i);
      } catch (...) {
        Fail(i, std::current_exception());
      }
    }
  }

  void Rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void Fail(std::size_t index, std::exception_ptr error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
    if (index >= failed_) return;
    failed_ = index;
    error_ = std::move(error);
  }

  std::size_t count_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::size_t failed_;
  std::exception_ptr error_;
};

}  // namespace

void ForEachIndex(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& work) {
  Work shared(count, work);
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t others = std::min<std::size_t>(threads, count);
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < others; ++i) workers.emplace_back([&shared] { shared.Run(); });
  shared.Run();
  for (std::thread& worker : workers) worker.join();
  shared.Rethrow();
}

}  // namespace watertight::generator
