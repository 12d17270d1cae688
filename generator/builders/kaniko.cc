#include "generator/builders/kaniko.h"

#include "generator/archives/entries.h"
#include "generator/build/apply_config.h"
#include "generator/build/kaniko_layer.h"
#include "generator/builders/documents.h"
#include "generator/builders/rows.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr const char* kAuthor = "kaniko";
// What Go writes for a time that nobody set.
constexpr const char* kNoTime = "0001-01-01T00:00:00Z";

// Cleaned, but a slash at the end stays.
std::string CleanedPath(const std::string& path) {
  const std::string clean = CleanPath(path);
  return path.ends_with('/') && !clean.ends_with('/') ? clean + "/" : clean;
}

// An absolute path keeps its slash at the end, one from the current directory does not.
std::string WorkdirFrom(const std::string& current, const std::string& path) {
  const std::string clean = CleanedPath(path);
  return clean.starts_with('/') ? clean : CleanPath("/" + current + "/" + clean);
}

std::string PortWithProtocol(const std::string& port) {
  const size_t slash = port.find('/');
  if (slash == std::string::npos) return port + "/tcp";
  const std::string rest = port.substr(slash + 1);
  const std::string protocol = rest.substr(0, rest.find('/'));
  if (protocol != "tcp" && protocol != "udp") {
    throw Error("error building stage: failed to execute command: invalid protocol: " + protocol);
  }
  return port;
}

void MakeDirectories(const std::string& path, FileTree& files) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    files.MakeDirectory(path.substr(0, slash), {.mtime = files.clock()});
  }
  files.MakeDirectory(path, {.mtime = files.clock()});
}

class Applier {
 public:
  explicit Applier(StageBuild& stage) : stage_(stage), config_(stage.config) {}

  // True when there is nothing else to do.
  bool operator()(const Maintainer&) const { return true; }
  bool operator()(const Workdir& workdir) const {
    config_.workdir = WorkdirFrom(config_.workdir, workdir.path);
    return true;
  }
  bool operator()(const Volume& volume) const {
    for (const std::string& path : volume.paths) {
      config_.volumes.insert(CleanedPath(path));
      MakeDirectories(CleanedPath(path), stage_.files);
    }
    return true;
  }
  bool operator()(const Expose& expose) const {
    for (const std::string& port : expose.ports) {
      config_.exposed_ports.insert(PortWithProtocol(port));
    }
    return true;
  }
  template <class T>
  bool operator()(const T&) const {
    return false;
  }

 private:
  StageBuild& stage_;
  ImageConfig& config_;
};

// Of the base's configuration, what no instruction changes.
Json FromBase(const StageBuild& stage, std::string_view key) {
  const Json* config = stage.base_document.Find("config");
  const Json* member = config == nullptr ? nullptr : config->Find(key);
  return member == nullptr ? Json() : *member;
}

Json HealthObject(Healthcheck check) {
  check.start_interval = {};  // not known to go-containerregistry
  return HealthcheckObject(check);
}

Json ConfigObject(const StageBuild& stage) {
  const ImageConfig& config = stage.config;
  Json object = Json::Object();
  if (config.cmd) SetUnlessEmpty(object, "Cmd", StringList(*config.cmd));
  if (config.healthcheck) object.Set("Healthcheck", HealthObject(*config.healthcheck));
  SetUnlessEmpty(object, "Domainname", FromBase(stage, "Domainname"));
  if (config.entrypoint) SetUnlessEmpty(object, "Entrypoint", StringList(*config.entrypoint));
  SetUnlessEmpty(object, "Env", EnvironmentList(config.env));
  SetUnlessEmpty(object, "Hostname", FromBase(stage, "Hostname"));
  SetUnlessEmpty(object, "Image", FromBase(stage, "Image"));
  SetUnlessEmpty(object, "Labels", TextMap(config.labels));
  SetUnlessEmpty(object, "OnBuild", StringList(config.onbuild));
  SetUnlessEmpty(object, "User", config.user);
  SetUnlessEmpty(object, "Volumes", EmptyObjects(config.volumes));
  SetUnlessEmpty(object, "WorkingDir", config.workdir);
  SetUnlessEmpty(object, "ExposedPorts", EmptyObjects(config.exposed_ports));
  SetUnlessEmpty(object, "ArgsEscaped", config.args_escaped);
  SetUnlessEmpty(object, "StopSignal", config.stop_signal);
  SetUnlessEmpty(object, "Shell", StringList(config.shell));
  return object;
}

Json HistoryOf(const StageBuild& stage) {
  Json list = Json::Array();
  for (const HistoryEntry& entry : stage.history) {
    Json object = Json::Object();
    SetUnlessEmpty(object, "author", entry.author);
    object.Set("created", entry.created.empty() ? kNoTime : entry.created);
    SetUnlessEmpty(object, "created_by", entry.created_by);
    SetUnlessEmpty(object, "comment", entry.comment);
    SetUnlessEmpty(object, "empty_layer", entry.empty_layer);
    list.Append(std::move(object));
  }
  return list;
}

}  // namespace

void BeginKanikoStage(StageBuild& stage) {
  if (stage.config.env.size() == 0) stage.config.env.Set("PATH", kPath);
}

void ApplyToKanikoConfig(const Instruction& expanded, StageBuild& stage) {
  if (std::visit(Applier(stage), expanded.command)) return;
  const bool args_escaped = stage.config.args_escaped;
  ApplyToConfig(expanded, stage);
  // A matter of Windows; CMD takes the base's away.
  stage.config.args_escaped = args_escaped && !std::holds_alternative<Cmd>(expanded.command);
}

Rope KanikoLayer(const Step& step, const FileTree& before) {
  const StageBuild& stage = step.stage;
  const bool everything = std::holds_alternative<Run>(step.instruction.command);
  return everything ? KanikoSnapshot(before, stage.files, stage.config.volumes)
                    : KanikoFiles(stage.files, stage.config.volumes);
}

void RecordKanikoStep(const Step& step) {
  if (!step.layer) return;
  step.stage.history.push_back({.created = kNoTime,
                                .created_by = step.written.source.text,
                                .author = kAuthor,
                                .comment = ""});
}

std::string KanikoConfiguration(const FinishedBuild& build) {
  const StageBuild& stage = build.stage;
  const Platform& target = stage.scope.arguments().target_platform;
  Json document = Json::Object();
  document.Set("architecture", target.architecture);
  SetUnlessEmpty(document, "author", stage.base_document.TextOf("author"));
  SetUnlessEmpty(document, "container", stage.base_document.TextOf("container"));
  document.Set("created", build.created);
  SetUnlessEmpty(document, "docker_version", stage.base_document.TextOf("docker_version"));
  SetUnlessEmpty(document, "history", HistoryOf(stage));
  document.Set("os", target.os);
  document.Set("rootfs", RootfsObject(stage.layers));
  document.Set("config", ConfigObject(stage));
  SetUnlessEmpty(document, "os.version", stage.base_document.TextOf("os.version"));
  SetUnlessEmpty(document, "variant", stage.base_document.TextOf("variant"));
  return Write(document, kGoCompact);
}

const Builder kKaniko = {
    .name = "kaniko",
    .about = "Kaniko 1.24: executor --tar-path",
    .maker = Maker::kKaniko,
    .layer_per_step = LayerPerStep::kIfStored,
    .begin = BeginKanikoStage,
    .apply = ApplyToKanikoConfig,
    .knows_mounts = false,
    .layer = KanikoLayer,
    .record = RecordKanikoStep,
    .configuration = KanikoConfiguration,
};

}  // namespace watertight::generator
