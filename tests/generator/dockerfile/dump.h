// Parsed Dockerfiles as JSON, in the shape of the recorded results under data/.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "generator/dockerfile/dockerfile.h"

namespace watertight::generator {

// The whole file, or {"error": {"line": …, "message": …}}.
nlohmann::json DumpParse(const std::string& text, const std::string& builder);

nlohmann::json DumpInstruction(const Instruction& instruction, const Dockerfile& file);

// {"word": …, "words": …} or {"error": …} for a case {"word", "env", "escape", …}.
nlohmann::json DumpLex(const nlohmann::json& test, const std::string& builder);

// {"patterns": …, "ignored": …} for a case {"text", "paths"}.
nlohmann::json DumpIgnore(const nlohmann::json& test);

// {"history": …}, the created_by strings of BuildKit 0.25, for a case
// {"text", "target", "build_args", "images"}.
nlohmann::json DumpEvaluation(const nlohmann::json& test);

// {"env": …, "labels": …, "ports": …, "volumes": …, "user": …, "stop_signal": …} for a case
// {"text", "build_args"} with one stage from scratch, or {"error": …}.
nlohmann::json DumpConfig(const nlohmann::json& test, const std::string& builder);

}  // namespace watertight::generator
