// A COPY or ADD on its way through one builder's way of copying.
#pragma once

#include <optional>
#include <string>

#include "generator/build/copy.h"
#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

struct CopyJob {
  FileTree& stage;
  const CopySource& source;
  const Transfer& transfer;
  const FileRules& rules;
  std::string workdir;
  const char* keyword;  // for messages
  bool add = false;
  bool parents = false;
  std::optional<bool> unpack = {};  // ADD --unpack
};

// Each family's, in a file of its own.
CopyOutcome CopyAsBuildKit(const CopyJob& job);
CopyOutcome CopyAsClassic(const CopyJob& job);
CopyOutcome CopyAsBuildah(const CopyJob& job);
CopyOutcome CopyAsKaniko(const CopyJob& job);

// The content behind a URL. Throws: Error when it was not given, or when it is a repository.
const std::string& Download(const CopyJob& job, const std::string& url);
// The last component of a URL's path; empty when it has none.
std::string FileNameOfUrl(const std::string& url);

// What a new directory has of a set-group-ID directory above it, as the kernel hands it down.
enum class InSetGroup {
  kNothing,  // because the mode is set once more
  kMode,     // because the owner is set once more
  kModeAndGroup,
};

// Makes a directory and those above it that are missing. Throws: Error where a file is in the way.
void MakeDirectories(FileTree& tree, const std::string& path, const Attributes& attributes,
                     InSetGroup inherits = InSetGroup::kNothing);

}  // namespace watertight::generator
