// A process of a modelled RUN: what a command sees of the machine, and its system calls.
//
//   int Cat(Process& process) {                          // a modelled command
//     for (const std::string& name : process.Operands()) {
//       const Opened file = process.Open(name, {.read = true});
//       if (!file) return process.Fail(name + ": " + process.Text(file.error));
//       process.Write(1, process.ReadAll(file.descriptor));
//     }
//     return 0;
//   }
//
// Calls end as Linux ends them, permissions included: root passes all checks, others get EACCES and
// EPERM. Paths count from the working directory. Nothing runs at the same time as anything else: a
// pipe is a buffer that its writers fill before its readers begin.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "generator/archives/rope.h"
#include "generator/build/file_tree.h"
#include "generator/build/shell/descriptor.h"
#include "generator/dockerfile/environment.h"

namespace watertight::generator {

struct Credentials {
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::vector<std::int64_t> groups = {};  // supplementary
  bool in_own_group = true;               // gid is one of them

  bool is_root() const { return uid == 0; }
  bool InGroup(std::int64_t group) const;
};

// Whose options, messages and habits a command has: where its path leads in the tree.
enum class Userland { kCoreutils, kBusybox };

// The C library of the image, by whose words errors are told.
enum class Libc { kGlibc, kMusl };

// What all processes of one RUN share.
struct Machine {
  FileTree& tree;
  Libc libc = Libc::kGlibc;
  bool may_make_devices = true;                  // CAP_MKNOD
  std::int64_t steps = 1'000'000;                // that are left before a RUN counts as endless
  std::int64_t output = std::int64_t{64} << 20;  // bytes that may still be written
  int next_process = 2;                          // the shell itself is 1
  int depth = 0;                                 // of commands in commands

  // Counts one step. Throws: Error when there is none left.
  void Step();
};

// One command in another, for as long as it lives. Throws: Error when there are too many.
class Deeper {
 public:
  explicit Deeper(Machine& machine);
  ~Deeper() { --machine_.depth; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Machine& machine_;
};

// What a path leads to. `error` is none only when there is something.
struct Found {
  std::errc error = {};
  std::string path;  // real, from the root, without slash at either end
  const Inode* inode = nullptr;
  InodeNumber number = 0;

  explicit operator bool() const { return error == std::errc(); }
};

struct Opened {
  std::errc error = {};
  int descriptor = -1;

  explicit operator bool() const { return error == std::errc(); }
};

struct OpenFlags {
  bool read = false;
  bool write = false;
  bool create = false;
  bool exclusive = false;
  bool truncate = false;
  bool append = false;
  std::uint32_t mode = 0666;  // of a new file, less the umask
};

enum class Permission : std::uint8_t { kRead = 4, kWrite = 2, kExecute = 1 };

struct Owner {
  std::optional<std::int64_t> uid = {};  // none: keep
  std::optional<std::int64_t> gid = {};
  bool operator==(const Owner&) const = default;
};

// Copies are children: they inherit everything, share the descriptions of open files, and change
// only their own descriptors, directory, umask and environment.
class Process {
 public:
  explicit Process(Machine& machine) : machine_(&machine) {}

  std::string executable = {};         // real path of the file that runs, from the root
  std::string program;                 // the file to be executed, when it is not arguments[0]
  std::vector<std::string> arguments;  // arguments[0] is the name the command was called by
  Environment environment;
  Credentials credentials;
  std::string directory = "/";  // absolute, as the kernel names it: without links
  std::uint32_t umask = 022;
  Userland userland = Userland::kCoreutils;
  bool endless = false;  // what it has read, and so what it writes, has no end
  std::map<int, std::shared_ptr<Description>> descriptors;

  Machine& machine() const { return *machine_; }
  const FileTree& tree() const { return machine_->tree; }
  std::int64_t clock() const { return machine_->tree.clock(); }
  bool busybox() const { return userland == Userland::kBusybox; }

  // All arguments but the name.
  std::vector<std::string> Operands() const;

  // strerror(3).
  std::string Text(std::errc error) const;
  // "NAME: message\n" to descriptor 2; returns 1.
  int Fail(std::string_view message);

