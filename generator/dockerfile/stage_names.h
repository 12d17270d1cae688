// The stages of a Dockerfile by name and number, as builders look for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/shell_lex.h"

namespace watertight::generator {

// FROM and COPY --from=scratch name no image.
inline constexpr std::string_view kNoStage = "scratch";

bool IsClassic(const Dockerfile& file);  // every builder but BuildKit
bool IsKaniko(const Dockerfile& file);
bool IsBuildah(const Dockerfile& file);

LexOptions OptionsFor(const Dockerfile& file);

// How a reference to a stage is compared with the stages' names.
std::string NameIn(const Dockerfile& file, std::string_view name);

// The last stage of this name among the first `count`; names are lower case, but with buildah,
// where case counts.
std::optional<size_t> FindStage(const Dockerfile& file, std::string_view name, size_t count);
std::optional<size_t> FirstStage(const Dockerfile& file, std::string_view name);

// A stage without a name has its number for one.
std::optional<size_t> Numbered(const Dockerfile& file, std::string_view name, size_t count);

// As Go's strconv.Atoi reads it.
std::optional<long> AsIndex(std::string_view text);

}  // namespace watertight::generator
