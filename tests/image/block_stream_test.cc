#include "framework/image/block_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/image/numbers.h"
#include "tests/support/image_maker.h"
#include "watertight/error.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

const std::string& Text() {
  static const std::string text = Numbers(std::size_t{5} << 20);
  return text;
}

struct Outcome {
  std::string bytes;
  std::string stored;
  std::string error;
};

// Reads in pieces that fit no block.
Outcome ReadAll(const std::string& compressed, unsigned threads) {
  Outcome outcome;
  std::size_t most = 0;
  const auto blocks = DecompressInBlocks(MemoryBytes(compressed), Limits{}, threads);
  std::vector<SharedBlock> held;  // what is stored of them stays
  const auto reader = BlockReader(blocks.get(), [&](const SharedBlock& block, bool /*ahead*/) {
    held.push_back(block);
    EXPECT_EQ(block->stored_offset, outcome.stored.size());
    outcome.stored += compressed.substr(block->stored_offset, block->stored_size);
    most += block->bytes.size();
  });
  try {
    for (std::size_t size = 1;; size = size * 3 % Reader::kMaxPeek + 1) {
      const std::string_view piece = reader->Peek(size);
      if (piece.empty()) break;
      EXPECT_LE(piece.size(), size);
      outcome.bytes += piece;
      EXPECT_GE(most, outcome.bytes.size()) << "a block passes first";
      EXPECT_EQ(reader->Skip(piece.size()), piece.size());
      EXPECT_EQ(reader->position(), outcome.bytes.size());
    }
  } catch (const Error& error) {
    outcome.error = error.what();
    EXPECT_THROW(blocks->Next(), Error) << "and it stays so";
  }
  for (const SharedBlock& block : held) {
    std::string stored;
    for (const StoredPiece& piece : block->stored) stored += piece.bytes;
    EXPECT_TRUE(stored == compressed.substr(block->stored_offset, stored.size()));
    EXPECT_GE(stored.size(), std::min<std::uint64_t>(block->stored_size, 1 << 20));
  }
  return outcome;
}

TEST(ThreadAheadOfAReader, GivesTheSameBytesInOrder) {
  for (const char* program : {"none", "gzip", "zstd", "xz", "bzip2"}) {
    const std::string compressed = Compressed(Text(), program);
    for (const unsigned threads : {0U, 1U, 2U}) {
      const Outcome outcome = ReadAll(compressed, threads);
      EXPECT_TRUE(outcome.bytes == Text()) << program << " " << outcome.bytes.size();
      EXPECT_TRUE(outcome.stored == (program == std::string("none") ? "" : compressed))
          << program << " " << outcome.stored.size();
      EXPECT_EQ(outcome.error, "");
    }
  }
}

TEST(ThreadAheadOfAReader, GivesTheBytesBeforeAnErrorThenTheError) {
  const std::string compressed = Compressed(Text(), "gzip");
  const std::string half = compressed.substr(0, compressed.size() / 2);
  const Outcome ahead = ReadAll(half, 2);
  const Outcome alone = ReadAll(half, 1);
  EXPECT_GT(ahead.bytes.size(), std::size_t{1} << 20);
  EXPECT_TRUE(ahead.bytes == alone.bytes) << ahead.bytes.size() << " " << alone.bytes.size();
  EXPECT_TRUE(ahead.stored == half);
  EXPECT_EQ(ahead.error, alone.error);
  EXPECT_NE(ahead.error, "");
}

// Tells how far it was read.
class WatchedBytes : public ByteSource {
 public:
  WatchedBytes(std::string bytes, std::atomic<std::uint64_t>* read)
      : bytes_(MemoryBytes(std::move(bytes))), read_(read) {}
  std::uint64_t size() const override { return bytes_->size(); }
  std::size_t ReadAt(std::uint64_t offset, char* buffer, std::size_t count) const override {
    const std::size_t got = bytes_->ReadAt(offset, buffer, count);
    *read_ = offset + got;
    return got;
  }

 private:
  SharedBytes bytes_;
  std::atomic<std::uint64_t>* read_;
};

TEST(ThreadAheadOfAReader, WaitsForASlowReaderAndEndsWithOneThatStops) {
  constexpr std::size_t kSize = std::size_t{64} << 20;
  std::atomic<std::uint64_t> read = 0;
  const auto blocks = DecompressInBlocks(
      std::make_shared<WatchedBytes>(std::string(kSize, 'x'), &read), Limits{}, 2);
  EXPECT_EQ(blocks->Next()->bytes.front(), 'x');
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_GT(read, std::uint64_t{1} << 20);
  EXPECT_LT(read, kSize / 4);
}

TEST(ThreadAheadOfAReader, IsSkippedOverAndReadAcrossBlocks) {
  const auto blocks = DecompressInBlocks(MemoryBytes(Compressed(Text(), "zstd")), Limits{}, 2);
  const auto reader =
      BlockReader(blocks.get(), [](const SharedBlock& /*block*/, bool /*ahead*/) {});
  const std::size_t far = (std::size_t{2} << 20) - 3;
  EXPECT_EQ(reader->Skip(far), far);
  EXPECT_EQ(reader->Peek(Reader::kMaxPeek), Text().substr(far, Reader::kMaxPeek));
  EXPECT_EQ(reader->Peek(7), Text().substr(far, 7));
  EXPECT_EQ(reader->Skip(Text().size()), Text().size() - far);
  EXPECT_EQ(reader->Peek(1), "");
}

// RFC 8878, 3.1.2: a skippable frame has its magic, its size, and so many bytes.
TEST(BlocksOfAStream, HoldLittleOfBytesThatExpandToNothing) {
  constexpr std::size_t kSize = std::size_t{8} << 20;
  const std::string frame = std::string("\x50\x2a\x4d\x18\0\0\x80\0", 8) + std::string(kSize, 'x');
  const std::string compressed = Compressed("text", "zstd") + frame;
  const auto blocks = DecompressInBlocks(MemoryBytes(compressed), Limits{}, 1);
  std::string bytes;
  std::uint64_t stored = 0;
  while (const SharedBlock block = blocks->Next()) {
    bytes += block->bytes;
    stored += block->stored_size;
    EXPECT_LT(block->stored.size(), kSize / 4);
  }
  EXPECT_EQ(bytes, "text");
  EXPECT_EQ(stored, compressed.size());
}

TEST(BlocksOfAStream, AreLeftAloneWhileSomebodyKeepsThem) {
  const auto blocks = DecompressInBlocks(MemoryBytes(Text()), Limits{}, 1);
  const SharedBlock first = blocks->Next();
  const std::string copy = first->bytes;
  std::set<const void*> places;
  while (const SharedBlock block = blocks->Next()) places.insert(block.get());
  EXPECT_LE(places.size(), 2U) << "memory that nobody looks at is used again";
  EXPECT_EQ(places.count(first.get()), 0U);
  EXPECT_TRUE(first->bytes == copy);
}

}  // namespace
}  // namespace watertight::testing
