// The steps of a build as BuildKit's solver knows them: operations and what each takes from others,
// depth first, each once (llbDefinition of a provenance attestation).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/archives/json.h"
#include "generator/build/build_record.h"
#include "generator/builders/provenance.h"

namespace watertight::generator {

struct BuildSteps {
  Json definition = Json::Array();  // [{"id", "op", "inputs"}]
  Json digests = Json::Object();    // {"sha256:…": "step0"}
  Json locations = Json::Object();  // {"step0": {"locations": […]}}
};

BuildSteps StepsOf(const BuildRecord& record, StepSpelling spelling);

// Those that read the Dockerfile itself.
BuildSteps DockerfileSteps(const std::string& name, StepSpelling spelling);

}  // namespace watertight::generator
