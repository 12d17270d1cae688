#include "generator/builders/classic.h"

#include <algorithm>
#include <array>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/sha256.h"
#include "generator/build/apply_config.h"
#include "generator/builders/classic_config.h"
#include "generator/builders/classic_text.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr size_t kShortId = 12;

constexpr ClassicVersion kVersions[] = {
    {.builder = "classic-20.10",
     .docker_version = "20.10.24+dfsg1",
     .old_history = true,
     .glued_chown = true,
     .cleaned_paths = false,
     .all_proxy = false,
     .start_interval = false,
     .quoted_healthcheck = true},
    {.builder = "classic-26",
     .docker_version = "26.1.5+dfsg1",
     .old_history = false,
     .glued_chown = false,
     .cleaned_paths = true,
     .all_proxy = true,
     .start_interval = true,
     .quoted_healthcheck = true},
    {.builder = "classic-28",
     .docker_version = "28.5.2+dfsg4",
     .old_history = false,
     .glued_chown = false,
     .cleaned_paths = true,
     .all_proxy = true,
     .start_interval = true,
     .quoted_healthcheck = false},
};

const ClassicVersion& VersionOf(const StageBuild& stage) {
  return ClassicVersionOf(stage.scope.dialect().builder);
}

bool InContainerd(const StageBuild& stage) { return stage.store == Store::kContainerd; }

template <class T>
void SetIfZero(T& value, const T& inherited) {
  if (value == T()) value = inherited;
}

// What a HEALTHCHECK leaves open is as in the one before it.
void MergeHealthcheck(Healthcheck& check, const Healthcheck& image) {
  SetIfZero(check.interval, image.interval);
  SetIfZero(check.timeout, image.timeout);
  SetIfZero(check.start_period, image.start_period);
  SetIfZero(check.start_interval, image.start_interval);
  SetIfZero(check.retries, image.retries);
}

// The same for the same command after the same image.
std::string ContainerId(const StageBuild& stage, const Words& command) {
  return Sha256Hex("container\n" + stage.image.id + "\n" + std::to_string(stage.history.size()) +
                   "\n" + Join(command, "\n"));
}

bool IsTransfer(const Command& command) {
  return std::holds_alternative<Copy>(command) || std::holds_alternative<Add>(command);
}

// COPY and ADD change a layer without a container: its configuration was never completed.
CommittedContainer WithoutContainer(const StageBuild& stage, const Words& command) {
  ImageConfig config = stage.config;
  config.cmd = command;
  return {"", ClassicConfigObject(config, stage, stage.image.id)};
}

// The container that ran had another configuration than the one that is committed.
CommittedContainer AfterRun(const StageBuild& stage, const Words& command) {
  ImageConfig config = stage.config;
  config.cmd = command;
  config.entrypoint.reset();
  config.args_escaped = false;
  return {ContainerId(stage, command), ClassicConfigObject(config, stage, stage.image.id)};
}

CommittedContainer NeverStarted(const StageBuild& stage, const Words& command) {
  ImageConfig config = stage.config;
  config.cmd = command;
  const bool has_image = !stage.image.id.empty();
  if (has_image) InheritConfig(config, stage.image.config);
  if (!VersionOf(stage).cleaned_paths && !config.workdir.empty()) {
    config.workdir = CleanPath(config.workdir);
  }
  const std::string id = ContainerId(stage, command);
  Json object = ClassicConfigObject(config, stage, stage.image.id);
  if (object.TextOf("Hostname").empty()) object.Set("Hostname", id.substr(0, kShortId));
  if (has_image && config.labels.empty()) object.Set("Labels", Json::Object());
  return {id, std::move(object)};
}

CommittedContainer ContainerOf(const Step& step, const Words& command) {
  const Command& instruction = step.instruction.command;
  if (IsTransfer(instruction)) return WithoutContainer(step.stage, command);
  if (std::holds_alternative<Run>(instruction)) return AfterRun(step.stage, command);
  return NeverStarted(step.stage, command);
}

