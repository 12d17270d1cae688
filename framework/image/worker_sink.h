// A sink for the pieces of a stream whose work a thread of its own does, in order, while the stream
// is read on.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace watertight {

class WorkerSink {
 public:
  using Sink = std::function<void(std::string_view)>;

  // threads as in OpenOptions; with 1, or when the system gives no thread, the work is done in
  // Give.
  WorkerSink(Sink sink, unsigned threads);
  ~WorkerSink();
  WorkerSink(const WorkerSink&) = delete;
  WorkerSink& operator=(const WorkerSink&) = delete;

  // Copies. Waits when the work is kMostBlocks behind.
  void Give(std::string_view piece);
  // Waits until all is done. Throws what the sink threw, after which it was given nothing more.
  void Finish();

 private:
  static constexpr std::size_t kBlock = std::size_t{256} << 10;
  static constexpr std::size_t kMostBlocks = 8;

  void Push();
  void Work();
  void Join();

  Sink sink_;
  std::string block_;  // not handed over yet
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> blocks_;
  std::deque<std::string> free_;
  bool ends_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace watertight
