#include "generator/builders/classic.h"
#include "generator/builders/rows.h"

namespace watertight::generator {

const Builder kClassic28 = {
    .name = "classic-28",
    .about = "Docker 28: DOCKER_BUILDKIT=0 docker build",
    .maker = Maker::kClassic,
    .layer_per_step = LayerPerStep::kIfChanged,
    .keep_workdir = KeepWorkdir::kByContainers,
    .init_layer = true,
    .begin = BeginClassicStage,
    .apply = ApplyClassicStep,
    .record = RecordClassicStep,
    .configuration = ClassicConfiguration,
};

}  // namespace watertight::generator
