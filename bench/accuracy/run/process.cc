#include "bench/accuracy/run/process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>

namespace watertight::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds kShortestPause{500};
constexpr std::chrono::milliseconds kLongestPause{10};

// What the child tells of itself before it becomes the scanner: whether the network is gone, and an
// errno when it could not become the scanner.
struct Word {
  int network_off = 0;
  int error = 0;
};

std::vector<char*> Pointers(std::vector<std::string>* words) {
  std::vector<char*> pointers;
  for (std::string& word : *words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool LeaveNetwork() {
#ifdef __linux__
  return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
#else
  return false;
#endif
}

bool Redirect(int target, const char* path, int flags) {
  const int file = open(path, flags, 0644);
  return file >= 0 && dup2(file, target) == target && (file == target || close(file) == 0);
}

// Between fork and exec, in a program with threads: system calls alone, no allocation.
[[noreturn]] void BecomeScanner(const ProcessRequest& request, char* const* words,
                                char* const* variables, int tell) {
  Word word;
  setpgid(0, 0);
  constexpr int kFresh = O_WRONLY | O_CREAT | O_TRUNC;
  const bool ready = Redirect(STDIN_FILENO, "/dev/null", O_RDONLY) &&
                     Redirect(STDOUT_FILENO, request.output.c_str(), kFresh) &&
                     Redirect(STDERR_FILENO, request.error.c_str(), kFresh) &&
                     chdir(request.folder.c_str()) == 0;
  if (ready) {
    if (!request.network) word.network_off = LeaveNetwork() ? 1 : 0;
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
    static_cast<void>(!write(tell, &word, sizeof word));
    execve(words[0], words, variables);
  }
  word.error = errno;
  static_cast<void>(!write(tell, &word, sizeof word));
  _exit(127);
}

// The last word; nullopt when the child said none.
std::optional<Word> ReadWord(int from) {
  std::optional<Word> last;
  Word word;
  while (true) {
    const ssize_t got = read(from, &word, sizeof word);
    if (got < 0 && errno == EINTR) continue;
    if (got != sizeof word) return last;
    last = word;
  }
}

std::string FindProgram(const std::string& name, const std::map<std::string, std::string>& all) {
  if (name.find('/') != std::string::npos) return name;
  const auto path = all.find("PATH");
  if (path == all.end()) return name;
  for (std::size_t begin = 0; begin <= path->second.size();) {
    const std::size_t end = std::min(path->second.find(':', begin), path->second.size());
    const std::string candidate = path->second.substr(begin, end - begin) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return name;
}

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The children of a group that was ended are init's.
void Wait(pid_t child, Clock::time_point begin, double limit, ProcessOutcome* outcome) {
  int status = 0;
  rusage usage{};
  std::chrono::microseconds pause = kShortestPause;
  while (true) {
    const pid_t done = wait4(child, &status, WNOHANG, &usage);
    if (done == child) break;
    if (done < 0 && errno != EINTR) return;
    if (limit > 0 && SecondsSince(begin) > limit && !outcome->timed_out) {
      outcome->timed_out = true;
      kill(-child, SIGKILL);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min<std::chrono::microseconds>(pause + pause / 4, kLongestPause);
  }
  outcome->seconds = SecondsSince(begin);
  // What it left running goes too.
  kill(-child, SIGKILL);
  outcome->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
#ifdef __APPLE__
  constexpr std::uint64_t kUnit = 1;
#else
  constexpr std::uint64_t kUnit = 1024;
#endif
  outcome->peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * kUnit;
}

}  // namespace

ProcessOutcome RunMeasured(const ProcessRequest& request) {
  ProcessOutcome outcome;
  std::vector<std::string> words = request.command;
  words.front() = FindProgram(words.front(), request.environment);
  std::vector<std::string> variables;
  for (const auto& [name, value] : request.environment) variables.push_back(name + "=" + value);
  const std::vector<char*> arguments = Pointers(&words);
  const std::vector<char*> settings = Pointers(&variables);
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    outcome.problem = std::strerror(errno);
    return outcome;
  }
  const Clock::time_point begin = Clock::now();
  const pid_t child = fork();
  if (child == 0) BecomeScanner(request, arguments.data(), settings.data(), ends[1]);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    outcome.problem = std::strerror(errno);
    return outcome;
  }
  setpgid(child, child);
  const std::optional<Word> word = ReadWord(ends[0]);
  close(ends[0]);
  Wait(child, begin, request.seconds, &outcome);
  outcome.started = word && word->error == 0;
  if (!outcome.started) outcome.problem = std::strerror(word ? word->error : ECHILD);
  outcome.network_off = word && word->network_off != 0;
  return outcome;
}

bool CanCutNetwork() {
  const pid_t child = fork();
  if (child == 0) _exit(LeaveNetwork() ? 0 : 1);
  int status = 1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace watertight::bench
