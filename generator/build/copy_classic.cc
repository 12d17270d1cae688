// COPY and ADD as Docker's classic builder does them (builder/dockerfile/copy.go).

#include <vector>

#include "generator/build/content_hash.h"
#include "generator/build/copy_job.h"
#include "generator/build/glob.h"
#include "generator/build/ownership.h"
#include "generator/build/tree_paths.h"
#include "generator/build/unpack.h"
#include "generator/build/untar.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kSetuid = 04000;
constexpr std::uint32_t kSetgid = 02000;
constexpr std::uint32_t kGroupExecute = 0010;

// What one source was found to be.
struct Found {
  std::string path;  // relative, as written or matched
  const FileTree* files = nullptr;
  bool download = false;
};

class Copier {
 public:
  explicit Copier(const CopyJob& job);
  CopyOutcome Run();

 private:
  std::vector<Found> Find(const std::string& written);
  Found FindOne(const std::string& path) const;
  void CopyOne(const Found& found);
  void CopyDirectory(const Found& found, const std::string& source, const std::string& target);
  void CopyFile(const Inode& inode, const std::string& target);
  void Own(const FileTree& files, const std::string& source, const std::string& target,
           bool with_top);
  void OwnOne(const std::string& path);
  Error Failed(const std::string& message) const {
    return Error(std::string(job_.keyword) + " failed: " + message);
  }

  const CopyJob& job_;
  std::string destination_;  // absolute, a slash at the end kept
  Ownership owner_;
  bool keeps_owner_ = false;
  FileTree downloads_;
};

Copier::Copier(const CopyJob& job) : job_(job) {
  const std::string& written = job.transfer.destination;
  destination_ = written;
  if (!written.starts_with('/')) {
    destination_ = JoinPath("/" + job.workdir, written);
    if (written.ends_with('/')) destination_ += '/';
  }
  keeps_owner_ = !job.source.context && job.transfer.chown.empty();
}

Found Copier::FindOne(const std::string& path) const {
  const FileTree& files = job_.source.files;
  const std::string clean = CleanPath(path);
  if (clean == ".." || clean.starts_with("../")) {
    throw Failed("forbidden path outside the build context: " + path + " ()");
  }
  if (files.Find(RootPath(files, path)) != nullptr) return {path, &files};
  const std::string missing = "stat " + path + ": file does not exist";
  if (!job_.source.context) throw Failed(missing);
  throw Failed("file not found in build context or excluded by .dockerignore: " + missing);
}

std::vector<Found> Copier::Find(const std::string& written) {
  if (IsHttpSource(written) || IsGitSource(written)) {
    if (!job_.add) throw Failed("source can't be a URL for COPY");
    std::string name = FileNameOfUrl(written);
    if (name.empty() && destination_.ends_with('/')) {
      throw Failed("cannot determine filename for source " + written);
    }
    if (name.empty()) name = "__unnamed__";
    // A file of that name from an earlier URL was copied from a folder of its own.
    if (downloads_.Find(name) != nullptr) throw Failed("two downloads are called " + name);
    downloads_.MakeFile(name, {.mode = 0600}, Rope(Download(job_, written)));
    return {{name, &downloads_, true}};
  }
  std::string path = written;
  if (path.starts_with('/')) path.erase(0, 1);
  if (path.starts_with("./")) path.erase(0, 2);
  if (!HasWildcards(path)) return {FindOne(path)};
  std::vector<Found> found;
  job_.source.files.Walk("", [&](const std::string& each, const Inode&, InodeNumber) {
    if (MatchesGlob(path, each)) found.push_back(FindOne(each));
  });
  return found;
}

// A change of the owner takes a file's setuid and setgid bits and its capabilities.
void Copier::OwnOne(const std::string& path) {
  job_.stage.Modify(path, Follow::kNo, [&](Inode& inode) {
    Attributes& attributes = inode.attributes;
    attributes.uid = owner_.uid;
    attributes.gid = owner_.gid;
    if (!inode.is_regular()) return;
    attributes.mode &= ~kSetuid;
    if ((attributes.mode & kGroupExecute) != 0) attributes.mode &= ~kSetgid;
    attributes.xattrs.erase("security.capability");
  });
}

