// Blocks of a stream on their way from the thread that fills them to the one that uses them.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace watertight {

// Used blocks come back to be filled again. Each side is one thread.
template <typename Block>
class BlockQueue {
 public:
  explicit BlockQueue(std::size_t most) : most_(most) {}
  BlockQueue(const BlockQueue&) = delete;
  BlockQueue& operator=(const BlockQueue&) = delete;

  // One that has been used, as it was given back, or a new one.
  Block Fresh() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (used_.empty()) return {};
    Block block = std::move(used_.back());
    used_.pop_back();
    return block;
  }

  // Waits while `most` are on their way. False, and the block is lost, when nobody takes any more.
  bool Push(Block block) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return blocks_.size() < most_ || refused_; });
    if (refused_) return false;
    blocks_.push_back(std::move(block));
    changed_.notify_all();
    return true;
  }

  // No more will come.
  void End() { Set(&ended_); }

  // Waits for the next. False at the end.
  bool Pop(Block* block) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !blocks_.empty() || ended_; });
    if (blocks_.empty()) return false;
    *block = std::move(blocks_.front());
    blocks_.pop_front();
    changed_.notify_all();
    return true;
  }

  void GiveBack(Block block) {
    const std::lock_guard<std::mutex> lock(mutex_);
    used_.push_back(std::move(block));
  }

  // No more will be taken.
  void Refuse() { Set(&refused_); }

 private:
  void Set(bool* mark) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      *mark = true;
    }
    changed_.notify_all();
  }

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Block> blocks_;
  std::deque<Block> used_;
  bool ended_ = false;
  bool refused_ = false;
};

}  // namespace watertight
