#include "framework/image/worker_sink.h"

#include <algorithm>
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

void WorkerSink::Give(std::string_view piece) {
  if (!thread_.joinable()) return sink_(piece);
  while (!piece.empty()) {
    const std::size_t count = std::min(piece.size(), kBlock - block_.size());
    block_ += piece.substr(0, count);
    piece.remove_prefix(count);
    if (block_.size() == kBlock) Push();
  }
}

void WorkerSink::Finish() {
  if (!thread_.joinable()) return;
  Push();
  Join();
  if (failure_) std::rethrow_exception(failure_);
}

void WorkerSink::Push() {
  queue_.Push(std::exchange(block_, queue_.Fresh()));
  block_.clear();
  block_.reserve(kBlock);
}

void WorkerSink::Work() {
  try {
    for (std::string block; queue_.Pop(&block); queue_.GiveBack(std::exchange(block, {}))) {
      sink_(block);
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
