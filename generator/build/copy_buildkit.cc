// COPY and ADD as BuildKit does them (solver/llbsolver/file and tonistiigi/fsutil/copy).

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "generator/build/copy_job.h"
#include "generator/build/file_mode.h"
#include "generator/build/glob.h"
#include "generator/build/missing_source.h"
#include "generator/build/ownership.h"
#include "generator/build/tree_paths.h"
#include "generator/build/unpack.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/ignore.h"
#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kUmask = 022;
constexpr std::uint32_t kPermissions = 0777;

// One source on its way: a copy of its own for hard links.
struct Source {
  const FileTree& files;
  std::string path;   // absolute, as matched
  bool sent = false;  // by a client, as part of the context
  bool follow = true;
  std::unique_ptr<IgnoreFile> include = {};  // null: everything
};

class Copier {
 public:
  Copier(const CopyJob& job, FileTree& to);

  void CopyLocal(const std::string& written);
  void CopyFile(const std::string& name, const std::string& content, std::int64_t mtime,
                std::uint32_t mode, bool unpack);

 private:
  // A directory of the source that is made only when something in it is copied.
  struct PendingDirectory {
    std::string source;
    std::string target;
    bool made = false;
  };

  std::string Destination() const;
  void CopyMatch(const Source& source, bool unpack);
  bool Unpack(const Source& source);
  std::string PrepareTarget(const std::string& followed, const Source& source, std::string target);
  void CopyEntry(const Source& source, const std::string& from, const std::string& components,
                 const std::string& target);
  void CopyDirectory(const Source& source, const std::string& from, const std::string& components,
                     const std::string& target, bool included);
  void CopyNode(const Source& source, const Inode& inode, InodeNumber number,
                const std::string& target);
  bool MakeDirectoryOnly(const Inode& inode, const std::string& target, bool top);
  void MakePending(const Source& source, bool top);
  void CopyAttributes(const Source& source, const Inode& inode, const std::string& target);
  bool Includes(const Source& source, const std::string& components) const;
  std::int64_t TimeOf(const Source& source, const Inode& inode) const;
  Attributes DirectoryAttributes() const;
  void MakeAbove(const std::string& directory);

  const CopyJob& job_;
  FileTree& to_;
  std::string destination_;
  std::optional<Ownership> owner_;
  std::optional<ModeChange> mode_;
  std::unique_ptr<IgnoreFile> exclude_;
  std::map<InodeNumber, std::string> links_;  // of one match
  std::vector<PendingDirectory> pending_;
};

Copier::Copier(const CopyJob& job, FileTree& to) : job_(job), to_(to) {
  destination_ = Destination();
  if (!job.transfer.chown.empty()) {
    owner_ = LookUpOwnership(job.transfer.chown, job.stage, job.rules);
  }
  const std::string& chmod = job.transfer.chmod;
  const bool ignored = job.rules.numeric_chmod && !ParseUint(chmod, 8, 32);
  if (!chmod.empty() && !ignored) mode_ = ParseModeChange(chmod);
  if (!job.transfer.exclude.empty()) {
    exclude_ = std::make_unique<IgnoreFile>(job.transfer.exclude);
  }
}

// Absolute; a slash at its end says that it has to be a directory.
std::string Copier::Destination() const {
  const std::string& written = job_.transfer.destination;
  const std::string path =
      written.starts_with('/') ? CleanPath(written) : JoinPath(job_.workdir, written);
  const bool slash = written.empty() || written == "." || written.ends_with('/') ||
                     (job_.rules.slash_dot_is_slash && written.ends_with("/."));
  return slash && path != "/" ? path + "/" : path;
}

Attributes Copier::DirectoryAttributes() const {
  Attributes attributes{.mode = 0755, .mtime = to_.clock()};
  if (owner_) {
    attributes.uid = owner_->uid;
    attributes.gid = owner_->gid;
  }
  if (mode_ && mode_->number() && job_.rules.chmod_parents) {
    attributes.mode = *mode_->number() & kPermissions & ~kUmask;
  }
  return attributes;
}

