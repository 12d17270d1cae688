#include "generator/build/build.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "generator/archives/clock.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/build/apply_layer.h"
#include "generator/build/base_stage.h"
#include "generator/build/build_record.h"
#include "generator/build/copy.h"
#include "generator/build/empty_layer.h"
#include "generator/build/follow_paths.h"
#include "generator/build/init_layer.h"
#include "generator/build/mounts.h"
#include "generator/build/record_step.h"
#include "generator/build/run_mounted.h"
#include "generator/build/squash.h"
#include "generator/build/stage_build.h"
#include "generator/build/stage_facts.h"
#include "generator/build/stage_images.h"
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
        created_(Rfc3339(request.clock)),
        images_(request.bases, file_) {}

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
    if (file_.dialect.family == Family::kBuildKit) sent_.Check(*context_, rules_);
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
    last_stage_ = index;
    if (builder_.share != nullptr) builder_.share(stages_, index);
  }

  void SquashTarget() {
    if (builder_.maker != Maker::kClassic) {
      throw Error("only Docker's classic builders squash, not " + request_.builder);
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
    stage.kaniko.needs_files =
        NeedsFiles(file_, plan_, index) || AnyReadsFiles(stage.config.onbuild);
    stage.numbers = NumbersOf(file_, plan_, index);
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
    if (IsKaniko() && last_stage_) stage.scope.KeepArguments(stages_[*last_stage_]->scope);
    RunTriggers(stage, index, line);
    for (size_t i = 0; i < text.instructions.size(); ++i) {
      const Instruction& instruction = text.instructions[i];
      runs_follow_ = RunsFollow(file_, index, i + 1);
      RunStep(stage, instruction, index, instruction.source.range.begin.line);
    }
    if (NeedsLayer(stage, index)) AddLayer(stage);
    if (builder_.finish != nullptr) builder_.finish(stage);
    return stage;
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
      stage = StageFromImage(images_.Named(planned.base, line), scope);
    }
    stage.files.set_clock(request_.clock);
    stage.base_name = planned.base;
    stage.store = store_;
    return stage;
  }

  void RunTriggers(StageBuild& stage, size_t index, int line) {
    const Words triggers = std::exchange(stage.config.onbuild, {});
    for (size_t i = 0; i < triggers.size(); ++i) {
      const bool more = std::any_of(triggers.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                    triggers.end(), [](const std::string& trigger) {
                                      return EqualIgnoringCase(trigger.substr(0, 3), "RUN");
                                    });
      runs_follow_ = more || RunsFollow(file_, index, 0);
      RunTrigger(stage, triggers[i], index, line);
    }
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
      if (builder_.provenance != nullptr) RecordStepOf(record_, step, file_, index);
    } catch (const Error& error) {
      throw error.At(line);
    }
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
      sent_.Note(*add, step.instruction.source.range.begin.line);
      CopySource source{.files = *context_, .urls = &request_.urls, .merges = Merges()};
      if (IsBuildah() || IsKaniko()) TellHidden(source);
      return Transferred(step, before,
                         CopyInto(stage.files, source, *add, stage.config.workdir, rules_));
    }
    if (std::holds_alternative<Workdir>(command)) {
      if (IsKaniko()) {
        const bool there = stage.files.Find(stage.config.workdir, Follow::kYes) != nullptr;
        step.made = there ? Words() : Words{stage.config.workdir};
      }
      return InContainer(step, before, [&] {
        MakeWorkdir(stage.files, stage.config.workdir, stage.config.user, rules_);
        return stage.config.workdir != "/" && builder_.layer_per_step != LayerPerStep::kTransfers;
      });
    }
    if (std::holds_alternative<generator::Run>(command)) {
      CheckRun(step.instruction.source, file_.dialect);
      return InContainer(step, before, [&] {
        MakeWorkdirAgain(stage, KeepWorkdir::kByContainers);
        RunMounted(step, builder_, MountSourcesOf(step), *context_, request_.arguments.values);
        return true;
      });
    }
    if (builder_.touch != nullptr) builder_.touch(step);
    MakeWorkdirAgain(stage, KeepWorkdir::kByContainers);
    return builder_.layer_per_step == LayerPerStep::kIfChanged && Cut(step, before);
  }

  // What `act` does to the files of the stage becomes a layer, when it says so. Docker's own
  // builder does it in a container, which has more files than the image.
  bool InContainer(const Step& step, const FileTree& before, const std::function<bool()>& act) {
    if (!builder_.init_layer) return act() && Cut(step, before);
    StageBuild& stage = step.stage;
    AddInitLayer(stage.files);
    const FileTree begun = stage.files;
    const bool cuts = act();
    const FileTree container = stage.files;
    const bool layer = cuts && Cut(step, begun);
    stage.files = before;
    if (layer) ApplyLayer(stage.files, container.Changes());
    stage.files.BeginLayer();
    return layer;
  }

  // A stage that the plan does not know of: triggers name it, or buildah did not see through
  // variables when it looked for the stages to build.
  void AddMissingStage(size_t index, const std::string& name, const StageBuild& stage) {
    if (file_.dialect.family != Family::kBuildKit) {
      throw Error("COPY --from=" + name + ": no stage or image found with that name");
    }
    if (index >= stage.index || !Has(file_.dialect, Feature::kInheritedArgs)) {
      throw Error("cannot copy from stage " + Quote(name) +
                  ", it needs to be defined before current stage " +
                  Quote(TitleOf(file_, stage.index)));
    }
    AddStage(index);
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
            .old_words = rules_.old_cache_words,
            .files = files,
            .secrets = &request_.secrets,
            .caches = &caches_};
  }

  // The files of a stage or an image that `stage` takes some from.
  const FileTree& FilesOf(const StageSource& source, const StageBuild& stage) {
    if (!source.stage) {
      return images_.FilesOf(source, Scope(file_, globals_, request_.arguments));
    }
    if (!stages_[*source.stage]) AddMissingStage(*source.stage, source.name, stage);
    const StageBuild& from = *stages_[*source.stage];
    return IsKaniko() ? from.kaniko.disk : from.files;
  }

  bool IsKaniko() const { return file_.dialect.family == Family::kKaniko; }

  bool IsBuildah() const { return file_.dialect.family == Family::kBuildah; }

  // Whether --link makes a layer apart.
  bool Merges() const { return store_ == Store::kContainerd; }

  CopyOutcome CopyFrom(const Copy& copy, const Step& step, size_t index) {
    StageBuild& stage = step.stage;
    const std::vector<StageSource> sources = SourcesOf(step.instruction, file_, index);
    const FileTree& files = sources.empty() ? *context_ : FilesOf(sources.front(), stage);
    CopySource source{.files = files, .context = sources.empty(), .merges = Merges()};
    if (sources.empty()) sent_.Note(copy, step.instruction.source.range.begin.line);
    if ((IsBuildah() || IsKaniko()) && sources.empty()) TellHidden(source);
    if (!sources.empty()) {
      const std::optional<size_t> stage_index = sources.front().stage;
      source.root = "/kaniko/" + (stage_index ? std::to_string(*stage_index) : copy.from);
    }
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
    step.made = std::move(outcome.made);
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
    stage.files.BeginLayer();
    const bool if_stored = builder_.layer_per_step == LayerPerStep::kIfStored;
    if ((if_changed || if_stored) && IsEmptyLayer(tar)) return false;
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
  StageImages images_;
  Environment globals_;
  StagePlan plan_;
  BuildRecord record_;
  std::optional<FileTree> context_;
  std::vector<std::optional<StageBuild>> stages_;
  std::optional<size_t> last_stage_;
  SentSources sent_;
  bool runs_follow_ = false;                // see Step
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
