#include "cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/text.h"

namespace watertight::cli {
namespace {

constexpr char kClear[] = "\r\x1b[K";
constexpr std::chrono::milliseconds kFirst{500};
constexpr std::chrono::milliseconds kPause{100};

// A line that wraps cannot be rewritten; the last column would wrap on some terminals.
std::size_t Room() {
  constexpr std::size_t kUsual = 80;
  winsize size = {};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return (known ? size.ws_col : kUsual) - 1;
}

std::string Left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds) + 1;
  if (whole < 60) return std::to_string(whole) + " s left";
  if (whole < 3600) return std::to_string(whole / 60 + 1) + " min left";
  return std::to_string(whole / 3600 + 1) + " h left";
}

}  // namespace

void Progress::ShowBytes(std::uint64_t done, std::uint64_t total) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (done >= total && total > 0) {
    Clear();
    working_ = false;
    return;
  }
  if (!IsDue()) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  const double rate = static_cast<double>(done) / seconds;
  std::string text = HumanSize(done);
  if (total > 0) {
    text += " of " + HumanSize(total) + " (" + std::to_string(done * 100 / total) + "%)";
  }
  text += ", " + HumanSize(static_cast<std::uint64_t>(rate)) + "/s";
  if (total > 0 && done > 0) text += ", " + Left(static_cast<double>(total - done) / rate);
  Show(text);
}

void Progress::ShowCount(const std::string& nouns, std::uint64_t done, std::uint64_t total) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (IsDue()) Show(Thousands(done) + " of " + Thousands(total) + " " + nouns);
}

bool Progress::IsDue() {
  const auto now = Clock::now();
  if (!working_) {
    working_ = true;
    begin_ = now;
    next_ = now + kFirst;
  }
  if (now < next_) return false;
  next_ = now + kPause;
  return true;
}

void Progress::Show(const std::string& text) {
  shown_ = true;
  const std::string line = Cut((name_.empty() ? "" : name_ + ": ") + text, Room());
  std::fprintf(stderr, "%s%s", kClear, line.c_str());
}

void Progress::Clear() {
  if (shown_) std::fputs(kClear, stderr);
  shown_ = false;
}

}  // namespace watertight::cli
