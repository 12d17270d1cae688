#include "generator/build/commands/accounts.h"

#include <algorithm>
#include <charconv>

namespace watertight::generator::commands {

std::vector<std::string> SplitAt(std::string_view text, char separator) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t at = text.find(separator);
    fields.emplace_back(text.substr(0, at));
    if (at == text.npos) return fields;
    text.remove_prefix(at + 1);
  }
}

std::optional<std::int64_t> NumberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::vector<std::string> LinesOfFile(const Process& process, std::string_view path) {
  const Found found = process.Stat(path);
  if (!found || !found.inode->is_regular()) return {};
  std::vector<std::string> lines = SplitAt(found.inode->content.ToString(), '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

Accounts::Accounts(const Process& process) {
  for (const std::string& line : LinesOfFile(process, "/etc/passwd")) {
    const std::vector<std::string> field = SplitAt(line, ':');
    if (field.size() < 7) continue;
    const auto uid = NumberOf(field[2]);
    const auto gid = NumberOf(field[3]);
    if (uid && gid) users_.push_back({field[0], *uid, *gid, field[4], field[5], field[6]});
  }
  for (const std::string& line : LinesOfFile(process, "/etc/group")) {
    const std::vector<std::string> field = SplitAt(line, ':');
    if (field.size() < 4) continue;
    const auto gid = NumberOf(field[2]);
    if (!gid) continue;
    Group group{field[0], *gid, {}};
    if (!field[3].empty()) group.members = SplitAt(field[3], ',');
    groups_.push_back(std::move(group));
  }
}

namespace {

template <typename List, typename Test>
auto FirstOf(const List& list, const Test& test) {
  const auto found = std::find_if(list.begin(), list.end(), test);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const UserRecord* Accounts::UserNamed(std::string_view name) const {
  return FirstOf(users_, [&](const UserRecord& user) { return user.name == name; });
}
const UserRecord* Accounts::UserOf(std::int64_t uid) const {
  return FirstOf(users_, [&](const UserRecord& user) { return user.uid == uid; });
}
const Group* Accounts::GroupNamed(std::string_view name) const {
  return FirstOf(groups_, [&](const Group& group) { return group.name == name; });
}
const Group* Accounts::GroupOf(std::int64_t gid) const {
  return FirstOf(groups_, [&](const Group& group) { return group.gid == gid; });
}

std::string Accounts::NameOfUser(std::int64_t uid) const {
  const UserRecord* user = UserOf(uid);
  return user != nullptr ? user->name : std::to_string(uid);
}

std::string Accounts::NameOfGroup(std::int64_t gid) const {
  const Group* group = GroupOf(gid);
  return group != nullptr ? group->name : std::to_string(gid);
}

std::optional<std::int64_t> Accounts::UserId(std::string_view text) const {
  const UserRecord* user = UserNamed(text);
  if (user != nullptr) return user->uid;
  if (text.starts_with('+')) text.remove_prefix(1);
  return NumberOf(text);
}

std::optional<std::int64_t> Accounts::GroupId(std::string_view text) const {
  const Group* group = GroupNamed(text);
  if (group != nullptr) return group->gid;
  if (text.starts_with('+')) text.remove_prefix(1);
  return NumberOf(text);
}

}  // namespace watertight::generator::commands
