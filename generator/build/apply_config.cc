#include "generator/build/apply_config.h"

#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

const Words kDefaultShell = {"/bin/sh", "-c"};

class Applier {
 public:
  explicit Applier(StageBuild& stage) : stage_(stage), config_(stage.config) {}

  void operator()(const Env& env) const {
    for (const NameValue& each : env.variables) config_.env.Set(each.name, each.value);
  }
  void operator()(const Label& label) const {
    for (const NameValue& each : label.labels) config_.labels[each.name] = each.value;
  }
  void operator()(const User& user) const { config_.user = user.name; }
  void operator()(const Volume& volume) const {
    config_.volumes.insert(volume.paths.begin(), volume.paths.end());
  }
  void operator()(const Expose& expose) const {
    config_.exposed_ports.insert(expose.ports.begin(), expose.ports.end());
  }
  void operator()(const StopSignal& stop) const { config_.stop_signal = stop.signal; }
  void operator()(const Maintainer& maintainer) const { stage_.author = maintainer.name; }
  void operator()(const Shell& shell) const { config_.shell = shell.words; }
  void operator()(const Workdir& workdir) const {
    config_.workdir = NextWorkdir(workdir.path, stage_);
  }
  void operator()(const Cmd& cmd) const {
    config_.cmd = CommandWords(cmd, stage_);
    config_.args_escaped = true;
    stage_.cmd_set = true;
  }
  void operator()(const Entrypoint& entrypoint) const {
    config_.entrypoint = CommandWords(entrypoint, stage_);
    // A CMD of the base was written for the base's entry point.
    if (!stage_.cmd_set) config_.cmd.reset();
  }
  void operator()(const watertight::generator::Healthcheck& check) const {
    config_.healthcheck = check;
  }
  void operator()(const Onbuild& onbuild) const { config_.onbuild.push_back(onbuild.trigger); }
  void operator()(const Arg&) const {}
  void operator()(const Refused&) const {}
  void operator()(const Run&) const {}
  void operator()(const Copy&) const {}
  void operator()(const Add&) const {}

 private:
  StageBuild& stage_;
  ImageConfig& config_;
};

}  // namespace

Words ShellOf(const ImageConfig& config) {
  return config.shell.empty() ? kDefaultShell : config.shell;
}

Words CommandWords(const CommandLine& line, const StageBuild& stage) {
  if (!line.shell) return line.words;
  Words words = ShellOf(stage.config);
  // Where the words are joined unseen, nothing becomes an empty word.
  const Family family = stage.scope.dialect().family;
  const bool keeps_empty = family == Family::kBuildKit || family == Family::kKaniko;
  if (!line.words.empty() || keeps_empty) words.push_back(Join(line.words, " "));
  return words;
}

std::string NextWorkdir(const std::string& path, const StageBuild& stage) {
  if (path.starts_with('/')) return path;
  return CleanPath("/" + stage.config.workdir + "/" + path);
}

void ApplyToConfig(const Instruction& expanded, StageBuild& stage) {
  std::visit(Applier(stage), expanded.command);
}

}  // namespace watertight::generator
