#include "generator/builders/buildah_run.h"

#include <algorithm>
#include <string>

#include "generator/build/copy_job.h"
#include "generator/build/tree_paths.h"
#include "generator/builders/rows.h"

namespace watertight::generator {
namespace {

constexpr const char* kDirectories[] = {"dev", "etc", "proc", "run", "sys"};
constexpr const char* kFiles[] = {"etc/hostname", "etc/hosts", "etc/resolv.conf"};

void MakeWithParents(FileTree& files, const std::string& path) {
  MakeDirectories(files, path, {.mode = 0755, .mtime = files.clock()});
}

// What is bound over is made, through a symbolic link too.
void MakeBoundFile(FileTree& files, const std::string& file) {
  const std::string path = RootPath(files, file);
  MakeWithParents(files, DirName(path));
  files.MakeFile(path, {.mode = 0755, .mtime = files.clock()}, Rope());
}

// Volumes of the image that the container was made of: a RUN gets a copy of its own of each, which
// lasts as long as the container does.
std::set<std::string> ImageVolumes(const StageBuild& stage) {
  const bool by_layer = stage.scope.dialect().builder == kBuildah128Layers.name;
  return by_layer ? stage.config.volumes : stage.buildah.base_volumes;
}

void MountVolume(const std::string& volume, StageBuild& stage) {
  FileTree& files = stage.files;
  const std::string path = RootPath(files, volume);
  if (path == "/") return;
  MakeWithParents(files, path);
  const auto kept = stage.buildah.volumes.find(volume);
  const FileTree before = files;
  const bool known = kept != stage.buildah.volumes.end();
  files.Mount(path, known ? kept->second : before, known ? "/" : path, false);
  stage.buildah.mounted.push_back(volume);
}

// Those that VOLUME declared in this stage.
bool IsPreserved(const std::string& volume, const StageBuild& stage) {
  return !ImageVolumes(stage).contains(volume);
}

void Restore(const std::string& volume, const FileTree& entered, FileTree& files) {
  const Resolved found = entered.Resolve(volume, Follow::kYes);
  if (found.inode == nullptr || !found.inode->is_directory() || found.path.empty()) return;
  MakeWithParents(files, DirName("/" + found.path));
  files.Restore(found.path, entered);
}

}  // namespace

void PreserveVolumes(const Step& step) {
  const auto* volume = std::get_if<Volume>(&step.instruction.command);
  if (volume == nullptr || !step.runs_follow) return;
  FileTree& files = step.stage.files;
  for (const std::string& path : volume->paths) MakeWithParents(files, RootPath(files, path));
}

void EnterBuildahRun(const Step& step) {
  StageBuild& stage = step.stage;
  for (const char* directory : kDirectories) MakeWithParents(stage.files, directory);
  for (const char* file : kFiles) MakeBoundFile(stage.files, file);
  for (const std::string& volume : stage.config.volumes) {
    if (IsPreserved(volume, stage)) MakeWithParents(stage.files, RootPath(stage.files, volume));
  }
  for (const std::string& volume : ImageVolumes(stage)) MountVolume(volume, stage);
}

void LeaveBuildahRun(const Step& step, const FileTree& entered) {
  StageBuild& stage = step.stage;
  for (; !stage.buildah.mounted.empty(); stage.buildah.mounted.pop_back()) {
    stage.buildah.volumes[stage.buildah.mounted.back()] = stage.files.Unmount();
  }
  for (const std::string& volume : stage.config.volumes) {
    if (IsPreserved(volume, stage)) Restore(volume, entered, stage.files);
  }
}

}  // namespace watertight::generator
