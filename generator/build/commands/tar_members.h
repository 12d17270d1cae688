// The members of an archive that tar -x and -t read.

#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "generator/build/commands/tar.h"

namespace watertight::generator::commands {

// Reads the archive that a job names.
class TarMembers {
 public:
  TarMembers(Process& process, const TarJob& job) : process_(process), job_(job) {}

  // Calls `take` with each wanted member; returns the status.
  int Run(const std::function<void(const UnpackedEntry&)>& take);
  // `take` could not do what it should: the status is that of a failure.
  void Failed() { failed_ = true; }

 private:
  bool gnu() const { return !process_.busybox(); }
  std::optional<Rope> OpenArchive();
  // What is too short for a header is no archive.
  std::optional<Rope> Plain(const Rope& bytes);
  std::optional<Rope> CannotOpen(std::errc error);
  std::optional<Rope> MustBeTold(PackedAs packing, const Rope& bytes);
  std::optional<Rope> NotPacked();
  bool Enter();
  // A member is wanted by its name, or by that of a directory above it.
  bool Wants(std::string_view name);
  bool Matches(std::string_view pattern, std::string_view name) const;
  int Missing();

  Process& process_;
  const TarJob& job_;
  std::set<std::string> found_;
  int status_ = 0;
  bool failed_ = false;
};

}  // namespace watertight::generator::commands
