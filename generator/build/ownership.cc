#include "generator/build/ownership.h"

#include <optional>
#include <string_view>
#include <vector>

#include "generator/build/tree_paths.h"
#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

// One line of /etc/passwd (uid and gid) or /etc/group (gid, as `id`).
struct Account {
  std::int64_t id = 0;
  std::int64_t group = 0;
};

std::vector<std::string> SplitFields(std::string_view line) {
  std::vector<std::string> fields;
  for (size_t colon = line.find(':'); colon != line.npos; colon = line.find(':')) {
    fields.emplace_back(line.substr(0, colon));
    line.remove_prefix(colon + 1);
  }
  fields.emplace_back(line);
  return fields;
}

std::int64_t NumberOf(const std::vector<std::string>& fields, size_t index) {
  if (index >= fields.size()) return 0;
  return static_cast<std::int64_t>(ParseUint(fields[index], 10, 31).value_or(0));
}

// Null when there is no such file.
const Inode* AccountFile(const FileTree& stage, const std::string& path) {
  const Inode* inode = stage.Find(RootPath(stage, path));
  return inode != nullptr && inode->is_regular() ? inode : nullptr;
}

std::vector<std::vector<std::string>> Lines(const Inode& file) {
  std::vector<std::vector<std::string>> lines;
  const std::string text = file.content.ToString();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(SplitFields(Trim(std::string_view(text).substr(begin, end - begin))));
    begin = end + 1;
  }
  return lines;
}

std::optional<Account> FindAccount(const Inode& file, std::string_view name) {
  for (const std::vector<std::string>& fields : Lines(file)) {
    if (fields[0] == name) return Account{NumberOf(fields, 2), NumberOf(fields, 3)};
  }
  return std::nullopt;
}

std::string NameOf(const FileTree& tree, const std::string& path, std::int64_t id) {
  if (id == 0) return "root";
  const Inode* file = AccountFile(tree, path);
  if (file == nullptr) return "";
  for (const std::vector<std::string>& fields : Lines(*file)) {
    if (fields.size() > 2 && fields[2] == std::to_string(id)) return fields[0];
  }
  return "";
}

