#include "framework/scan/container_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "framework/image/parallel.h"

namespace watertight {
namespace {

constexpr std::uint64_t kMostWaiting = std::uint64_t{4} << 20;

}  // namespace

ContainerPool::ContainerPool(const ValueSet& set, const SearchLimits& limits, unsigned threads)
    : set_(set), limits_(limits), threads_(ThreadCount(threads)) {}

ContainerPool::~ContainerPool() { Join(); }

void ContainerPool::Open(ContainerPlace place, std::string content) {
  Start();
  Work work{std::move(place), std::move(content)};
  if (!others_.empty()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_ + work.content.size() <= kMostWaiting) {
      waiting_ += work.content.size();
      queue_.push_back(std::move(work));
      changed_.notify_one();
      return;
    }
  }
  if (own_ == nullptr) own_ = std::make_unique<ContentSearch>(set_, limits_);
  Do(std::move(work), own_.get());
}

std::vector<OpenedContainer> ContainerPool::Finish() {
  Join();
  if (failure_) std::rethrow_exception(failure_);
  std::sort(opened_.begin(), opened_.end(),
            [](const auto& a, const auto& b) { return a.place.offset < b.place.offset; });
  return std::move(opened_);
}

void ContainerPool::Start() {
  if (!others_.empty()) return;
  try {
    for (unsigned i = 1; i < threads_; ++i) others_.emplace_back([this] { Run(); });
  } catch (const std::system_error&) {
    threads_ = 1;  // The system gives no more: those that there are do the work.
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
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
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