// The author of MAINTAINER in this stage. containerd's store knows the image's too, but for COPY
// and ADD.
std::string AuthorOf(const Step& step) {
  const std::string& maintainer = step.stage.maintainer;
  const bool inherits =
      InContainerd(step.stage) && maintainer.empty() && !IsTransfer(step.instruction.command);
  return inherits ? step.stage.image.author : maintainer;
}

}  // namespace

void InheritConfig(ImageConfig& config, const ImageConfig& image) {
  SetIfZero(config.user, image.user);
  SetIfZero(config.workdir, image.workdir);
  SetIfZero(config.stop_signal, image.stop_signal);
  const bool any_entrypoint = config.entrypoint && !config.entrypoint->empty();
  const bool any_command = config.cmd && !config.cmd->empty();
  if (!any_entrypoint && !any_command) config.cmd = image.cmd;
  if (!config.entrypoint) config.entrypoint = image.entrypoint;
  if (config.healthcheck && image.healthcheck) {
    MergeHealthcheck(*config.healthcheck, *image.healthcheck);
  }
}

const ClassicVersion& ClassicVersionOf(std::string_view builder) {
  const auto* row = std::ranges::find(kVersions, builder, &ClassicVersion::builder);
  if (row == std::end(kVersions)) {
    throw Error(std::string(builder) + " is no version of the classic builder");
  }
  return *row;
}

void BeginClassicStage(StageBuild& stage) {
  ImageConfig& config = stage.config;
  if (stage.image.id.empty() && !stage.base_config.empty()) {
    stage.image = {.id = Digest(stage.base_config),
                   .document = stage.base_config,
                   .config = config,
                   .author = stage.author};
  }
  stage.start = {stage.image.id, stage.history.size(), stage.layers.size()};
  stage.maintainer.clear();
  if (config.env.Find("PATH") == nullptr) config.env.Set("PATH", kPath);
  if (config.healthcheck && !VersionOf(stage).start_interval)
    config.healthcheck->start_interval = {};
}

void ApplyClassicStep(const Instruction& expanded, StageBuild& stage) {
  const bool cmd_was_set = stage.cmd_set;
  ApplyToConfig(expanded, stage);
  ImageConfig& config = stage.config;
  const Command& command = expanded.command;
  if (const auto* maintainer = std::get_if<Maintainer>(&command)) {
    stage.maintainer = maintainer->name;
  } else if (const auto* cmd = std::get_if<Cmd>(&command)) {
    config.args_escaped = false;
    stage.cmd_set = cmd_was_set || !cmd->words.empty();
  } else if (std::holds_alternative<Entrypoint>(command)) {
    config.args_escaped = false;
    if (std::get<Entrypoint>(command).words.empty()) config.entrypoint.reset();
  } else if (std::holds_alternative<Workdir>(command) && VersionOf(stage).cleaned_paths) {
    config.workdir = CleanPath(config.workdir);
  }
}

void RecordClassicStep(const Step& step) {
  StageBuild& stage = step.stage;
  const ClassicVersion& version = VersionOf(stage);
  const Words command = ClassicCommand(step, version);
  // The daemon completes the HEALTHCHECK of the container, which is the stage's own.
  const bool container = !IsTransfer(step.instruction.command) &&
                         !std::holds_alternative<Run>(step.instruction.command);
  if (container && stage.config.healthcheck && stage.image.config.healthcheck) {
    MergeHealthcheck(*stage.config.healthcheck, *stage.image.config.healthcheck);
  }
  stage.author = AuthorOf(step);
  stage.history.push_back({.created = step.created,
                           .created_by = Join(command, " "),
                           .author = stage.author,
                           .comment = "",
                           .empty_layer = !step.layer});
  std::string document =
      InContainerd(stage)
          ? ContainerdDocument(stage, step.created)
          : GraphDriverDocument(stage, ContainerOf(step, command), version, step.created);
  std::string id = Digest(document);
  stage.image = {.id = std::move(id),
                 .document = std::move(document),
                 .config = stage.config,
                 .author = stage.author};
}

std::string ClassicConfiguration(const FinishedBuild& build) {
  if (build.stage.image.id.empty()) {
    throw Error("No image was generated. Is your Dockerfile empty?");
  }
  return build.stage.image.document;
}

}  // namespace watertight::generator
