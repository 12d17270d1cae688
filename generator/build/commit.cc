#include "generator/build/commit.h"

#include <utility>

#include "generator/archives/clock.h"
#include "generator/archives/sha256.h"
#include "generator/build/copy.h"
#include "generator/build/empty_layer.h"
#include "generator/build/volumes.h"
#include "generator/builders/classic.h"
#include "generator/builders/classic_config.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

StageBuild StageOn(const BuiltImage& image, const CommitRequest& request) {
  StageBuild stage = EmptyStage(request.docker);
  stage.files = image.files;
  stage.files.set_clock(request.clock);
  stage.files.BeginLayer();
  stage.layers = image.saved.layers;
  stage.base_config = image.saved.config;
  stage.base_document = ParseJson(stage.base_config, "the configuration");
  stage.history = ReadHistory(stage.base_document, "the configuration");
  stage.config = ReadImageConfig(stage.base_document, "the configuration");
  stage.image.author = stage.base_document.TextOf("author");
  return stage;
}

// What docker run asks for, completed with the image's configuration. A container has neither the
// triggers nor the shell of its image.
ImageConfig ContainerConfig(ImageConfig image, const CommitRequest& request) {
  ImageConfig config = std::move(image);
  Environment env = request.env;
  for (const auto& [name, value] : config.env) {
    if (env.Find(name) == nullptr) env.Set(name, value);
  }
  config.env = std::move(env);
  if (!request.command.empty()) config.cmd = request.command;
  config.onbuild.clear();
  config.shell.clear();
  config.args_escaped = false;
  const bool nothing = !config.cmd || config.cmd->empty();
  if (nothing && (!config.entrypoint || config.entrypoint->empty())) {
    throw Error("no command specified");
  }
  return config;
}

// The members that no image configuration sets: those of `docker run` in a terminal's foreground.
Json RunOptions(const std::string& container) {
  return Json::Object({{"Hostname", container.substr(0, 12)},
                       {"AttachStdout", true},
                       {"AttachStderr", true},
                       {"Labels", Json::Object()}});
}

std::string NameOf(const BuiltImage& image, const CommitRequest& request) {
  if (!request.image.empty()) return request.image;
  return image.saved.names.empty() ? Digest(image.saved.config) : image.saved.names.front();
}

// Whether the container changed a file.
bool RunContainer(StageBuild& stage, const CommitRequest& request, const FileRules& rules) {
  const FileTree before = stage.files;
  if (!stage.config.workdir.empty()) MakeWorkdir(stage.files, stage.config.workdir, "", rules);
  {
    const VolumeMounts volumes(stage.files, stage.config.volumes, rules);
    if (request.run) request.run(stage.files, stage.config);
  }
  if (!stage.files.RootChanged()) return false;
  SavedLayer layer;
  layer.tar = LayerTar(before, stage.files, rules, stage.store);
  if (IsEmptyLayer(layer.tar)) return false;
  layer.diff_id = Digest(layer.tar);
  stage.layers.push_back(std::move(layer));
  return true;
}

}  // namespace

BuiltImage Commit(const BuiltImage& image, const CommitRequest& request) {
  StageBuild stage = StageOn(image, request);
  const ClassicVersion& version = ClassicVersionOf(stage.scope.dialect().builder);
  stage.config = ContainerConfig(std::move(stage.config), request);
  const std::string reference = NameOf(image, request);
  const std::string command = Join(stage.config.cmd.value_or(Words()), " ");
  CommittedContainer container;
  container.id = Sha256Hex("container\n" + Digest(stage.base_config) + "\n" + command);
  stage.base_document.Set("config", RunOptions(container.id));
  stage.image.id = reference;
  container.config = ClassicConfigObject(stage.config, stage, reference);

  const ImageConfig started = stage.config;
  const bool layer = RunContainer(stage, request, FileRulesOf(version.builder));
  ApplyChanges(request.changes, stage);
  InheritConfig(stage.config, started);
  const bool containerd = stage.store == Store::kContainerd;
  stage.author = containerd && request.author.empty() ? stage.image.author : request.author;
  const std::string created = Rfc3339(request.clock);
  stage.history.push_back({.created = created,
                           .created_by = command,
                           .author = stage.author,
                           .comment = request.message,
                           .empty_layer = !layer});
  BuiltImage committed;
  committed.saved.names = request.names;
  committed.saved.config = containerd ? ContainerdDocument(stage, created)
                                      : GraphDriverDocument(stage, container, version, created);
  committed.saved.layers = stage.layers;
  committed.saved.maker = Maker::kClassic;
  committed.files = std::move(stage.files);
  return committed;
}

}  // namespace watertight::generator
