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

void WorkerSink::Give(SharedBlock block) {
  if (!thread_.joinable()) return sink_(block);
  queue_.Push(std::move(block));
}

void WorkerSink::Finish() {
  if (!thread_.joinable()) return;
  Join();
  if (failure_) std::rethrow_exception(failure_);
}

void WorkerSink::Work() {
  try {
    for (SharedBlock block; queue_.Pop(&block);) sink_(block);
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
