#include "generator/builders/provenance.h"

#include <algorithm>
#include <map>
#include <set>

#include "generator/archives/image_name.h"
#include "generator/archives/json.h"
#include "generator/archives/oci_documents.h"
#include "generator/archives/sha256.h"
#include "generator/builders/base64.h"
#include "generator/builders/build_steps.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr const char* kPredicateType = "https://slsa.dev/provenance/v0.2";
constexpr const char* kBuildType = "https://mobyproject.org/buildkit@v1";
constexpr const char* kMetadata = "https://mobyproject.org/buildkit@v1#metadata";

// 25 letters and digits, as BuildKit draws them; here from what was built.
std::string InvocationId(const BuildRecord& record) {
  constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string text = record.dockerfile + "\n" + record.created;
  for (const auto& [name, value] : record.arguments.values) text += "\n" + name + "=" + value;
  const std::string hex = Sha256Hex(text);
  std::string id;
  for (size_t at = 0; id.size() < 25; at += 2) {
    id += kLetters[std::stoul(hex.substr(at, 2), nullptr, 16) % kLetters.size()];
  }
  return id;
}

// The stages that the target needs, itself among them.
std::set<size_t> Needed(const BuildRecord& record) {
  std::set<size_t> needed;
  std::vector<size_t> open = {record.target};
  while (!open.empty()) {
    const size_t index = open.back();
    open.pop_back();
    if (!needed.insert(index).second) continue;
    const RecordedStage& stage = record.stages[index];
    if (stage.base_stage) open.push_back(*stage.base_stage);
    for (const RecordedStep& step : stage.steps) {
      for (const StageSource& source : step.sources) {
        if (source.stage) open.push_back(*source.stage);
      }
    }
  }
  return needed;
}

std::string PlatformText(const Platform& platform) { return FormatPlatform(platform); }

// The images that the build took files from.
Json Materials(const BuildRecord& record) {
  std::map<std::string, std::string> digests;
  for (const size_t index : Needed(record)) {
    const RecordedStage& stage = record.stages[index];
    if (!stage.base_stage && !stage.base.empty()) digests[FullName(stage.base)] = stage.base_digest;
  }
  Json materials = Json::Array();
  const std::string platform = PlatformText(record.arguments.target_platform);
  for (const auto& [name, digest] : digests) {
    Json material = Json::Object({{"uri", PackageUrl(name, platform)}});
    if (!digest.empty()) material.Set("digest", Json::Object({{"sha256", HexOf(digest)}}));
    materials.Append(std::move(material));
  }
  return materials;
}

bool TakesFromContext(const RecordedStep& step) {
  for (const Mount& mount : step.mounts) {
    if (mount.type == "bind" && mount.from.empty()) return true;
  }
  const Command& command = step.instruction.command;
  if (const auto* copy = std::get_if<Copy>(&command)) {
    return copy->from.empty() && !copy->sources.empty();
  }
  const auto* add = std::get_if<Add>(&command);
  return add != nullptr && std::ranges::any_of(add->sources, [](const std::string& source) {
           return !IsHttpSource(source);
         });
}

Json Locals(const BuildRecord& record) {
  bool context = false;
  for (const size_t index : Needed(record)) {
    context = context || std::ranges::any_of(record.stages[index].steps, TakesFromContext);
  }
  Json locals = Json::Array();
  if (context) locals.Append(Json::Object({{"name", "context"}}));
  return locals.Append(Json::Object({{"name", "dockerfile"}}));
}

// The ids that mounts of one type name, each with whether the build goes on without it.
Json MountIds(const BuildRecord& record, const char* type) {
  std::map<std::string, bool> optional;
  for (const size_t index : Needed(record)) {
    for (const RecordedStep& step : record.stages[index].steps) {
      for (const Mount& mount : step.mounts) {
        if (mount.type != type) continue;
        const std::string id = mount.id.empty() ? "default" : mount.id;
        const auto [entry, added] = optional.emplace(id, true);
        if (mount.required) entry->second = false;
      }
    }
  }
  Json ids = Json::Array();
  for (const auto& [id, may_lack] : optional) {
    Json object = Json::Object({{"id", id}});
    ids.Append(may_lack ? object.Set("optional", true) : object);
  }
  return ids;
}

