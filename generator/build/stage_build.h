// A stage while it is built: what its next instruction finds.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/archives/archive.h"
#include "generator/build/base_image.h"
#include "generator/build/file_tree.h"
#include "generator/build/image_config.h"
#include "generator/build/layer_tar.h"
#include "generator/dockerfile/scope.h"

namespace watertight::generator {

// The image that the classic builder made of the last step, or found as the base.
struct StepImage {
  std::string id = {};        // "sha256:…", empty before the first step on scratch
  std::string document = {};  // the exact configuration
  ImageConfig config = {};    // that the next container inherits
  std::string author = {};
};

// What buildah also notes of a stage.
struct BuildahNotes {
  std::string image = {};                   // configuration of the image that the stage builds on
  std::string from = {};                    // its name; with --layers that of the step before
  std::set<std::string> variables = {};     // that an ENV of this stage has set
  std::set<std::string> arg_words = {};     // of all ARG lines
  std::set<std::string> base_volumes = {};  // of the image that the stage builds on
  std::map<std::string, FileTree> volumes = {};  // what RUNs found and left in those
  std::vector<std::string> mounted = {};         // of these, while a RUN runs
};

// What kaniko also notes of a stage. Its steps work in a root directory on a disk, which holds
// something else than the image does.
struct KanikoNotes {
  bool needs_files = true;  // RUN, COPY or ADD, or a later stage, asks for the image's files
  bool scanned = false;     // the root was looked at as a whole
  FileTree image = {};      // the files of the layers so far
  FileTree disk = {};       // of the root, when the stage has ended
  std::set<std::string> volumes = {};  // of this stage's VOLUME
};

// What BuildKit's stages share with the stages that they were made from (buildkit_sharing.h): the
// stage that each part was made for.
struct SharedParts {
  size_t labels = 0;
  size_t exposed_ports = 0;
  size_t volumes = 0;
  size_t history = 0;
  size_t history_begin = 0;     // entries that the stage began with
  size_t history_capacity = 0;  // entries that the array has room for
  bool of_stage = false;        // FROM named a stage
};

// Which step of how many is next, as BuildKit names it: [stage 2/3].
struct StepNumbers {
  std::string stage = {};  // empty for the only one
  size_t done = 0;
  size_t all = 0;
};

// What the stage began with; docker build --squash leaves it alone.
struct StageStart {
  std::string image_id = {};  // empty for scratch
  size_t history = 0;
  size_t layers = 0;
};

struct StageBuild {
  Scope scope;
  size_t index = 0;  // in the Dockerfile
  FileTree files = {};
  ImageConfig config = {};
  std::string author = {};
  std::string maintainer = {};             // of this stage's MAINTAINER
  std::string comment = {};                // of docker import
  std::vector<HistoryEntry> history = {};  // the base's entries included
  std::vector<SavedLayer> layers = {};     // the base's layers included
  std::string base_name = {};              // as FROM says it, "" for scratch
  std::string base_config = {};            // the base's configuration; empty for scratch
  Json base_document = {};                 // the same, parsed; null for scratch
  size_t base_history = 0;                 // how many entries are the base's
  size_t base_layers = 0;
  FileTree base_files = {};  // what the stage began with
  Words triggers = {};       // of the base, to be run first
  bool cmd_set = false;      // this stage has a CMD of its own
  Store store = Store::kOverlay2;
  StepImage image = {};
  StageStart start = {};
  BuildahNotes buildah = {};
  KanikoNotes kaniko = {};
  SharedParts shared = {};
  StepNumbers numbers = {};
  StepLayers steps = {};    // of this stage and those that it begins with
  size_t steps_before = 0;  // how many are of those
  std::map<std::string, StepLayers> base_steps = {};
  Words layer_texts = {};  // what BuildKit remembers of each layer of its own
};

}  // namespace watertight::generator