  // Descriptors. Those that are not open are bad_file_descriptor; a failed read is an empty one.
  Opened Open(std::string_view path, const OpenFlags& flags);
  void Close(int descriptor) { descriptors.erase(descriptor); }
  Rope ReadAll(int descriptor);
  std::string ReadAllText(int descriptor) { return ReadAll(descriptor).ToString(); }
  // Up to `count` bytes; "" at the end.
  std::string Read(int descriptor, std::size_t count);
  // Up to and with the next `end`, or what is left; nothing at the end.
  std::optional<std::string> ReadLine(int descriptor, char end = '\n');
  std::errc Write(int descriptor, const Rope& bytes);
  std::errc Write(int descriptor, std::string_view bytes);
  bool IsPipe(int descriptor) const;
  // What a descriptor leads to, for fstat(2): null but for files of the tree.
  const Inode* InodeOf(int descriptor) const;

  // A whole file. Read gives nothing and sets `error` on failure.
  std::optional<Rope> ReadFile(std::string_view path, std::errc& error);
  std::errc WriteFile(std::string_view path, const Rope& bytes, bool append = false);

  // Files.
  Found Stat(std::string_view path, Follow follow = Follow::kYes) const;
  std::errc Access(std::string_view path, Permission permission) const;
  // Whether these credentials have that permission; says nothing about the way there.
  bool May(const Inode& inode, Permission permission) const;
  // Names in sorted order, without . and ..
  std::errc ReadDirectory(std::string_view path, std::vector<std::string>& names) const;
  std::errc MakeDirectory(std::string_view path, std::uint32_t mode = 0777);  // less the umask
  std::errc MakeSymlink(std::string_view target, std::string_view path);
  // mknod(2): a fifo or device, or an empty file; the mode less the umask.
  std::errc MakeNode(std::string_view path, const Inode& node);
  std::errc Link(std::string_view existing, std::string_view path, Follow follow = Follow::kNo);
  std::errc Remove(std::string_view path);           // unlink(2)
  std::errc RemoveDirectory(std::string_view path);  // rmdir(2)
  std::errc Rename(std::string_view from, std::string_view to);
  std::errc SetMode(std::string_view path, std::uint32_t mode);
  std::errc SetOwner(std::string_view path, const Owner& owner, Follow follow = Follow::kYes);
  // Seconds; none: the clock.
  std::errc SetTime(std::string_view path, std::optional<std::int64_t> mtime,
                    Follow follow = Follow::kYes);
  std::errc Truncate(std::string_view path, std::uint64_t size);
  std::errc SetExtendedAttributes(std::string_view path,
                                  const std::map<std::string, std::string>& attributes);
  std::errc ChangeDirectory(std::string_view path);

  // Absolute, without links resolved.
  std::string Absolute(std::string_view path) const;

 private:
  Found Walk(std::string_view path, Follow follow) const;
  std::errc MayChangeParent(const std::string& path, const Inode* victim) const;
  std::errc MayOpen(const Inode& inode, const OpenFlags& flags) const;
  Opened OpenInode(const Found& at, const OpenFlags& flags);
  int Install(std::shared_ptr<Description> description);
  Rope Take(int descriptor, std::uint64_t count);
  std::uint64_t CountOfEndless(std::uint64_t count);
  std::errc MakeAt(std::string_view path, Inode node);

  Machine* machine_;
};

// How a program ended, or why it did not begin.
struct Execution {
  std::errc error = {};
  int status = 0;
};

// Runs arguments[0] of `process` as execvp(3) would, a name without a slash being looked for in
// PATH, and waits for it. The process is what the program runs in: hand in a copy.
//
//   Process child = process;
//   child.arguments = {"rm", "-f", "a"};
//   const Execution rm = Execute(child);
//   if (rm.error != std::errc()) return process.Fail("rm: " + process.Text(rm.error));
//
// Throws: Error when there is such a program but no model of it.
Execution Execute(Process& process);

// Whether the program that runs is BusyBox as Debian builds it: its shell finds the applets by
// itself, its find knows no -delete, its awk no powers.
bool IsDebianBusybox(const Process& process);
// Whether the shell that runs finds an applet of that name by itself.
bool FindsApplet(const Process& process, std::string_view name);
// Runs such an applet; nothing for another shell, or another name.
std::optional<Execution> ExecuteApplet(Process& process);

// The directories of a PATH; an empty one is the working directory.
std::vector<std::string> PathDirectories(std::string_view path);
// The first file of that name in them that may be executed.
std::optional<std::string> SearchPath(const Process& process, const std::string& name,
                                      std::string_view path);

// Ends the build: "RUN: `sed -z` is not modelled; say what it does with `# watertight: …`".
[[noreturn]] void NotModelled(std::string_view what);

}  // namespace watertight::generator
