#include "framework/image/worker_sink.h"

#include <system_error>
#include <utility>

#include "framework/image/parallel.h"

namespace watertight {

WorkerSink::WorkerSink(Sink sink, unsigned threads) : sink_(std::move(sink)) {
  if (ThreadCount(threads) == 1) return;
  try {
    thread_ = std::thread([this] { Work(); });
  } catch (const std::system_error&) {
    // Without one it works as well.
  }
}

WorkerSink::~WorkerSink() { Join(); }

void WorkerSink::Give(SharedBlock block, bool hurry) {
  const bool idle = done_.load(std::memory_order_acquire) == given_;
  if (!thread_.joinable() || (idle && !hurry)) return sink_(block);
  ++given_;
  queue_.Push(std::move(block));
}

void WorkerSink::Finish() {
  if (!thread_.joinable()) return;
  Join();
  if (failure_) std::rethrow_exception(failure_);
}

void WorkerSink::Work() {
  try {
    for (SharedBlock block; queue_.Pop(&block);) {
      sink_(block);
      done_.fetch_add(1, std::memory_order_release);
    }
  } catch (...) {
    failure_ = std::current_exception();
    queue_.Refuse();
  }
}

void WorkerSink::Join() {
  if (!thread_.joinable()) return;
  queue_.End();
  thread_.join();
}

}  // namespace watertight
