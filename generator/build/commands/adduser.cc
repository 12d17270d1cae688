// adduser and addgroup: those of BusyBox, and Debian's, which call shadow-utils.

#include <algorithm>

#include "generator/build/commands/account_files.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/home.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/shadow.h"

namespace watertight::generator::commands {
namespace {

// The first number that neither a user nor, if wanted, a group has.
std::int64_t FirstFree(const Accounts& accounts, bool system, bool user, bool group) {
  std::int64_t id = system ? 100 : 1000;
  while ((user && accounts.UserOf(id) != nullptr) || (group && accounts.GroupOf(id) != nullptr)) {
    ++id;
  }
  return id;
}

int AddToGroup(Process& process, const std::string& user, const std::string& group) {
  const Accounts accounts(process);
  if (accounts.UserNamed(user) == nullptr) {
    return process.Fail("unknown user " + user);
  }
  if (accounts.GroupNamed(group) == nullptr) return process.Fail("unknown group " + group);
  AccountFiles files(process);
  for (const char* path : {"/etc/group", "/etc/gshadow"}) {
    if (files.Open(path)) files.AddMember(path, group, user);
  }
  files.Commit();
  return 0;
}

void AppendGroup(Process& process, const std::string& name, std::int64_t gid) {
  AccountFiles files(process);
  if (files.Open("/etc/group"))
    files.Append("/etc/group", name + ":x:" + std::to_string(gid) + ":");
  if (files.Open("/etc/gshadow")) files.Append("/etc/gshadow", name + ":!::");
  files.Commit();
}

int AddgroupOfBusybox(Process& process) {
  const Options options(process, "g:S", {{"gid", 'g'}, {"system", 'S'}});
  const std::vector<std::string>& names = options.operands();
  if (names.size() == 2) return AddToGroup(process, names[0], names[1]);
  if (names.size() != 1) return MisusedBy(process, "");
  const Accounts accounts(process);
  if (accounts.GroupNamed(names[0]) != nullptr) {
    return process.Fail("group '" + names[0] + "' in use");
  }
  std::int64_t gid = FirstFree(accounts, options.Has('S'), false, true);
  if (const auto text = options.Value('g')) {
    const auto number = NumberOf(*text);
    if (!number) return process.Fail("invalid number '" + *text + "'");
    if (accounts.GroupOf(*number) != nullptr) return process.Fail("gid '" + *text + "' in use");
    gid = *number;
  }
  AppendGroup(process, names[0], gid);
  return 0;
}

int AdduserOfBusybox(Process& process) {
  const Options options(process, "h:g:s:G:DSHu:k:",
                        {{"home", 'h'},
                         {"gecos", 'g'},
                         {"shell", 's'},
                         {"ingroup", 'G'},
                         {"disabled-password", 'D'},
                         {"system", 'S'},
                         {"no-create-home", 'H'},
                         {"uid", 'u'},
                         {"skel", 'k'}});
  const std::vector<std::string>& names = options.operands();
  if (names.size() == 2) return AddToGroup(process, names[0], names[1]);
  if (names.size() != 1) return MisusedBy(process, "");
  if (!options.HasAny("DS"))
    NotModelled(NameOf(process) + " without -D, which asks for a password");
  const Accounts accounts(process);
  NewUser user{.name = names[0]};
  if (accounts.UserNamed(user.name) != nullptr) {
    return process.Fail("user '" + user.name + "' in use");
  }
  const bool system = options.Has('S');
  const std::string group = options.Value('G').value_or(system ? "nogroup" : "");
  user.uid = FirstFree(accounts, system, true, group.empty());
  if (const auto text = options.Value('u')) {
    const auto number = NumberOf(*text);
    if (!number) return process.Fail("invalid number '" + *text + "'");
    if (accounts.UserOf(*number) != nullptr) return process.Fail("uid '" + *text + "' in use");
    user.uid = *number;
  }
  user.gid = user.uid;
  if (!group.empty()) {
    const auto gid = accounts.GroupId(group);
    if (!gid) return process.Fail("unknown group " + group);
    user.gid = *gid;
  } else if (accounts.GroupNamed(user.name) != nullptr) {
    return process.Fail("group '" + user.name + "' in use");
  }
  user.comment = options.Value('g').value_or("Linux User,,,");
  user.home = options.Value('h').value_or("/home/" + user.name);
  user.shell = options.Value('s').value_or(system ? "/bin/false" : "/bin/sh");
  AccountFiles files(process);
  if (files.Open("/etc/passwd")) {
    files.Append("/etc/passwd", user.name + ":x:" + std::to_string(user.uid) + ":" +
                                    std::to_string(user.gid) + ":" + user.comment + ":" +
                                    user.home + ":" + user.shell);
  }
  if (files.Open("/etc/shadow")) files.Append("/etc/shadow", ShadowLine(process, user));
  files.Commit();
  if (group.empty()) AppendGroup(process, user.name, user.gid);
  if (!options.Has('H')) {
    MakeHome(process, {.path = user.home, .uid = user.uid, .gid = user.gid, .mode = 02755});
  }
  return 0;
}

// Debian's adduser holds a lock while it works.
void TouchAdduserLock(Process& process) {
  if (!process.Stat("/run")) return;
  const Opened lock = process.Open("/run/adduser", {.write = true, .create = true});
  if (lock) process.Close(lock.descriptor);
}

}  // namespace

int Addgroup(Process& process) {
  if (process.busybox()) return AddgroupOfBusybox(process);
  const Options options(process, "g:Sq", {{"gid", 'g'}, {"system", 'S'}, {"quiet", 'q'}});
  if (options.operands().size() != 1) NotModelled(NameOf(process) + " of a user");
  const std::string& name = options.operands()[0];
  const Accounts accounts(process);
  if (accounts.GroupNamed(name) != nullptr)
    NotModelled(NameOf(process) + " of a group that exists");
  std::int64_t gid =
      options.Has('S') ? FirstFree(accounts, true, false, true) : FreeGroupId(accounts, false);
  if (const auto number = NumberOf(options.Value('g').value_or(""))) gid = *number;
  TouchAdduserLock(process);
  AddGroupFiles(process, name, gid);
  if (!options.Has('q')) {
    process.Write(1, "Adding group `" + name + "' (GID " + std::to_string(gid) + ") ...\nDone.\n");
  }
  return 0;
}

namespace {

class DebianAdduser {
 public:
  DebianAdduser(Process& process, const Options& options)
      : process_(process), options_(options), accounts_(process) {}

