#include "generator/dockerfile/stage_sources.h"

#include <algorithm>

#include "generator/dockerfile/csv.h"
#include "generator/dockerfile/stage_names.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

// A number stands for that stage's name, and so for the last stage of that name.
StageSource BuildahCopySource(const std::string& from, const Dockerfile& file, size_t current) {
  const auto index = AsIndex(from);
  const auto count = static_cast<long>(file.stages.size());
  if (!index || *index < 0 || *index >= count) return {from, FindStage(file, from, current), 0};
  const auto number = static_cast<size_t>(*index);
  const std::string& name = file.stages[number].name;
  if (!name.empty()) return {name, FindStage(file, name, current), 0};
  return {from, number < current ? std::optional(number) : std::nullopt, 0};
}

// The classic builder knows the stages that are done; another name is that of an image.
StageSource ClassicCopySource(const std::string& from, const Dockerfile& file, size_t current) {
  StageSource source{from, FindStage(file, NameIn(file, from), current), 0};
  const auto index = AsIndex(from);
  if (source.stage || !index) return source;
  const std::string where = "invalid from flag value " + from + ": ";
  if (*index == static_cast<long>(current)) throw Error(where + "refers to current build stage");
  if (*index < 0 || *index > static_cast<long>(current)) throw Error(where + "index out of bounds");
  source.stage = static_cast<size_t>(*index);
  return source;
}

// The stages before are known by name and number. Kaniko puts numbers for names, the stage's own
// too, and takes what is left for an image.
StageSource KanikoCopySource(const std::string& from, const Dockerfile& file, size_t current) {
  std::optional<size_t> stage = FindStage(file, Lower(from), current);
  const auto index = AsIndex(from);
  if (!stage && index && *index >= 0 && *index < static_cast<long>(current)) {
    stage = static_cast<size_t>(*index);
  }
  const bool itself = !stage && !from.empty() && file.stages[current].name == Lower(from);
  return {itself ? std::to_string(current) : from, stage, 0};
}

StageSource BuildKitCopySource(const std::string& from, const Dockerfile& file) {
  if (ProcessWord(from, {}, OptionsFor(file)) != from) {
    throw Error(
        "variable expansion is not supported for --from, define a new stage with FROM using ARG "
        "from global scope as a workaround");
  }
  StageSource source{from, std::nullopt, 0};
  const auto index = AsIndex(from);
  if (!index) {
    source.stage = FindStage(file, Lower(from), file.stages.size());
  } else if (*index >= 0 && static_cast<size_t>(*index) < file.stages.size()) {
    source.stage = static_cast<size_t>(*index);
  } else {
    throw Error("invalid stage index " + std::to_string(*index));
  }
  return source;
}

StageSource CopySource(const std::string& from, const Dockerfile& file, size_t current) {
  if (IsBuildah(file)) return BuildahCopySource(from, file, current);
  if (IsKaniko(file)) return KanikoCopySource(from, file, current);
  return IsClassic(file) ? ClassicCopySource(from, file, current) : BuildKitCopySource(from, file);
}

// The last value of an option of a mount, as written.
std::string MountOption(const std::string& mount, const std::vector<std::string>& names) {
  std::string value;
  for (const std::string& field : ParseCsv(mount)) {
    const size_t equals = field.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = Lower(field.substr(0, equals));
    if (std::ranges::find(names, name) != names.end()) value = field.substr(equals + 1);
  }
  return value;
}

}  // namespace

std::vector<StageSource> SourcesOf(const Instruction& instruction, const Dockerfile& file,
                                   size_t current) {
  std::vector<StageSource> sources;
  if (const auto* copy = std::get_if<Copy>(&instruction.command); copy && !copy->from.empty()) {
    sources.push_back(CopySource(copy->from, file, current));
  }
  if (const auto* run = std::get_if<Run>(&instruction.command)) {
    for (const std::string& mount : run->mounts) {
      const std::string from = MountOption(mount, {"from"});
      if (from.empty() || from == kNoStage) continue;
      const size_t known = IsClassic(file) ? current : file.stages.size();
      StageSource source{from, FindStage(file, NameIn(file, from), known), 0};
      source.target = MountOption(mount, {"target", "dst", "destination"});
      source.option = mount;
      sources.push_back(std::move(source));
    }
  }
  return sources;
}

}  // namespace watertight::generator
