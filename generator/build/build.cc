#include "generator/build/build.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "generator/archives/clock.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/build/base_stage.h"
#include "generator/build/bases.h"
#include "generator/build/build_record.h"
#include "generator/build/copy.h"
#include "generator/build/empty_layer.h"
#include "generator/build/mounts.h"
#include "generator/build/run_step.h"
#include "generator/build/squash.h"
#include "generator/build/stage_build.h"
#include "generator/builders/builder.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/expand.h"
#include "generator/dockerfile/stages.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

const Builder& BuilderOf(const std::string& name) {
  const Builder* builder = FindBuilder(name);
  if (builder != nullptr) return *builder;
  Words names;
  for (const Builder& each : Builders()) names.emplace_back(each.name);
  throw Error("unknown builder \"" + name + "\"; there are " + Join(names, ", "));
}

// One run of a builder over one Dockerfile.
class ImageBuild {
 public:
  explicit ImageBuild(const BuildRequest& request)
      : request_(request),
        builder_(BuilderOf(request.builder)),
        rules_(FileRulesOf(request.builder)),
        store_(builder_.overlay2_only ? Store::kOverlay2 : request.store),
        file_(ParseDockerfile(request.dockerfile,
                              {.path = request.path, .builder = request.builder})),
        created_(Rfc3339(request.clock)) {}

  BuiltImage Run() {
    for (const std::string& name : request_.names) CheckImageName(name);
    globals_ = GlobalVariables(file_, request_.arguments);
    plan_ = PlanStages(file_, globals_, request_.arguments.target);
    context_ = VisibleFiles(request_.context,
                            {.dockerfile = request_.path, .clock = request_.clock}, rules_);
    stages_.resize(file_.stages.size());
    record_ = {.dockerfile = request_.dockerfile,
               .path = request_.path,
               .arguments = request_.arguments,
               .stages = std::vector<RecordedStage>(file_.stages.size()),
               .target = plan_.target,
               .created = created_};
    for (const size_t index : plan_.order) AddStage(index);
    if (request_.squash) SquashTarget();
    return Finish(*stages_[plan_.target]);
  }

 private:
  BuiltImage Finish(const StageBuild& stage) const {
    BuiltImage image;
    image.saved.names = request_.names;
    image.saved.config = builder_.configuration({.stage = stage, .created = created_});
    image.saved.layers = stage.layers;
    image.saved.maker = builder_.maker;
    Attest(image.saved);
    image.files = stage.files;
    image.steps = stage.steps;
    image.base_steps = stage.base_steps;
    for (const Warning& warning : file_.warnings) image.warnings.push_back(warning.message);
    return image;
  }

  void AddStage(size_t index) {
    stages_[index] = BuildStage(index);
    if (builder_.share != nullptr) builder_.share(stages_, index);
  }

  void SquashTarget() {
    if (builder_.maker != Maker::kClassic) {
      throw Error("squash: only Docker's classic builder has that, not " + request_.builder);
    }
    StageBuild& stage = *stages_[plan_.target];
    Squash(stage, created_);
    for (std::optional<size_t>& layer : stage.steps) {
      if (layer) layer = std::min(*layer, stage.layers.size() - 1);
    }
  }

  StageBuild BuildStage(size_t index) {
    StageBuild stage = Begin(index);
    stage.index = index;
    stage.numbers = NumbersOf(index);
    const Stage& text = file_.stages[index];
    const int line = text.source.range.begin.line;
    stage.base_files = stage.files;
    stage.steps_before = stage.steps.size();
    builder_.begin(stage);
    RecordStage(record_, index, plan_.stages[index], stage.config.env);
    record_.stages[index].base_digest = stage.base_config.empty() ? "" : Digest(stage.base_config);
    record_.stages[index].line = line;
    stage.scope.SetBase(stage.config.env);
    if (const auto parent = plan_.stages[index].base_stage) {
      stage.scope.SetBase(stages_[*parent]->scope, stage.config.env);
    }
    RunTriggers(stage, index, line);
    for (size_t i = 0; i < text.instructions.size(); ++i) {
      const Instruction& instruction = text.instructions[i];
      runs_follow_ = RunsFollow(index, i + 1);
      RunStep(stage, instruction, index, instruction.source.range.begin.line);
    }
    if (NeedsLayer(stage, index)) AddLayer(stage);
    if (builder_.finish != nullptr) builder_.finish(stage);
    return stage;
  }