  int System() {
    NewUser user{.name = options_.operands()[0], .system = true};
    const bool with_group = options_.Has('g');
    user.uid = FirstFree(accounts_, true, true, false);
    if (const auto uid = NumberOf(options_.Value('u').value_or(""))) user.uid = *uid;
    Say("Adding system user `" + user.name + "' (UID " + std::to_string(user.uid) + ") ...");
    std::string group = "nogroup";
    TouchAdduserLock(process_);
    if (with_group) {
      user.gid = FirstFree(accounts_, true, false, true);
      // A user and his group do not share a number that only one of them has taken.
      if (user.gid == user.uid) user.gid = NextAfter(user.gid);
      Say("Adding new group `" + user.name + "' (GID " + std::to_string(user.gid) + ") ...");
      AddGroupFiles(process_, user.name, user.gid);
      group = user.name;
    } else if (!FindGroup(user, group)) {
      return 1;
    }
    Say("Adding new user `" + user.name + "' (UID " + std::to_string(user.uid) + ") with group `" +
        group + "' ...");
    user.comment = options_.Value('c').value_or("");
    user.home = options_.Value('h').value_or("/nonexistent");
    user.shell = options_.Value('s').value_or("/usr/sbin/nologin");
    AddUserFiles(process_, user);
    if (user.home == "/nonexistent") {
      Say("Not creating `/nonexistent'.");
    } else if (options_.Has('H')) {
      Say("Not creating home directory `" + user.home + "'.");
    } else {
      Say("Creating home directory `" + user.home + "' ...");
      MakeHome(process_,
               {.path = user.home, .uid = user.uid, .gid = user.gid, .mode = 0755, .skeleton = ""});
    }
    return 0;
  }

