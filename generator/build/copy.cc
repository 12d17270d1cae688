#include "generator/build/copy.h"

#include "generator/build/copy_job.h"
#include "generator/build/ownership.h"
#include "generator/build/tree_paths.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kSetGroupId = 02000;

CopyOutcome CopyAs(const CopyJob& job) {
  switch (job.rules.family) {
    case Family::kBuildKit:
      return CopyAsBuildKit(job);
    case Family::kClassic:
      return CopyAsClassic(job);
    case Family::kBuildah:
      return CopyAsBuildah(job);
    case Family::kKaniko:
      return CopyAsKaniko(job);
  }
  return {};
}

}  // namespace

CopyOutcome CopyInto(FileTree& stage, const CopySource& source, const Copy& copy,
                     const std::string& workdir, const FileRules& rules) {
  return CopyAs({.stage = stage,
                 .source = source,
                 .transfer = copy,
                 .rules = rules,
                 .workdir = workdir,
                 .keyword = "COPY",
                 .parents = copy.parents});
}

CopyOutcome CopyInto(FileTree& stage, const CopySource& source, const Add& add,
                     const std::string& workdir, const FileRules& rules) {
  return CopyAs({.stage = stage,
                 .source = source,
                 .transfer = add,
                 .rules = rules,
                 .workdir = workdir,
                 .keyword = "ADD",
                 .add = true,
                 .unpack = add.unpack});
}

const std::string& Download(const CopyJob& job, const std::string& url) {
  if (IsGitSource(url)) {
    throw Error("ADD of a git repository is not supported: " + url);
  }
  const auto* urls = job.source.urls;
  const auto found = urls == nullptr ? decltype(urls->end()){} : urls->find(url);
  if (urls == nullptr || found == urls->end()) {
    throw Error("nothing is downloaded, and `urls` (of fixture.json or BuildOptions) has no " +
                url);
  }
  return found->second;
}

std::string FileNameOfUrl(const std::string& url) {
  const size_t host = url.find("://");
  if (host == url.npos) return "";
  const size_t end = std::min(url.find_first_of("?#", host + 3), url.size());
  const size_t slash = url.rfind('/', end - 1);
  if (slash < host + 3) return "";
  return url.substr(slash + 1, end - slash - 1);
}

void MakeDirectories(FileTree& tree, const std::string& path, const Attributes& attributes,
                     InSetGroup inherits) {
  const Resolved at = tree.Resolve(path, Follow::kYes);
  if (at.inode != nullptr) {
    if (at.inode->is_directory()) return;
    throw Error("mkdir " + path + ": not a directory");
  }
  MakeDirectories(tree, DirName(path), attributes, inherits);
  const Attributes& above = tree.Find(DirName(path), Follow::kYes)->attributes;
  Attributes own = attributes;
  if ((above.mode & kSetGroupId) != 0 && inherits != InSetGroup::kNothing) {
    own.mode |= kSetGroupId;
    if (inherits == InSetGroup::kModeAndGroup) own.gid = above.gid;
  }
  const std::errc error = tree.MakeDirectory(path, own);
  if (error != std::errc()) throw Error("mkdir " + path + ": " + ErrnoText(error));
}

namespace {

// Those above it are root's.
void MakeKanikoWorkdir(FileTree& stage, const std::string& path, const std::string& user,
                       const FileRules& rules) {
  if (stage.Find(path, Follow::kYes) != nullptr) return;
  Attributes attributes{.mode = 0755, .mtime = stage.clock()};
  MakeDirectories(stage, DirName(CleanPath(path)), attributes, InSetGroup::kMode);
  const Ownership owner = user.empty() ? Ownership() : LookUpOwnership(user, stage, rules);
  MakeDirectories(stage, CleanPath(path), attributes, InSetGroup::kMode);
  stage.Modify(path, Follow::kYes, [&](Inode& made) {
    made.attributes.uid = owner.uid;
    made.attributes.gid = owner.gid;
  });
}

// Buildah looks up the user for this alone, and takes root for one that there is not.
Ownership WorkdirOwner(const FileTree& stage, const std::string& user, const FileRules& rules) {
  if (rules.family != Family::kBuildah) return LookUpOwnership(user, stage, rules);
  try {
    return LookUpOwnership(user, stage, rules);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void MakeWorkdir(FileTree& stage, const std::string& path, const std::string& user,
                 const FileRules& rules) {
  if (rules.family == Family::kKaniko) return MakeKanikoWorkdir(stage, path, user, rules);
  Attributes attributes{.mode = 0755, .mtime = stage.clock()};
  if (rules.family != Family::kClassic && !user.empty()) {
    const Ownership owner = WorkdirOwner(stage, user, rules);
    attributes.uid = owner.uid;
    attributes.gid = owner.gid;
  }
  const std::string real = RootPath(stage, path);
  const Inode* existing = stage.Find(real);
  const bool blocked = existing != nullptr && !existing->is_directory();
  if (blocked && rules.family == Family::kClassic) {
    throw Error("Cannot mkdir: " + path + " is not a directory");
  }
  if (blocked && rules.family == Family::kBuildah) return;
  const bool owned = rules.family == Family::kClassic || !user.empty();
  InSetGroup inherits = owned ? InSetGroup::kMode : InSetGroup::kModeAndGroup;
  if (rules.family == Family::kBuildah) inherits = InSetGroup::kNothing;
  MakeDirectories(stage, real, attributes, inherits);
}

}  // namespace watertight::generator
