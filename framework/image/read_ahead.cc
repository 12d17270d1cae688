#include "framework/image/read_ahead.h"

#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "framework/image/block_queue.h"
#include "framework/image/parallel.h"

namespace watertight {
namespace {

struct Block {
  std::string stored;  // read for it
  std::string bytes;
};

class ReadAhead : public ByteStream {
 public:
  ReadAhead(SharedBytes bytes, const Limits& limits, StoredSink sink)
      : sink_(std::move(sink)),
        stream_(Decompress(std::move(bytes), limits,
                           [this](std::string_view piece) { filled_.stored += piece; })),
        thread_([this] { Fill(); }) {}

  ~ReadAhead() override {
    queue_.Refuse();
    thread_.join();
  }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  std::size_t Read(char* buffer, std::size_t count) override {
    while (used_ == block_.bytes.size()) {
      if (!Next()) return 0;
    }
    const std::size_t got = block_.bytes.copy(buffer, count, used_);
    used_ += got;
    return got;
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{256} << 10;
  static constexpr std::size_t kMostBlocks = 8;

  bool Next() {
    queue_.GiveBack(std::exchange(block_, {}));
    used_ = 0;
    if (!queue_.Pop(&block_)) {
      if (failure_) std::rethrow_exception(failure_);
      return false;
    }
    if (sink_ && !block_.stored.empty()) sink_(block_.stored);
    return true;
  }

  // In the other thread.
  void Fill() {
    try {
      while (const std::size_t got =
                 stream_->Read(filled_.bytes.data() + filled_size_, kBlock - filled_size_)) {
        filled_size_ += got;
        if (filled_size_ == kBlock && !HandOver()) break;
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
    HandOver();  // what came before the end
    queue_.End();
  }

  bool HandOver() {
    filled_.bytes.resize(filled_size_);
    const bool wanted = queue_.Push(std::exchange(filled_, queue_.Fresh()));
    filled_.stored.clear();
    filled_.bytes.resize(kBlock);
    filled_size_ = 0;
    return wanted;
  }

  StoredSink sink_;
  BlockQueue<Block> queue_{kMostBlocks};
  Block filled_{"", std::string(kBlock, '\0')};  // by the other thread, as the next
  std::size_t filled_size_ = 0;
  std::exception_ptr failure_;  // of the other thread; read when the queue has ended
  Block block_;
  std::size_t used_ = 0;  // of block_
  std::unique_ptr<ByteStream> stream_;
  std::thread thread_;  // the last one: it uses the others
};

}  // namespace

std::unique_ptr<ByteStream> DecompressAhead(SharedBytes bytes, const Limits& limits,
                                            StoredSink sink, unsigned threads) {
  if (ThreadCount(threads) > 1) {
    try {
      return std::make_unique<ReadAhead>(bytes, limits, sink);
    } catch (const std::system_error&) {
      // Without a thread it works as well.
    }
  }
  return Decompress(std::move(bytes), limits, std::move(sink));
}

}  // namespace watertight
