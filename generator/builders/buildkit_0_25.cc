#include "generator/builders/buildkit.h"
#include "generator/builders/buildkit_sharing.h"
#include "generator/builders/rows.h"

namespace watertight::generator {
namespace {

constexpr BuildkitVersion kVersion = {
    .arg_values = true,
    .normalized_platform = true,
};

}  // namespace

const Builder kBuildkit025 = {
    .name = "buildkit-0.25",
    .about = "Docker 28, buildx 0.29: docker build",
    .maker = Maker::kBuildkit,
    .layer_per_step = LayerPerStep::kAlways,
    .begin = [](StageBuild& stage) { BeginBuildkitStage(stage, kVersion); },
    .mount_traces = {},
    .record = [](const Step& step) { RecordBuildkitStep(step, kVersion); },
    .provenance =
        [](const BuildRecord& record, ProvenanceMode mode) {
          return BuildkitProvenance(record, mode, StepSpelling::kWithoutZeros);
        },
    .share = ShareWithOthers,
    .configuration =
        [](const FinishedBuild& build) { return BuildkitConfiguration(build, kVersion); },
};

}  // namespace watertight::generator
