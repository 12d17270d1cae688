#include "generator/builders/buildkit.h"
#include "generator/builders/rows.h"

namespace watertight::generator {

const Builder kBuildkit025 = {
    .name = "buildkit-0.25",
    .about = "Docker 28, buildx 0.29: docker build",
    .maker = Maker::kBuildkit,
    .layer_per_step = LayerPerStep::kAlways,
    .begin = BeginBuildkitStage,
    .record = RecordBuildkitStep,
    .configuration = BuildkitConfiguration,
};

}  // namespace watertight::generator
