// id, whoami, groups, hostname, uname, nproc, logname.

#include <algorithm>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"

namespace watertight::generator::commands {
namespace {

// A user with all groups, the own one first.
struct Identity {
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::vector<std::int64_t> groups;
  bool tells_own_group = true;  // among all of them
};

void AddGroup(std::vector<std::int64_t>& groups, std::int64_t gid) {
  if (std::find(groups.begin(), groups.end(), gid) == groups.end()) groups.push_back(gid);
}

Identity Own(const Process& process) {
  Identity identity{process.credentials.uid, process.credentials.gid, {process.credentials.gid}};
  for (const std::int64_t group : process.credentials.groups) AddGroup(identity.groups, group);
  // BusyBox says what getgroups(2) does, coreutils always adds the own group.
  identity.tells_own_group = !process.busybox() || process.credentials.in_own_group;
  return identity;
}

std::optional<Identity> Named(const Accounts& accounts, const std::string& name) {
  const UserRecord* user = accounts.UserNamed(name);
  if (user == nullptr) {
    const auto number = NumberOf(name);
    if (number) user = accounts.UserOf(*number);
  }
  if (user == nullptr) return std::nullopt;
  Identity identity{user->uid, user->gid, {user->gid}};
  for (const Group& group : accounts.groups()) {
    const auto& members = group.members;
    if (std::find(members.begin(), members.end(), user->name) != members.end()) {
      AddGroup(identity.groups, group.gid);
    }
  }
  return identity;
}

std::string WithName(std::int64_t id, bool named, const std::string& name) {
  return std::to_string(id) + (named ? "(" + name + ")" : "");
}

std::string Everything(const Accounts& accounts, const Identity& identity) {
  const auto group = [&](std::int64_t gid) {
    return WithName(gid, accounts.GroupOf(gid) != nullptr, accounts.NameOfGroup(gid));
  };
  std::string text = "uid=" + WithName(identity.uid, accounts.UserOf(identity.uid) != nullptr,
                                       accounts.NameOfUser(identity.uid));
  text += " gid=" + group(identity.gid);
  std::string groups;
  for (const std::int64_t gid : identity.groups) {
    if (gid == identity.gid && !identity.tells_own_group) continue;
    groups += (groups.empty() ? " groups=" : ",") + group(gid);
  }
  return text + groups;
}

}  // namespace

int Id(Process& process) {
  const Options options(
      process, "ugGnr",
      {{"user", 'u'}, {"group", 'g'}, {"groups", 'G'}, {"name", 'n'}, {"real", 'r'}});
  const Accounts accounts(process);
  Identity identity = Own(process);
  if (!options.operands().empty()) {
    const std::string& name = options.operands()[0];
    const auto found = Named(accounts, name);
    if (!found) {
      return Complain(process, Quoted(name) + ": no such user", "unknown user " + name);
    }
    identity = *found;
  }
  std::string text;
  const bool names = options.Has('n');
  switch (options.LastOf("ugG")) {
    case 'u':
      text = names ? accounts.NameOfUser(identity.uid) : std::to_string(identity.uid);
      break;
    case 'g':
      text = names ? accounts.NameOfGroup(identity.gid) : std::to_string(identity.gid);
      break;
    case 'G':
      for (const std::int64_t gid : identity.groups) {
        if (!text.empty()) text += ' ';
        text += names ? accounts.NameOfGroup(gid) : std::to_string(gid);
      }
      break;
    default:
      text = Everything(accounts, identity);
  }
  process.Write(1, text + "\n");
  return 0;
}

int Whoami(Process& process) {
  const Options options(process, "");
  const Accounts accounts(process);
  const UserRecord* user = accounts.UserOf(process.credentials.uid);
  if (user == nullptr) {
    const std::string uid = std::to_string(process.credentials.uid);
    return Complain(process, "cannot find name for user ID " + uid, "unknown uid " + uid);
  }
  process.Write(1, user->name + "\n");
  return 0;
}

int Groups(Process& process) {
  const Options options(process, "");
  const Accounts accounts(process);
  const auto names = [&](const Identity& identity) {
    std::string text;
    for (const std::int64_t gid : identity.groups) {
      text += (text.empty() ? "" : " ") + accounts.NameOfGroup(gid);
    }
    return text + "\n";
  };
  if (options.operands().empty()) {
    process.Write(1, names(Own(process)));
    return 0;
  }
  int status = 0;
  for (const std::string& name : options.operands()) {
    const auto identity = Named(accounts, name);
    if (!identity) {
      status = Complain(process, Quoted(name) + ": no such user", "unknown user " + name);
      continue;
    }
    process.Write(1, (process.busybox() ? "" : name + " : ") + names(*identity));
  }
  return status;
}

int Hostname(Process& process) {
  const Options options(process, "sf");
  if (!options.operands().empty()) NotModelled(NameOf(process) + " that sets the name");
  // What a build is called differs from build to build.
  process.Write(1, "buildkitsandbox\n");
  return 0;
}

int Uname(Process& process) {
  const Options options(process, "asnrvmpio",
                        {{"all", 'a'},
                         {"kernel-name", 's'},
                         {"nodename", 'n'},
                         {"kernel-release", 'r'},
                         {"machine", 'm'},
                         {"operating-system", 'o'}});
  if (options.HasAny("anrvpi")) {
    NotModelled(NameOf(process) + " of what differs from machine to machine");
  }
  std::string text;
  const auto add = [&](std::string_view word) {
    text += text.empty() ? "" : " ";
    text += word;
  };
  if (options.Has('s') || options.given().empty()) add("Linux");
  if (options.Has('m')) add("x86_64");
  if (options.Has('o')) add("GNU/Linux");
  process.Write(1, text + "\n");
  return 0;
}

int Arch(Process& process) {
  process.Write(1, "x86_64\n");
  return 0;
}

int Nproc(Process& process) {
  const Options options(process, "ai:", {{"all", 'a'}, {"ignore", 'i'}});
  process.Write(1, "1\n");
  return 0;
}

}  // namespace watertight::generator::commands
