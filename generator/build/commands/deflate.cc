#include "generator/build/commands/deflate.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "generator/build/commands/deflate_blocks.h"

namespace watertight::generator::commands {
namespace {

constexpr std::size_t kWindow = 0x8000;
constexpr std::size_t kShortest = 3;
constexpr std::size_t kLongest = 258;
constexpr std::size_t kLookahead = kLongest + kShortest + 1;
constexpr std::size_t kFarthest = kWindow - kLookahead;
constexpr std::size_t kTooFar = 4096;  // for a copy of three bytes
constexpr std::size_t kHashes = 0x8000;
constexpr std::size_t kBlockSymbols = 0x8000;
constexpr std::size_t kNone = 0;  // so that nothing is found at the first byte

// How hard each level tries.
struct Effort {
  std::size_t good;   // a match of that length is tried to beat a quarter as often
  std::size_t lazy;   // a match of that length is taken without a look at the next byte
  std::size_t nice;   // the search ends at a match of that length
  std::size_t chain;  // how many places are tried
};
constexpr Effort kEfforts[] = {{0, 0, 0, 0},        {4, 4, 8, 4},      {4, 5, 16, 8},
                               {4, 6, 32, 32},      {4, 4, 16, 16},    {8, 16, 32, 32},
                               {8, 16, 128, 128},   {8, 32, 128, 256}, {32, 128, 258, 1024},
                               {32, 258, 258, 4096}};

class Deflater {
 public:
  Deflater(const Rope& input, int level)
      : input_(input.ToString()),
        effort_(kEfforts[level]),
        level_(level),
        window_(2 * kWindow + kLookahead),
        head_(kHashes),
        previous_(kWindow),
        blocks_(kBlockSymbols) {}

  std::string Run() {
    Fill();
    for (std::size_t i = 0; i + 1 < kShortest; ++i) Hash(window_[i]);
    if (level_ <= 3) {
      Greedy();
    } else {
      Lazy();
    }
    EndBlock(true);
    return blocks_.bytes();
  }

 private:
  // Makes room by forgetting the older half, and reads on.
  void Fill() {
    while (ahead_ < kLookahead && !ended_) {
      if (at_ >= kWindow + kFarthest) Slide();
      const std::size_t room = 2 * kWindow - ahead_ - at_;
      const std::size_t count = std::min(room, input_.size() - read_);
      if (count == 0) {
        ended_ = true;
        std::fill_n(window_.begin() + static_cast<std::ptrdiff_t>(at_ + ahead_), kShortest - 1,
                    std::uint8_t{0});
        return;
      }
      std::copy_n(input_.begin() + static_cast<std::ptrdiff_t>(read_), count,
                  window_.begin() + static_cast<std::ptrdiff_t>(at_ + ahead_));
      read_ += count;
      ahead_ += count;
    }
  }

  void Slide() {
    std::copy_n(window_.begin() + kWindow, kWindow, window_.begin());
    match_ -= std::min(match_, kWindow);
    at_ -= kWindow;
    block_ -= static_cast<std::ptrdiff_t>(kWindow);
    for (auto* places : {&head_, &previous_}) {
      for (std::size_t& place : *places) place = place >= kWindow ? place - kWindow : kNone;
    }
  }

  void Hash(std::uint8_t byte) { hash_ = ((hash_ << 5) ^ byte) % kHashes; }

  // Enters the three bytes at `at_`; returns where they were last.
  std::size_t Enter() {
    Hash(window_[at_ + kShortest - 1]);
    const std::size_t found = head_[hash_];
    previous_[at_ % kWindow] = found;
    head_[hash_] = at_;
    return found;
  }

  bool Reaches(std::size_t place) const {
    return place != kNone && at_ - place <= kFarthest && at_ <= 2 * kWindow - kLookahead;
  }

