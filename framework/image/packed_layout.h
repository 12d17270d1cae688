// A layout directory whose files another program wrote to a temporary folder, packed one after the
// other into one file without a name, so that nothing of it can stay behind.

#pragma once

#include <string>
#include <vector>

#include "framework/image/archive.h"
#include "framework/image/spool.h"

namespace watertight {

// Throws: Error, kIo.
SharedBytes OpenFile(const std::string& path);

class PackedLayout {
 public:
  using Commands = std::vector<std::vector<std::string>>;  // as Member::commands

  // The file is removed. Throws: Error, kIo.
  void AddFile(const std::string& name, const std::string& path, Commands commands);
  void AddText(const std::string& name, const std::string& text, Commands commands);
  Archive Finish();

 private:
  struct Packed {
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    Commands commands;
  };

  SpoolFile spool_;
  std::vector<Packed> files_;
};

}  // namespace watertight
