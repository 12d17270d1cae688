// BuildKit's provenance attestation (SLSA v0.2): how an image was built.
//
// In mode min it names the bases and little else. In mode max it tells everything: all build
// arguments, the ids of secrets, every command with its environment, also of stages that are not in
// the image, here-documents, and the whole Dockerfile.
#pragma once

#include "generator/archives/archive.h"
#include "generator/build/build_record.h"

namespace watertight::generator {

enum class ProvenanceMode { kOff, kMin, kMax };

// How versions of BuildKit spell the steps.
enum class StepSpelling {
  kWithZeros,     // BuildKit 0.13: "input":0, "byID", "Op":null
  kWithoutZeros,  // BuildKit 0.25
};

// Requires: mode is not kOff.
Attestation BuildkitProvenance(const BuildRecord& record, ProvenanceMode mode,
                               StepSpelling spelling);

}  // namespace watertight::generator