void Copier::MakeAbove(const std::string& directory) {
  const std::string part = PartBelowFile(to_, directory);
  if (!part.empty()) throw Error("lstat " + part + ": not a directory");
  MakeDirectories(to_, directory, DirectoryAttributes(),
                  owner_ ? InSetGroup::kMode : InSetGroup::kModeAndGroup);
}

std::int64_t Copier::TimeOf(const Source& source, const Inode& inode) const {
  const bool written_into = inode.is_directory() && !inode.names.empty();
  if (source.sent && job_.rules.sent_directories_new && written_into) return to_.clock();
  return inode.attributes.mtime;
}

void Copier::CopyAttributes(const Source& source, const Inode& inode, const std::string& target) {
  to_.Modify(target, Follow::kNo, [&](Inode& made) {
    Attributes& attributes = made.attributes;
    attributes = inode.attributes;
    if (owner_) {
      attributes.uid = owner_->uid;
      attributes.gid = owner_->gid;
    }
    attributes.mtime = TimeOf(source, inode);
    if (!mode_ || inode.is_symlink()) return;
    const std::uint32_t mode = mode_->Apply(attributes.mode, inode.is_directory());
    const bool keeps_high = mode_->number() && job_.rules.chmod_bits == ChmodBits::kPermissions;
    attributes.mode = keeps_high ? (attributes.mode & ~kPermissions) | (mode & kPermissions) : mode;
  });
}

bool Copier::Includes(const Source& source, const std::string& components) const {
  if (components.empty()) return true;
  if (source.include != nullptr && !source.include->Ignores(components)) return false;
  return exclude_ == nullptr || !exclude_->Ignores(components);
}

// Returns whether it was made. Below the top, the mode of one that exists becomes the source's.
bool Copier::MakeDirectoryOnly(const Inode& inode, const std::string& target, bool top) {
  const Inode* existing = to_.Find(target);
  if (existing == nullptr) {
    Attributes attributes{.mode = inode.attributes.mode & ~kUmask, .mtime = to_.clock()};
    const std::errc error = to_.MakeDirectory(target, attributes);
    if (error != std::errc()) {
      throw Error("failed to mkdir " + target + ": " + ErrnoText(error));
    }
    return true;
  }
  if (!existing->is_directory()) throw Error("cannot copy to non-directory: " + target);
  if (!top) {
    to_.Modify(target, Follow::kNo,
               [&](Inode& made) { made.attributes.mode = inode.attributes.mode; });
  }
  return false;
}

void Copier::MakePending(const Source& source, bool top) {
  for (PendingDirectory& directory : pending_) {
    if (directory.made) continue;
    const Inode& inode = *source.files.Find(directory.source);
    if (MakeDirectoryOnly(inode, directory.target, top)) {
      CopyAttributes(source, inode, directory.target);
    }
    directory.made = true;
  }
}

void Copier::CopyDirectory(const Source& source, const std::string& from,
                           const std::string& components, const std::string& target,
                           bool included) {
  const Inode& inode = *source.files.Find(from);
  const bool top = components.empty();
  const bool existed = to_.Find(target) != nullptr;
  const bool created = included && MakeDirectoryOnly(inode, target, top);
  pending_.push_back({from, target, included});
  for (const auto& [name, entry] : inode.names) {
    CopyEntry(source, JoinPath(from, name), top ? name : components + "/" + name,
              JoinPath(target, name));
  }
  pending_.pop_back();
  if (top ? created : included) {
    CopyAttributes(source, inode, target);
  } else if (top && existed && job_.rules.target_keeps_time) {
    to_.Modify(target, Follow::kNo,
               [&](Inode& made) { made.attributes.mtime = TimeOf(source, inode); });
  }
}

