#include "generator/builders/buildah_run.h"

#include <map>
#include <string>
#include <vector>

#include "generator/dockerfile/expand.h"

namespace watertight::generator {
namespace {

constexpr const char* kDirectories[] = {"dev", "etc", "proc", "run", "sys"};
constexpr const char* kFiles[] = {"etc/hostname", "etc/hosts", "etc/resolv.conf"};
constexpr const char* kSecrets = "/run/secrets/";

// With those above it; what exists stays as it is.
void MakeDirectories(const std::string& path, FileTree& files) {
  const Attributes attributes{.mtime = files.clock()};
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    files.MakeDirectory(path.substr(0, slash), attributes);
  }
  files.MakeDirectory(path, attributes);
}

// The target itself goes away after the command, the directories above it stay.
void MakeParentOf(const std::string& target, FileTree& files) {
  const size_t slash = target.rfind('/');
  if (slash != std::string::npos && slash > 0) MakeDirectories(target.substr(0, slash), files);
}

void MakeMountPoints(const Step& step) {
  const StageBuild& stage = step.stage;
  const Run& run = std::get<Run>(step.instruction.command);
  for (const Mount& mount : ExpandMounts(run, stage.scope, stage.config.workdir)) {
    const bool secret = mount.type == "secret";
    if (secret && mount.target.empty()) MakeParentOf(kSecrets + mount.id, step.stage.files);
    if (mount.target.empty()) continue;
    if (secret || mount.type == "cache" || mount.type == "bind" || mount.type == "tmpfs") {
      MakeParentOf(mount.target, step.stage.files);
    }
  }
}

// Copies what `entered` holds below `path` into an empty directory.
void CopyBelow(const std::string& path, const FileTree& entered, FileTree& files) {
  std::map<InodeNumber, std::string> copied;
  std::vector<std::pair<std::string, std::int64_t>> times;
  entered.Walk(path, [&](const std::string& name, const Inode& inode, InodeNumber number) {
    if (inode.is_directory()) {
      files.MakeDirectory(name, inode.attributes);
      times.emplace_back(name, inode.attributes.mtime);
      return;
    }
    const auto [first, is_new] = copied.try_emplace(number, name);
    if (is_new) {
      files.Make(name, inode);
    } else {
      files.Link(first->second, name);
    }
  });
  for (const auto& [name, mtime] : times) {
    files.Modify(name, Follow::kNo,
                 [time = mtime](Inode& inode) { inode.attributes.mtime = time; });
  }
}

void Restore(const std::string& volume, const FileTree& entered, FileTree& files) {
  const Resolved found = entered.Resolve(volume, Follow::kYes);
  if (found.inode == nullptr || !found.inode->is_directory() || found.path.empty()) return;
  const Attributes attributes = found.inode->attributes;
  files.RemoveAll(found.path);
  files.MakeDirectory(found.path, attributes);
  CopyBelow(found.path, entered, files);
  files.Modify(found.path, Follow::kNo,
               [&](Inode& inode) { inode.attributes.mtime = attributes.mtime; });
}

}  // namespace

void EnterBuildahRun(const Step& step) {
  FileTree& files = step.stage.files;
  for (const char* directory : kDirectories) MakeDirectories(directory, files);
  for (const char* file : kFiles) files.MakeFile(file, {.mtime = files.clock()}, Rope());
  for (const std::string& volume : step.stage.config.volumes) MakeDirectories(volume, files);
  MakeMountPoints(step);
}

void LeaveBuildahRun(const Step& step, const FileTree& entered) {
  for (const std::string& volume : step.stage.config.volumes) {
    Restore(volume, entered, step.stage.files);
  }
}

}  // namespace watertight::generator
