#include "generator/build/run_step.h"

#include <optional>

#include "generator/build/apply_config.h"
#include "generator/build/copy.h"
#include "generator/build/run.h"
#include "generator/build/run_comments.h"
#include "generator/build/run_refusal.h"
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
  return script && words.back().starts_with("#!") ? InterpretedWords(words) : words;
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
  // The parser takes the bodies away; the classic builder and kaniko do not hand them to the shell.
  const Family family = step.stage.scope.dialect().family;
  const bool loses_them = family == Family::kClassic || family == Family::kKaniko;
  if (!heredocs.empty() && !loses_them) line.words = {Script(run, heredocs)};
  return CommandWords(line, step.stage);
}

void RunInStage(const Step& step, const std::map<std::string, std::string>& arguments,
                const Environment& mounted) {
  StageBuild& stage = step.stage;
  std::optional<VolumeMounts> volumes;
  PrepareContainer(stage, volumes);
  const std::string_view builder = stage.scope.dialect().builder;
  const Words told = RunWords(step);
  try {
    const auto described = ParseRunComments(step.instruction.source.comments);
    if (!described.empty()) {
      return ApplyRunComments(stage.files, described, stage.config.workdir, stage.config.user);
    }
    const RunResult result = RunCommand({.tree = stage.files,
                                         .arguments = ExecutedWords(step),
                                         .environment = EnvironmentOf(step, arguments, mounted),
                                         .workdir = stage.config.workdir,
                                         .user = stage.config.user,
                                         .family = stage.scope.dialect().family,
                                         .bare_groups = FileRulesOf(builder).bare_groups});
    if (result.status == 0) return;
    throw Error(FailedRun(builder, Join(told, " "), result.status, LastLine(result.output)));
  } catch (const NotStarted& error) {
    throw Error(UnstartedRun(builder, Join(told, " "), error.message()));
  } catch (const NoSuchUser& error) {
    throw Error(UserlessRun(builder, Join(told, " "), error.message()));
  }
}

}  // namespace watertight::generator