void Copier::CopyNode(const Source& source, const Inode& inode, InodeNumber number,
                      const std::string& target) {
  if (const Inode* existing = to_.Find(target)) {
    if (existing->is_directory()) {
      throw Error("cannot replace to directory " + target + " with file");
    }
    to_.Remove(target);
  }
  const bool device = !inode.is_regular() && !inode.is_symlink();
  if (inode.type == FileType::kFifo && !job_.rules.copies_fifos) return;
  if (inode.is_regular()) {
    const auto [link, first] = links_.try_emplace(number, target);
    if (!first) {
      to_.Link(link->second, target);
      CopyAttributes(source, inode, target);
      return;
    }
  }
  Inode node;
  node.type = inode.type;
  node.content = inode.content;
  node.link = inode.link;
  if (device) {
    node.device_major = inode.device_major;
    node.device_minor = inode.device_minor;
  }
  const std::errc error = to_.Make(target, node);
  if (error != std::errc()) {
    throw Error("failed to copy files: open " + target + ": " + ErrnoText(error));
  }
  CopyAttributes(source, inode, target);
}

void Copier::CopyEntry(const Source& source, const std::string& from, const std::string& components,
                       const std::string& target) {
  const Resolved at = source.files.Resolve(from, Follow::kNo);
  if (at.inode == nullptr) throw Error("lstat " + from + ": no such file or directory");
  const bool included = Includes(source, components);
  if (included) MakePending(source, components.empty());
  if (at.inode->is_directory()) {
    CopyDirectory(source, from, components, target, included);
  } else if (included) {
    CopyNode(source, *at.inode, at.number, target);
  }
}

// Where one source goes, once the directories above are there.
std::string Copier::PrepareTarget(const std::string& followed, const Source& source,
                                  std::string target) {
  const Inode* from = source.files.Find(followed);
  if (from == nullptr) throw Error("lstat " + source.path + ": no such file or directory");
  const Resolved existing = to_.Resolve(target, Follow::kYes);
  if (existing.error == std::errc::not_a_directory) {
    throw Error("failed to lstat destination path: stat " + target + ": not a directory");
  }
  const Inode* inode = existing.inode;
  if (!from->is_directory() && inode != nullptr && inode->is_directory()) {
    target = JoinPath(target, BaseName(source.path));
  }
  const bool directory = from->is_directory() && inode == nullptr;
  MakeAbove(directory ? target : DirName(target));
  return target;
}

bool Copier::Unpack(const Source& source) {
  const Inode* archive = source.files.Find(RootPath(source.files, source.path));
  if (archive == nullptr || !archive->is_regular()) return false;
  const std::optional<Rope> tar = OpenArchive(archive->content, job_.rules);
  if (!tar) return false;
  const std::string target = RootPath(to_, destination_);
  Attributes attributes{.mode = 0755, .mtime = to_.clock()};
  if (owner_) {
    attributes.uid = owner_->uid;
    attributes.gid = owner_->gid;
  }
  MakeDirectories(to_, target, attributes, InSetGroup::kMode);
  UnpackInto(to_, target, *tar, job_.rules.unpack_chowns ? owner_ : std::nullopt, job_.rules);
  return true;
}

void Copier::CopyMatch(const Source& source, bool unpack) {
  if (unpack && Unpack(source)) return;
  links_.clear();
  const bool slash = destination_.ends_with('/');
  const std::string above = slash ? destination_ : DirName(destination_);
  MakeAbove(RootPath(to_, above));
  const std::string followed =
      source.follow ? RootPath(source.files, source.path)
                    : JoinPath(RootPath(source.files, DirName(source.path)), BaseName(source.path));
  const std::string target =
      PrepareTarget(followed, source, RootPath(to_, CleanPath(destination_)));
  CopyEntry(source, followed, "", target);
}

