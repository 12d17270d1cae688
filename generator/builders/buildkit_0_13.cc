#include "generator/builders/buildkit.h"
#include "generator/builders/buildkit_sharing.h"
#include "generator/builders/rows.h"

namespace watertight::generator {
namespace {

constexpr BuildkitVersion kVersion = {
    .repeated_args = true,
    .port_map = true,
};

}  // namespace

const Builder kBuildkit013 = {
    .name = "buildkit-0.13",
    .about = "Docker 26, buildx 0.13: docker build",
    .maker = Maker::kBuildkit,
    .layer_per_step = LayerPerStep::kAlways,
    .begin = [](StageBuild& stage) { BeginBuildkitStage(stage, kVersion); },
    .mount_traces = {},
    .record = [](const Step& step) { RecordBuildkitStep(step, kVersion); },
    .provenance =
        [](const BuildRecord& record, ProvenanceMode mode) {
          return BuildkitProvenance(record, mode, StepSpelling::kWithZeros);
        },
    .share = ShareWithOthers,
    .configuration =
        [](const FinishedBuild& build) { return BuildkitConfiguration(build, kVersion); },
};

}  // namespace watertight::generator
