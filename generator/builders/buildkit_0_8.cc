#include "generator/builders/buildkit.h"
#include "generator/builders/buildkit_sharing.h"
#include "generator/builders/rows.h"

namespace watertight::generator {
namespace {

constexpr BuildkitVersion kVersion = {
    .transfer_flags = false,
    .repeated_args = true,
    .port_map = true,
    .start_interval = false,
    .old_specification = true,
    .named_file_steps = false,
    .old_decoder = true,
};

}  // namespace

const Builder kBuildkit08 = {
    .name = "buildkit-0.8",
    .about = "Docker 20.10: DOCKER_BUILDKIT=1 docker build",
    .maker = Maker::kBuildkit,
    .layer_per_step = LayerPerStep::kAlways,
    .overlay2_only = true,
    .begin = [](StageBuild& stage) { BeginBuildkitStage(stage, kVersion); },
    .mount_traces = {.system = MountTrace::kDirectoriesStay,
                     .files = MountTrace::kDirectoriesStay,
                     .mounts = MountTrace::kDirectoriesStay},
    .record = [](const Step& step) { RecordBuildkitStep(step, kVersion); },
    .share = ShareWithOthers,
    .configuration =
        [](const FinishedBuild& build) { return BuildkitConfiguration(build, kVersion); },
};

}  // namespace watertight::generator
