// usermod and groupmod of shadow-utils.

#include <algorithm>

#include "generator/build/commands/account_files.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/shadow.h"

namespace watertight::generator::commands {
namespace {

constexpr int kNoSuchUser = 6;
constexpr const char* kUserFiles[] = {"/etc/passwd", "/etc/shadow"};
constexpr const char* kGroupFiles[] = {"/etc/group", "/etc/gshadow"};

std::string JoinedFields(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) line += (i == 0 ? "" : ":") + fields[i];
  return line;
}

// Sets a field of the line of that name.
void SetField(AccountFiles& files, const std::string& path, const std::string& name,
              std::size_t field, const std::string& value) {
  for (std::string& line : files.Lines(path)) {
    std::vector<std::string> fields = SplitAt(line, ':');
    if (fields[0] != name || fields.size() <= field) continue;
    fields[field] = value;
    line = JoinedFields(fields);
  }
}

std::string FieldOf(AccountFiles& files, const std::string& path, const std::string& name,
                    std::size_t field) {
  for (const std::string& line : files.Lines(path)) {
    const std::vector<std::string> fields = SplitAt(line, ':');
    if (fields[0] == name && fields.size() > field) return fields[field];
  }
  return "";
}

void RenameMember(AccountFiles& files, const std::string& path, const std::string& from,
                  const std::string& to) {
  for (std::string& line : files.Lines(path)) {
    std::vector<std::string> fields = SplitAt(line, ':');
    std::string members;
    for (const std::string& member : SplitAt(fields.back(), ',')) {
      if (!member.empty()) members += (members.empty() ? "" : ",") + (member == from ? to : member);
    }
    fields.back() = members;
    line = JoinedFields(fields);
  }
}

// Gives what is below a directory and belongs to `from` to `to`, links as such.
void ChangeOwners(Process& process, const std::string& path, const Owner& from, const Owner& to) {
  const Found file = process.Stat(path, Follow::kNo);
  if (!file) return;
  std::vector<std::string> names;
  if (file.inode->is_directory()) process.ReadDirectory(path, names);
  const Attributes& attributes = file.inode->attributes;
  const bool its = from.uid ? attributes.uid == *from.uid : attributes.gid == *from.gid;
  if (its) process.SetOwner(path, to, Follow::kNo);
  for (const std::string& name : names) ChangeOwners(process, path + "/" + name, from, to);
}

class UserChange {
 public:
  UserChange(Process& process, const Options& options)
      : process_(process),
        options_(options),
        accounts_(process),
        files_(process),
        name_(options.operands()[0]) {}

  int Run() {
    const UserRecord* user = accounts_.UserNamed(name_);
    if (user == nullptr) {
      process_.Fail("user '" + name_ + "' does not exist");
      return kNoSuchUser;
    }
    before_ = *user;
    if (const int status = Check(); status != 0) return status;
    TouchLock(process_);
    for (const char* path : kUserFiles) files_.Open(path);
    if (options_.HasAny("Gl")) {
      for (const char* path : kGroupFiles) files_.Open(path);
    }
    if (options_.Has('G')) ChangeGroups();
    ChangeUser();
    files_.Commit();
    ChangeHome();
    return 0;
  }

 private:
  int Check() {
    if (const auto text = options_.Value('g')) {
      const auto gid = accounts_.GroupId(*text);
      if (!gid || accounts_.GroupOf(*gid) == nullptr) {
        process_.Fail("group '" + *text + "' does not exist");
        return 6;
      }
      gid_ = *gid;
    }
    if (const auto list = options_.Value('G'); list && !list->empty()) {
      for (const std::string& group : SplitAt(*list, ',')) {
        const auto gid = accounts_.GroupId(group);
        if (!gid || accounts_.GroupOf(*gid) == nullptr) {
          process_.Fail("group '" + group + "' does not exist");
          return 6;
        }
        groups_.push_back(accounts_.NameOfGroup(*gid));
      }
    }
    if (const auto text = options_.Value('u')) {
      uid_ = NumberOf(*text);
      if (!uid_) {
        process_.Fail("invalid user ID '" + *text + "'");
        return 3;
      }
      if (*uid_ != before_.uid && accounts_.UserOf(*uid_) != nullptr && !options_.Has('o')) {
        process_.Fail("UID '" + *text + "' already exists");
        return 4;
      }
    }
    if (const auto text = options_.Value('l'); text && accounts_.UserNamed(*text) != nullptr) {
      process_.Fail("user '" + *text + "' already exists");
      return 9;
    }
    return 0;
  }

  void ChangeGroups() {
    for (const char* path : kGroupFiles) {
      if (!options_.Has('a')) files_.DropMember(path, name_);
      for (const std::string& group : groups_) files_.AddMember(path, group, name_);
    }
  }

  void ChangeUser() {
    const auto set = [&](std::size_t field, const std::optional<std::string>& value) {
      if (value) SetField(files_, kUserFiles[0], name_, field, *value);
    };
    if (uid_) set(2, std::to_string(*uid_));
    if (gid_) set(3, std::to_string(*gid_));
    set(4, options_.Value('c'));
    set(5, options_.Value('d'));
    set(6, options_.Value('s'));
    if (options_.HasAny("LUp")) ChangePassword();
    if (const auto name = options_.Value('l')) {
      for (const char* path : kUserFiles) SetField(files_, path, name_, 0, *name);
      for (const char* path : kGroupFiles) RenameMember(files_, path, name_, *name);
    }
  }

