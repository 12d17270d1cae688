// Runs a program as a person would, and keeps what it said.
//
//   const CommandResult listed = RunCommand("tar -tf " + ShellQuoted(path));
//   EXPECT_EQ(listed.exit_code, 0) << listed.error;

#pragma once

#include <string>

namespace watertight::testing {

struct CommandResult {
  int exit_code = -1;  // 128 + signal for a program that a signal ended
  std::string output;  // standard output, as bytes
  std::string error;   // standard error, as bytes
};

// Through /bin/sh, with `input` as standard input.
CommandResult RunCommand(const std::string& command, const std::string& input = "");

// In single quotes, whatever it holds.
std::string ShellQuoted(const std::string& text);

// The program of that name stands in PATH.
bool HasProgram(const std::string& name);

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& bytes);

// A folder of its own for one test, with all that is in it gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::string& path() const { return path_; }
  // The full path of a name in it.
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace watertight::testing
