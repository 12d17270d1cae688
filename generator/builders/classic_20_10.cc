#include "generator/builders/classic.h"
#include "generator/builders/rows.h"

namespace watertight::generator {

const Builder kClassic2010 = {
    .name = "classic-20.10",
    .about = "Docker 20.10: DOCKER_BUILDKIT=0 docker build",
    .maker = Maker::kClassic,
    .layer_per_step = LayerPerStep::kIfChanged,
    .keep_workdir = KeepWorkdir::kByContainers,
    .overlay2_only = true,
    .init_layer = true,
    .begin = BeginClassicStage,
    .apply = ApplyClassicStep,
    .record = RecordClassicStep,
    .configuration = ClassicConfiguration,
};

}  // namespace watertight::generator