  void ChangePassword() {
    std::string password = FieldOf(files_, kUserFiles[1], name_, 1);
    if (options_.Has('L') && !password.starts_with('!')) password.insert(0, 1, '!');
    if (options_.Has('U') && password.starts_with('!') && password.size() > 1) password.erase(0, 1);
    if (const auto given = options_.Value('p')) password = *given;
    SetField(files_, kUserFiles[1], name_, 1, password);
    // Both files are written anew then, and their old ones kept.
    files_.Rewrite(kUserFiles[0]);
    files_.Rewrite(kUserFiles[1]);
  }

  void ChangeHome() {
    std::string home = before_.home;
    const auto moved = options_.Value('d');
    if (moved && options_.Has('m') && process_.Stat(home) && !process_.Stat(*moved)) {
      if (process_.Rename(home, *moved) != std::errc()) NotModelled("usermod -m of that directory");
      home = *moved;
    }
    if (uid_ && *uid_ != before_.uid) {
      ChangeOwners(process_, home, {.uid = before_.uid}, {.uid = *uid_});
      for (const char* log : {"/var/log/faillog", "/var/log/lastlog"}) {
        const Opened opened = process_.Open(log, {.read = true, .write = true});
        if (opened) process_.Close(opened.descriptor);
      }
    }
    if (gid_ && *gid_ != before_.gid) {
      ChangeOwners(process_, home, {.gid = before_.gid}, {.gid = *gid_});
    }
  }

  Process& process_;
  const Options& options_;
  Accounts accounts_;
  AccountFiles files_;
  const std::string name_;
  UserRecord before_;
  std::optional<std::int64_t> uid_;
  std::optional<std::int64_t> gid_;
  std::vector<std::string> groups_;
};

}  // namespace

int Usermod(Process& process) {
  const Options options(process, "ac:d:e:f:g:G:l:Lmop:s:u:U",
                        {{"append", 'a'},
                         {"comment", 'c'},
                         {"home", 'd'},
                         {"gid", 'g'},
                         {"groups", 'G'},
                         {"login", 'l'},
                         {"lock", 'L'},
                         {"move-home", 'm'},
                         {"non-unique", 'o'},
                         {"password", 'p'},
                         {"shell", 's'},
                         {"uid", 'u'},
                         {"unlock", 'U'}});
  if (options.operands().size() != 1 || options.given().empty()) {
    NotModelled(NameOf(process) + " without one name and an option");
  }
  if (options.HasAny("ef")) NotModelled(NameOf(process) + " -" + options.LastOf("ef"));
  return UserChange(process, options).Run();
}

int Groupmod(Process& process) {
  const Options options(process, "g:n:o", {{"gid", 'g'}, {"new-name", 'n'}, {"non-unique", 'o'}});
  if (options.operands().size() != 1) NotModelled(NameOf(process) + " without one name");
  const std::string& name = options.operands()[0];
  const Accounts accounts(process);
  if (accounts.GroupNamed(name) == nullptr) {
    process.Fail("group '" + name + "' does not exist");
    return 6;
  }
  const std::int64_t old_gid = accounts.GroupNamed(name)->gid;
  const auto gid = NumberOf(options.Value('g').value_or(std::to_string(old_gid)));
  if (!gid) {
    process.Fail("invalid group ID '" + *options.Value('g') + "'");
    return 3;
  }
  if (*gid != old_gid && accounts.GroupOf(*gid) != nullptr && !options.Has('o')) {
    process.Fail("GID '" + std::to_string(*gid) + "' already exists");
    return 4;
  }
  const std::string new_name = options.Value('n').value_or(name);
  if (new_name != name && accounts.GroupNamed(new_name) != nullptr) {
    process.Fail("group '" + new_name + "' already exists");
    return 9;
  }
  TouchLock(process);
  AccountFiles files(process);
  for (const char* path : kGroupFiles) {
    // Passwords of groups do not know numbers.
    if (path != kGroupFiles[0] && new_name == name) continue;
    if (!files.Open(path)) continue;
    if (path == kGroupFiles[0]) SetField(files, path, name, 2, std::to_string(*gid));
    if (new_name == name) continue;
    // The renamed one goes to the end.
    std::vector<std::string>& lines = files.Lines(path);
    const auto at = std::find_if(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.starts_with(name + ":");
    });
    if (at == lines.end()) continue;
    const std::string renamed = new_name + at->substr(name.size());
    lines.erase(at);
    lines.push_back(renamed);
  }
  if (*gid != old_gid && files.Open("/etc/passwd")) {
    for (const UserRecord& user : accounts.users()) {
      if (user.gid == old_gid) SetField(files, "/etc/passwd", user.name, 3, std::to_string(*gid));
    }
  }
  files.Commit();
  return 0;
}

}  // namespace watertight::generator::commands
