#include "generator/build/import.h"

#include <utility>

#include "generator/archives/clock.h"
#include "generator/archives/sha256.h"
#include "generator/build/copy.h"
#include "generator/builders/classic.h"
#include "generator/builders/classic_config.h"

namespace watertight::generator {
namespace {

// What Docker puts on top of every image before a container is made of it.
void AddMountTargets(FileTree& files, const FileRules& rules) {
  const Attributes attributes{.mode = 0755, .mtime = files.clock()};
  for (const char* directory : {"/dev/pts", "/dev/shm", "/etc", "/proc", "/sys"}) {
    MakeWorkdir(files, directory, "", rules);
  }
  // None of them replaces what the image has.
  for (const char* file :
       {".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"}) {
    files.MakeFile(file, attributes, Rope());
  }
  files.MakeSymlink("etc/mtab", {.mode = 0777, .mtime = files.clock()}, "/proc/mounts");
}

}  // namespace

BuiltImage Import(const BuiltImage& image, const ImportRequest& request) {
  StageBuild stage = EmptyStage(request.docker);
  const ClassicVersion& version = ClassicVersionOf(stage.scope.dialect().builder);
  const FileRules& rules = FileRulesOf(version.builder);
  BuiltImage imported;
  imported.files = image.files;
  imported.files.set_clock(request.clock);
  imported.files.BeginLayer();
  AddMountTargets(imported.files, rules);
  SavedLayer layer;
  layer.tar = WholeTreeTar(imported.files, rules);
  layer.diff_id = Digest(layer.tar);
  stage.layers = {std::move(layer)};

  CommittedContainer none;
  none.config = ClassicConfigObject({}, stage, "");
  ApplyChanges(request.changes, stage);
  const std::string created = Rfc3339(request.clock);
  stage.comment = request.message;
  HistoryEntry& entry = stage.history.emplace_back();
  entry.created = created;
  entry.comment = request.message;
  imported.saved.names = request.names;
  imported.saved.config = request.docker.store == Store::kContainerd
                              ? ContainerdDocument(stage, created)
                              : GraphDriverDocument(stage, none, version, created);
  imported.saved.layers = stage.layers;
  imported.saved.maker = Maker::kImport;
  return imported;
}

}  // namespace watertight::generator
