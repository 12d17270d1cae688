// Copying files and directories: what cp, mv (to where it cannot rename) and install share.
//
// coreutils and BusyBox differ in so much of it that each has a copier of its own.

#pragma once

#include <map>
#include <set>
#include <string>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

struct CopyOptions {
  enum class Links { kFollow, kFollowOperands, kKeep };

  bool recursive = false;
  Links links = Links::kFollow;
  bool mode = false;  // what is preserved
  bool owner = false;
  bool time = false;
  bool hard_links = false;
  bool default_mode = false;  // --no-preserve=mode
  bool force = false;
  bool keep_existing = false;  // -n
  bool update = false;         // -u
  bool verbose = false;
  bool remove_destination = false;
  bool make_links = false;
  bool make_symlinks = false;
  bool move = false;  // for mv, which speaks of it otherwise
};

class Copier {
 public:
  Copier(Process& process, const CopyOptions& options) : process_(process), options_(options) {}

  // Copies to exactly that path, complains, and returns whether all went well.
  bool Copy(const std::string& from, const std::string& to);

 private:
  bool CopyAsCoreutils(const std::string& from, const std::string& to, bool operand);
  bool MayOverwrite(const std::string& from, const std::string& to, const Inode& source,
                    const Found& target, bool& skip);
  bool CopyDirectory(const std::string& from, const std::string& to, const Inode& source,
                     bool is_new);
  bool CopyContent(const std::string& from, const std::string& to, const Inode& source);
  bool CreateTarget(const std::string& to, std::uint32_t mode, int& descriptor);
  bool MakeLinkTo(const std::string& from, const std::string& to);
  bool CopySymlink(const std::string& to, const Inode& source);
  bool Preserve(const std::string& to, const Inode& source);

  bool CopyAsBusybox(const std::string& from, const std::string& to, bool operand);
  bool CopyDirectoryAsBusybox(const std::string& from, const std::string& to, const Inode& source,
                              const Found& target);
  bool CopyContentAsBusybox(const std::string& from, const std::string& to, const Inode& source,
                            InodeNumber number);
  bool CopyNodeAsBusybox(const std::string& to, const Inode& source);
  bool MakeRoom(const std::string& to, std::errc error);
  bool PreserveAsBusybox(const std::string& to, const Inode& source);

  void Tell(const std::string& from, const std::string& to);
  bool Fails(const std::string& coreutils, const std::string& busybox, std::errc error);

  Process& process_;
  CopyOptions options_;
  std::string from_;  // as operands
  std::string to_;
  std::map<InodeNumber, std::string> copies_;  // of files that may have other names
  std::set<std::string> made_;                 // real paths of what was created here
  std::set<std::string> made_directories_;
};

}  // namespace watertight::generator::commands
