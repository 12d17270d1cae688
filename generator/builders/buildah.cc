#include "generator/builders/buildah.h"

#include <algorithm>

#include "generator/archives/clock.h"
#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/build/apply_config.h"
#include "generator/builders/buildah_history.h"
#include "generator/builders/documents.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr const char* kVersionLabel = "io.buildah.version";
constexpr const char* kVersion = "1.28.2";
constexpr size_t kShortId = 12;

// A name without a registry is one of the local store.
std::string StoredName(const std::string& name) {
  return ParseImageName(name).domain.empty() ? LocalName(name) : FullName(name);
}

std::string ShortIdOf(const std::string& configuration) {
  return HexOf(Digest(configuration)).substr(0, kShortId);
}

std::string FromComment(const StageBuild& stage) {
  return stage.buildah.from.empty() ? "" : "FROM " + stage.buildah.from;
}

bool HasOwnSteps(const StageBuild& stage) { return stage.history.size() > stage.base_history; }

// An overridden variable moves behind those of the base.
void SetVariable(StageBuild& stage, const NameValue& variable) {
  if (stage.buildah.variables.insert(variable.name).second) stage.config.env.Erase(variable.name);
  stage.config.env.Set(variable.name, variable.value);
}

std::string PortNumber(const std::string& port) { return port.substr(0, port.find('/')); }

std::string PortWithProtocol(const std::string& port) {
  const size_t slash = port.find('/');
  if (slash == std::string::npos) return port + "/tcp";
  const std::string protocol = port.substr(slash + 1);
  return port.substr(0, slash + 1) + protocol.substr(0, protocol.find('/'));
}

// A number that is exposed already, with any protocol, stays as it is.
void ExposePorts(const Expose& expose, ImageConfig& config) {
  const std::set<std::string> before = config.exposed_ports;
  for (const std::string& port : expose.ports) {
    const bool exposed = std::ranges::any_of(
        before, [&](const std::string& each) { return PortNumber(each) == PortNumber(port); });
    if (!exposed) config.exposed_ports.insert(PortWithProtocol(port));
  }
}

Json ConfigObject(const ImageConfig& config) {
  std::map<std::string, std::string> labels = config.labels;
  labels[kVersionLabel] = kVersion;
  Json object = Json::Object();
  SetUnlessEmpty(object, "User", config.user);
  SetUnlessEmpty(object, "ExposedPorts", EmptyObjects(config.exposed_ports));
  SetUnlessEmpty(object, "Env", EnvironmentList(config.env));
  if (config.entrypoint) SetUnlessEmpty(object, "Entrypoint", StringList(*config.entrypoint));
  if (config.cmd) SetUnlessEmpty(object, "Cmd", StringList(*config.cmd));
  SetUnlessEmpty(object, "Volumes", EmptyObjects(config.volumes));
  SetUnlessEmpty(object, "WorkingDir", config.workdir);
  object.Set("Labels", TextMap(labels));
  SetUnlessEmpty(object, "StopSignal", config.stop_signal);
  return object;
}

Json DiffIds(const std::vector<SavedLayer>& layers) {
  Json ids = Json::Array();
  for (const SavedLayer& layer : layers) ids.Append(layer.diff_id);
  return ids;
}

// A base whose history tells of other layers than it has.
void CheckHistory(const StageBuild& stage) {
  if (stage.base_history == 0) return;
  const auto told =
      static_cast<size_t>(std::ranges::count(stage.history, false, &HistoryEntry::empty_layer));
  if (told == stage.layers.size()) return;
  throw Error("internal error: history lists " + std::to_string(told) +
              " non-empty layers, but we have " + std::to_string(stage.layers.size()) +
              " layers on disk");
}

HistoryEntry EntryOf(const Step& step) {
  return {.created = step.created,
          .created_by = BuildahCreatedBy(step),
          .author = step.stage.author,
          .comment = FromComment(step.stage),
          .empty_layer = !step.layer};
}

void NoteArgWords(const Step& step) {
  if (!std::holds_alternative<Arg>(step.written.command)) return;
  for (const std::string_view word : SplitAtBlanks(step.written.source.text)) {
    step.stage.buildah.arg_words.emplace(word);
  }
}

}  // namespace

