#include "framework/image/worker_sink.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace watertight {

WorkerSink::WorkerSink(Sink sink, unsigned threads) : sink_(std::move(sink)) {
  const unsigned wanted = threads != 0 ? threads : std::thread::hardware_concurrency();
  if (wanted <= 1) return;
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
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return blocks_.size() < kMostBlocks; });
  blocks_.push_back(std::exchange(block_, {}));
  if (!free_.empty()) {
    block_ = std::move(free_.back());
    free_.pop_back();
  }
  block_.clear();
  block_.reserve(kBlock);
  changed_.notify_all();
}

void WorkerSink::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !blocks_.empty() || ends_; });
    if (blocks_.empty()) return;
    std::string block = std::move(blocks_.front());
    const bool failed = failure_ != nullptr;
    lock.unlock();
    std::exception_ptr failure;
    try {
      if (!failed) sink_(block);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) failure_ = failure;
    blocks_.pop_front();
    free_.push_back(std::move(block));
    changed_.notify_all();
  }
}

void WorkerSink::Join() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

}  // namespace watertight
