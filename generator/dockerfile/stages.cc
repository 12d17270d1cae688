#include "generator/dockerfile/stages.h"

#include <algorithm>
#include <map>
#include <set>

#include "generator/dockerfile/image_references.h"
#include "generator/dockerfile/platform.h"
#include "generator/dockerfile/shell_lex.h"
#include "generator/dockerfile/stage_names.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

PlatformSyntax SyntaxOf(const Dialect& dialect) {
  if (!Has(dialect, Feature::kSuggestions)) return PlatformSyntax::kPlain;
  const bool newest = dialect.family == Family::kClassic && Has(dialect, Feature::kOsVersion);
  return newest ? PlatformSyntax::kFeatures : PlatformSyntax::kVersions;
}

class Planner {
 public:
  Planner(const Dockerfile& file, const Environment& globals) : file_(file), globals_(globals) {}

  StagePlan Run(std::string_view target) {
    for (size_t i = 0; i < file_.stages.size(); ++i) plan_.stages.push_back(PlanBase(i));
    plan_.target = FindTarget(target);
    for (size_t i = 0; i < file_.stages.size(); ++i) ReadSources(i);
    CheckCycles();
    for (size_t i = 0; i < file_.stages.size(); ++i) CheckImages(i);
    SetOrder();
    for (const size_t index : plan_.order) CheckForward(index);
    return std::move(plan_);
  }

 private:
  PlannedStage PlanBase(size_t index);
  std::string Platform(const Stage& stage);
  std::string BuildahPlatform(const Stage& stage) const;
  size_t FindTarget(std::string_view target) const;
  void ReadSources(size_t index);
  std::optional<int> FindCycle(size_t at, std::set<size_t>& visited, std::set<size_t>& path) const;
  void CheckCycles() const;
  void CheckImages(size_t index) const;
  void SetOrder();
  void CheckForward(size_t index) const;
  std::string NameOf(size_t index) const;

  const Dockerfile& file_;
  const Environment& globals_;
  StagePlan plan_;
};

std::string Planner::NameOf(size_t index) const {
  const std::string& name = file_.stages[index].name;
  return name.empty() ? "stage-" + std::to_string(index) : name;
}

std::string Planner::Platform(const Stage& stage) {
  if (stage.platform.empty()) return "";
  std::vector<std::string> unset;
  std::string platform;
  try {
    platform = ProcessWord(stage.platform, globals_, OptionsFor(file_), &unset);
  } catch (const Error& error) {
    throw Error("failed to process arguments for platform : " + error.message());
  }
  std::vector<std::string> known;
  for (const auto& variable : globals_) known.push_back(variable.first);
  std::string suggestion;
  for (const std::string& name : unset) {
    if (suggestion.empty()) suggestion = DidYouMean(Nearest(name, known));
  }
  if (platform.empty() && file_.dialect.family != Family::kClassic) {
    throw Error("empty platform value from expression " + stage.platform + suggestion);
  }
  try {
    return FormatPlatform(ParsePlatform(platform, SyntaxOf(file_.dialect)));
  } catch (const Error& error) {
    const bool quotes_source = file_.dialect.family == Family::kBuildKit;
    throw Error("failed to parse platform " + (quotes_source ? stage.platform : platform) + ": " +
                error.message() + suggestion);
  }
}

std::string Planner::BuildahPlatform(const Stage& stage) const {
  const std::string platform = ProcessWord(stage.platform, globals_, OptionsFor(file_));
  const auto slashes = std::ranges::count(platform, '/');
  if (platform.empty() || platform == "local") return "";
  if (slashes != 1 && slashes != 2) {
    throw Error("unable to parse platform " + Quote(platform) + ": invalid platform syntax for " +
                Quote(platform) + " (use OS/ARCH[/VARIANT][,...])");
  }
  return platform;
}

PlannedStage Planner::PlanBase(size_t index) {
  const Stage& stage = file_.stages[index];
  PlannedStage planned;
  try {
    planned.base = ProcessWord(stage.base, globals_, OptionsFor(file_));
    if (planned.base.empty() && IsKaniko(file_)) throw Error("could not parse reference: ");
    if (planned.base.empty()) {
      throw Error(IsBuildah(file_) ? "no FROM statement found"
                                   : "base name (" + stage.base + ") should not be blank");
    }
    if (!IsKaniko(file_)) {  // which does not look at it
      planned.platform = IsBuildah(file_) ? BuildahPlatform(stage) : Platform(stage);
    }
    if (file_.dialect.family == Family::kClassic && FindStage(file_, stage.name, index)) {
      throw Error(stage.name + " stage name already used");
    }
  } catch (const Error& error) {
    throw error.At(stage.source.range.begin.line);
  }
  // The classic builder does not mind the case here.
  const std::string name = IsClassic(file_) ? NameIn(file_, planned.base) : planned.base;
  planned.base_stage = FindStage(file_, name, index);
  if (IsKaniko(file_) && planned.base_stage) planned.base_stage = FirstStage(file_, name);
  if (IsBuildah(file_) && !planned.base_stage) planned.base_stage = Numbered(file_, name, index);
  return planned;
}

