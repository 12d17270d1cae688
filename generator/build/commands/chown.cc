// chown, chgrp.

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/owner_change.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {

bool ParseOwner(Process& process, const Accounts& accounts, const std::string& text,
                OwnerChange& change) {
  std::size_t at = text.find(':');
  // "user.group" is old, and a user may have a dot in his name.
  const bool dotted = at == text.npos && !accounts.UserId(text) && text.find('.') != text.npos;
  if (dotted) at = text.find('.');
  const std::string user = text.substr(0, at);
  const std::string group = at == text.npos ? "" : text.substr(at + 1);
  if (!user.empty()) {
    change.owner.uid = accounts.UserId(user);
    if (!change.owner.uid || (process.busybox() && user.starts_with('+'))) {
      Complain(process, "invalid user: " + Quoted(text),
               at == text.npos ? "unknown user " + user : "unknown user/group " + text);
      return false;
    }
    change.user_name = user;
  }
  if (!group.empty()) {
    change.owner.gid = accounts.GroupId(group);
    if (!change.owner.gid) {
      Complain(process, "invalid group: " + Quoted(text),
               user.empty() ? "unknown group " + group : "unknown user/group " + text);
      return false;
    }
    change.group_name = group;
  } else if (at != text.npos && !user.empty()) {
    const UserRecord* login = accounts.UserOf(*change.owner.uid);
    if (login == nullptr) {
      Complain(process, "invalid spec: " + Quoted(text), "unknown user/group " + text);
      return false;
    }
    change.owner.gid = login->gid;
    change.group_name = accounts.NameOfGroup(login->gid);
  }
  if (dotted && !process.busybox()) {
    process.Fail("warning: '.' should be ':': " + Quoted(text));
  }
  return true;
}

namespace {

class OwnerChanger {
 public:
  OwnerChanger(Process& process, const Options& options, const Accounts& accounts,
               const OwnerChange& change, bool group_only)
      : process_(process),
        options_(options),
        accounts_(accounts),
        change_(change),
        group_only_(group_only),
        recursive_(options.Has('R')),
        walk_(recursive_ ? options.LastOf("HLP") : '\0') {}

  bool Change(const std::string& path, bool operand) {
    const bool enters_links = walk_ == 'L' || (walk_ == 'H' && operand);
    const Found found = process_.Stat(path, Follow::kNo);
    if (!found) return NotThere(path, "cannot access ", found.error);
    const bool follows = !options_.Has('h') && (!recursive_ || walk_ == 'L' || walk_ == 'H');
    const Found target = process_.Stat(path, follows ? Follow::kYes : Follow::kNo);
    if (!target) return NotThere(path, "cannot dereference ", target.error);
    bool all = true;
    const Found entered = process_.Stat(path, enters_links ? Follow::kYes : Follow::kNo);
    if (recursive_ && entered && entered.inode->is_directory()) {
      std::vector<std::string> names;
      const std::errc error = process_.ReadDirectory(path, names);
      if (error != std::errc()) {
        all = false;
        Complain(process_, "cannot read directory " + Quoted(path), path, error);
      }
      for (const std::string& name : names) all = Change(Joined(path, name), false) && all;
    }
    return SetOwner(path, follows ? Follow::kYes : Follow::kNo) && all;
  }

 private:
  bool NotThere(const std::string& path, const std::string& what, std::errc error) {
    if (options_.Has('f') && !process_.busybox()) return false;
    Complain(process_, what + Quoted(path), path, error);
    return false;
  }

  bool SetOwner(const std::string& path, Follow follow) {
    const Attributes old = process_.Stat(path, follow).inode->attributes;
    if (change_.only_uid && *change_.only_uid != old.uid) return true;
    if (change_.only_gid && *change_.only_gid != old.gid) return true;
    const std::errc error = process_.SetOwner(path, change_.owner, follow);
    if (error != std::errc()) {
      if (options_.Has('f') && !process_.busybox()) return false;
      const char* what = group_only_ ? "changing group of " : "changing ownership of ";
      Complain(process_, what + Quoted(path), path, error);
      return false;
    }
    Tell(path, old);
    return true;
  }

  std::string Shown(const Attributes& attributes) const {
    std::string text;
    if (change_.owner.uid) text = accounts_.NameOfUser(attributes.uid);
    if (!change_.owner.gid) return text;
    if (!group_only_) text += ":";
    return text + accounts_.NameOfGroup(attributes.gid);
  }

  void Tell(const std::string& path, const Attributes& old) {
    Attributes now = old;
    now.uid = change_.owner.uid.value_or(old.uid);
    now.gid = change_.owner.gid.value_or(old.gid);
    const bool changed = now.uid != old.uid || now.gid != old.gid;
    if (!options_.Has('v') && !(options_.Has('c') && changed)) return;
    if (process_.busybox()) {
      process_.Write(1, "changed ownership of '" + path + "' to " + std::to_string(now.uid) + ":" +
                            std::to_string(now.gid) + "\n");
      return;
    }
    const std::string what = group_only_ ? "group of " : "ownership of ";
    process_.Write(1, changed ? "changed " + what + Quoted(path) + " from " + Shown(old) + " to " +
                                    Shown(now) + "\n"
                              : what + Quoted(path) + " retained as " + Shown(now) + "\n");
  }

  Process& process_;
  const Options& options_;
  const Accounts& accounts_;
  const OwnerChange& change_;
  bool group_only_;
  bool recursive_;
  char walk_;
};

int ChangeOwners(Process& process, bool group_only) {
  const Options options = process.busybox() ? Options(process, "RhHLPcvf")
                                            : Options(process, "RhHLPcvfZ:F:",
                                                      {{"recursive", 'R'},
                                                       {"no-dereference", 'h'},
                                                       {"verbose", 'v'},
                                                       {"changes", 'c'},
                                                       {"silent", 'f'},
                                                       {"quiet", 'f'},
                                                       {"reference", 'Z'},
                                                       {"from", 'F'}});
  std::vector<std::string> paths = options.operands();
  const Accounts accounts(process);
  OwnerChange change;
  if (const auto reference = options.Value('Z')) {
    const Found found = process.Stat(*reference);
    if (!found) {
      return process.Fail("failed to get attributes of " + Quoted(*reference) + ": " +
                          process.Text(found.error));
    }
    if (!group_only) change.owner.uid = found.inode->attributes.uid;
    change.owner.gid = found.inode->attributes.gid;
  } else {
    if (paths.empty()) return MisusedBy(process, "missing operand");
    const std::string owner = paths.front();
    if (paths.size() == 1) return MisusedBy(process, "missing operand after " + Quoted(owner));
    paths.erase(paths.begin());
    if (group_only) {
      change.owner.gid = accounts.GroupId(owner);
      if (!change.owner.gid) {
        return Complain(process, "invalid group: " + Quoted(owner), "unknown group " + owner);
      }
    } else if (owner == ":" && process.busybox()) {
      return process.Fail("unknown group ");
    } else if (!ParseOwner(process, accounts, owner, change)) {
      return 1;
    }
  }
  if (const auto from = options.Value('F')) {
    OwnerChange only;
    if (!ParseOwner(process, accounts, *from, only)) return 1;
    change.only_uid = only.owner.uid;
    change.only_gid = only.owner.gid;
  }
  OwnerChanger changer(process, options, accounts, change, group_only);
  bool all = true;
  for (const std::string& path : paths) all = changer.Change(path, true) && all;
  return all ? 0 : 1;
}

}  // namespace

int Chown(Process& process) { return ChangeOwners(process, false); }

int Chgrp(Process& process) { return ChangeOwners(process, true); }

}  // namespace watertight::generator::commands
