#include "framework/image/read_ahead.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

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
  const auto stream = DecompressAhead(
      MemoryBytes(compressed), Limits{},
      [&outcome](std::string_view piece) { outcome.stored += piece; }, threads);
  std::string buffer(700'001, '\0');
  try {
    for (std::size_t size = 1;; size = size * 3 % buffer.size() + 1) {
      const std::size_t got = stream->Read(buffer.data(), size);
      if (got == 0) return outcome;
      outcome.bytes.append(buffer, 0, got);
    }
  } catch (const Error& error) {
    outcome.error = error.what();
    if (threads != 1) {
      EXPECT_THROW(stream->Read(buffer.data(), 1), Error) << "and it stays so";
    }
  }
  return outcome;
}

TEST(ThreadAheadOfAReader, GivesTheSameBytesInOrder) {
  for (const char* program : {"none", "gzip", "zstd", "xz", "bzip2"}) {
    const std::string compressed = Compressed(Text(), program);
    for (const unsigned threads : {0U, 1U, 2U}) {
      const Outcome outcome = ReadAll(compressed, threads);
      EXPECT_TRUE(outcome.bytes == Text()) << program << " " << outcome.bytes.size();
      EXPECT_TRUE(outcome.stored == compressed) << program << " " << outcome.stored.size();
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

TEST(ThreadAheadOfAReader, WaitsForASlowReaderAndEndsWithOneThatStops) {
  const auto stream =
      DecompressAhead(MemoryBytes(Compressed(Text(), "gzip")), Limits{}, nullptr, 2);
  char first = 0;
  EXPECT_EQ(stream->Read(&first, 1), 1U);
  EXPECT_EQ(first, '0');
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace watertight::testing
