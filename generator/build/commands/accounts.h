// Users and groups as /etc/passwd and /etc/group of the tree name them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

struct UserRecord {
  std::string name;
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::string comment;
  std::string home;
  std::string shell;
};

struct Group {
  std::string name;
  std::int64_t gid = 0;
  std::vector<std::string> members;
};

class Accounts {
 public:
  explicit Accounts(const Process& process);

  const std::vector<UserRecord>& users() const { return users_; }
  const std::vector<Group>& groups() const { return groups_; }
  const UserRecord* UserNamed(std::string_view name) const;
  const UserRecord* UserOf(std::int64_t uid) const;
  const Group* GroupNamed(std::string_view name) const;
  const Group* GroupOf(std::int64_t gid) const;
  // The name, else the number.
  std::string NameOfUser(std::int64_t uid) const;
  std::string NameOfGroup(std::int64_t gid) const;
  // A name, else a number.
  std::optional<std::int64_t> UserId(std::string_view text) const;
  std::optional<std::int64_t> GroupId(std::string_view text) const;

 private:
  std::vector<UserRecord> users_;
  std::vector<Group> groups_;
};

// The lines of a file of the tree, none when it is not there.
std::vector<std::string> LinesOfFile(const Process& process, std::string_view path);
std::vector<std::string> SplitAt(std::string_view text, char separator);
// A decimal number without sign that fits.
std::optional<std::int64_t> NumberOf(std::string_view text);

}  // namespace watertight::generator::commands