// What a written source means: itself, or all that its wildcards match.
std::vector<std::string> Matches(const FileTree& files, const std::string& path) {
  const SplitGlob glob = SplitAtWildcard(path);
  if (glob.pattern.empty()) return {path};
  const std::string base = RootPath(files, glob.directory);
  const std::string prefix = base == "/" ? "" : base.substr(1) + "/";
  std::vector<std::string> matches;
  files.Walk(base, [&](const std::string& found, const Inode&, InodeNumber) {
    if (MatchesGlob(glob.pattern, std::string_view(found).substr(prefix.size()))) {
      matches.push_back("/" + found);
    }
  });
  return matches;
}

void Copier::CopyLocal(const std::string& written) {
  const FileTree& files = job_.source.files;
  std::string path = written;
  std::unique_ptr<IgnoreFile> include;
  if (job_.parents) {
    const size_t pivot = written.find("/./");
    path = pivot == written.npos ? "/" : written.substr(0, pivot);
    const std::string pattern =
        CleanPath("/" + (pivot == written.npos ? written : written.substr(pivot + 3)));
    include = std::make_unique<IgnoreFile>(std::vector<std::string>{pattern.substr(1)});
  }
  path = CleanPath("/" + path);
  const std::vector<std::string> matches = Matches(files, path);
  for (const std::string& match : matches) {
    if (files.Find(RootPath(files, match)) == nullptr)
      throw MissingSource(job_.source, match, job_.rules);
    Source source{.files = files, .path = match, .sent = job_.source.context};
    if (include != nullptr) source.include = std::make_unique<IgnoreFile>(*include);
    CopyMatch(source, job_.unpack.value_or(job_.add));
  }
}

void Copier::CopyFile(const std::string& name, const std::string& content, std::int64_t mtime,
                      std::uint32_t mode, bool unpack) {
  FileTree files;
  files.MakeFile(name, {.mode = mode, .mtime = mtime}, Rope(content));
  CopyMatch({.files = files, .path = "/" + name, .follow = false}, unpack);
}

// The layer of a linked copy over what is there: its directories keep what is in them.
void Merge(FileTree& stage, const FileTree& layer) {
  std::map<InodeNumber, std::string> links;
  layer.Walk("", [&](const std::string& path, const Inode& inode, InodeNumber number) {
    const Inode* existing = stage.Find(path);
    if (existing != nullptr && inode.is_directory() && existing->is_directory()) {
      stage.Modify(path, Follow::kNo, [&](Inode& made) { made.attributes = inode.attributes; });
      return;
    }
    if (existing != nullptr) stage.RemoveAll(path);
    const auto [link, first] = links.try_emplace(number, path);
    if (!first) {
      stage.Link(link->second, path);
      return;
    }
    Inode node = inode;
    node.names.clear();
    stage.Make(path, node);
  });
  layer.Walk("", [&](const std::string& path, const Inode& inode, InodeNumber) {
    if (!inode.is_directory()) return;
    stage.Modify(path, Follow::kNo,
                 [&](Inode& made) { made.attributes.mtime = inode.attributes.mtime; });
  });
}

void CopyAll(const CopyJob& job, FileTree& to) {
  Copier copier(job, to);
  for (const std::string& source : job.transfer.sources) {
    if (job.add && (IsHttpSource(source) || IsGitSource(source))) {
      const std::string name = FileNameOfUrl(source);
      copier.CopyFile(name.empty() ? "__unnamed__" : name, Download(job, source), to.clock(), 0600,
                      job.unpack.value_or(false));
    } else {
      copier.CopyLocal(source);
    }
  }
  for (const InlineFile& file : job.transfer.inline_files) {
    copier.CopyFile(file.name, file.content, to.clock(), 0644, false);
  }
}

}  // namespace

CopyOutcome CopyAsBuildKit(const CopyJob& job) {
  if (!job.source.merges || !job.transfer.link || !job.transfer.chmod.empty()) {
    CopyAll(job, job.stage);
    return {};
  }
  CopyOutcome outcome;
  FileTree& layer = outcome.layer.emplace();
  layer.set_clock(job.stage.clock());
  CopyAll(job, layer);
  Merge(job.stage, layer);
  return outcome;
}

}  // namespace watertight::generator
