// The history that BuildKit 0.25 writes, from expanded instructions.
#include <algorithm>
#include <map>
#include <string>

#include "generator/dockerfile/expand.h"
#include "generator/dockerfile/ignore.h"
#include "generator/dockerfile/image_references.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/scope.h"
#include "generator/dockerfile/stages.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"
#include "tests/generator/dockerfile/dump.h"

namespace watertight::generator {
namespace {

using nlohmann::json;

std::string Joined(const std::vector<NameValue>& pairs) {
  std::string text;
  for (const NameValue& pair : pairs) text += " " + pair.name + "=" + pair.value;
  return text;
}

std::string Listed(const std::vector<std::string>& words) { return "[" + Join(words, " ") + "]"; }

std::string QuotedList(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back(Quote(word));
  return Listed(quoted);
}

// What a stage is while it is built.
struct Built {
  Scope scope;
  Environment env;
  std::string workdir;
  std::vector<std::string> shell;
  std::vector<std::string> triggers;
  std::vector<std::string> history;
};

// One line of history for each instruction.
class HistoryWriter {
 public:
  HistoryWriter(Built& built, const Instruction& instruction)
      : built_(built), source_(instruction.source) {}

  std::string operator()(const Env& env) const {
    for (const NameValue& each : env.variables) built_.env.Set(each.name, each.value);
    return "ENV" + Joined(env.variables);
  }
  std::string operator()(const Label& label) const { return "LABEL" + Joined(label.labels); }
  std::string operator()(const Arg& arg) const {
    std::vector<std::string> names;
    for (const ArgName& name : arg.names) {
      names.push_back(name.value ? name.name + "=" + *name.value : name.name);
    }
    return "ARG " + Join(names, " ");
  }
  std::string operator()(const User& user) const { return "USER " + user.name; }
  std::string operator()(const Volume& volume) const { return "VOLUME " + Listed(volume.paths); }
  std::string operator()(const Expose& expose) const { return "EXPOSE " + Listed(expose.ports); }
  std::string operator()(const StopSignal& stop) const { return "STOPSIGNAL " + stop.signal; }
  std::string operator()(const Maintainer& each) const { return "MAINTAINER " + each.name; }
  std::string operator()(const Shell& shell) const {
    built_.shell = shell.words;
    return "SHELL " + Listed(shell.words);
  }
  std::string operator()(const Workdir& workdir) const {
    const bool absolute = workdir.path.starts_with('/');
    built_.workdir = absolute ? workdir.path : CleanPath("/" + built_.workdir + "/" + workdir.path);
    return "WORKDIR " + built_.workdir;
  }
  std::string operator()(const Cmd& cmd) const { return "CMD " + QuotedList(Argv(cmd)); }
  std::string operator()(const Entrypoint& each) const {
    return "ENTRYPOINT " + QuotedList(Argv(each));
  }
  std::string operator()(const Copy& copy) const {
    return "COPY" + std::string(copy.parents ? " --parents" : "") + Transferred(copy);
  }
  std::string operator()(const Add& add) const { return "ADD" + Transferred(add); }
  std::string operator()(const Run& run) const {
    CommandLine line = run;
    if (!source_.heredocs.empty()) line.words = {Script(run)};
    return "RUN " + Arguments() + Join(Argv(line), " ") + " # buildkit";
  }
  std::string operator()(const Healthcheck&) const { return "HEALTHCHECK"; }
  std::string operator()(const Refused&) const { return ""; }
  std::string operator()(const Onbuild& onbuild) const {
    built_.triggers.push_back(onbuild.trigger);
    return "";
  }

 private:
  std::vector<std::string> Argv(const CommandLine& line) const {
    if (!line.shell) return line.words;
    std::vector<std::string> words = built_.shell;
    words.push_back(Join(line.words, " "));
    return words;
  }

  bool Interpreted() const { return source_.heredocs[0].content.starts_with("#!"); }

  std::string Script(const Run& run) const {
    const Heredoc& first = source_.heredocs[0];
    if (run.script && Interpreted()) return "/dev/pipes/" + first.name;
    if (run.script) {
      return first.strip_tabs ? WithoutLeadingTabs(first.content) : first.content;
    }
    std::string script = run.words[0];
    for (const Heredoc& each : source_.heredocs) script += "\n" + each.content + each.name;
    return script;
  }

  std::string Arguments() const {
    std::vector<std::string> names;
    for (const ArgName& arg : built_.scope.declared()) {
      if (std::ranges::find(names, arg.name) == names.end()) names.push_back(arg.name);
    }
    const Environment variables = built_.scope.variables();
    std::string text = names.empty() ? "" : "|" + std::to_string(names.size()) + " ";
    for (const std::string& name : names) {
      const std::string* value = variables.Find(name);
      text += name + "=" + (value == nullptr ? "" : *value) + " ";
    }
    return text;
  }

