#include "generator/build/run.h"

#include <algorithm>
#include <utility>

#include "generator/build/buildah_user.h"
#include "generator/build/mounts.h"
#include "generator/build/shell/accounts.h"
#include "generator/build/tree_paths.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr std::int64_t kMostIds = 2147483647;

Libc LibcOf(const FileTree& tree) {
  const Inode* directory = tree.Find("/lib", Follow::kYes);
  if (directory == nullptr) return Libc::kGlibc;
  const auto musl = directory->names.lower_bound("ld-musl-");
  const bool found = musl != directory->names.end() && musl->first.starts_with("ld-musl-");
  return found ? Libc::kMusl : Libc::kGlibc;
}

// In the words of the runtime, which looks the first argument up before it starts anything.
NotStarted ByRuntime(const std::string& name, const FileTree& tree, std::errc error) {
  const std::string quoted = "exec: \"" + name + "\": ";
  if (name.find('/') == name.npos) return NotStarted(quoted + "executable file not found in $PATH");
  if (error == std::errc::no_such_file_or_directory && tree.Find(name, Follow::kYes) == nullptr) {
    return NotStarted(quoted + "stat " + name + ": no such file or directory");
  }
  if (error == std::errc::permission_denied) return NotStarted(quoted + "permission denied");
  return NotStarted("exec " + name + ": " +
                    (error == std::errc::executable_format_error ? "exec format error"
                                                                 : "no such file or directory"));
}

// Of the builder's own process, in Go's words.
NotStarted ByItself(const std::string& name, std::errc error) {
  if (name.find('/') == name.npos) {
    return NotStarted("exec: \"" + name + "\": executable file not found in $PATH");
  }
  return NotStarted("fork/exec " + name + ": " + ErrnoText(error));
}

NoSuchUser Unknown(const std::string& name, Family family) {
  if (family == Family::kKaniko) {
    return NoSuchUser("user " + name + " is not a uid and does not exist on the system");
  }
  return NoSuchUser("unable to find user " + name + ": no matching entries in passwd file");
}

std::int64_t IdOf(const std::string& text, std::int64_t id) {
  if (id > kMostIds) throw Error("uids and gids must be in range 0-2147483647: " + text);
  return id;
}

}  // namespace

RunUser ResolveUser(const FileTree& tree, const std::string& user, Family family) {
  const std::size_t colon = user.find(':');
  const std::string name = user.substr(0, colon);
  const std::string group = colon == user.npos ? "" : user.substr(colon + 1);
  RunUser resolved;
  const auto number = shell::ParseId(name);
  auto account = shell::FindUser(tree, name.empty() ? "root" : name);
  if (!account && number) account = shell::FindUser(tree, *number);
  if (account) {
    resolved.credentials.uid = account->uid;
    resolved.credentials.gid = account->gid;
    if (!account->home.empty()) resolved.home = account->home;
  } else if (number) {
    resolved.credentials.uid = IdOf(name, *number);
    if (family == Family::kKaniko) resolved.credentials.gid = resolved.credentials.uid;
  } else if (!name.empty()) {
    throw Unknown(name, family);
  }
  // Kaniko's shells have a home of root's even without a passwd, and the user's own group.
  if (family == Family::kKaniko && (name.empty() || name == "root")) resolved.home = "/root";
  if (!group.empty() && family != Family::kKaniko) {
    const auto group_number = shell::ParseId(group);
    const auto found = shell::FindGroup(tree, group);
    if (!found && !group_number) {
      throw NoSuchUser("unable to find group " + group + ": no matching entries in group file");
    }
    resolved.credentials.gid = found ? found->gid : IdOf(group, *group_number);
    return resolved;
  }
  // Without a group of its own, the user is in all that list it.
  for (const shell::Group& row : shell::Groups(tree)) {
    const bool member =
        account && std::ranges::find(row.members, account->name) != row.members.end();
    if (member) resolved.credentials.groups.push_back(row.gid);
  }
  return resolved;
}

RunResult RunCommand(const RunRequest& request) {
  if (request.arguments.empty()) throw Error("RUN: no command specified");
  // Devices are there even if nobody mounted them.
  RunMounts runtime(request.tree, {}, {.system = MountTrace::kNone});
  if (!request.tree.IsMounted()) runtime.AddRuntime({});
  const bool buildah = request.family == Family::kBuildah;
  Machine machine{.tree = request.tree, .libc = LibcOf(request.tree), .may_make_devices = !buildah};
  const RunUser user = buildah ? ResolveBuildahUser(request.tree, request.user)
                               : ResolveUser(request.tree, request.user, request.family);
  Process process(machine);
  process.arguments = request.arguments;
  process.environment = request.environment;
  if (process.environment.Find("PATH") == nullptr) process.environment.Set("PATH", kDefaultPath);
  if (process.environment.Find("HOME") == nullptr) process.environment.Set("HOME", user.home);
  const Resolved directory = request.tree.Resolve(request.workdir, Follow::kYes);
  if (directory.inode == nullptr || !directory.inode->is_directory()) {
    throw Error("the working directory " + request.workdir + " does not exist");
  }
  process.directory = "/" + directory.path;
  process.credentials = user.credentials;
  // Kaniko asks for all groups of a user, if there is more than the own one.
  const bool all = request.family == Family::kKaniko && !process.credentials.groups.empty();
  process.credentials.in_own_group = !request.bare_groups || all;

  const auto input = std::make_shared<Pipe>();
  input->bytes = Rope(request.stdin_text);
  const auto output = std::make_shared<Pipe>();
  process.descriptors[0] = ReadingEnd(input);
  process.descriptors[1] = process.descriptors[2] = WritingEnd(output);

  const Execution execution = Execute(process);
  if (execution.error != std::errc()) {
    if (buildah || request.family == Family::kKaniko) {
      throw ByItself(request.arguments[0], execution.error);
    }
    throw ByRuntime(request.arguments[0], request.tree, execution.error);
  }
  if (output->endless) throw Error("RUN does not end: it writes what never ends");
  return {.status = execution.status, .output = output->bytes.ToString()};
}

}  // namespace watertight::generator
