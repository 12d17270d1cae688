#include "generator/build/shell/accounts.h"

#include <algorithm>
#include <charconv>

namespace watertight::generator::shell {
namespace {

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// The lines of a file that have at least `least` fields.
std::vector<std::vector<std::string>> Rows(const FileTree& tree, std::string_view path,
                                           std::size_t least) {
  std::vector<std::vector<std::string>> rows;
  const Inode* file = tree.Find(path, Follow::kYes);
  if (file == nullptr || !file->is_regular()) return rows;
  for (const std::string& line : Split(file->content.ToString(), '\n')) {
    std::vector<std::string> fields = Split(line, ':');
    if (fields.size() >= least && !line.starts_with('#')) rows.push_back(std::move(fields));
  }
  return rows;
}

template <typename Row, typename Matches>
std::optional<Row> FirstOf(const std::vector<Row>& rows, const Matches& matches) {
  const auto found = std::ranges::find_if(rows, matches);
  if (found == rows.end()) return {};
  return *found;
}

}  // namespace

std::optional<std::int64_t> ParseId(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 0) return {};
  return id;
}

std::vector<Account> Users(const FileTree& tree) {
  std::vector<Account> users;
  for (std::vector<std::string>& row : Rows(tree, "/etc/passwd", 4)) {
    row.resize(7);
    users.push_back({.name = row[0],
                     .uid = ParseId(row[2]).value_or(0),
                     .gid = ParseId(row[3]).value_or(0),
                     .home = row[5],
                     .shell = row[6]});
  }
  return users;
}

std::vector<Group> Groups(const FileTree& tree) {
  std::vector<Group> groups;
  for (std::vector<std::string>& row : Rows(tree, "/etc/group", 3)) {
    Group group{.name = row[0], .gid = ParseId(row[2]).value_or(0), .members = {}};
    if (row.size() > 3 && !row[3].empty()) group.members = Split(row[3], ',');
    groups.push_back(std::move(group));
  }
  return groups;
}

std::optional<Account> FindUser(const FileTree& tree, std::string_view name) {
  return FirstOf(Users(tree), [&](const Account& user) { return user.name == name; });
}

std::optional<Account> FindUser(const FileTree& tree, std::int64_t uid) {
  return FirstOf(Users(tree), [&](const Account& user) { return user.uid == uid; });
}

std::optional<Group> FindGroup(const FileTree& tree, std::string_view name) {
  return FirstOf(Groups(tree), [&](const Group& group) { return group.name == name; });
}

std::optional<Group> FindGroup(const FileTree& tree, std::int64_t gid) {
  return FirstOf(Groups(tree), [&](const Group& group) { return group.gid == gid; });
}

}  // namespace watertight::generator::shell