std::optional<std::int64_t> NumericId(std::string_view text) {
  const auto number = ParseUint(text, 10, 31);
  if (!number) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

// BuildKit takes an unknown name for root.
std::optional<Account> BuildKitAccount(const FileTree& stage, const std::string& path,
                                       const std::string& name, const FileRules& rules) {
  // BuildKit has nothing to mount for a stage without any layer.
  if (stage.Get(0).names.empty()) throw Error("invalid user index: -1");
  const Inode* file = AccountFile(stage, path);
  if (file != nullptr) return FindAccount(*file, name);
  if (rules.needs_passwd) throw Error("open " + path + ": no such file or directory");
  return std::nullopt;
}

Ownership BuildKitOwnership(const std::string& text, const FileTree& stage,
                            const FileRules& rules) {
  const size_t colon = text.find(':');
  const std::string user = text.substr(0, colon);
  Ownership owner;
  if (user.empty() || user == "root") {
    owner = {};
  } else if (const auto id = NumericId(user)) {
    owner = {*id, *id};
  } else if (const auto account = BuildKitAccount(stage, "/etc/passwd", user, rules)) {
    owner = {account->id, account->group};
  }
  if (colon == text.npos) return owner;
  const std::string group = text.substr(colon + 1);
  if (group.empty()) return owner;
  if (group == "root") {
    owner.gid = 0;
  } else if (const auto id = NumericId(group)) {
    owner.gid = *id;
  } else if (const auto account = BuildKitAccount(stage, "/etc/group", group, rules)) {
    owner.gid = account->id;
  }
  return owner;
}

std::int64_t ClassicId(const FileTree& stage, const std::string& name, const char* kind,
                       const std::string& path) {
  if (const auto id = NumericId(name)) return *id;
  const std::string which = kind == std::string_view("group") ? "gid" : "uid";
  const std::string prefix = "unable to convert uid/gid chown string to host mapping: can't find " +
                             which + " for " + kind + " " + name + ": ";
  const Inode* file = AccountFile(stage, path);
  if (file == nullptr) throw Error(prefix + "open " + path + ": no such file or directory");
  const auto account = FindAccount(*file, name);
  if (!account) throw Error(prefix + "no such " + kind + ": " + name);
  return account->id;
}

Ownership ClassicOwnership(const std::string& text, const FileTree& stage) {
  const std::vector<std::string> parts = SplitFields(text);
  if (parts.size() > 2) {
    throw Error(
        "unable to convert uid/gid chown string to host mapping: invalid chown string format: " +
        text);
  }
  const std::string& group = parts.size() == 1 ? parts[0] : parts[1];
  return {ClassicId(stage, parts[0], "user", "/etc/passwd"),
          ClassicId(stage, group, "group", "/etc/group")};
}

Account BuildahAccount(const std::string& name, const char* kind, const FileTree& stage,
                       const std::string& text) {
  const bool group = kind == std::string_view("group");
  const Inode* file = AccountFile(stage, group ? "/etc/group" : "/etc/passwd");
  const auto account = file == nullptr ? std::nullopt : FindAccount(*file, name);
  if (account) return *account;
  throw Error("looking up UID/GID for " + Quote(text) + ": determining run " +
              (group ? "gid" : "uid") + ": " + kind + ": unknown " + kind + " error looking up " +
              kind + " " + Quote(name));
}

// Numbers need no files; a user by name brings its group.
Ownership BuildahOwnership(const std::string& text, const FileTree& stage) {
  const size_t colon = text.find(':');
  const std::string user = text.substr(0, colon);
  const std::string group = colon == text.npos ? "" : text.substr(colon + 1);
  if (user.empty() && group.empty()) {
    throw Error("looking up UID/GID for " + Quote(text) + ": can't find uid for user " + text);
  }
  Ownership owner;
  if (const auto id = NumericId(user)) {
    owner = {*id, *id};
  } else if (!user.empty()) {
    const Account account = BuildahAccount(user, "user", stage, text);
    owner = {account.id, account.group};
  }
  if (group.empty()) return owner;
  if (const auto id = NumericId(group)) return {owner.uid, *id};
  return {owner.uid, BuildahAccount(group, "group", stage, text).id};
}

std::int64_t KanikoId(const FileTree& stage, const std::string& path, const std::string& name,
                      const char* kind) {
  const Inode* file = AccountFile(stage, path);
  const auto account = file == nullptr ? std::nullopt : FindAccount(*file, name);
  if (account) return account->id;
  if (const auto id = NumericId(name)) return *id;
  throw Error(std::string(kind) + " " + name + " is not a " +
              (kind == std::string_view("user") ? "uid" : "gid") +
              " and does not exist on the system");
}

// The group of a user without one is its uid.
Ownership KanikoOwnership(const std::string& text, const FileTree& stage) {
  const size_t colon = text.find(':');
  const std::string group = colon == text.npos ? "" : text.substr(colon + 1);
  const std::int64_t uid = KanikoId(stage, "/etc/passwd", text.substr(0, colon), "user");
  return {uid, group.empty() ? uid : KanikoId(stage, "/etc/group", group, "group")};
}

}  // namespace

std::string UserNameOf(const FileTree& tree, std::int64_t uid) {
  return NameOf(tree, "/etc/passwd", uid);
}

std::string GroupNameOf(const FileTree& tree, std::int64_t gid) {
  return NameOf(tree, "/etc/group", gid);
}

Ownership LookUpOwnership(const std::string& text, const FileTree& stage, const FileRules& rules) {
  switch (rules.family) {
    case Family::kBuildKit:
      return BuildKitOwnership(text, stage, rules);
    case Family::kClassic:
      return ClassicOwnership(text, stage);
    case Family::kBuildah:
      return BuildahOwnership(text, stage);
    case Family::kKaniko:
      return KanikoOwnership(text, stage);
  }
  return {};
}

}  // namespace watertight::generator
