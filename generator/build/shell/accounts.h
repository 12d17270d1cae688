// Users and groups by the tree's /etc/passwd and /etc/group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/file_tree.h"

namespace watertight::generator::shell {

struct Account {
  std::string name;
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::string home;
  std::string shell;
};

struct Group {
  std::string name;
  std::int64_t gid = 0;
  std::vector<std::string> members;
};

std::vector<Account> Users(const FileTree& tree);
std::vector<Group> Groups(const FileTree& tree);

// By name, or by number.
std::optional<Account> FindUser(const FileTree& tree, std::string_view name);
std::optional<Account> FindUser(const FileTree& tree, std::int64_t uid);
std::optional<Group> FindGroup(const FileTree& tree, std::string_view name);
std::optional<Group> FindGroup(const FileTree& tree, std::int64_t gid);

// A number without sign, or nothing.
std::optional<std::int64_t> ParseId(std::string_view text);

}  // namespace watertight::generator::shell
