#include "generator/dockerfile/stages.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "generator/dockerfile/csv.h"
#include "generator/dockerfile/platform.h"
#include "generator/dockerfile/shell_lex.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kNoStage = "scratch";
constexpr const char* kCommonImages[] = {"alpine", "busybox", "centos", "debian",
                                         "golang", "ubuntu",  "fedora"};

LexOptions OptionsFor(const Dockerfile& file) {
  return {.dialect = file.dialect, .escape = file.escape};
}

bool IsClassic(const Dockerfile& file) { return file.dialect.family != Family::kBuildKit; }

bool IsBuildah(const Dockerfile& file) { return file.dialect.family == Family::kBuildah; }

// How a reference to a stage is compared with the stages' names.
std::string NameIn(const Dockerfile& file, std::string_view name) {
  return IsBuildah(file) ? std::string(name) : Lower(name);
}

// The last stage of this name among the first `count`; names are lower case, but with buildah,
// where case counts.
std::optional<size_t> FindStage(const Dockerfile& file, std::string_view name, size_t count) {
  for (size_t i = count; i > 0 && !name.empty(); --i) {
    if (file.stages[i - 1].name == name) return i - 1;
  }
  return std::nullopt;
}

std::optional<long> AsIndex(std::string_view text) {
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  long value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || (plus && value < 0)) return std::nullopt;
  return value;
}

// A stage without a name has its number for one.
std::optional<size_t> Numbered(const Dockerfile& file, std::string_view name, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (file.stages[i].name.empty() && name == std::to_string(i)) return i;
  }
  return std::nullopt;
}

// A number stands for that stage's name, and so for the last stage of that name.
StageSource BuildahCopySource(const std::string& from, const Dockerfile& file, size_t current) {
  const auto index = AsIndex(from);
  const auto count = static_cast<long>(file.stages.size());
  if (!index || *index < 0 || *index >= count) return {from, FindStage(file, from, current), 0};
  const auto number = static_cast<size_t>(*index);
  const std::string& name = file.stages[number].name;
  if (!name.empty()) return {name, FindStage(file, name, current), 0};
  return {from, number < current ? std::optional(number) : std::nullopt, 0};
}

// The classic builder knows the stages that are done; another name is that of an image.
StageSource ClassicCopySource(const std::string& from, const Dockerfile& file, size_t current) {
  StageSource source{from, FindStage(file, NameIn(file, from), current), 0};
  const auto index = AsIndex(from);
  if (source.stage || !index) return source;
  const std::string where = "invalid from flag value " + from + ": ";
  if (*index == static_cast<long>(current)) throw Error(where + "refers to current build stage");
  if (*index < 0 || *index > static_cast<long>(current)) throw Error(where + "index out of bounds");
  source.stage = static_cast<size_t>(*index);
  return source;
}

StageSource BuildKitCopySource(const std::string& from, const Dockerfile& file) {
  if (ProcessWord(from, {}, OptionsFor(file)) != from) {
    throw Error(
        "variable expansion is not supported for --from, define a new stage with FROM using ARG "
        "from global scope as a workaround");
  }
  StageSource source{from, std::nullopt, 0};
  const auto index = AsIndex(from);
  if (!index) {
    source.stage = FindStage(file, Lower(from), file.stages.size());
  } else if (*index >= 0 && static_cast<size_t>(*index) < file.stages.size()) {
    source.stage = static_cast<size_t>(*index);
  } else {
    throw Error("invalid stage index " + std::to_string(*index));
  }
  return source;
}

StageSource CopySource(const std::string& from, const Dockerfile& file, size_t current) {
  if (IsBuildah(file)) return BuildahCopySource(from, file, current);
  return IsClassic(file) ? ClassicCopySource(from, file, current) : BuildKitCopySource(from, file);
}

// The last value of an option of a mount, as written.
std::string MountOption(const std::string& mount, const std::vector<std::string>& names) {
  std::string value;
  for (const std::string& field : ParseCsv(mount)) {
    const size_t equals = field.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = Lower(field.substr(0, equals));
    if (std::ranges::find(names, name) != names.end()) value = field.substr(equals + 1);
  }
  return value;
}

constexpr const char* kReference =
    "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?/)?"
    "(?:(?:[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)/)*[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
    "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?";

// The repository of a name without a registry in front.
std::string RepositoryOf(const std::string& name) {
  const size_t slash = name.find('/');
  std::string rest = name.substr(0, name.find('@'));
  if (slash == std::string::npos) return "library/" + rest.substr(0, rest.find(':'));
  const std::string first = rest.substr(0, slash);
  const bool registry = first.find_first_of(".:") != std::string::npos || first == "localhost" ||
                        first != Lower(first);
  if (registry) rest.erase(0, slash + 1);
  return rest.substr(0, rest.find(':'));
}

