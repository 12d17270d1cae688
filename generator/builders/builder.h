// A builder: how the instructions of a Dockerfile become layers, history and a configuration.
//
// The loop over stages and instructions is the same for all (generator/build/build.cc). Where
// builders differ, the difference is a field of this row; what a difference needs of code is a
// function in the builder's own file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/archives/archive.h"
#include "generator/build/apply_config.h"
#include "generator/build/mounts.h"
#include "generator/build/stage_build.h"
#include "generator/builders/provenance.h"
#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

// An instruction that has just taken effect, for who writes it down.
struct Step {
  const Instruction& written;      // with its variables
  const Instruction& instruction;  // expanded
  StageBuild& stage;               // after it
  std::string content = {};        // of COPY and ADD, where a builder hashes: "file:9d1c…"
  // What COPY, ADD and WORKDIR say they made, for kaniko; nothing: it looks at all files.
  std::optional<Words> made = {};
  bool layer = false;        // it made one, the last of the stage
  bool runs_follow = false;  // a RUN comes after it, or nothing
  std::string created = {};  // RFC 3339
};

// The finished stage, for who writes the configuration.
struct FinishedBuild {
  const StageBuild& stage;
  std::string created;  // RFC 3339
};

enum class LayerPerStep {
  kAlways,     // RUN, COPY, ADD and WORKDIR make one, however empty
  kIfChanged,  // those that change a file
  kIfStored,   // those whose layer is not empty
  kTransfers,  // RUN, COPY and ADD make one; what others do to files is lost
  kLast,       // one for all steps of the stage, with the last
};

// Which steps make the working directory anew, the base's too, when it is gone.
enum class KeepWorkdir {
  kNever,
  kByContainers,  // all but COPY and ADD
  kAlways,
};

inline constexpr MountTraces kNoTraces = {
    .system = MountTrace::kNone, .files = MountTrace::kNone, .mounts = MountTrace::kNone};

struct Builder {
  const char* name;
  const char* about;
  Maker maker;
  LayerPerStep layer_per_step;
  KeepWorkdir keep_workdir = KeepWorkdir::kNever;
  bool overlay2_only = false;  // older than the containerd store
  bool init_layer = false;     // RUN and WORKDIR work in containers of Docker's own
  // A stage that begins, its base being known.
  void (*begin)(StageBuild& stage);
  // What the instruction does to the configuration.
  void (*apply)(const Instruction& expanded, StageBuild& stage) = ApplyToConfig;
  bool knows_mounts = true;  // else RUN --mount is read and forgotten
  // What stays of the points where a RUN finds its mounts.
  MountTraces mount_traces = kNoTraces;
  // What an instruction does to files that commonly leaves them alone.
  void (*touch)(const Step& step) = nullptr;
  // Around the command of a RUN: what is made for mounts, and what volumes keep.
  void (*enter_run)(const Step& step) = nullptr;
  void (*leave_run)(const Step& step, const FileTree& entered) = nullptr;
  // The layer of a step; null for what the store makes of all that changed since `before`.
  Rope (*layer)(const Step& step, const FileTree& before) = nullptr;
  // Appends to `history` what the step leaves there.
  void (*record)(const Step& step);
  // A stage that ends, its layers being known.
  void (*finish)(StageBuild& stage) = nullptr;
  // What the builder attests of a build, if it does.
  Attestation (*provenance)(const BuildRecord& record, ProvenanceMode mode) = nullptr;
  // What a stage that has ended changes in the stages before it.
  void (*share)(std::vector<std::optional<StageBuild>>& stages, size_t index) = nullptr;
  // The configuration, to the letter.
  std::string (*configuration)(const FinishedBuild& build);
};

// In the order in which lists show them.
std::span<const Builder> Builders();
// Null for an unknown name.
const Builder* FindBuilder(std::string_view name);

}  // namespace watertight::generator
