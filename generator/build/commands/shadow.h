// What useradd and adduser share: a new user, and how the files receive one.

#pragma once

#include <string>
#include <vector>

#include "generator/build/commands/accounts.h"

namespace watertight::generator::commands {

struct NewUser {
  std::string name;
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::string comment = "";
  std::string home = "";
  std::string shell = "";
  std::string password = "!";
  bool system = false;
  bool own_group = false;  // whose number is `gid`
  std::vector<std::string> groups = {};
};

std::int64_t FreeUserId(const Accounts& accounts, bool system);
std::int64_t FreeGroupId(const Accounts& accounts, bool system);
std::string ShadowLine(const Process& process, const NewUser& user);
void TouchLock(Process& process);
void AddGroupFiles(Process& process, const std::string& name, std::int64_t gid);
void AddUserFiles(Process& process, const NewUser& user);

}  // namespace watertight::generator::commands