  static bool MayMakeLayer(const Instruction& instruction) {
    const Command& command = instruction.command;
    return std::holds_alternative<Copy>(command) || std::holds_alternative<Add>(command) ||
           std::holds_alternative<generator::Run>(command) ||
           std::holds_alternative<Workdir>(command);
  }

  // How BuildKit counts the steps of a stage that may make a layer.
  StepNumbers NumbersOf(size_t index) const {
    const PlannedStage& planned = plan_.stages[index];
    const bool image = !planned.base_stage && planned.base != "scratch";
    const bool alone = std::ranges::all_of(plan_.stages, [&](const PlannedStage& each) {
      return plan_.stages.size() == 1 &&
             std::ranges::all_of(
                 each.sources, [](const StageSource& source) { return source.stage.has_value(); });
    });
    const auto count = std::ranges::count_if(file_.stages[index].instructions, MayMakeLayer);
    return {.stage = alone ? "" : TitleOf(index),
            .done = image ? 1u : 0u,
            .all = static_cast<size_t>(count) + (image ? 1 : 0)};
  }

  // Whether what the steps did becomes a layer at the end. A stage without steps is the image that
  // it begins with, unless it begins with none.
  bool NeedsLayer(const StageBuild& stage, size_t index) const {
    const bool has_steps = stage.history.size() > stage.base_history;
    switch (builder_.layer_per_step) {
      case LayerPerStep::kLast:
        return has_steps || plan_.stages[index].base == "scratch";
      case LayerPerStep::kTransfers:
        return !has_steps && plan_.stages[index].base == "scratch";
      default:
        return false;
    }
  }

  StageBuild Begin(size_t index) {
    const PlannedStage& planned = plan_.stages[index];
    const Scope scope(file_, globals_, request_.arguments);
    if (planned.base_stage) {
      StageBuild stage = *stages_[*planned.base_stage];
      stage.scope = scope;
      stage.cmd_set = false;
      return stage;
    }
    StageBuild stage{.scope = scope};
    stage.files.set_clock(request_.clock);
    if (planned.base != "scratch") {
      const int line = file_.stages[index].source.range.begin.line;
      stage = StageFromImage(Image(planned.base, line), scope);
    }
    stage.files.set_clock(request_.clock);
    stage.base_name = planned.base;
    stage.store = store_;
    return stage;
  }

  const BaseImage& Image(const std::string& name, int line) {
    const auto known = images_.find(name);
    if (known != images_.end()) return known->second;
    std::optional<BaseImage> image;
    try {
      if (request_.bases) image = request_.bases(name);
      if (!image) image = OwnBase(name);
      if (!image) throw UnknownImage(name, file_);
    } catch (const Error& error) {
      throw error.At(line);
    }
    return images_.emplace(name, std::move(*image)).first->second;
  }

  void RunTriggers(StageBuild& stage, size_t index, int line) {
    const Words triggers = std::exchange(stage.config.onbuild, {});
    for (size_t i = 0; i < triggers.size(); ++i) {
      const bool more = std::any_of(triggers.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                    triggers.end(), [](const std::string& trigger) {
                                      return EqualIgnoringCase(trigger.substr(0, 3), "RUN");
                                    });
      runs_follow_ = more || RunsFollow(index, 0);
      RunTrigger(stage, triggers[i], index, line);
    }
  }

  // Whether a RUN is among the instructions from `next` on, or there is none.
  bool RunsFollow(size_t index, size_t next) const {
    const std::vector<Instruction>& all = file_.stages[index].instructions;
    return next == all.size() ||
           std::any_of(all.begin() + static_cast<std::ptrdiff_t>(next), all.end(),
                       [](const Instruction& instruction) {
                         return std::holds_alternative<generator::Run>(instruction.command);
                       });
  }