Json Parameters(const BuildRecord& record, ProvenanceMode mode) {
  Json parameters = Json::Object({{"frontend", "dockerfile.v0"}});
  if (mode == ProvenanceMode::kMax) {
    Json arguments = Json::Object();
    for (const auto& [name, value] : record.arguments.values) {
      arguments.Set("build-arg:" + name, value);
    }
    if (!record.arguments.target.empty()) arguments.Set("target", record.arguments.target);
    if (!arguments.IsEmptyValue()) parameters.Set("args", std::move(arguments));
    const Json secrets = MountIds(record, "secret");
    if (!secrets.IsEmptyValue()) parameters.Set("secrets", secrets);
    const Json agents = MountIds(record, "ssh");
    if (!agents.IsEmptyValue()) parameters.Set("ssh", agents);
  }
  return parameters.Set("locals", Locals(record));
}

std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Json Invocation(const BuildRecord& record, ProvenanceMode mode) {
  const std::string platform = PlatformText(record.arguments.build_platform);
  return Json::Object({{"configSource", Json::Object({{"entryPoint", FileName(record.path)}})},
                       {"parameters", Parameters(record, mode)},
                       {"environment", Json::Object({{"platform", platform}})}});
}

Json SourceOf(const BuildRecord& record, const BuildSteps& steps, StepSpelling spelling) {
  const std::string name = FileName(record.path);
  const BuildSteps own = DockerfileSteps(name, spelling);
  const Json file = Json::Object({{"filename", name},
                                  {"language", "Dockerfile"},
                                  {"data", Base64(record.dockerfile)},
                                  {"llbDefinition", own.definition},
                                  {"digestMapping", own.digests}});
  return Json::Object({{"locations", steps.locations}, {"infos", Json::Array({file})}});
}

Json Metadata(const BuildRecord& record, ProvenanceMode mode, Json buildkit) {
  const Json completeness = Json::Object(
      {{"parameters", mode == ProvenanceMode::kMax}, {"environment", true}, {"materials", false}});
  return Json::Object({{"buildInvocationID", InvocationId(record)},
                       {"buildStartedOn", record.created},
                       {"buildFinishedOn", record.created},
                       {"completeness", completeness},
                       {"reproducible", false},
                       {kMetadata, std::move(buildkit)}});
}

}  // namespace

std::optional<ProvenanceMode> ProvenanceOf(const std::string& name, const std::string& archive) {
  if (name.empty() && archive != "buildx-oci") return std::nullopt;
  if (name.empty() || name == "min") return ProvenanceMode::kMin;
  if (name == "max") return ProvenanceMode::kMax;
  if (name == "off") return ProvenanceMode::kOff;
  throw Error("unknown provenance \"" + name + "\"; there are off, min, max");
}

Attestation BuildkitProvenance(const BuildRecord& record, ProvenanceMode mode,
                               StepSpelling spelling) {
  Json predicate =
      Json::Object({{"builder", Json::Object({{"id", ""}})}, {"buildType", kBuildType}});
  const Json materials = Materials(record);
  if (!materials.IsEmptyValue()) predicate.Set("materials", materials);
  predicate.Set("invocation", Invocation(record, mode));
  Json buildkit = Json::Object();
  if (mode == ProvenanceMode::kMax) {
    const BuildSteps steps = StepsOf(record, spelling);
    if (!steps.definition.items().empty()) {
      predicate.Set("buildConfig", Json::Object({{"llbDefinition", steps.definition},
                                                 {"digestMapping", steps.digests}}));
      buildkit.Set("source", SourceOf(record, steps, spelling));
    }
  }
  predicate.Set("metadata", Metadata(record, mode, std::move(buildkit)));
  return {kPredicateType, Write(predicate, kGoCompact)};
}

}  // namespace watertight::generator
