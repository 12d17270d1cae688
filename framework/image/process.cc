#include "framework/image/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

extern char** environ;

namespace watertight {
namespace {

// The end of a pipe that this program reads, and what came through it.
class Stream {
 public:
  Stream() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    CloseInput();
    CloseOutput();
  }

  int output() const { return ends_[0]; }
  int input() const { return ends_[1]; }
  void CloseInput() { Close(&ends_[1]); }

  // What is there now; closes at the end.
  void Read() {
    std::array<char, 65536> piece;
    const ssize_t got = read(output(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) return CloseOutput();
    const std::size_t room = kLongestOutput - text.size();
    text.append(piece.data(), std::min(room, static_cast<std::size_t>(got)));
  }

  std::string text;

 private:
  static void Close(int* end) {
    if (*end >= 0) close(*end);
    *end = -1;
  }
  void CloseOutput() { Close(&ends_[0]); }

  std::array<int, 2> ends_ = {-1, -1};
};

// False when it was not to go on.
bool ReadBoth(const ProcessOptions& options, Stream* first, Stream* second) {
  const int pause = options.may_go_on ? 100 : -1;  // milliseconds
  while (first->output() >= 0 || second->output() >= 0) {
    // poll passes over what is negative.
    std::array<pollfd, 2> waiting = {{{first->output(), POLLIN, 0}, {second->output(), POLLIN, 0}}};
    if (poll(waiting.data(), waiting.size(), pause) < 0 && errno != EINTR) return true;
    if (options.may_go_on && !options.may_go_on()) return false;
    if (waiting[0].revents != 0) first->Read();
    if (waiting[1].revents != 0) second->Read();
  }
  return true;
}

// Of two values for a name, programs take the first.
std::vector<char*> Environment(std::vector<std::string>* added) {
  std::vector<char*> all;
  for (std::string& variable : *added) all.push_back(variable.data());
  for (char** variable = environ; *variable != nullptr; ++variable) all.push_back(*variable);
  all.push_back(nullptr);
  return all;
}

// The process; -1 when it could not be started.
pid_t Start(const std::vector<std::string>& words, std::vector<std::string> environment,
            const Stream& output, const Stream& error) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.input(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error.input(), STDERR_FILENO);
  pid_t child = -1;
  const int failed = posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(),
                                  Environment(&environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? child : -1;
}

}  // namespace

ProcessResult RunProcess(const std::vector<std::string>& words, const ProcessOptions& options) {
  ProcessResult result;
  Stream output;
  Stream error;
  const pid_t child = Start(words, options.environment, output, error);
  if (child < 0) return result;
  output.CloseInput();
  error.CloseInput();
  if (options.started) options.started(child);
  if (!ReadBoth(options, &output, &error)) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = std::move(output.text);
  result.error = std::move(error.text);
  return result;
}

}  // namespace watertight
