// How far something has come, as one line on standard error that rewrites itself. The caller makes
// one on a terminal only.

#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace watertight::cli {

// Nothing for the first half second, then at most ten times a second; gone at the end. Safe from
// several threads.
class Progress {
 public:
  // name: what is worked at, such as the image; may be empty.
  explicit Progress(std::string name) : name_(std::move(name)) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { Clear(); }

  // "app.tar: 12.0 MB of 118.4 MB (10%), 45.1 MB/s, 3 s left". total is 0 while it is not known;
  // with done == total a piece of work is at its end, and another may follow.
  void ShowBytes(std::uint64_t done, std::uint64_t total);
  // "1,234 of 5,678 archives".
  void ShowCount(const std::string& nouns, std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  bool IsDue();
  void Show(const std::string& text);
  void Clear();

  std::mutex mutex_;
  std::string name_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ = begin_;
  bool working_ = false;
  bool shown_ = false;
};

}  // namespace watertight::cli
