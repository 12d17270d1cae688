#include "cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;
constexpr std::size_t kUsualWidth = 80;

std::size_t TerminalWidth() {
  struct winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kUsualWidth;
}

// https://no-color.org: set and not empty.
bool ColoursWanted() {
  const char* no_color = getenv("NO_COLOR");
  const char* terminal = getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') &&
         (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
}

}  // namespace

Output::Output() : is_terminal_(isatty(STDOUT_FILENO) == 1) {
  if (!is_terminal_) return;
  colours_ = ColoursWanted();
  width_ = TerminalWidth();
}

void Output::WriteAll(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      throw ReaderGone();
    } else if (errno != EINTR) {
      throw Error(ErrorCode::kIo, (subject.empty() ? "" : Printable(subject) + ": ") +
                                      "standard output: " + std::strerror(errno));
    }
  }
}

void Output::Write(std::string_view bytes) {
  if (buffer_.empty() && bytes.size() >= kPiece) {
    WriteAll(bytes);
    return;
  }
  buffer_ += bytes;
  Drain();
}

void Output::Drain() {
  if (buffer_.size() >= kPiece) Flush();
}

void Output::Flush() {
  // Emptied also when it throws: what could not be written is not tried again.
  const std::string bytes = std::move(buffer_);
  buffer_.clear();
  WriteAll(bytes);
}

std::string Output::Coloured(const char* sgr, std::string_view text) const {
  if (!colours_) return std::string(text);
  return "\x1b[" + std::string(sgr) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace watertight::cli
