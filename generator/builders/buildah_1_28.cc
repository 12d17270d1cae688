#include "generator/builders/buildah.h"
#include "generator/builders/buildah_run.h"
#include "generator/builders/rows.h"

namespace watertight::generator {
namespace {

constexpr MountTraces kBuildahTraces = {
    .system = MountTrace::kNone, .files = MountTrace::kNone, .mounts = MountTrace::kTargetsGo};

}  // namespace

const Builder kBuildah128 = {
    .name = "buildah-1.28",
    .about = "buildah bud, one layer for the whole Dockerfile",
    .maker = Maker::kBuildah,
    .layer_per_step = LayerPerStep::kLast,
    .keep_workdir = KeepWorkdir::kAlways,
    .begin = BeginBuildahStage,
    .apply = ApplyToBuildahConfig,
    .mount_traces = kBuildahTraces,
    .touch = PreserveVolumes,
    .enter_run = EnterBuildahRun,
    .leave_run = LeaveBuildahRun,
    .record = RecordBuildahStep,
    .finish = FinishBuildahStage,
    .configuration = BuildahConfiguration,
};

const Builder kBuildah128Layers = {
    .name = "buildah-1.28-layers",
    .about = "buildah bud --layers, podman 4.3: podman build",
    .maker = Maker::kBuildah,
    .layer_per_step = LayerPerStep::kTransfers,
    .keep_workdir = KeepWorkdir::kAlways,
    .begin = BeginBuildahStage,
    .apply = ApplyToBuildahConfig,
    .mount_traces = kBuildahTraces,
    .enter_run = EnterBuildahRun,
    .leave_run = LeaveBuildahRun,
    .record = RecordBuildahLayer,
    .finish = FinishBuildahStage,
    .configuration = BuildahConfiguration,
};

}  // namespace watertight::generator