  // An error inside a trigger has the line of FROM.
  void RunTrigger(StageBuild& stage, const std::string& trigger, size_t index, int line) {
    try {
      Instruction instruction = ParseTrigger(trigger, file_.dialect);
      instruction.source.range = file_.stages[index].source.range;
      RunStep(stage, instruction, index, line);
    } catch (const Error& error) {
      throw Error(error.message()).At(line);
    }
  }

  void RunStep(StageBuild& stage, const Instruction& written, size_t index, int line) {
    try {
      const Instruction expanded = Expand(written, stage.scope);
      Step step{.written = written,
                .instruction = expanded,
                .stage = stage,
                .runs_follow = runs_follow_,
                .created = created_};
      const FileTree before = stage.files;
      builder_.apply(expanded, stage);
      stage.scope.Apply(expanded);
      step.layer = ChangeFiles(step, index, before);
      if (MayMakeLayer(expanded)) {
        stage.steps.push_back(step.layer ? std::optional(stage.layers.size() - 1) : std::nullopt);
      }
      if (!step.layer && builder_.layer_per_step == LayerPerStep::kTransfers) stage.files = before;
      builder_.record(step);
      Record(step, index);
    } catch (const Error& error) {
      throw error.At(line);
    }
  }

  void Record(const Step& step, size_t index) {
    if (builder_.provenance == nullptr) return;
    RecordedStep recorded{.instruction = step.instruction};
    const StageBuild& stage = step.stage;
    recorded.workdir = stage.config.workdir.empty() ? "/" : stage.config.workdir;
    recorded.user = stage.config.user;
    recorded.sources = SourcesOf(step.instruction, file_, index);
    if (const auto* run = std::get_if<generator::Run>(&step.instruction.command)) {
      recorded.command = RunWords(step);
      // The shell reads a newline more than BuildKit tells.
      const bool script = run->script || step.instruction.source.heredocs.empty();
      if (!script) recorded.command.back().pop_back();
      recorded.mounts = ExpandMounts(*run, stage.scope, recorded.workdir);
    }
    RecordStep(record_.stages[index], step.instruction, stage.scope, std::move(recorded));
  }

  void Attest(SavedImage& image) const {
    const bool by_default = store_ == Store::kContainerd;
    const ProvenanceMode mode =
        request_.provenance.value_or(by_default ? ProvenanceMode::kMin : ProvenanceMode::kOff);
    if (builder_.provenance == nullptr || mode == ProvenanceMode::kOff) return;
    image.attestations.push_back(builder_.provenance(record_, mode));
  }

  // Returns whether the step made a layer.
  bool ChangeFiles(Step& step, size_t index, const FileTree& before) {
    StageBuild& stage = step.stage;
    const Command& command = step.instruction.command;
    if (const auto* copy = std::get_if<Copy>(&command)) {
      CheckCopy(*copy, file_.dialect);
      return Transferred(step, before, CopyFrom(*copy, step, index));
    }
    if (const auto* add = std::get_if<Add>(&command)) {
      CheckAdd(*add, file_.dialect);
      CopySource source{.files = *context_, .urls = &request_.urls, .merges = Merges()};
      if (IsBuildah()) TellHidden(source);
      return Transferred(step, before,
                         CopyInto(stage.files, source, *add, stage.config.workdir, rules_));
    }
    if (std::holds_alternative<Workdir>(command)) {
      MakeWorkdir(stage.files, stage.config.workdir, stage.config.user, rules_);
      const bool layer = builder_.layer_per_step != LayerPerStep::kTransfers;
      return layer && stage.config.workdir != "/" && Cut(step, before);
    }
    if (std::holds_alternative<generator::Run>(command)) {
      CheckRun(step.instruction.source, file_.dialect);
      MakeWorkdirAgain(stage, KeepWorkdir::kByContainers);
      RunBetween(step);
      return Cut(step, before);
    }
    if (builder_.touch != nullptr) builder_.touch(step);
    MakeWorkdirAgain(stage, KeepWorkdir::kByContainers);
    return builder_.layer_per_step == LayerPerStep::kIfChanged && Cut(step, before);
  }

