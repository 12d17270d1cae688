#include "framework/image/block_stream.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "framework/image/block_queue.h"
#include "framework/image/decompress.h"
#include "framework/image/parallel.h"

namespace watertight {
namespace {

constexpr std::size_t kBlock = std::size_t{512} << 10;
constexpr std::size_t kMostStored = std::size_t{1} << 20;  // and a piece of StoredInput
constexpr std::size_t kMostBlocks = 8;

// Keeps the memory of blocks that nobody looks at any more.
class BlockPool : public std::enable_shared_from_this<BlockPool> {
 public:
  std::shared_ptr<Block> Take() {
    std::unique_ptr<Block> block = Kept();
    if (block == nullptr) block = std::make_unique<Block>();
    block->stored.clear();
    block->bytes.resize(kBlock);
    return {block.release(), [pool = shared_from_this()](Block* used) { pool->Keep(used); }};
  }

 private:
  std::unique_ptr<Block> Kept() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (kept_.empty()) return nullptr;
    std::unique_ptr<Block> block = std::move(kept_.back());
    kept_.pop_back();
    return block;
  }

  void Keep(Block* used) {
    std::unique_ptr<Block> block(used);
    const std::lock_guard<std::mutex> lock(mutex_);
    kept_.push_back(std::move(block));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Block>> kept_;
};

class Blocks : public BlockStream {
 public:
  Blocks(const SharedBytes& bytes, const Limits& limits)
      : stream_(Decompress(bytes, limits, SinkFor(*bytes))) {}

  SharedBlock Next() override {
    if (failure_) std::rethrow_exception(failure_);
    const std::size_t size = Fill();
    block_->bytes.resize(size);
    block_->stored_offset = told_;
    block_->stored_size = read_ - told_;
    told_ = read_;
    const SharedBlock block = std::exchange(block_, pool_->Take());
    if (size > 0 || block->stored_size > 0) return block;
    if (failure_) std::rethrow_exception(failure_);
    return nullptr;
  }

 private:
  StoredSink SinkFor(const ByteSource& bytes) {
    if (DetectCompression(bytes) == Compression::kNone) return nullptr;
    return [this](const StoredPiece& piece) {
      if (read_ - told_ < kMostStored) block_->stored.push_back(piece);
      read_ += piece.bytes.size();
    };
  }

  // How many bytes came before the end or an error.
  std::size_t Fill() {
    std::size_t size = 0;
    try {
      while (size < kBlock) {
        const std::size_t got = stream_->Read(block_->bytes.data() + size, kBlock - size);
        if (got == 0) break;
        size += got;
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
    return size;
  }

  std::shared_ptr<BlockPool> pool_ = std::make_shared<BlockPool>();
  std::shared_ptr<Block> block_ = pool_->Take();  // is being filled
  // How many stored bytes were read, and how many of them blocks told of. Before the stream, which
  // reads when it is made.
  std::uint64_t read_ = 0;
  std::uint64_t told_ = 0;
  std::unique_ptr<ByteStream> stream_;
  std::exception_ptr failure_;
};

class Ahead : public BlockStream {
 public:
  // Takes the blocks, but for when there is no thread. Throws: std::system_error.
  explicit Ahead(std::unique_ptr<BlockStream>* blocks)
      : blocks_(blocks->get()), thread_([this] { Work(); }), owned_(std::move(*blocks)) {}

  ~Ahead() override {
    queue_.Refuse();
    thread_.join();
  }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  SharedBlock Next() override {
    SharedBlock block;
    if (!queue_.Pop(&block) && failure_) std::rethrow_exception(failure_);
    return block;
  }

  bool IsAhead() override { return queue_.size() >= kMostBlocks / 2; }

 private:
  void Work() {
    try {
      for (SharedBlock block; (block = blocks_->Next()) != nullptr;) {
        if (!queue_.Push(std::move(block))) break;
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
    queue_.End();
  }

  BlockStream* blocks_;
  BlockQueue<SharedBlock> queue_{kMostBlocks};
  std::exception_ptr failure_;  // of the thread; read when the queue has ended
  std::thread thread_;          // behind what it uses
  std::unique_ptr<BlockStream> owned_;
};

class ReaderOfBlocks : public Reader {
 public:
  ReaderOfBlocks(BlockStream* stream, BlockSink sink) : stream_(stream), sink_(std::move(sink)) {}

  std::string_view Peek(std::size_t count) override {
    if (Next() && next_.size() < count) Join(count);
    return next_.substr(0, count);
  }

  std::uint64_t Skip(std::uint64_t count) override {
    std::uint64_t skipped = 0;
    while (skipped < count && Next()) {
      const auto step =
          static_cast<std::size_t>(std::min<std::uint64_t>(count - skipped, next_.size()));
      next_.remove_prefix(step);
      skipped += step;
      position_ += step;
    }
    return skipped;
  }

 private:
  // False at the end.
  bool Next() {
    if (next_.empty() && HasRest()) next_ = std::exchange(rest_, {});
    return !next_.empty();
  }

  bool HasRest() {
    while (rest_.empty()) {
      block_ = stream_->Next();
      if (block_ == nullptr) return false;
      sink_(block_, stream_->IsAhead());
      rest_ = block_->bytes;
    }
    return true;
  }

  // Puts what stands in several blocks together.
  void Join(std::size_t count) {
    std::string joined(next_);
    joined.reserve(count);
    joined_ = std::move(joined);
    next_ = joined_;
    while (next_.size() < count && HasRest()) {
      const std::string_view more = rest_.substr(0, count - next_.size());
      next_ = joined_ += more;
      rest_.remove_prefix(more.size());
    }
  }

  BlockStream* stream_;
  BlockSink sink_;
  SharedBlock block_;
  std::string joined_;
  std::string_view next_;  // of block_ or joined_
  std::string_view rest_;  // of block_, behind what is joined
};

}  // namespace

std::unique_ptr<BlockStream> DecompressInBlocks(const SharedBytes& bytes, const Limits& limits,
                                                unsigned threads) {
  std::unique_ptr<BlockStream> blocks = std::make_unique<Blocks>(bytes, limits);
  if (ThreadCount(threads) == 1) return blocks;
  try {
    return std::make_unique<Ahead>(&blocks);
  } catch (const std::system_error&) {
    return blocks;  // Without a thread it works as well.
  }
}

std::unique_ptr<Reader> BlockReader(BlockStream* stream, BlockSink sink) {
  return std::make_unique<ReaderOfBlocks>(stream, std::move(sink));
}

}  // namespace watertight
