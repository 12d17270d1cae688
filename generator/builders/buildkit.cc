#include "generator/builders/buildkit.h"

#include <algorithm>

#include "generator/archives/entries.h"
#include "generator/build/apply_config.h"
#include "generator/builders/documents.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

constexpr const char* kComment = "buildkit.dockerfile.v0";
constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string Listed(const Words& words) { return "[" + Join(words, " ") + "]"; }

std::string QuotedList(const Words& words) {
  Words quoted;
  for (const std::string& word : words) quoted.push_back(Quote(word));
  return Listed(quoted);
}

std::string Joined(const std::vector<NameValue>& pairs) {
  std::string text;
  for (const NameValue& pair : pairs) text += " " + pair.name + "=" + pair.value;
  return text;
}

// The text of an instruction, as commitToHistory gets it.
class Text {
 public:
  explicit Text(const Step& step) : step_(step), config_(step.stage.config) {}

  std::string operator()(const Env& env) const { return "ENV" + Joined(env.variables); }
  std::string operator()(const Label& label) const { return "LABEL" + Joined(label.labels); }
  std::string operator()(const Arg& arg) const {
    std::string text = "ARG";
    for (const ArgName& name : arg.names) {
      text += " " + name.name + (name.value ? "=" + *name.value : "");
    }
    return text;
  }
  std::string operator()(const User& user) const { return "USER " + user.name; }
  std::string operator()(const Volume& volume) const { return "VOLUME " + Listed(volume.paths); }
  std::string operator()(const Expose& expose) const { return "EXPOSE " + Listed(expose.ports); }
  std::string operator()(const StopSignal& stop) const { return "STOPSIGNAL " + stop.signal; }
  std::string operator()(const Maintainer& each) const { return "MAINTAINER " + each.name; }
  std::string operator()(const Shell& shell) const { return "SHELL " + Listed(shell.words); }
  std::string operator()(const Workdir&) const { return "WORKDIR " + config_.workdir; }
  std::string operator()(const Cmd& cmd) const {
    return "CMD " + QuotedList(CommandWords(cmd, config_));
  }
  std::string operator()(const Entrypoint& entrypoint) const {
    return "ENTRYPOINT " + QuotedList(CommandWords(entrypoint, config_));
  }
  std::string operator()(const Copy& copy) const {
    return "COPY" + std::string(copy.parents ? " --parents" : "") + Transferred(copy);
  }
  std::string operator()(const Add& add) const { return "ADD" + Transferred(add); }
  std::string operator()(const Run& run) const {
    CommandLine line = run;
    if (!step_.instruction.source.heredocs.empty()) line.words = {Script(run)};
    return "RUN " + Arguments() + Join(CommandWords(line, config_), " ") + " # buildkit";
  }
  std::string operator()(const Healthcheck&) const { return "HEALTHCHECK"; }
  std::string operator()(const Onbuild&) const { return ""; }

 private:
  std::string Script(const Run& run) const {
    const std::vector<Heredoc>& heredocs = step_.instruction.source.heredocs;
    const Heredoc& first = heredocs[0];
    if (run.script && first.content.starts_with("#!")) return "/dev/pipes/" + first.name;
    if (run.script) {
      return first.strip_tabs ? WithoutLeadingTabs(first.content) : first.content;
    }
    std::string script = run.words[0];
    for (const Heredoc& each : heredocs) script += "\n" + each.content + each.name;
    return script;
  }

  std::string Arguments() const {
    Words names;
    for (const ArgName& arg : step_.stage.scope.declared()) {
      if (std::ranges::find(names, arg.name) == names.end()) names.push_back(arg.name);
    }
    if (names.empty()) return "";
    const Environment variables = step_.stage.scope.variables();
    std::string text = "|" + std::to_string(names.size()) + " ";
    for (const std::string& name : names) {
      const std::string* value = variables.Find(name);
      text += name + "=" + (value == nullptr ? "" : *value) + " ";
    }
    return text;
  }

  static std::string Transferred(const Transfer& transfer) {
    std::string text;
    if (!transfer.chown.empty()) text += " --chown=" + transfer.chown;
    if (!transfer.chmod.empty()) text += " --chmod=" + transfer.chmod;
    for (const std::string& source : transfer.sources) text += " " + source;
    for (const InlineFile& file : transfer.inline_files) text += " <<" + file.name;
    return text + " " + transfer.destination + " # buildkit";
  }

  const Step& step_;
  const ImageConfig& config_;
};

Json ConfigObject(const ImageConfig& config) {
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
  SetUnlessEmpty(object, "ArgsEscaped", config.args_escaped);
  if (config.healthcheck) object.Set("Healthcheck", HealthcheckObject(*config.healthcheck));
  SetUnlessEmpty(object, "OnBuild", StringList(config.onbuild));
  SetUnlessEmpty(object, "Shell", StringList(config.shell));
  return object;
}

}  // namespace

void BeginBuildkitStage(StageBuild& stage) {
  ImageConfig& config = stage.config;
  if (config.env.Find("PATH") == nullptr) config.env.Set("PATH", kPath);
  if (config.workdir.empty()) config.workdir = "/";
}

void RecordBuildkitStep(const Step& step) {
  const std::string text = std::visit(Text(step), step.instruction.command);
  if (text.empty()) return;
  step.stage.history.push_back({.created = step.created,
                                .created_by = text,
                                .author = "",
                                .comment = kComment,
                                .empty_layer = !step.layer});
}

std::string BuildkitConfiguration(const FinishedBuild& build) {
  const StageBuild& stage = build.stage;
  Json document = Json::Object();
  document.Set("architecture", BaseText(stage, "architecture", "amd64"));
  SetUnlessEmpty(document, "author", stage.author);
  document.Set("config", ConfigObject(stage.config));
  document.Set("created", build.created);
  document.Set("history", HistoryList(stage.history));
  document.Set("os", BaseText(stage, "os", "linux"));
  document.Set("rootfs", RootfsObject(stage.layers));
  return Write(document, kGoCompact);
}

}  // namespace watertight::generator