  std::string Transferred(const Transfer& transfer) const {
    std::string text;
    if (!transfer.chown.empty()) text += " --chown=" + transfer.chown;
    if (!transfer.chmod.empty()) text += " --chmod=" + transfer.chmod;
    for (const std::string& source : transfer.sources) text += " " + source;
    for (const InlineFile& file : transfer.inline_files) text += " <<" + file.name;
    return text + " " + transfer.destination + " # buildkit";
  }

  Built& built_;
  const Source& source_;
};

class Evaluator {
 public:
  explicit Evaluator(const json& test)
      : images_(test.value("images", json::object())),
        file_(ParseDockerfile(test["text"].get<std::string>())) {
    arguments_.target = test.value("target", "");
    arguments_.values = test.value("build_args", std::map<std::string, std::string>());
    globals_ = GlobalVariables(file_, arguments_);
    plan_ = PlanStages(file_, globals_, arguments_.target);
  }

  json Run() {
    for (const size_t index : plan_.order) built_.insert_or_assign(index, Build(index));
    return {{"history", built_.at(plan_.target).history}};
  }

 private:
  Built Build(size_t index) {
    const Stage& stage = file_.stages[index];
    Built built = Begin(index);
    const std::vector<std::string> triggers = std::exchange(built.triggers, {});
    for (const std::string& trigger : triggers) {
      try {
        Instruction instruction = ParseTrigger(trigger, file_.dialect);
        instruction.source.range = stage.source.range;
        Step(built, instruction);
      } catch (const Error& error) {
        // A line inside the trigger is none of the file's.
        throw Error(error.message()).At(stage.source.range.begin.line);
      }
    }
    for (const Instruction& instruction : stage.instructions) Step(built, instruction);
    return built;
  }

  Built Begin(size_t index) {
    const PlannedStage& planned = plan_.stages[index];
    for (const StageSource& source : planned.sources) {
      if (!source.stage) RequireImage(source.name, source.line);
    }
    Built built{Scope(file_, globals_, arguments_), {}, "/", {"/bin/sh", "-c"}, {}, {}};
    if (planned.base_stage) {
      built = built_.at(*planned.base_stage);
      built.scope = Scope(file_, globals_, arguments_);
      built.scope.SetBase(built_.at(*planned.base_stage).scope, built.env);
      return built;
    }
    if (planned.base != "scratch") {
      ReadImage(built, planned.base, file_.stages[index].source.range.begin.line);
    }
    if (built.env.Find("PATH") == nullptr) {
      built.env.Set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }
    built.scope.SetBase(built.env);
    return built;
  }

  const json& RequireImage(const std::string& name, int line) {
    const bool tagged = name.find(':') != std::string::npos;
    const std::string reference = "docker.io/library/" + name + (tagged ? "" : ":latest");
    if (!images_.contains(reference)) throw UnknownImage(name, file_).At(line);
    return images_[reference];
  }

  void ReadImage(Built& built, const std::string& name, int line) {
    const json& image = RequireImage(name, line);
    const json& config = image["config"];
    for (const json& variable : config["Env"]) {
      const auto text = variable.get<std::string>();
      const size_t equals = text.find('=');
      built.env.Set(text.substr(0, equals), text.substr(equals + 1));
    }
    built.workdir = config.value("WorkingDir", "/");
    built.triggers = config.value("OnBuild", std::vector<std::string>());
    for (const json& entry : image["history"]) built.history.push_back(entry["created_by"]);
  }

  void Step(Built& built, const Instruction& instruction) {
    const Instruction expanded = Expand(instruction, built.scope);
    if (const auto* run = std::get_if<Run_>(&expanded.command)) CheckMounts(*run, built, expanded);
    built.scope.Apply(expanded);
    const std::string line = std::visit(HistoryWriter(built, expanded), expanded.command);
    if (!line.empty()) built.history.push_back(line);
  }

  using Run_ = watertight::generator::Run;

  void CheckMounts(const Run_& run, const Built& built, const Instruction& instruction) {
    try {
      ExpandMounts(run, built.scope, built.workdir);
    } catch (const Error& error) {
      throw error.At(instruction.source.range.begin.line);
    }
  }

  json images_;
  Dockerfile file_;
  BuildArguments arguments_;
  Environment globals_;
  StagePlan plan_;
  std::map<size_t, Built> built_;
};

}  // namespace

json DumpEvaluation(const json& test) {
  try {
    return Evaluator(test).Run();
  } catch (const Error& error) {
    return {{"error", {{"line", error.line()}, {"message", error.message()}}}};
  }
}

json DumpIgnore(const json& test) {
  try {
    const IgnoreFile ignore = ParseIgnoreFile(test["text"].get<std::string>());
    json ignored = json::array();
    for (const json& path : test["paths"]) {
      if (ignore.Ignores(path.get<std::string>())) ignored.push_back(path);
    }
    return {{"patterns", ignore.patterns()}, {"ignored", ignored}};
  } catch (const Error& error) {
    return {{"error", error.message()}};
  }
}

}  // namespace watertight::generator
