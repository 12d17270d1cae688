// A sink for the pieces of a stream whose work a thread of its own does, in order, while the stream
// is read on.

#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "framework/image/block_queue.h"

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
  BlockQueue<std::string> queue_{kMostBlocks};
  std::exception_ptr failure_;  // of the thread; read when it has ended
  std::thread thread_;
};

}  // namespace watertight
