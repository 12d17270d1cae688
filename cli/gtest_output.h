// GoogleTest's own report: --gtest_output=xml:FILE, json:FILE.

#pragma once

#include <optional>
#include <string>

namespace watertight::cli {

// Where it goes. GoogleTest ends the program where it cannot begin the file, and says nothing where
// it cannot end it: so both are looked at here.
class GtestOutput {
 public:
  // given: by the flag; empty: the environment tells. Nothing when no such report is wanted.
  // Throws: Error, when it is no such word, or the file cannot be written.
  static std::optional<GtestOutput> Find(const std::string& given);

  // The value of the flag, which names a file also where a folder was given.
  std::string flag() const { return kind_ + ":" + path_; }

  // Once it is written. A pipe cannot be looked at, and is.
  bool IsWhole() const;
  // Removes one that is not whole. Returns a line that says so.
  std::string RemoveHalf() const;

 private:
  GtestOutput(std::string kind, std::string path);

  std::string kind_;
  std::string path_;
};

}  // namespace watertight::cli
