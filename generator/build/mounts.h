// What is mounted while a RUN runs: the runtime's own directories and files, and those of --mount.
//
//   RunMounts mounts(stage.files, sources, MountTraces{});
//   mounts.AddRuntime({"/etc/hosts", "/etc/resolv.conf"});
//   for (const Mount& mount : expanded) mounts.Add(mount, workdir);
//   const RunResult result = RunCommand({… .environment = with mounts.environment() …});
//   mounts.Release();
//
// Nothing of it is stored, but for the mount points that were made: how much of them stays is the
// builder's habit.

#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "generator/build/file_tree.h"
#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/environment.h"
#include "generator/dockerfile/mount.h"
#include "generator/error.h"

namespace watertight::generator {

// What happens to a mount point that did not exist.
enum class MountTrace {
  kNone,             // it is never made in the files of the stage
  kRemoved,          // made and removed again: the directory above it counts as changed
  kDirectoriesStay,  // only files are removed
  kTargetsGo,        // directories above it stay; the target goes, be it from before
};

struct MountTraces {
  MountTrace system = MountTrace::kDirectoriesStay;  // of /dev, /proc, /sys
  MountTrace files = MountTrace::kRemoved;           // of /etc/hosts and the like
  MountTrace mounts = MountTrace::kRemoved;          // of --mount
};

struct MountSources {
  Family family = Family::kBuildKit;  // whose words errors have
  bool old_words = false;             // BuildKit 0.8's
  // The files of a stage, an image, or with "" the context; null if there are none.
  std::function<const FileTree*(const std::string& from)> files;
  const std::map<std::string, std::string>* secrets = nullptr;  // by id
  std::map<std::string, FileTree>* caches = nullptr;            // by id; kept for later RUNs
};

class RunMounts {
 public:
  RunMounts(FileTree& tree, MountSources sources, const MountTraces& traces);
  ~RunMounts();
  RunMounts(const RunMounts&) = delete;
  RunMounts& operator=(const RunMounts&) = delete;

  // /dev, /proc and /sys, and empty files over `files`. Below /dev there may be one more mount, of
  // a script: a mount point above one of those goes with it.
  void AddRuntime(const std::vector<std::string>& files, bool script = false);
  // A folder of the builder's own, of which nothing stays.
  void AddFolder(const std::string& path, const FileTree& files);
  // Throws: Error.
  void Add(const Mount& mount, const std::string& workdir);
  // Variables of secrets and agents.
  const Environment& environment() const { return environment_; }
  // Mount points, and directories above them, that did not exist: parents first.
  const std::vector<std::string>& created() const { return created_; }

  // Unmounts everything, keeps caches, removes what is to be removed.
  void Release();

 private:
  struct Created {
    std::string path;
    bool directory = false;
    MountTrace trace = MountTrace::kNone;
  };

  void MountAt(const std::string& path, const FileTree& files, const std::string& source,
               bool read_only, MountTrace trace);
  void MakePoint(const std::string& path, bool directory, MountTrace trace);
  // Like MountAt, where the directories above are missing and must not be made.
  void MountWithParents(const std::string& path, const FileTree& files, const std::string& source,
                        bool read_only);
  void AddBind(const Mount& mount, const std::string& target);
  void AddCache(const Mount& mount, const std::string& target);
  void AddSecret(const Mount& mount, const std::string& workdir);
  Error Missing(const Mount& mount, const std::string& id) const;
  void TraceAbove(const std::string& path);

  FileTree& tree_;
  MountSources sources_;
  MountTraces traces_;
  Environment environment_;
  std::vector<Created> points_;
  std::vector<std::string> targets_;  // that go, with all that is in them
  std::vector<std::string> created_;
  std::vector<std::string> cache_ids_;  // by mount; "" for none
};

}  // namespace watertight::generator
