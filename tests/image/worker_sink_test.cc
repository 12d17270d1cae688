#include "framework/image/worker_sink.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "tests/image/numbers.h"

namespace watertight::testing {
namespace {

SharedBlock BlockOf(std::string bytes) {
  return std::make_shared<Block>(Block{{}, 0, 0, std::move(bytes)});
}

// More than it keeps waiting.
void ExpectInOrder(unsigned threads) {
  const std::string text = Numbers(std::size_t{5} << 20);
  std::string got;
  WorkerSink sink([&got](const SharedBlock& block) { got += block->bytes; }, threads);
  std::size_t at = 0;
  for (std::size_t size = 1; at < text.size(); size = size * 3 % 700'001 + 1) {
    sink.Give(BlockOf(text.substr(at, size)), true);
    at += size;
  }
  sink.Finish();
  EXPECT_EQ(got == text, true) << got.size() << " of " << text.size() << " bytes";
}

TEST(ThreadOfASink, GetsEveryPieceInOrder) {
  ExpectInOrder(0);
  ExpectInOrder(2);
}

TEST(ThreadOfASink, TakesTurnsWithTheCallerWhoIsInNoHurry) {
  const std::string text = Numbers(std::size_t{3} << 20);
  std::string got;
  std::set<std::thread::id> workers;
  WorkerSink sink(
      [&](const SharedBlock& block) {
        got += block->bytes;
        workers.insert(std::this_thread::get_id());
      },
      2);
  constexpr std::size_t kSize = 10'007;
  for (std::size_t at = 0; at < text.size(); at += kSize) {
    sink.Give(BlockOf(text.substr(at, kSize)), at / kSize % 50 < 20);
    // Then the thread is through with its work.
    if (at / kSize % 50 == 30) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  sink.Finish();
  EXPECT_TRUE(got == text) << got.size() << " of " << text.size() << " bytes";
  EXPECT_EQ(workers.size(), 2U);
  EXPECT_EQ(workers.count(std::this_thread::get_id()), 1U);
}

TEST(ThreadOfASink, IsTheCallersWhenThereIsButOne) {
  ExpectInOrder(1);
  std::thread::id worker;
  WorkerSink sink([&worker](const SharedBlock& /*block*/) { worker = std::this_thread::get_id(); },
                  1);
  sink.Give(BlockOf("a"), true);
  sink.Finish();
  EXPECT_EQ(worker, std::this_thread::get_id());
}

TEST(ThreadOfASink, LetsTheStreamRunAheadOfASlowSink) {
  std::size_t got = 0;
  WorkerSink sink(
      [&got](const SharedBlock& block) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        got += block->bytes.size();
      },
      2);
  const SharedBlock block = BlockOf(std::string(100'000, 'x'));
  for (int i = 0; i < 100; ++i) sink.Give(block, true);
  sink.Finish();
  EXPECT_EQ(got, 10'000'000U);
}

TEST(ThreadOfASink, ThrowsAtTheEndWhatTheSinkThrew) {
  for (const unsigned threads : {1U, 2U}) {
    for (const bool hurry : {false, true}) {
      int calls = 0;
      WorkerSink sink(
          [&calls](const SharedBlock& /*block*/) {
            ++calls;
            throw std::runtime_error("no more");
          },
          threads);
      const SharedBlock block = BlockOf(std::string(1'000'000, 'x'));
      for (int i = 0; i < 10; ++i) sink.Give(block, hurry);
      EXPECT_THROW(sink.Finish(), std::runtime_error);
      EXPECT_EQ(calls, 1) << threads << " " << hurry;
    }
  }
}

TEST(ThreadOfASink, EndsWithItsSinkUnfinished) {
  std::string got;
  {
    WorkerSink sink([&got](const SharedBlock& block) { got += block->bytes; }, 2);
    sink.Give(BlockOf("what was given may or may not arrive"), true);
  }
  EXPECT_LE(got.size(), 40U);
}

}  // namespace
}  // namespace watertight::testing
