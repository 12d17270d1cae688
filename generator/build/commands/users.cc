// useradd and groupadd of shadow-utils.

#include <algorithm>

#include "generator/build/commands/account_files.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/home.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/shadow.h"

namespace watertight::generator::commands {
namespace {

constexpr std::int64_t kFirstSubordinate = 100000;
constexpr std::int64_t kSubordinates = 65536;

// The next number above all of [1000, 60000]; for a system account the highest free one below.
std::int64_t NextId(const std::vector<std::int64_t>& used, bool system) {
  const auto taken = [&](std::int64_t id) {
    return std::find(used.begin(), used.end(), id) != used.end();
  };
  if (system) {
    std::int64_t id = 999;
    while (id > 100 && taken(id)) --id;
    return id;
  }
  std::int64_t highest = 999;
  for (const std::int64_t id : used) {
    if (id <= 60000) highest = std::max(highest, id);
  }
  return highest + 1;
}

void AppendSubordinates(const Process& process, AccountFiles& files, const std::string& name) {
  for (const char* path : {"/etc/subuid", "/etc/subgid"}) {
    if (!files.Open(path)) continue;
    std::int64_t first = kFirstSubordinate;
    for (const std::string& line : LinesOfFile(process, path)) {
      const std::vector<std::string> field = SplitAt(line, ':');
      if (field.size() < 3) continue;
      first = std::max(first, NumberOf(field[1]).value_or(0) + NumberOf(field[2]).value_or(0));
    }
    files.Append(path, name + ":" + std::to_string(first) + ":" + std::to_string(kSubordinates));
  }
}

}  // namespace

void TouchLock(Process& process) {
  const Opened lock = process.Open("/etc/.pwd.lock", {.write = true, .create = true, .mode = 0600});
  if (lock) process.Close(lock.descriptor);
}

std::int64_t FreeGroupId(const Accounts& accounts, bool system) {
  std::vector<std::int64_t> used;
  for (const Group& group : accounts.groups()) used.push_back(group.gid);
  return NextId(used, system);
}

std::int64_t FreeUserId(const Accounts& accounts, bool system) {
  std::vector<std::int64_t> used;
  for (const UserRecord& user : accounts.users()) used.push_back(user.uid);
  return NextId(used, system);
}

std::string ShadowLine(const Process& process, const NewUser& user) {
  return user.name + ":" + user.password + ":" + std::to_string(process.clock() / 86400) +
         (user.system ? "::::::" : ":0:99999:7:::");
}

void AddGroupFiles(Process& process, const std::string& name, std::int64_t gid) {
  TouchLock(process);
  AccountFiles files(process);
  if (files.Open("/etc/group"))
    files.Append("/etc/group", name + ":x:" + std::to_string(gid) + ":");
  if (files.Open("/etc/gshadow")) files.Append("/etc/gshadow", name + ":!::");
  files.Commit();
}

void AddUserFiles(Process& process, const NewUser& user) {
  TouchLock(process);
  AccountFiles files(process);
  files.Open("/etc/group");
  files.Open("/etc/gshadow");
  if (user.own_group) {
    files.Append("/etc/group", user.name + ":x:" + std::to_string(user.gid) + ":");
    files.Append("/etc/gshadow", user.name + ":!::");
  }
  for (const std::string& group : user.groups) {
    files.AddMember("/etc/group", group, user.name);
    files.AddMember("/etc/gshadow", group, user.name);
  }
  if (files.Open("/etc/passwd")) {
    files.Append("/etc/passwd", user.name + ":x:" + std::to_string(user.uid) + ":" +
                                    std::to_string(user.gid) + ":" + user.comment + ":" +
                                    user.home + ":" + user.shell);
  }
  if (files.Open("/etc/shadow")) files.Append("/etc/shadow", ShadowLine(process, user));
  if (!user.system) AppendSubordinates(process, files, user.name);
  files.Commit();
}

int Groupadd(Process& process) {
  const Options options(process, "g:rfo",
                        {{"gid", 'g'}, {"system", 'r'}, {"force", 'f'}, {"non-unique", 'o'}});
  if (options.operands().size() != 1) NotModelled(NameOf(process) + " without one name");
  const std::string& name = options.operands()[0];
  const Accounts accounts(process);
  if (accounts.GroupNamed(name) != nullptr) {
    if (options.Has('f')) return 0;
    process.Fail("group '" + name + "' already exists");
    return 9;
  }
  std::int64_t gid = FreeGroupId(accounts, options.Has('r'));
  if (const auto text = options.Value('g')) {
    const auto number = NumberOf(*text);
    if (!number) {
      process.Fail("invalid group ID '" + *text + "'");
      return 3;
    }
    if (accounts.GroupOf(*number) != nullptr && !options.Has('o')) {
      process.Fail("GID '" + *text + "' already exists");
      return 4;
    }
    gid = *number;
  }
  AddGroupFiles(process, name, gid);
  return 0;
}

namespace {

// The shell that /etc/default/useradd names.
std::string DefaultShell(const Process& process) {
  for (const std::string& line : LinesOfFile(process, "/etc/default/useradd")) {
    if (line.starts_with("SHELL=")) return line.substr(6);
  }
  return "/bin/sh";
}

// Numbers and groups; complains and returns a status other than 0 when they are not to be had.
int Complete(Process& process, const Options& options, const Accounts& accounts, NewUser& user) {
  user.uid = FreeUserId(accounts, user.system);
  if (const auto text = options.Value('u')) {
    const auto number = NumberOf(*text);
    if (!number) {
      process.Fail("invalid user ID '" + *text + "'");
      return 3;
    }
    user.uid = *number;
    if (accounts.UserOf(user.uid) != nullptr && !options.Has('o')) {
      // It has opened the files by then.
      TouchLock(process);
      AccountFiles files(process);
      for (const char* path :
           {"/etc/group", "/etc/gshadow", "/etc/passwd", "/etc/subuid", "/etc/subgid"}) {
        files.Open(path);
      }
      files.Commit();
      process.Fail("UID " + *text + " is not unique");
      return 4;
    }
  }
  user.own_group = !options.HasAny("gN");
  if (const auto text = options.Value('g')) {
    const auto gid = accounts.GroupId(*text);
    if (!gid || accounts.GroupOf(*gid) == nullptr) {
      process.Fail("group '" + *text + "' does not exist");
      return 6;
    }
    user.gid = *gid;
  } else if (user.own_group) {
    if (accounts.GroupNamed(user.name) != nullptr) {
      process.Fail("group " + user.name +
                   " exists - if you want to add this user to that group, use -g.");
      return 9;
    }
    const bool free = accounts.GroupOf(user.uid) == nullptr;
    user.gid = free ? user.uid : FreeGroupId(accounts, user.system);
  } else {
    user.gid = 100;
  }
  if (const auto list = options.Value('G'); list && !list->empty()) {
    for (const std::string& name : SplitAt(*list, ',')) {
      const auto gid = accounts.GroupId(name);
      if (!gid || accounts.GroupOf(*gid) == nullptr) {
        process.Fail("group '" + name + "' does not exist");
        return 6;
      }
      user.groups.push_back(accounts.NameOfGroup(*gid));
    }
  }
  return 0;
}

}  // namespace

int Useradd(Process& process) {
  const Options options(process, "b:c:d:G:g:mMk:lNUop:rs:u:",
                        {{"comment", 'c'},
                         {"home-dir", 'd'},
                         {"groups", 'G'},
                         {"gid", 'g'},
                         {"create-home", 'm'},
                         {"no-create-home", 'M'},
                         {"no-log-init", 'l'},
                         {"no-user-group", 'N'},
                         {"user-group", 'U'},
                         {"non-unique", 'o'},
                         {"password", 'p'},
                         {"system", 'r'},
                         {"shell", 's'},
                         {"uid", 'u'},
                         {"base-dir", 'b'},
                         {"skel", 'k'}});
  if (options.operands().size() != 1) NotModelled(NameOf(process) + " without one name");
  NewUser user{.name = options.operands()[0]};
  const Accounts accounts(process);
  if (accounts.UserNamed(user.name) != nullptr) {
    process.Fail("user '" + user.name + "' already exists");
    return 9;
  }
  user.system = options.Has('r');
  user.comment = options.Value('c').value_or("");
  user.home = options.Value('d').value_or(options.Value('b').value_or("/home") + "/" + user.name);
  user.shell = options.Value('s').value_or(DefaultShell(process));
  user.password = options.Value('p').value_or("!");
  const int status = Complete(process, options, accounts, user);
  if (status != 0) return status;
  AddUserFiles(process, user);
  if (options.LastOf("mM") == 'm') {
    MakeHome(process, {.path = user.home,
                       .uid = user.uid,
                       .gid = user.gid,
                       .mode = 0755,
                       .skeleton = options.Value('k').value_or("/etc/skel"),
                       .keeps_times = true});
  }
  return 0;
}

}  // namespace watertight::generator::commands
