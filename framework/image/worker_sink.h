// A sink for the blocks of a stream whose work a thread of its own does, in order, while the stream
// is read on.

#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <thread>

#include "framework/image/block_queue.h"
#include "framework/image/block_stream.h"

namespace watertight {

class WorkerSink {
 public:
  using Sink = std::function<void(const SharedBlock&)>;

  // threads as in OpenOptions; with 1, or when the system gives no thread, the work is done in
  // Give.
  WorkerSink(Sink sink, unsigned threads);
  ~WorkerSink();
  WorkerSink(const WorkerSink&) = delete;
  WorkerSink& operator=(const WorkerSink&) = delete;

  // Waits when the work is kMostBlocks behind.
  void Give(SharedBlock block);
  // Waits until all is done. Throws what the sink threw, after which it was given nothing more.
  void Finish();

 private:
  static constexpr std::size_t kMostBlocks = 16;

  void Work();
  void Join();

  Sink sink_;
  BlockQueue<SharedBlock> queue_{kMostBlocks};
  std::exception_ptr failure_;  // of the thread; read when it has ended
  std::thread thread_;
};

}  // namespace watertight
