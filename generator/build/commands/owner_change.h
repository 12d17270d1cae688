// What an owner operand says: "user", "user:group", "user:", ":group", names or numbers.

#pragma once

#include <optional>
#include <string>

#include "generator/build/commands/accounts.h"
#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

struct OwnerChange {
  Owner owner;
  std::string user_name;
  std::string group_name;
  std::optional<std::int64_t> only_uid;  // only files of these are changed
  std::optional<std::int64_t> only_gid;
};

// Complains and returns false when there is no such user or group.
bool ParseOwner(Process& process, const Accounts& accounts, const std::string& text,
                OwnerChange& change);

}  // namespace watertight::generator::commands
