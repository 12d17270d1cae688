// The images that FROM, COPY --from and mounts name, each asked for once.
#pragma once

#include <map>
#include <string>

#include "generator/build/base_image.h"
#include "generator/build/file_tree.h"
#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/scope.h"
#include "generator/dockerfile/stages.h"

namespace watertight::generator {

class StageImages {
 public:
  // `bases` is asked before the program's own ones. Both outlive this.
  StageImages(const BaseImages& bases, const Dockerfile& file) : bases_(bases), file_(file) {}

  // Throws: Error at that line, in the builder's words, for a name that nobody knows.
  const BaseImage& Named(const std::string& name, int line);
  // The files of an image that a step takes some from. `scope` is that of a stage that begins.
  const FileTree& FilesOf(const StageSource& source, const Scope& scope);

 private:
  const BaseImage& ForBuildah(const StageSource& source);

  const BaseImages& bases_;
  const Dockerfile& file_;
  std::map<std::string, BaseImage> images_;
  std::map<std::string, FileTree> files_;
};

}  // namespace watertight::generator