  int Normal() {
    if (!options_.HasAny("pl") || !options_.Has('c')) {
      NotModelled(NameOf(process_) + " that asks, without --disabled-password and --gecos");
    }
    NewUser user{.name = options_.operands()[0]};
    user.uid = FreeUserId(accounts_, false);
    while (accounts_.GroupOf(user.uid) != nullptr && !options_.HasAny("GI")) ++user.uid;
    if (const auto uid = NumberOf(options_.Value('u').value_or(""))) user.uid = *uid;
    user.gid = user.uid;
    Say("Adding user `" + user.name + "' ...");
    TouchAdduserLock(process_);
    std::string group = user.name;
    const std::string uid = std::to_string(user.uid);
    if (options_.HasAny("GI")) {
      if (!FindGroup(user, group)) return 1;
    } else {
      Say("Adding new group `" + user.name + "' (" + uid + ") ...");
      AddGroupFiles(process_, user.name, user.gid);
    }
    Say("Adding new user `" + user.name + "' (" + uid + ") with group `" + group + " (" +
        std::to_string(user.gid) + ")' ...");
    user.home = options_.Value('h').value_or("/home/" + user.name);
    user.shell =
        options_.Value('s').value_or(options_.Has('l') ? "/usr/sbin/nologin" : "/bin/bash");
    AddUserFiles(process_, user);
    MakeHomeOf(user);
    SetComment(user.name, *options_.Value('c'));
    JoinUsers(user.name);
    return 0;
  }

 private:
  void Say(const std::string& text) {
    if (!options_.Has('q')) process_.Write(1, text + "\n");
  }

  std::int64_t NextAfter(std::int64_t gid) const {
    do {
      ++gid;
    } while (accounts_.GroupOf(gid) != nullptr);
    return gid;
  }

  bool FindGroup(NewUser& user, std::string& group) {
    const std::string named = options_.Value('I').value_or(options_.Value('G').value_or(group));
    const auto gid = accounts_.GroupId(named);
    if (!gid || accounts_.GroupOf(*gid) == nullptr) {
      NotModelled(NameOf(process_) + " with a group that does not exist");
    }
    user.gid = *gid;
    group = accounts_.NameOfGroup(*gid);
    return true;
  }

  void MakeHomeOf(const NewUser& user) {
    if (options_.Has('H')) {
      Say("Not creating home directory `" + user.home + "'.");
      return;
    }
    Say("Creating home directory `" + user.home + "' ...");
    Say("Copying files from `/etc/skel' ...");
    MakeHome(process_, {.path = user.home, .uid = user.uid, .gid = user.gid, .mode = 0700});
  }

  // By chfn, which knows of four parts.
  void SetComment(const std::string& name, std::string comment) {
    while (std::count(comment.begin(), comment.end(), ',') < 3) comment += ',';
    AccountFiles files(process_);
    if (!files.Open("/etc/passwd")) return;
    for (std::string& line : files.Lines("/etc/passwd")) {
      std::vector<std::string> field = SplitAt(line, ':');
      if (field.size() < 7 || field[0] != name) continue;
      field[4] = comment;
      line = field[0];
      for (std::size_t i = 1; i < field.size(); ++i) line += ":" + field[i];
    }
    files.Commit();
  }

  // Debian's EXTRA_GROUPS.
  void JoinUsers(const std::string& name) {
    if (accounts_.GroupNamed("users") == nullptr) return;
    Say("Adding new user `" + name + "' to supplemental / extra groups `users' ...");
    Say("Adding user `" + name + "' to group `users' ...");
    AccountFiles files(process_);
    for (const char* path : {"/etc/group", "/etc/gshadow"}) {
      if (files.Open(path)) files.AddMember(path, "users", name);
    }
    files.Commit();
  }

  Process& process_;
  const Options& options_;
  Accounts accounts_;
};

}  // namespace

int Adduser(Process& process) {
  if (process.busybox()) return AdduserOfBusybox(process);
  const Options options(process, "h:s:u:G:I:c:plHqSgt",
                        {{"home", 'h'},
                         {"shell", 's'},
                         {"uid", 'u'},
                         {"gid", 'G'},
                         {"ingroup", 'I'},
                         {"gecos", 'c'},
                         {"disabled-password", 'p'},
                         {"disabled-login", 'l'},
                         {"no-create-home", 'H'},
                         {"quiet", 'q'},
                         {"system", 'S'},
                         {"group", 'g'},
                         {"allow-bad-names", 't'}});
  if (options.operands().size() != 1) NotModelled(NameOf(process) + " of a user to a group");
  if (Accounts(process).UserNamed(options.operands()[0]) != nullptr) {
    NotModelled(NameOf(process) + " of a user that exists");
  }
  DebianAdduser adduser(process, options);
  return options.Has('S') ? adduser.System() : adduser.Normal();
}

}  // namespace watertight::generator::commands
