#include "generator/builders/kaniko.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/build/apply_config.h"
#include "generator/build/apply_layer.h"
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

// The root directory before the first step: directories and symbolic links have the time when they
// were unpacked, and what kaniko leaves alone was not. A container always has /etc.
void PrepareRoot(FileTree& files) {
  const std::int64_t unpacked = files.clock() - 1;
  std::vector<std::string> ignored;
  std::vector<std::string> renewed = {"/"};
  files.Walk("", [&](const std::string& path, const Inode& inode, InodeNumber) {
    if (IsIgnoredByKaniko(path)) {
      ignored.push_back(path);
    } else if (inode.is_directory() || inode.is_symlink()) {
      renewed.push_back(path);
    }
  });
  for (const std::string& path : ignored) files.RemoveAll(path);
  files.MakeDirectory("/etc", {.mode = 0755, .mtime = unpacked});
  for (const std::string& path : renewed) {
    files.Modify(path, Follow::kNo, [&](Inode& inode) { inode.attributes.mtime = unpacked; });
  }
  files.set_keeps_links(true);
  files.BeginLayer();
}

// The shell forms of CMD and ENTRYPOINT append to the words of SHELL, in whose array there is room
// unless their number is a power of two: the later one is written over the earlier one's command.
void ShareWords(const Command& command, StageBuild& stage) {
  ImageConfig& config = stage.config;
  const size_t shell = config.shell.size();
  const auto shares = [&](const std::optional<Words>& words) {
    return words && words->size() == shell + 1 &&
           std::equal(config.shell.begin(), config.shell.end(), words->begin());
  };
  if (std::has_single_bit(shell) || shell == 0 || !shares(config.cmd) ||
      !shares(config.entrypoint)) {
    return;
  }
  if (std::holds_alternative<Entrypoint>(command)) config.cmd->back() = config.entrypoint->back();
  if (std::holds_alternative<Cmd>(command)) config.entrypoint->back() = config.cmd->back();
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
      stage_.kaniko.volumes.insert(CleanedPath(path));
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
  const bool needs_files = stage.kaniko.needs_files;
  const FileTree image = std::exchange(stage.files, FileTree());
  stage.files.set_clock(image.clock());
  if (needs_files) stage.files = image;
  stage.kaniko = {.needs_files = needs_files, .image = image};
  PrepareRoot(stage.files);
}

// The stage's image is its layers; the disk is where other stages take files from.
void FinishKanikoStage(StageBuild& stage) {
  stage.kaniko.disk = std::exchange(stage.files, stage.kaniko.image);
  stage.files.BeginLayer();
}

void ApplyToKanikoConfig(const Instruction& expanded, StageBuild& stage) {
  if (std::visit(Applier(stage), expanded.command)) return;
  const bool args_escaped = stage.config.args_escaped;
  try {
    ApplyToConfig(expanded, stage);
  } catch (const Error& error) {
    throw Error("error building stage: failed to execute command: " + error.message());
  }
  ShareWords(expanded.command, stage);
  // A matter of Windows; CMD takes the base's away.
  stage.config.args_escaped = args_escaped && !std::holds_alternative<Cmd>(expanded.command);
}

Rope KanikoLayer(const Step& step, const FileTree& before) {
  StageBuild& stage = step.stage;
  const KanikoRoot root{
      .files = stage.files, .volumes = stage.kaniko.volumes, .layer = stage.layers.size()};
  const bool run = std::holds_alternative<Run>(step.instruction.command);
  stage.kaniko.scanned = stage.kaniko.scanned || run;
  const FileTree nothing;
  // Without a RUN before it, nobody knows what was there.
  const FileTree& known = stage.kaniko.scanned ? before : nothing;
  const KanikoTar made = step.made ? KanikoFiles(root, *step.made) : KanikoSnapshot(known, root);
  ApplyLayer(stage.kaniko.image, made.changes);
  return made.tar;
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
    .finish = FinishKanikoStage,
    .configuration = KanikoConfiguration,
};

}  // namespace watertight::generator
