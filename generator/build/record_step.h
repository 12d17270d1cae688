// From a step that ran to what a provenance tells of it.
#pragma once

#include "generator/build/build_record.h"
#include "generator/builders/builder.h"
#include "generator/dockerfile/dockerfile.h"

namespace watertight::generator {

// `index`: of the stage whose text holds the instruction.
void RecordStepOf(BuildRecord& record, const Step& step, const Dockerfile& file, size_t index);

}  // namespace watertight::generator
