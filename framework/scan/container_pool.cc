#include "framework/scan/container_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "framework/image/parallel.h"

namespace watertight {
namespace {

constexpr std::uint64_t kMostWaiting = std::uint64_t{4} << 20;
constexpr std::size_t kMostThreads = 4;  // beside the caller's: each has a search of its own

}  // namespace

ContainerPool::ContainerPool(const ValueSet& set, const SearchLimits& limits, unsigned threads)
    : set_(set), limits_(limits), threads_(ThreadCount(threads)) {}

ContainerPool::~ContainerPool() { Join(); }

void ContainerPool::Open(ContainerPlace place, std::string content) {
  Work work{std::move(place), std::move(content)};
  if (Give(&work)) return;
  try {
    if (own_ == nullptr) own_ = std::make_unique<ContentSearch>(set_, limits_);
    Do(std::move(work), own_.get());
  } catch (...) {
    Fail();
  }
}

// False when the other threads have enough to do, or there are none.
bool ContainerPool::Give(Work* work) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (waiting_ + work->content.size() > kMostWaiting) return false;
  const bool more = queue_.size() >= others_.size();
  lock.unlock();
  if (more) StartOne();
  if (others_.empty()) return false;
  lock.lock();
  waiting_ += work->content.size();
  queue_.push_back(std::move(*work));
  changed_.notify_one();
  return true;
}

std::vector<OpenedContainer> ContainerPool::Finish() {
  Join();
  if (failure_) std::rethrow_exception(failure_);
  std::sort(opened_.begin(), opened_.end(),
            [](const auto& a, const auto& b) { return a.place.offset < b.place.offset; });
  return std::move(opened_);
}

void ContainerPool::StartOne() {
  if (others_.size() == std::min<std::size_t>(threads_ - 1, kMostThreads)) return;
  try {
    others_.emplace_back([this] { Run(); });
  } catch (const std::system_error&) {
    threads_ = static_cast<unsigned>(others_.size()) + 1;  // The system gives no more.
  }
}

void ContainerPool::Run() {
  try {
    ContentSearch contents(set_, limits_);
    while (true) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return ended_ || !queue_.empty(); });
      if (queue_.empty()) return;
      Work work = std::move(queue_.front());
      queue_.pop_front();
      waiting_ -= work.content.size();
      lock.unlock();
      Do(std::move(work), &contents);
    }
  } catch (...) {
    Fail();
  }
}

void ContainerPool::Fail() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!failure_) failure_ = std::current_exception();
}

void ContainerPool::Do(Work work, ContentSearch* contents) {
  OpenedContainer one{std::move(work.place), {}, {}, nullptr};
  one.content = std::make_shared<const std::string>(std::move(work.content));
  const std::unique_ptr<Reader> reader = SeekingReader(MemoryBytes(one.content));
  OpenContent(one.place, reader.get(), contents, &one.hits, &one.spans);
  if (one.hits.inside.empty()) one.content = nullptr;
  if (one.hits.inside.empty() && one.hits.left_out.empty() && one.spans.empty()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  opened_.push_back(std::move(one));
}

void ContainerPool::Join() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : others_) thread.join();
  others_.clear();
}

}  // namespace watertight