  // A stage that the plan does not know of: triggers name it, or buildah did not see through
  // variables when it looked for the stages to build.
  void AddMissingStage(size_t index, const std::string& name, const StageBuild& stage) {
    if (file_.dialect.family != Family::kBuildKit) {
      throw Error("COPY --from=" + name + ": no stage or image found with that name");
    }
    if (index >= stage.index || !Has(file_.dialect, Feature::kInheritedArgs)) {
      throw Error("cannot copy from stage " + Quote(name) +
                  ", it needs to be defined before current stage " + Quote(TitleOf(stage.index)));
    }
    AddStage(index);
  }

  // What BuildKit calls a stage.
  std::string TitleOf(size_t index) const {
    const std::string& name = file_.stages[index].name;
    return name.empty() ? "stage-" + std::to_string(index) : name;
  }

  void RunBetween(const Step& step) {
    StageBuild& stage = step.stage;
    if (builder_.enter_run != nullptr) builder_.enter_run(step);
    const FileTree entered = stage.files;
    RunMounts mounts(stage.files, MountSourcesOf(step), builder_.mount_traces);
    mounts.AddRuntime(RuntimeFiles());
    if (builder_.knows_mounts) AddMounts(step, mounts);
    RunInStage(step, request_.arguments.values, mounts.environment());
    mounts.Release();
    if (builder_.leave_run != nullptr) builder_.leave_run(step, entered);
  }

  // What the runtime puts over files of the image.
  std::vector<std::string> RuntimeFiles() const {
    std::vector<std::string> files = {"/etc/hosts", "/etc/resolv.conf"};
    if (IsBuildah()) files.insert(files.end(), {"/etc/hostname", "/run/.containerenv"});
    return files;
  }

  static void AddMounts(const Step& step, RunMounts& mounts) {
    const StageBuild& stage = step.stage;
    const generator::Run& run = std::get<generator::Run>(step.instruction.command);
    for (const Mount& mount : ExpandMounts(run, stage.scope, stage.config.workdir)) {
      mounts.Add(mount, stage.config.workdir);
    }
  }

  // Where --mount=from= takes files.
  MountSources MountSourcesOf(const Step& step) {
    const auto files = [this, &step](const std::string& from) -> const FileTree* {
      if (from.empty()) return &*context_;
      for (const StageSource& source : SourcesOf(step.instruction, file_, step.stage.index)) {
        if (source.name == from) return &FilesOf(source, step.stage);
      }
      return nullptr;
    };
    return {.family = file_.dialect.family,
            .files = files,
            .secrets = &request_.secrets,
            .caches = &caches_};
  }

  // The files of a stage or an image that `stage` takes some from.
  const FileTree& FilesOf(const StageSource& source, const StageBuild& stage) {
    if (!source.stage) return ImageFiles(source);
    if (!stages_[*source.stage]) AddMissingStage(*source.stage, source.name, stage);
    return stages_[*source.stage]->files;
  }

  const FileTree& ImageFiles(const StageSource& source) {
    const auto known = image_files_.find(source.name);
    if (known != image_files_.end()) return known->second;
    const Scope scope(file_, globals_, request_.arguments);
    const BaseImage& image =
        IsBuildah() ? ImageForBuildah(source) : Image(source.name, source.line);
    return image_files_.emplace(source.name, StageFromImage(image, scope).files).first->second;
  }

  const BaseImage& ImageForBuildah(const StageSource& source) {
    try {
      return Image(source.name, source.line);
    } catch (const Error&) {
      const std::string who = source.option.empty() ? "COPY --from=" : source.option + " from=";
      throw Error(who + source.name + ": no stage or image found with that name");
    }
  }

