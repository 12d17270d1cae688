// A sink for the blocks of a stream whose work a thread of its own does, in order, while the stream
// is read on.

#pragma once

#include <atomic>
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

  // hurry: the caller has other work that waits. Without it the caller does the work when the
  // thread has none: a thread less is awake. Waits when the work is kMostBlocks behind.
  void Give(SharedBlock block, bool hurry);
  // Waits until all is done. Throws what the sink threw, after which it was given nothing more.
  void Finish();

 private:
  static constexpr std::size_t kMostBlocks = 8;

  void DoHere(const SharedBlock& block);
  void Work();
  void Join();

  Sink sink_;
  BlockQueue<SharedBlock> queue_{kMostBlocks};
  std::size_t given_ = 0;              // to the thread
  std::atomic<std::size_t> done_ = 0;  // by it
  std::exception_ptr failure_;         // of the sink; read when the thread has ended
  bool failed_here_ = false;           // in the caller's thread
  std::thread thread_;
};

}  // namespace watertight
