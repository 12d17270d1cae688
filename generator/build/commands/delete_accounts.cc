// userdel and groupdel of shadow-utils; deluser and delgroup of Debian, which call these, and of
// BusyBox.

#include <algorithm>

#include "generator/build/commands/account_files.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/remove_files.h"
#include "generator/build/commands/shadow.h"

namespace watertight::generator::commands {
namespace {

constexpr int kNoSuchUser = 6;
constexpr const char* kUserFiles[] = {"/etc/passwd", "/etc/shadow"};
constexpr const char* kGroupFiles[] = {"/etc/group", "/etc/gshadow"};
constexpr const char* kSubordinateFiles[] = {"/etc/subuid", "/etc/subgid"};

void DropUser(AccountFiles& files, const Accounts& accounts, const UserRecord& user) {
  for (const char* path : kUserFiles) {
    if (files.Open(path)) files.Drop(path, user.name);
  }
  const Group* own = accounts.GroupNamed(user.name);
  const bool used_by_others =
      std::any_of(accounts.users().begin(), accounts.users().end(), [&](const UserRecord& other) {
        return own != nullptr && other.name != user.name && other.gid == own->gid;
      });
  for (const char* path : kGroupFiles) {
    if (!files.Open(path)) continue;
    files.DropMember(path, user.name);
    if (own != nullptr && !used_by_others) files.Drop(path, user.name);
  }
}

int DeleteUser(Process& process, const std::string& name, bool with_home) {
  const Accounts accounts(process);
  const UserRecord* user = accounts.UserNamed(name);
  if (user == nullptr) {
    process.Fail("user '" + name + "' does not exist");
    return kNoSuchUser;
  }
  TouchLock(process);
  AccountFiles files(process);
  DropUser(files, accounts, *user);
  for (const char* path : kSubordinateFiles) {
    if (files.Open(path)) files.Drop(path, name);
  }
  files.Commit();
  if (!with_home) return 0;
  const std::string mail = "/var/mail/" + name;
  if (!process.Stat(mail)) {
    process.Write(2, "userdel: " + name + " mail spool (" + mail + ") not found\n");
  } else {
    process.Remove(mail);
  }
  if (!process.Stat(user->home)) {
    process.Write(2, "userdel: " + name + " home directory (" + user->home + ") not found\n");
    return 12;
  }
  RemoveFile(process, user->home, {.recursive = true, .force = true});
  return 0;
}

int DeleteGroup(Process& process, const std::string& name) {
  const Accounts accounts(process);
  const Group* group = accounts.GroupNamed(name);
  if (group == nullptr) {
    process.Fail("group '" + name + "' does not exist");
    return 6;
  }
  for (const UserRecord& user : accounts.users()) {
    if (user.gid != group->gid) continue;
    process.Fail("cannot remove the primary group of user '" + user.name + "'");
    return 8;
  }
  TouchLock(process);
  AccountFiles files(process);
  for (const char* path : kGroupFiles) {
    if (files.Open(path)) files.Drop(path, name);
  }
  files.Commit();
  return 0;
}

int DeleteMember(Process& process, const std::string& user, const std::string& group) {
  if (!process.busybox()) TouchLock(process);
  AccountFiles files(process);
  for (const char* path : kGroupFiles) {
    if (!files.Open(path)) continue;
    std::vector<std::string>& lines = files.Lines(path);
    for (std::string& line : lines) {
      if (!line.starts_with(group + ":")) continue;
      const std::size_t colon = line.rfind(':');
      std::string kept;
      for (const std::string& member : SplitAt(line.substr(colon + 1), ',')) {
        if (member != user && !member.empty()) kept += (kept.empty() ? "" : ",") + member;
      }
      line = line.substr(0, colon + 1) + kept;
    }
  }
  files.Commit();
  return 0;
}

int DeleteAsBusybox(Process& process, const std::vector<std::string>& names, bool user) {
  const Accounts accounts(process);
  if (names.empty() || names.size() > 2) return MisusedBy(process, "");
  const std::string group_name = names.size() == 2 ? names[1] : user ? "" : names[0];
  if ((user || names.size() == 2) && accounts.UserNamed(names[0]) == nullptr) {
    return process.Fail("unknown user " + names[0]);
  }
  if (!group_name.empty() && accounts.GroupNamed(group_name) == nullptr) {
    return process.Fail("unknown group " + group_name);
  }
  if (names.size() == 2) return DeleteMember(process, names[0], names[1]);
  AccountFiles files(process);
  if (user) {
    for (const char* path : kUserFiles) {
      if (files.Open(path)) files.Drop(path, names[0]);
    }
  }
  for (const char* path : kGroupFiles) {
    if (!files.Open(path)) continue;
    if (user) files.DropMember(path, names[0]);
    files.Drop(path, names[0]);
  }
  files.Commit();
  return 0;
}

void Say(Process& process, const Options& options, const std::string& text) {
  if (!options.Has('q')) process.Write(1, text + "\n");
}

// deluser and delgroup of Debian.
int DeleteAsDebian(Process& process, bool user) {
  const Options options(process, "qrsgu",
                        {{"quiet", 'q'}, {"remove-home", 'r'}, {"system", 's'}, {"group", 'g'}});
  const std::vector<std::string>& names = options.operands();
  if (names.empty() || names.size() > 2) NotModelled(NameOf(process) + " without a name");
  const Accounts accounts(process);
  if (accounts.UserNamed(names[0]) == nullptr && (user || names.size() == 2)) {
    process.Fail("The user `" + names[0] + "' does not exist.");
    return 2;
  }
  const std::string group = names.size() == 2 ? names[1] : names[0];
  const bool of_group = names.size() == 2 || !user || options.Has('g');
  if (of_group && accounts.GroupNamed(group) == nullptr) {
    process.Fail("The group `" + group + "' does not exist.");
    return 3;
  }
  if (process.Stat("/run")) {
    const Opened lock = process.Open("/run/adduser", {.write = true, .create = true});
    if (lock) process.Close(lock.descriptor);
  }
  int status = 0;
  if (names.size() == 2) {
    Say(process, options, "Removing user `" + names[0] + "' from group `" + group + "' ...");
    status = DeleteMember(process, names[0], group);
  } else if (of_group) {
    Say(process, options, "Removing group `" + group + "' ...");
    status = DeleteGroup(process, group);
  } else {
    Say(process, options, "Removing user `" + names[0] + "' ...");
    process.Fail(
        "`/usr/bin/crontab' not executed. Skipping crontab removal. Package `cron' required.");
    status = DeleteUser(process, names[0], options.Has('r'));
  }
  if (status == 0) Say(process, options, "Done.");
  return status;
}

}  // namespace

int Userdel(Process& process) {
  const Options options(process, "rf", {{"remove", 'r'}, {"force", 'f'}});
  if (options.operands().size() != 1) NotModelled(NameOf(process) + " without one name");
  return DeleteUser(process, options.operands()[0], options.Has('r'));
}

int Groupdel(Process& process) {
  const Options options(process, "f", {{"force", 'f'}});
  if (options.operands().size() != 1) NotModelled(NameOf(process) + " without one name");
  return DeleteGroup(process, options.operands()[0]);
}

int Deluser(Process& process) {
  if (!process.busybox()) return DeleteAsDebian(process, true);
  const Options options(process, "r", {{"remove-home", 'r'}});
  const Accounts accounts(process);
  std::string home;
  if (options.Has('r') && options.operands().size() == 1) {
    const UserRecord* user = accounts.UserNamed(options.operands()[0]);
    if (user != nullptr) home = user->home;
  }
  const int status = DeleteAsBusybox(process, options.operands(), true);
  if (status == 0 && !home.empty()) {
    RemoveFile(process, home, {.recursive = true, .force = true});
  }
  return status;
}

int Delgroup(Process& process) {
  if (!process.busybox()) return DeleteAsDebian(process, false);
  return DeleteAsBusybox(process, Options(process, "").operands(), false);
}

}  // namespace watertight::generator::commands