  bool IsBuildah() const { return file_.dialect.family == Family::kBuildah; }

  // Whether --link makes a layer apart.
  bool Merges() const { return store_ == Store::kContainerd; }

  CopyOutcome CopyFrom(const Copy& copy, const Step& step, size_t index) {
    StageBuild& stage = step.stage;
    const std::vector<StageSource> sources = SourcesOf(step.instruction, file_, index);
    const FileTree& files = sources.empty() ? *context_ : FilesOf(sources.front(), stage);
    CopySource source{.files = files, .context = sources.empty(), .merges = Merges()};
    if (IsBuildah() && sources.empty()) TellHidden(source);
    return CopyInto(stage.files, source, copy, stage.config.workdir, rules_);
  }

  void TellHidden(CopySource& source) const {
    const ContextView view{.dockerfile = request_.path, .clock = request_.clock};
    source.ignore_file = IgnoreFileOf(request_.context, view, rules_);
    source.everything = [this, view] {
      ContextView all = view;
      all.shows_hidden = true;
      return VisibleFiles(request_.context, all, rules_);
    };
  }

  bool Transferred(Step& step, const FileTree& before, CopyOutcome outcome) {
    step.content = std::move(outcome.content);
    MakeWorkdirAgain(step.stage, KeepWorkdir::kAlways);
    if (!outcome.layer) return Cut(step, before);
    AddLayer(step.stage, LayerTar(FileTree(), *outcome.layer, rules_, store_));
    step.stage.files.BeginLayer();
    return true;
  }

  // `least`: which builders do that at such a step.
  void MakeWorkdirAgain(StageBuild& stage, KeepWorkdir least) const {
    if (builder_.keep_workdir < least || stage.config.workdir.empty()) return;
    MakeWorkdir(stage.files, stage.config.workdir, stage.config.user, rules_);
  }

  // Whether the changes since `before` became a layer.
  bool Cut(const Step& step, const FileTree& before) {
    StageBuild& stage = step.stage;
    if (builder_.layer_per_step == LayerPerStep::kLast) return false;
    const bool if_changed = builder_.layer_per_step == LayerPerStep::kIfChanged;
    if (if_changed && !stage.files.RootChanged()) return false;
    Rope tar = builder_.layer != nullptr ? builder_.layer(step, before)
                                         : LayerTar(before, stage.files, rules_, store_);
    if (builder_.layer_per_step == LayerPerStep::kIfStored && IsEmptyLayer(tar)) return false;
    stage.files.BeginLayer();
    if (if_changed && IsEmptyLayer(tar)) return false;
    AddLayer(stage, std::move(tar));
    return true;
  }

  static void AddLayer(StageBuild& stage, Rope tar) {
    std::string diff_id = Digest(tar);
    stage.layers.push_back({std::move(tar), std::move(diff_id), std::nullopt});
  }

  void AddLayer(StageBuild& stage) const {
    // The base's files are the layer below.
    AddLayer(stage, LayerTar(stage.base_files, stage.files, rules_, store_));
    stage.files.BeginLayer();
    for (size_t step = stage.steps_before; step < stage.steps.size(); ++step) {
      stage.steps[step] = stage.layers.size() - 1;
    }
  }

  const BuildRequest& request_;
  const Builder& builder_;
  const FileRules& rules_;
  Store store_;
  Dockerfile file_;
  std::string created_;
  Environment globals_;
  StagePlan plan_;
  BuildRecord record_;
  std::optional<FileTree> context_;
  std::vector<std::optional<StageBuild>> stages_;
  bool runs_follow_ = false;  // see Step
  std::map<std::string, BaseImage> images_;
  std::map<std::string, FileTree> image_files_;
  std::map<std::string, FileTree> caches_;  // of RUN --mount=type=cache
};

}  // namespace

BuiltImage Build(const BuildRequest& request) {
  try {
    return ImageBuild(request).Run();
  } catch (const Error& error) {
    throw error.In(request.path);
  }
}

}  // namespace watertight::generator
