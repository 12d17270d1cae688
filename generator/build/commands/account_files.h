// /etc/passwd and its relatives, changed as shadow-utils and BusyBox change them: the old file
// becomes FILE-, with its time, and a new one takes its place. A file that was opened and not
// changed is copied up all the same.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/build/commands/accounts.h"

namespace watertight::generator::commands {

class AccountFiles {
 public:
  explicit AccountFiles(Process& process) : process_(process) {}

  // Opens a file for a change; false if it does not exist.
  bool Open(const std::string& path);
  std::vector<std::string>& Lines(const std::string& path);
  void Append(const std::string& path, const std::string& line);
  // Puts a user into the list at the end of the group's line.
  void AddMember(const std::string& path, const std::string& group, const std::string& user);
  // Removes the line of that name.
  void Drop(const std::string& path, const std::string& name);
  // Removes a user from all lists of members.
  void DropMember(const std::string& path, const std::string& user);
  // Has a file written anew even if nothing in it changes.
  void Rewrite(const std::string& path);
  // Writes what changed.
  void Commit();

 private:
  struct File {
    std::string path;
    std::string old;
    std::vector<std::string> lines;
    bool rewritten = false;
  };
  void Replace(const File& file, const std::string& content);

  Process& process_;
  std::vector<File> files_;
};

}  // namespace watertight::generator::commands