size_t Planner::FindTarget(std::string_view target) const {
  if (target.empty()) return file_.stages.size() - 1;
  const std::string name = NameIn(file_, target);
  std::optional<size_t> found = FindStage(file_, name, file_.stages.size());
  if (IsClassic(file_)) found = FirstStage(file_, name);
  if (!found && IsBuildah(file_)) found = Numbered(file_, target, file_.stages.size());
  if (found) return *found;
  if (IsBuildah(file_)) {
    throw Error("The target " + Quote(target) + " was not found in the provided Dockerfile");
  }
  if (IsKaniko(file_)) {
    throw Error("Error finding target stage: " + std::string(target) +
                " is not a valid target build stage");
  }
  const bool suggests = Has(file_.dialect, Feature::kSuggestions);
  if (IsClassic(file_)) {
    throw suggests
        ? Error("target stage " + Quote(target) + " could not be found")
        : Error("failed to reach build target " + std::string(target) + " in Dockerfile");
  }
  if (!suggests) throw Error("target stage " + std::string(target) + " could not be found");
  std::vector<std::string> names;
  for (size_t i = 0; i < file_.stages.size(); ++i) {
    const std::string& stage = file_.stages[i].name;
    names.push_back(stage.empty() ? "stage-" + std::to_string(i) : stage);
  }
  throw Error("target stage " + Quote(target) + " could not be found" +
              DidYouMean(Nearest(target, names)));
}

void Planner::ReadSources(size_t index) {
  if (IsClassic(file_) && index > plan_.target) return;
  for (const Instruction& instruction : file_.stages[index].instructions) {
    try {
      for (StageSource& source : SourcesOf(instruction, file_, index)) {
        source.line = instruction.source.range.begin.line;
        plan_.stages[index].sources.push_back(std::move(source));
      }
    } catch (const Error& error) {
      throw error.At(instruction.source.range.begin.line);
    }
  }
}

// The line of the instruction of `at` that leads round in a circle. A stage that was visited before
// leads into none.
std::optional<int> Planner::FindCycle(size_t at, std::set<size_t>& visited,
                                      std::set<size_t>& path) const {
  if (!visited.insert(at).second) return std::nullopt;
  path.insert(at);
  std::map<size_t, int> lines;  // of several instructions the last
  for (const StageSource& source : plan_.stages[at].sources) {
    if (source.stage) lines[*source.stage] = source.line;
  }
  for (const auto& [stage, line] : lines) {
    if (path.contains(stage) || FindCycle(stage, visited, path)) return line;
  }
  path.erase(at);
  return std::nullopt;
}

void Planner::CheckCycles() const {
  std::set<size_t> visited;
  for (size_t i = 0; i < file_.stages.size(); ++i) {
    std::set<size_t> path;
    if (const auto line = FindCycle(i, visited, path)) {
      throw Error("circular dependency detected on stage: " + NameOf(i)).At(*line);
    }
  }
}

void Planner::CheckImages(size_t index) const {
  if (IsBuildah(file_)) return;  // asks for an image when it needs it
  const PlannedStage& stage = plan_.stages[index];
  if (!stage.base_stage && stage.base != kNoStage) {
    CheckImageReference(stage.base, file_.stages[index].source.range.begin.line, file_.dialect);
  }
  for (const StageSource& source : stage.sources) {
    if (!source.stage && source.name != kNoStage) {
      CheckImageReference(source.name, source.line, file_.dialect);
    }
  }
}

void Planner::SetOrder() {
  std::set<size_t> needed;
  std::vector<size_t> waiting = {plan_.target};
  while (!waiting.empty()) {
    const size_t index = waiting.back();
    waiting.pop_back();
    if (!needed.insert(index).second) continue;
    const PlannedStage& stage = plan_.stages[index];
    if (stage.base_stage) waiting.push_back(*stage.base_stage);
    for (const StageSource& source : stage.sources) {
      if (source.stage) waiting.push_back(*source.stage);
    }
  }
  for (size_t i = 0; i < file_.stages.size(); ++i) {
    const bool all = IsClassic(file_) && !IsBuildah(file_);
    if (all ? i <= plan_.target : needed.contains(i)) plan_.order.push_back(i);
  }
}

void Planner::CheckForward(size_t index) const {
  for (const Instruction& instruction : file_.stages[index].instructions) {
    for (const StageSource& source : SourcesOf(instruction, file_, index)) {
      if (!source.stage || *source.stage < index) continue;
      const int line = instruction.source.range.begin.line;
      if (std::holds_alternative<Copy>(instruction.command)) {
        throw Error("cannot copy from stage " + Quote(source.name) +
                    ", it needs to be defined before current stage " + Quote(NameOf(index)))
            .At(line);
      }
      throw Error("cannot mount from stage " + Quote(source.name) + " to " + Quote(source.target) +
                  ", stage needs to be defined before current command")
          .At(line);
    }
  }
}

}  // namespace

StagePlan PlanStages(const Dockerfile& file, const Environment& globals, std::string_view target) {
  return Planner(file, globals).Run(target);
}

}  // namespace watertight::generator
