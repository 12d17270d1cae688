#include "generator/build/run_mounted.h"

#include <vector>

#include "generator/build/run_step.h"
#include "generator/dockerfile/expand.h"

namespace watertight::generator {
namespace {

// What the runtime puts over files of the image.
std::vector<std::string> RuntimeFiles(const Builder& builder, Family family) {
  std::vector<std::string> files = {"/etc/hosts", "/etc/resolv.conf"};
  const bool docker_container = builder.init_layer || family == Family::kKaniko;
  if (docker_container || family == Family::kBuildah) files.emplace_back("/etc/hostname");
  if (family == Family::kBuildah) files.emplace_back("/run/.containerenv");
  return files;
}

// Kaniko is in the root that it builds in, with folders of its own.
void AddKanikoFolders(RunMounts& mounts, const FileTree& context) {
  mounts.AddFolder("/kaniko", FileTree());
  mounts.AddFolder("/workspace", context);
}

}  // namespace

void RunMounted(const Step& step, const Builder& builder, const MountSources& sources,
                const FileTree& context, const std::map<std::string, std::string>& arguments) {
  StageBuild& stage = step.stage;
  const Run& run = std::get<Run>(step.instruction.command);
  if (builder.enter_run != nullptr) builder.enter_run(step);
  const FileTree entered = stage.files;
  RunMounts mounts(stage.files, sources, builder.mount_traces);
  mounts.AddRuntime(RuntimeFiles(builder, sources.family),
                    run.script && RunWords(step).back().starts_with("#!"));
  if (sources.family == Family::kKaniko) AddKanikoFolders(mounts, context);
  if (builder.knows_mounts) {
    for (const Mount& mount : ExpandMounts(run, stage.scope, stage.config.workdir)) {
      mounts.Add(mount, stage.config.workdir);
    }
  }
  RunInStage(step, arguments, mounts.environment());
  mounts.Release();
  if (builder.leave_run != nullptr) builder.leave_run(step, entered);
}

}  // namespace watertight::generator
