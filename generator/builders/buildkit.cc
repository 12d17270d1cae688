#include "generator/builders/buildkit.h"

#include "generator/archives/entries.h"
#include "generator/build/apply_config.h"
#include "generator/builders/buildkit_history.h"
#include "generator/builders/buildkit_sharing.h"
#include "generator/builders/documents.h"
#include "generator/dockerfile/platform.h"

namespace watertight::generator {
namespace {

constexpr const char* kComment = "buildkit.dockerfile.v0";
constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

Json StopTimeoutOf(const Json& document) {
  const Json* config = document.Find("config");
  const Json* timeout = config == nullptr ? nullptr : config->Find("StopTimeout");
  return timeout == nullptr ? Json() : *timeout;
}

// What image-spec 1.1 has behind StopSignal, or what came before it.
void SetDockerFields(Json& object, const StageBuild& stage, const BuildkitVersion& version) {
  const ImageConfig& config = stage.config;
  if (!version.old_specification) SetUnlessEmpty(object, "ArgsEscaped", config.args_escaped);
  if (config.healthcheck) {
    Healthcheck check = *config.healthcheck;
    if (!version.start_interval) check.start_interval = {};
    object.Set("Healthcheck", HealthcheckObject(check));
  }
  if (!version.old_specification) {
    SetUnlessEmpty(object, "OnBuild", StringList(config.onbuild));
  } else {
    SetUnlessEmpty(object, "ArgsEscaped", config.args_escaped);
    object.Set("OnBuild", StringListOrNull(config.onbuild));
    const Json timeout = StopTimeoutOf(stage.base_document);
    if (!timeout.is_null()) object.Set("StopTimeout", timeout);
  }
  SetUnlessEmpty(object, "Shell", StringList(config.shell));
}

Json ConfigObject(const StageBuild& stage, const BuildkitVersion& version) {
  const ImageConfig& config = stage.config;
  Json object = Json::Object();
  SetUnlessEmpty(object, "User", config.user);
  SetUnlessEmpty(object, "ExposedPorts", EmptyObjects(config.exposed_ports));
  SetUnlessEmpty(object, "Env", EnvironmentList(config.env));
  if (config.entrypoint) SetUnlessEmpty(object, "Entrypoint", StringList(*config.entrypoint));
  if (config.cmd) SetUnlessEmpty(object, "Cmd", StringList(*config.cmd));
  SetUnlessEmpty(object, "Volumes", EmptyObjects(config.volumes));
  SetUnlessEmpty(object, "WorkingDir", config.workdir);
  SetUnlessEmpty(object, "Labels", TextMap(config.labels));
  SetUnlessEmpty(object, "StopSignal", config.stop_signal);
  SetDockerFields(object, stage, version);
  return object;
}

// Of the base, or what was asked for: the default of the machine does not count.
Platform PlatformOf(const StageBuild& stage, const BuildkitVersion& version) {
  const BuildArguments& arguments = stage.scope.arguments();
  const Platform& target = arguments.target_platform;
  const Json& base = stage.base_document;
  if (base.is_null()) return target;
  Platform platform = {base.TextOf("os"), base.TextOf("architecture"), base.TextOf("variant"),
                       base.TextOf("os.version")};
  if (target != arguments.build_platform) {
    const bool same = target.os == platform.os && target.architecture == platform.architecture;
    const bool keep = version.normalized_platform && same;
    platform.os = target.os;
    platform.architecture = target.architecture;
    if (!keep || !target.variant.empty()) platform.variant = target.variant;
    const bool replace = !version.old_specification && !keep;
    if (replace || !target.os_version.empty()) platform.os_version = target.os_version;
  }
  return version.normalized_platform ? NormalizePlatform(platform) : platform;
}

// null, as Go writes a slice that nothing was appended to.
Json HistoryOrNull(const std::vector<HistoryEntry>& history) {
  return history.empty() ? Json() : HistoryList(history);
}

Json LastTime(const std::vector<HistoryEntry>& history) {
  Json time;
  for (const HistoryEntry& entry : history) {
    if (!entry.created.empty()) time = Json(entry.created);
  }
  return time;
}

Json OsFeaturesOf(const Json& document) {
  const Json* features = document.Find("os.features");
  return features == nullptr ? Json() : *features;
}

}  // namespace

void BeginBuildkitStage(StageBuild& stage, const BuildkitVersion& version) {
  ShareFromBase(stage, stage.index, version.old_decoder);
  ImageConfig& config = stage.config;
  if (config.env.Find("PATH") == nullptr) config.env.Set("PATH", kPath);
  if (stage.base_document.is_null()) config.workdir = "/";
  // A relative one counts from itself.
  if (!config.workdir.empty()) config.workdir = NextWorkdir(config.workdir, stage);
}

void RecordBuildkitStep(const Step& step, const BuildkitVersion& version) {
  const std::string text = BuildkitText(step, version);
  if (text.empty()) return;
  if (step.layer) step.stage.layer_texts.push_back(BuildkitLayerText(step, version));
  step.stage.history.push_back({.created = step.layer ? step.created : "",
                                .created_by = text,
                                .author = "",
                                .comment = kComment,
                                .empty_layer = !step.layer});
}

std::string BuildkitConfiguration(const FinishedBuild& build, const BuildkitVersion& version) {
  const StageBuild& stage = build.stage;
  const Platform platform = PlatformOf(stage, version);
  const std::vector<HistoryEntry> history = BuildkitHistory(build);
  Json document = Json::Object();
  document.Set("architecture", platform.architecture);
  SetUnlessEmpty(document, "author", stage.author);
  document.Set("config", ConfigObject(stage, version));
  document.Set("created", LastTime(history));
  document.Set("history", HistoryOrNull(history));
  document.Set("os", platform.os);
  SetUnlessEmpty(document, "os.features", OsFeaturesOf(stage.base_document));
  SetUnlessEmpty(document, "os.version", platform.os_version);
  document.Set("rootfs", RootfsObject(stage.layers));
  SetUnlessEmpty(document, "variant", platform.variant);
  return Write(document, kGoCompact);
}

}  // namespace watertight::generator