  // The longest match that is longer than `best`, at `match_`; else `best`.
  std::size_t LongestMatch(std::size_t place, std::size_t best) {
    std::size_t chain = best >= effort_.good ? effort_.chain / 4 : effort_.chain;
    const std::size_t limit = at_ > kFarthest ? at_ - kFarthest : kNone;
    const std::uint8_t* scan = &window_[at_];
    do {
      const std::uint8_t* match = &window_[place];
      if (match[best] == scan[best] && match[best - 1] == scan[best - 1]) {
        std::size_t length = 0;
        while (length < kLongest && match[length] == scan[length]) ++length;
        if (length > best) {
          match_ = place;
          best = length;
          if (length >= effort_.nice) break;
        }
      }
      place = previous_[place % kWindow];
    } while (place > limit && --chain != 0);
    return best;
  }

  bool Put(DeflateSymbol symbol) {
    const auto covered = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at_) - block_);
    return blocks_.Add(symbol, covered, level_ > 2);
  }
  bool PutCopy(std::size_t distance, std::size_t length) {
    return Put(
        {static_cast<std::uint16_t>(distance), static_cast<std::uint16_t>(length - kShortest)});
  }
  bool PutLiteral(std::size_t at) { return Put({0, window_[at]}); }

  void EndBlock(bool last) {
    const auto length = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at_) - block_);
    if (block_ < 0) {
      blocks_.End(nullptr, length, last);
    } else {
      const std::string_view input(reinterpret_cast<const char*>(window_.data()) + block_, length);
      blocks_.End(&input, length, last);
    }
    block_ = static_cast<std::ptrdiff_t>(at_);
  }

  void Greedy() {
    std::size_t length = 0;
    while (ahead_ != 0) {
      const std::size_t place = Enter();
      if (Reaches(place)) length = std::min(LongestMatch(place, kShortest - 1), ahead_);
      bool full = false;
      if (length >= kShortest) {
        full = PutCopy(at_ - match_, length);
        ahead_ -= length;
        SkipMatch(length);
        length = 0;
      } else {
        full = PutLiteral(at_);
        --ahead_;
        ++at_;
      }
      if (full) EndBlock(false);
      Fill();
    }
  }

  // Long matches are not entered.
  void SkipMatch(std::size_t length) {
    if (length <= effort_.lazy) {
      for (++at_; --length != 0; ++at_) Enter();
      return;
    }
    at_ += length;
    hash_ = window_[at_];
    Hash(window_[at_ + 1]);
  }

  void Lazy() {
    bool waiting = false;  // the byte before is neither literal nor match yet
    std::size_t length = kShortest - 1;
    while (ahead_ != 0) {
      const std::size_t place = Enter();
      const std::size_t before = length;
      const std::size_t before_match = match_;
      length = kShortest - 1;
      if (before < effort_.lazy && Reaches(place)) {
        length = std::min(LongestMatch(place, before), ahead_);
        if (length == kShortest && at_ - match_ > kTooFar) --length;
      }
      if (before >= kShortest && length <= before) {
        const bool full = PutCopy(at_ - 1 - before_match, before);
        ahead_ -= before - 1;
        for (std::size_t left = before - 2; left > 0; --left) {
          ++at_;
          Enter();
        }
        waiting = false;
        length = kShortest - 1;
        ++at_;
        if (full) EndBlock(false);
      } else {
        if (waiting && PutLiteral(at_ - 1)) EndBlock(false);
        waiting = true;
        ++at_;
        --ahead_;
      }
      Fill();
    }
    if (waiting) PutLiteral(at_ - 1);
  }

  const std::string input_;
  const Effort effort_;
  const int level_;
  std::vector<std::uint8_t> window_;
  std::vector<std::size_t> head_;
  std::vector<std::size_t> previous_;
  DeflateBlocks blocks_;
  std::size_t read_ = 0;
  std::size_t at_ = 0;
  std::size_t ahead_ = 0;
  std::size_t match_ = 0;
  std::size_t hash_ = 0;
  std::ptrdiff_t block_ = 0;  // begins there; below 0 when the window has moved past it
  bool ended_ = false;
};

}  // namespace

std::string Deflate(const Rope& input, int level) { return Deflater(input, level).Run(); }

}  // namespace watertight::generator::commands
