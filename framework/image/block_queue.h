// Blocks of a stream on their way from the thread that fills them to the one that uses them.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace watertight {

// Each side is one thread. One that has to wait sleeps until there is work for a while: to wake a
// thread takes as long as a block or two.
template <typename Item>
class BlockQueue {
 public:
  explicit BlockQueue(std::size_t most) : most_(most) {}
  BlockQueue(const BlockQueue&) = delete;
  BlockQueue& operator=(const BlockQueue&) = delete;

  // Waits when `most` are on their way, until half of them are. False, and the item is lost, when
  // nobody takes any more.
  bool Push(Item item) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (items_.size() == most_) {
      changed_.wait(lock, [this] { return items_.size() <= most_ / 2 || refused_; });
    }
    if (refused_) return false;
    items_.push_back(std::move(item));
    if (items_.size() == most_ / 2) changed_.notify_all();
    return true;
  }

  // No more will come.
  void End() { Set(&ended_); }

  // Waits when there is none, until half of `most` are there or no more will come. False at the
  // end.
  bool Pop(Item* item) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (items_.empty()) {
      changed_.wait(lock, [this] { return items_.size() >= most_ / 2 || ended_; });
    }
    if (items_.empty()) return false;
    *item = std::move(items_.front());
    items_.pop_front();
    if (items_.size() == most_ / 2) changed_.notify_all();
    return true;
  }

  // How many are on their way.
  std::size_t size() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return items_.size();
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
  std::deque<Item> items_;
  bool ended_ = false;
  bool refused_ = false;
};

}  // namespace watertight