void Copier::Own(const FileTree& files, const std::string& source, const std::string& target,
                 bool with_top) {
  if (with_top) OwnOne(target);
  const size_t prefix = source == "/" ? 0 : source.size();
  files.Walk(source, [&](const std::string& path, const Inode&, InodeNumber) {
    OwnOne(JoinPath(target, path.substr(prefix)));
  });
}

void Copier::CopyDirectory(const Found& found, const std::string& source,
                           const std::string& target) {
  const Inode* existing = job_.stage.Find(target);
  if (existing != nullptr && !existing->is_directory()) {
    throw Error("failed to copy files: failed to copy directory: mkdir " + target +
                ": not a directory");
  }
  Untar untar(job_.stage, target);
  const auto entries = EntriesBelow(*found.files, source);
  for (const UnpackedEntry& entry : entries) untar.Put(entry);
  untar.Finish();
  // The daemon makes and removes a folder in the target to change its root to, so that the layer
  // has the target even when nothing is copied into it.
  if (entries.empty() && target != "/") {
    job_.stage.Modify(target, Follow::kNo,
                      [&](Inode& inode) { inode.attributes.mtime = job_.stage.clock(); });
  }
  if (!keeps_owner_) Own(*found.files, source, target, existing == nullptr);
}

void Copier::CopyFile(const Inode& inode, const std::string& target) {
  Attributes above{.mode = 0755, .mtime = job_.stage.clock()};
  if (!keeps_owner_) {
    above.uid = owner_.uid;
    above.gid = owner_.gid;
  }
  try {
    MakeDirectories(job_.stage, DirName(target), above, InSetGroup::kMode);
  } catch (const Error& error) {
    throw Error("failed to copy files: failed to create new directory: " + error.message());
  }
  if (job_.stage.Find(target) != nullptr) job_.stage.RemoveAll(target);
  Inode node = inode;
  node.attributes.xattrs.clear();
  job_.stage.Make(target, node);
  if (!keeps_owner_) OwnOne(target);
}

void Copier::CopyOne(const Found& found) {
  const std::string source = RootPath(*found.files, found.path);
  const Inode& inode = *found.files->Find(source);
  const std::string target = RootPath(job_.stage, destination_);
  if (inode.is_directory()) {
    CopyDirectory(found, source, target);
    return;
  }
  if (job_.add && !found.download && inode.is_regular()) {
    if (const auto tar = OpenArchive(inode.content, job_.rules)) {
      try {
        UnpackInto(job_.stage, target, *tar, std::nullopt, job_.rules);
      } catch (const Error& error) {
        throw Error("failed to copy files: " + error.message());
      }
      return;
    }
  }
  const std::string part = PartBelowFile(job_.stage, target);
  if (!part.empty()) throw Error("failed to copy files: lstat " + part + ": not a directory");
  const Inode* existing = job_.stage.Find(target);
  const bool into =
      destination_.ends_with('/') || (existing != nullptr && existing->is_directory());
  CopyFile(inode, into ? JoinPath(target, BaseName(found.path)) : target);
}

CopyOutcome Copier::Run() {
  std::vector<Found> found;
  for (const std::string& source : job_.transfer.sources) {
    for (Found& each : Find(source)) found.push_back(std::move(each));
  }
  if (found.empty()) throw Failed("no source files were specified");
  if (found.size() > 1 && !job_.transfer.destination.ends_with('/')) {
    throw Error("When using " + std::string(job_.keyword) +
                " with more than one source file, the destination must be a directory and end "
                "with a /");
  }
  std::vector<std::string> hashes;
  for (const Found& each : found) {
    const HashedSource from = each.download         ? HashedSource::kDownload
                              : job_.source.context ? HashedSource::kContext
                                                    : HashedSource::kStage;
    hashes.push_back(ClassicHash(*each.files, each.path, from, job_.rules));
  }
  if (!job_.transfer.chown.empty()) {
    owner_ = LookUpOwnership(job_.transfer.chown, job_.stage, job_.rules);
  }
  for (const Found& each : found) CopyOne(each);
  return {.content = CombinedHash(hashes), .layer = {}};
}

}  // namespace

CopyOutcome CopyAsClassic(const CopyJob& job) { return Copier(job).Run(); }

}  // namespace watertight::generator
