#include "framework/image/guarded_folder.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "framework/image/path.h"
#include "framework/image/spool.h"
#include "watertight/error.h"

extern char** environ;

namespace watertight {
namespace {

// Each line names the process to end; an empty one names none. What ends a whole group of
// processes, such as Ctrl-C, must leave the guard.
constexpr char kGuard[] =
    "trap '' HUP INT QUIT TERM; PATH=/usr/bin:/bin:$PATH; last=; while read -r next; do "
    "last=$next; done; "
    "[ -n \"$last\" ] && kill -9 \"$last\"; rm -rf -- \"$1\"";

// input: its standard input. -1 when there is no shell: then only what kills this process leaves
// the folder behind.
pid_t StartGuard(const std::string& folder, int input) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::array<std::string, 5> words = {"sh", "-c", kGuard, "sh", folder};
  std::array<char*, 6> arguments = {};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  pid_t guard = -1;
  const int failed = posix_spawn(&guard, "/bin/sh", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? guard : -1;
}

}  // namespace

GuardedFolder::GuardedFolder() : path_(TemporaryFolder() + "/watertight-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) {
    throw Error(ErrorCode::kIo, "no temporary folder can be made in " +
                                    Printable(TemporaryFolder()) + ": " + strerror(errno) +
                                    "; TMPDIR names another folder");
  }
  std::array<int, 2> ends = {};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
  guard_ = StartGuard(path_, ends[0]);
  close(ends[0]);
  line_ = ends[1];
}

GuardedFolder::~GuardedFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  if (line_ >= 0) close(line_);
  int status = 0;
  while (guard_ > 0 && waitpid(guard_, &status, 0) < 0 && errno == EINTR) {
  }
}

void GuardedFolder::Watch(pid_t process) {
  const std::string line = (process > 0 ? std::to_string(process) : "") + "\n";
  if (line_ >= 0) (void)send(line_, line.data(), line.size(), MSG_NOSIGNAL);
}

std::uint64_t GuardedFolder::Bytes() const {
  namespace fs = std::filesystem;
  std::uint64_t bytes = 0;
  std::error_code error;
  fs::recursive_directory_iterator it(path_, error);
  for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    std::error_code gone;
    const std::uintmax_t size = it->is_regular_file(gone) ? it->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace watertight
