// Opens small containers of a compressed layer while the layer is read on.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "framework/scan/content_search.h"
#include "framework/scan/layer_containers.h"

namespace watertight {

class ContainerPool {
 public:
  // Larger ones are better opened where they stand.
  static constexpr std::uint64_t kLargest = std::uint64_t{1} << 20;

  // set must outlive it. threads as in OpenOptions: one is the caller's. The others start as there
  // is work for them.
  ContainerPool(const ValueSet& set, const SearchLimits& limits, unsigned threads);
  ~ContainerPool();
  ContainerPool(const ContainerPool&) = delete;
  ContainerPool& operator=(const ContainerPool&) = delete;

  // In this thread, when the others have enough to do.
  void Open(ContainerPlace place, std::string content);
  // Waits until all are opened. By their places in the tar; the content of one in which something
  // was found is with it. Throws what the opening of one threw.
  std::vector<OpenedContainer> Finish();

 private:
  struct Work {
    ContainerPlace place;
    std::string content;
  };

  bool Give(Work* work);
  void StartOne();
  void Run();
  void Fail();
  void Do(Work work, ContentSearch* contents);
  void Join();

  const ValueSet& set_;
  SearchLimits limits_;
  unsigned threads_;
  std::unique_ptr<ContentSearch> own_;  // of the caller's thread
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> queue_;
  std::uint64_t waiting_ = 0;  // bytes in the queue
  bool ended_ = false;
  std::exception_ptr failure_;
  std::vector<OpenedContainer> opened_;
  std::vector<std::thread> others_;
};

}  // namespace watertight
