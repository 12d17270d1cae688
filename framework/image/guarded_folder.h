// A temporary folder for another program to write to. It is gone when its object is, and also when
// this process is killed: a shell waits for that and removes it.

#pragma once

#include <sys/types.h>

#include <string>

namespace watertight {

class GuardedFolder {
 public:
  // In TMPDIR, else /tmp. Throws: Error, kIo.
  GuardedFolder();
  GuardedFolder(const GuardedFolder&) = delete;
  GuardedFolder& operator=(const GuardedFolder&) = delete;
  ~GuardedFolder();

  const std::string& path() const { return path_; }
  // The program that writes to it, which ends before the folder goes; 0: none any more.
  void Watch(pid_t process);
  // Bytes of all files in it now.
  std::uint64_t Bytes() const;

 private:
  std::string path_;
  pid_t guard_ = -1;
  int line_ = -1;  // to the guard: closed by whatever ends this process
};

}  // namespace watertight