void CheckImageName(const std::string& name, int line) {
  static const RE2 reference(kReference);
  const std::string repository = RepositoryOf(name);
  std::string problem;
  if (repository != Lower(repository)) {
    problem = "invalid reference format: repository name (" + repository + ") must be lowercase";
  } else if (!RE2::FullMatch(name, reference)) {
    problem = "invalid reference format";
  }
  if (problem.empty()) return;
  throw Error("failed to parse stage name " + Quote(name) + ": " + problem).At(line);
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
  if (platform.empty()) {
    throw Error("empty platform value from expression " + stage.platform + suggestion);
  }
  try {
    return FormatPlatform(ParsePlatform(platform));
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
    if (planned.base.empty()) {
      throw Error(IsBuildah(file_) ? "no FROM statement found"
                                   : "base name (" + stage.base + ") should not be blank");
    }
    planned.platform = IsBuildah(file_) ? BuildahPlatform(stage) : Platform(stage);
    if (file_.dialect.family == Family::kClassic && FindStage(file_, stage.name, index)) {
      throw Error(stage.name + " stage name already used");
    }
  } catch (const Error& error) {
    throw error.At(stage.source.range.begin.line);
  }
  // The classic builder does not mind the case here.
  const std::string name = IsClassic(file_) ? NameIn(file_, planned.base) : planned.base;
  planned.base_stage = FindStage(file_, name, index);
  if (IsBuildah(file_) && !planned.base_stage) planned.base_stage = Numbered(file_, name, index);
  return planned;
}

size_t Planner::FindTarget(std::string_view target) const {
  if (target.empty()) return file_.stages.size() - 1;
  const std::string name = NameIn(file_, target);
  std::optional<size_t> found = FindStage(file_, name, file_.stages.size());
  if (IsClassic(file_)) {  // takes the first of several
    for (size_t i = file_.stages.size(); i > 0; --i) {
      if (file_.stages[i - 1].name == name) found = i - 1;
    }
  }
  if (!found && IsBuildah(file_)) found = Numbered(file_, target, file_.stages.size());
  if (found) return *found;
  if (IsBuildah(file_)) {
    throw Error("The target " + Quote(target) + " was not found in the provided Dockerfile");
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
    CheckImageName(stage.base, file_.stages[index].source.range.begin.line);
  }
  for (const StageSource& source : stage.sources) {
    if (!source.stage && source.name != kNoStage) CheckImageName(source.name, source.line);
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

std::vector<StageSource> SourcesOf(const Instruction& instruction, const Dockerfile& file,
                                   size_t current) {
  std::vector<StageSource> sources;
  if (const auto* copy = std::get_if<Copy>(&instruction.command); copy && !copy->from.empty()) {
    sources.push_back(CopySource(copy->from, file, current));
  }
  if (const auto* run = std::get_if<Run>(&instruction.command)) {
    for (const std::string& mount : run->mounts) {
      const std::string from = MountOption(mount, {"from"});
      if (from.empty() || from == kNoStage) continue;
      const size_t known = IsClassic(file) ? current : file.stages.size();
      StageSource source{from, FindStage(file, NameIn(file, from), known), 0};
      source.target = MountOption(mount, {"target", "dst", "destination"});
      source.option = mount;
      sources.push_back(std::move(source));
    }
  }
  return sources;
}

Error UnknownImage(const std::string& name, const Dockerfile& file) {
  std::vector<std::string> known;
  for (size_t i = 0; i < file.stages.size(); ++i) {
    const std::string& stage = file.stages[i].name;
    known.push_back(stage.empty() ? "stage-" + std::to_string(i) : stage);
  }
  for (const char* image : kCommonImages) {
    known.emplace_back(image);
    known.push_back(std::string(image) + ":latest");
  }
  if (IsBuildah(file)) {
    const std::string repository = RepositoryOf(name);
    if (repository != Lower(repository)) return Error("repository name must be lowercase");
    return Error(name + ": image not known");
  }
  const bool suggests = Has(file.dialect, Feature::kSuggestions);
  return Error(name + ": not found" + (suggests ? DidYouMean(Nearest(name, known)) : ""));
}

StagePlan PlanStages(const Dockerfile& file, const Environment& globals, std::string_view target) {
  return Planner(file, globals).Run(target);
}

}  // namespace watertight::generator
