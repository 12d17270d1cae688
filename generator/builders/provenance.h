// BuildKit's provenance attestation (SLSA v0.2): how an image was built.
//
// In mode min it names the bases and little else. In mode max it tells everything: all build
// arguments, the ids of secrets, every command with its environment, also of stages that are not in
// the image, here-documents, and the whole Dockerfile.
#pragma once

#include <optional>
#include <string>

#include "generator/archives/archive.h"
#include "generator/build/build_record.h"

namespace watertight::generator {

enum class ProvenanceMode { kOff, kMin, kMax };

// By its name: off, min, max. Of an empty name what the build leaves to its store; builds into an
// OCI archive attest a little without being asked. Throws: Error for an unknown name.
std::optional<ProvenanceMode> ProvenanceOf(const std::string& name, const std::string& archive);

// How versions of BuildKit spell the steps.
enum class StepSpelling {
  kWithZeros,     // BuildKit 0.13: "input":0, "byID", "Op":null
  kWithoutZeros,  // BuildKit 0.25
};

// Requires: mode is not kOff.
Attestation BuildkitProvenance(const BuildRecord& record, ProvenanceMode mode,
                               StepSpelling spelling);

}  // namespace watertight::generator
