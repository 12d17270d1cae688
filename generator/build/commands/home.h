// A new user's home directory, with what /etc/skel holds.

#pragma once

#include <string>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

struct NewHome {
  std::string path;
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::uint32_t mode = 0755;
  std::string skeleton = "/etc/skel";
  bool keeps_times = false;  // of the files of the skeleton
};

// Does nothing to a directory that is there; returns whether it was made.
bool MakeHome(Process& process, const NewHome& home);

}  // namespace watertight::generator::commands
