// The operations of a build's provenance (LLB), as JSON spells them.
#pragma once

#include <string>
#include <vector>

#include "generator/archives/json.h"
#include "generator/builders/build_steps.h"
#include "generator/dockerfile/platform.h"

namespace watertight::generator {

// {"Op": {KIND: operation}}
Json Wrapped(const char* kind, Json operation);
// With the platform, if there is one, and without constraints.
Json Finished(Json op, const Platform* platform);

// One action of a file operation; the inputs are counted, -1 is none.
Json FileAction(int input, int secondary, int output, const char* kind, Json action);
Json FileOperation(std::vector<Json> actions);

// "1000:staff"; the group may be missing.
Json Owner(const std::string& text, StepSpelling spelling);

// A destination; a folder's ends with a slash.
std::string Absolute(const std::string& path, const std::string& workdir);

// What ADD calls a download.
std::string FileNameOf(const std::string& url);

}  // namespace watertight::generator
