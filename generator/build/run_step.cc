#include "generator/build/run_step.h"

#include <optional>

#include "generator/build/apply_config.h"
#include "generator/build/copy.h"
#include "generator/build/run.h"
#include "generator/build/run_comments.h"
#include "generator/build/volumes.h"
#include "generator/dockerfile/heredoc.h"
#include "generator/dockerfile/scope.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

// The script of a RUN with here-documents: the body alone, or the command with all of them.
std::string Script(const Run& run, const std::vector<Heredoc>& heredocs) {
  const Heredoc& first = heredocs.front();
  if (run.script) return first.strip_tabs ? WithoutLeadingTabs(first.content) : first.content;
  std::string script = Join(run.words, " ");
  for (const Heredoc& each : heredocs) script += "\n" + each.content + each.name;
  return script + "\n";
}

// ENV, then the ARGs that ENV does not hide, then proxies, which need no ARG.
Environment EnvironmentOf(const Step& step, const std::map<std::string, std::string>& arguments,
                          const Environment& mounted) {
  Environment environment = step.stage.config.env;
  for (const auto& [name, value] : step.stage.scope.variables()) environment.Set(name, value);
  for (const auto& [name, value] : arguments) {
    if (IsProxyArgument(name)) environment.Set(name, value);
  }
  for (const auto& [name, value] : mounted) environment.Set(name, value);
  return environment;
}

std::string LastLine(std::string_view output) {
  const std::string_view text = TrimRight(output);
  return std::string(text.substr(text.rfind('\n') + 1));
}

[[noreturn]] void Fail(const Step& step, const Words& words, const RunResult& result) {
  const std::string command = Join(words, " ");
  const std::string status = std::to_string(result.status);
  const std::string last = LastLine(result.output);
  const std::string why = last.empty() ? "" : ": " + last;
  switch (step.stage.scope.dialect().family) {
    case Family::kBuildKit:
      throw Error("process " + Quote(command) +
                  " did not complete successfully: exit code: " + status + why);
    case Family::kClassic:
      throw Error("The command '" + command + "' returned a non-zero code: " + status + why);
    case Family::kBuildah:
      throw Error("exit status " + status + why);
    case Family::kKaniko:
      throw Error(
          "error building stage: failed to execute command: waiting for process to exit: exit "
          "status " +
          status + why);
  }
  throw Error("exit status " + status);
}

// A script with an interpreter of its own is run by that one: "#!/usr/bin/env bash" is env, bash.
Words InterpretedWords(const Words& words) {
  const std::string& script = words.back();
  const std::string line = script.substr(2, script.find('\n') - 2);
  Words interpreted;
  for (const std::string_view word : SplitAtBlanks(line)) interpreted.emplace_back(word);
  if (interpreted.empty()) throw Error("RUN: the #! line of the script names no interpreter");
  interpreted.insert(interpreted.end(), {"-c", script});
  return interpreted;
}

// What is executed, where RunWords is what is told.
Words ExecutedWords(const Step& step) {
  const Words words = RunWords(step);
  const bool script = std::get<Run>(step.instruction.command).script;
  const bool classic = step.stage.scope.dialect().family == Family::kClassic;
  return script && !classic && words.back().starts_with("#!") ? InterpretedWords(words) : words;
}

// A container of Docker has its working directory, and its image's volumes.
void PrepareContainer(StageBuild& stage, std::optional<VolumeMounts>& volumes) {
  if (stage.scope.dialect().family != Family::kClassic) return;
  const FileRules& rules = FileRulesOf(stage.scope.dialect().builder);
  if (!stage.config.workdir.empty()) MakeWorkdir(stage.files, stage.config.workdir, "", rules);
  volumes.emplace(stage.files, stage.config.volumes, rules);
}

}  // namespace

Words RunWords(const Step& step) {
  const Run& run = std::get<Run>(step.instruction.command);
  CommandLine line = run;
  const std::vector<Heredoc>& heredocs = step.instruction.source.heredocs;
  // The classic builder's parser takes the bodies away, and nothing hands them to the shell.
  const bool classic = step.stage.scope.dialect().family == Family::kClassic;
  if (!heredocs.empty() && !classic) line.words = {Script(run, heredocs)};
  return CommandWords(line, step.stage.config);
}

void RunInStage(const Step& step, const std::map<std::string, std::string>& arguments,
                const Environment& mounted) {
  StageBuild& stage = step.stage;
  std::optional<VolumeMounts> volumes;
  PrepareContainer(stage, volumes);
  const auto described = ParseRunComments(step.instruction.source.comments);
  if (!described.empty()) {
    return ApplyRunComments(stage.files, described, stage.config.workdir, stage.config.user);
  }
  const Words words = RunWords(step);
  const RunResult result = RunCommand({.tree = stage.files,
                                       .arguments = ExecutedWords(step),
                                       .environment = EnvironmentOf(step, arguments, mounted),
                                       .workdir = stage.config.workdir,
                                       .user = stage.config.user,
                                       .family = stage.scope.dialect().family});
  if (result.status != 0) Fail(step, words, result);
}

}  // namespace watertight::generator