void BeginBuildahStage(StageBuild& stage) {
  BuildahNotes notes{.image = stage.buildah.image, .from = stage.buildah.from};
  if (notes.image.empty() && !stage.base_document.is_null()) {
    notes.image = Write(stage.base_document, kGoCompact);
    notes.from = StoredName(stage.base_name);
  }
  stage.buildah = notes;
  stage.base_history = stage.history.size();
  stage.config.shell.clear();
  stage.buildah.base_volumes = stage.config.volumes;
  stage.files.set_keeps_links(true);
  if (stage.config.env.Find("PATH") == nullptr) SetVariable(stage, {"PATH", kPath});
}

void ApplyToBuildahConfig(const Instruction& expanded, StageBuild& stage) {
  const Command& command = expanded.command;
  if (std::holds_alternative<Healthcheck>(command) || std::holds_alternative<Onbuild>(command) ||
      std::holds_alternative<Shell>(command)) {
    return;
  }
  if (const auto* expose = std::get_if<Expose>(&command)) {
    ExposePorts(*expose, stage.config);
    return;
  }
  if (const auto* env = std::get_if<Env>(&command)) {
    for (const NameValue& variable : env->variables) SetVariable(stage, variable);
    return;
  }
  const bool cmd_set = stage.cmd_set;
  ApplyToConfig(expanded, stage);
  const auto* entrypoint = std::get_if<Entrypoint>(&command);
  if (entrypoint != nullptr && entrypoint->words.empty()) stage.config.entrypoint.reset();
  const auto* cmd = std::get_if<Cmd>(&command);
  if (cmd != nullptr && cmd->words.empty()) stage.cmd_set = cmd_set;
}

void RecordBuildahStep(const Step& step) {
  NoteArgWords(step);
  StageBuild& stage = step.stage;
  if (HasOwnSteps(stage)) {
    HistoryEntry& last = stage.history.back();
    last.author.clear();
    last.comment.clear();
    last.empty_layer = true;
  }
  stage.history.push_back(EntryOf(step));
  stage.history.back().empty_layer = false;
}

void RecordBuildahLayer(const Step& step) {
  NoteArgWords(step);
  StageBuild& stage = step.stage;
  stage.history.push_back(EntryOf(step));
  CheckHistory(stage);
  stage.buildah.volumes.clear();  // the next step has a container of its own
  stage.buildah.from = ShortIdOf(BuildahConfiguration({.stage = stage, .created = step.created}));
}

void FinishBuildahStage(StageBuild& stage) {
  const std::string created = Rfc3339(stage.files.clock());
  if (!HasOwnSteps(stage) && stage.buildah.image.empty()) {
    stage.history.push_back(
        {.created = created, .created_by = "/bin/sh", .author = stage.author, .comment = ""});
  }
  if (HasOwnSteps(stage)) CheckHistory(stage);
  stage.buildah.image = BuildahConfiguration({.stage = stage, .created = created});
  stage.buildah.from = ShortIdOf(stage.buildah.image);
}

std::string BuildahConfiguration(const FinishedBuild& build) {
  const StageBuild& stage = build.stage;
  if (!HasOwnSteps(stage)) return stage.buildah.image;
  Json document = Json::Object();
  document.Set("created", build.created);
  SetUnlessEmpty(document, "author", stage.author);
  const Platform& target = stage.scope.arguments().target_platform;
  document.Set("architecture", BaseText(stage, "architecture", target.architecture.c_str()));
  SetUnlessEmpty(document, "variant", stage.base_document.TextOf("variant"));
  document.Set("os", BaseText(stage, "os", target.os.c_str()));
  SetUnlessEmpty(document, "os.version", stage.base_document.TextOf("os.version"));
  document.Set("config", ConfigObject(stage.config));
  document.Set("rootfs", Json::Object({{"type", "layers"}, {"diff_ids", DiffIds(stage.layers)}}));
  document.Set("history", HistoryList(stage.history));
  return Write(document, kGoCompact);
}

}  // namespace watertight::generator
