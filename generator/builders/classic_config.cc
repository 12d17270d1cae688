#include "generator/builders/classic_config.h"

#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/v1_image.h"
#include "generator/builders/documents.h"

namespace watertight::generator {
namespace {

// Go tells an empty map or list from none: what stays empty is as empty as in the base.
Json EmptyAsInBase(Json value, const Json& base, std::string_view key) {
  if (!value.IsEmptyValue()) return value;
  const Json* given = base.Find(key);
  const bool was_empty = given != nullptr && !given->is_null() && given->IsEmptyValue();
  return was_empty ? value : Json();
}

Json WordsOrNull(const std::optional<Words>& words) { return words ? StringList(*words) : Json(); }

Json HistoryOf(const std::vector<HistoryEntry>& history, const ClassicVersion& version) {
  if (!version.old_history) return HistoryList(history);
  Json list = Json::Array();
  for (const HistoryEntry& entry : history) {
    Json object = Json::Object();
    object.Set("created", entry.created.empty() ? "0001-01-01T00:00:00Z" : entry.created);
    SetUnlessEmpty(object, "author", entry.author);
    SetUnlessEmpty(object, "created_by", entry.created_by);
    SetUnlessEmpty(object, "comment", entry.comment);
    SetUnlessEmpty(object, "empty_layer", entry.empty_layer);
    list.Append(std::move(object));
  }
  return list;
}

// Without layers the graph driver's store leaves diff_ids out, and containerd's writes null.
Json RootfsOf(const StageBuild& stage) {
  if (!stage.layers.empty()) return RootfsObject(stage.layers);
  return Json::Object({{"type", "layers"}});
}

void SetFromBase(Json& document, const StageBuild& stage, std::string_view key) {
  const Json* value = stage.base_document.Find(key);
  if (value != nullptr) SetUnlessEmpty(document, key, *value);
}

Json OciConfigObject(const ImageConfig& config) {
  Json object = Json::Object();
  SetUnlessEmpty(object, "User", config.user);
  SetUnlessEmpty(object, "ExposedPorts", EmptyObjects(config.exposed_ports));
  SetUnlessEmpty(object, "Env", EnvironmentList(config.env));
  SetUnlessEmpty(object, "Entrypoint", WordsOrNull(config.entrypoint));
  SetUnlessEmpty(object, "Cmd", WordsOrNull(config.cmd));
  SetUnlessEmpty(object, "Volumes", EmptyObjects(config.volumes));
  SetUnlessEmpty(object, "WorkingDir", config.workdir);
  SetUnlessEmpty(object, "Labels", TextMap(config.labels));
  SetUnlessEmpty(object, "StopSignal", config.stop_signal);
  SetUnlessEmpty(object, "ArgsEscaped", config.args_escaped);
  if (config.healthcheck) object.Set("Healthcheck", HealthcheckObject(*config.healthcheck));
  SetUnlessEmpty(object, "OnBuild", StringList(config.onbuild));
  SetUnlessEmpty(object, "Shell", StringList(config.shell));
  return object;
}

}  // namespace

Json ClassicConfigObject(const ImageConfig& config, const StageBuild& stage,
                         const std::string& image) {
  const Json* given = stage.base_document.Find("config");
  const Json base = given != nullptr && given->is_object() ? *given : Json::Object();
  Json object = base;
  object.Set("User", config.user);
  object.Set("ExposedPorts", EmptyObjects(config.exposed_ports));
  object.Set("OpenStdin", false);
  object.Set("StdinOnce", false);
  object.Set("Env", StringListOrNull({}));
  if (config.env.size() != 0) object.Set("Env", EnvironmentList(config.env));
  object.Set("Cmd", WordsOrNull(config.cmd));
  object.Set("Healthcheck", config.healthcheck ? HealthcheckObject(*config.healthcheck) : Json());
  object.Set("ArgsEscaped", config.args_escaped);
  object.Set("Image", image);
  object.Set("Volumes", EmptyAsInBase(EmptyObjects(config.volumes), base, "Volumes"));
  object.Set("WorkingDir", config.workdir);
  object.Set("Entrypoint", WordsOrNull(config.entrypoint));
  object.Set("OnBuild", EmptyAsInBase(StringList(config.onbuild), base, "OnBuild"));
  object.Set("Labels", EmptyAsInBase(TextMap(config.labels), base, "Labels"));
  object.Set("StopSignal", config.stop_signal);
  object.Set("Shell", StringList(config.shell));
  return ClassicForm(&object);
}

std::string GraphDriverDocument(const StageBuild& stage, const CommittedContainer& container,
                                const ClassicVersion& version, const std::string& created) {
  Json document = Json::Object();
  document.Set("architecture", BaseText(stage, "architecture", "amd64"));
  SetUnlessEmpty(document, "author", stage.author);
  SetUnlessEmpty(document, "comment", stage.comment);
  document.Set("config", ClassicConfigObject(stage.config, stage, stage.image.id));
  SetUnlessEmpty(document, "container", container.id);
  document.Set("container_config", container.config);
  document.Set("created", created);
  document.Set("docker_version", version.docker_version);
  document.Set("history", HistoryOf(stage.history, version));
  document.Set("os", BaseText(stage, "os", "linux"));
  for (const char* key : {"os.features", "os.version"}) SetFromBase(document, stage, key);
  document.Set("rootfs", RootfsOf(stage));
  SetFromBase(document, stage, "variant");
  return Write(document, kGoCompact);
}

std::string ContainerdDocument(const StageBuild& stage, const std::string& created) {
  Json document = Json::Object();
  document.Set("created", created);
  SetUnlessEmpty(document, "author", stage.author);
  document.Set("architecture", BaseText(stage, "architecture", "amd64"));
  document.Set("os", BaseText(stage, "os", "linux"));
  document.Set("rootfs", RootfsObject(stage.layers));
  document.Set("history", HistoryList(stage.history));
  document.Set("config", OciConfigObject(stage.config));
  return Write(document, kGoCompact);
}

}  // namespace watertight::generator
