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
  if (failed_here_) return;
  const bool idle = done_.load(std::memory_order_acquire) == given_;
  if (!thread_.joinable() || (idle && !hurry)) return DoHere(block);
  ++given_;
  queue_.Push(std::move(block));
}

void WorkerSink::Finish() {
  Join();
  if (failure_) std::rethrow_exception(failure_);
}

// The thread is idle or there is none.
void WorkerSink::DoHere(const SharedBlock& block) {
  try {
    sink_(block);
  } catch (...) {
    failure_ = std::current_exception();
    failed_here_ = true;
  }
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
