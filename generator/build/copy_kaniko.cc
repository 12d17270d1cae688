// COPY and ADD as kaniko does them (pkg/commands, pkg/util), in a root file system of its own:
// files are written anew, so that all have the time of the build.

#include <algorithm>
#include <optional>
#include <vector>

#include "generator/build/copy_job.h"
#include "generator/build/decompress.h"
#include "generator/build/glob.h"
#include "generator/build/ownership.h"
#include "generator/build/tar_reader.h"
#include "generator/build/tree_paths.h"
#include "generator/build/unpack.h"
#include "generator/build/untar.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kUmask = 022;
constexpr std::uint32_t kPermissions = 0777;
constexpr std::uint32_t kSetIds = 06000;

Error FailedCommand(const std::string& message) {
  return Error("error building stage: failed to execute command: " + message);
}

// Before anything of the instruction is done, kaniko looks for its sources.
Error FailedSource(const std::string& message) {
  return Error("error building stage: failed to get files used from context: " + message);
}

class Copier {
 public:
  explicit Copier(const CopyJob& job);
  std::optional<std::vector<std::string>> Run();

 private:
  std::vector<std::string> Sources() const;
  void CheckSources(const std::vector<std::string>& sources) const;
  bool IsHidden(const std::string& path) const;
  std::string Destination() const;
  std::string TargetOf(const std::string& name, bool directory) const;
  std::string WithoutLinks(const std::string& target) const;
  bool IsDirectory(const std::string& path) const;
  void CopyOne(const std::string& source);
  void CopyDirectory(const std::string& source, const std::string& target);
  void MakeDirectory(const Inode& inode, const std::string& target);
  void MakeNode(const Inode& inode, const std::string& target);
  bool Unpack(const Inode& inode);
  void Download(const std::string& url);
  Attributes AttributesOf(const Inode& inode) const;
  void Tell(const std::string& path);

  const CopyJob& job_;
  FileTree& to_;
  std::optional<Ownership> owner_;
  std::optional<std::uint32_t> mode_;
  std::optional<std::vector<std::string>> made_;
};

Copier::Copier(const CopyJob& job) : job_(job), to_(job.stage) {}

void Copier::Tell(const std::string& path) {
  if (!made_) made_.emplace();
  made_->push_back(path);
}

Attributes Copier::AttributesOf(const Inode& inode) const {
  Attributes attributes{.mode = mode_.value_or(inode.attributes.mode),
                        .uid = inode.attributes.uid,
                        .gid = inode.attributes.gid,
                        .mtime = to_.clock()};
  // The copy that is kept of another stage's files loses these.
  if (!job_.source.context && inode.is_regular()) attributes.mode &= ~kSetIds;
  if (owner_) {
    attributes.uid = owner_->uid;
    attributes.gid = owner_->gid;
  }
  return attributes;
}

std::vector<std::string> Copier::Sources() const {
  const std::vector<std::string>& written = job_.transfer.sources;
  if (written.empty()) throw FailedSource("resolved envs is empty");
  const bool wildcards = std::ranges::any_of(written, [](const std::string& source) {
    return source.find_first_of("*?[") != std::string::npos;
  });
  if (!wildcards) return written;
  std::vector<std::string> sources;
  for (const std::string& source : written) {
    if (IsHttpSource(source)) {
      sources.push_back(source);
      continue;
    }
    const std::string pattern = CleanPath(source);
    const std::string prefix = pattern.starts_with('/') ? "/" : "";
    const auto match = [&](const std::string& each) {
      if (each == pattern || MatchesGlob(pattern, each)) sources.push_back(each);
    };
    match(prefix.empty() ? "." : prefix);
    job_.source.files.Walk(
        "", [&](const std::string& path, const Inode&, InodeNumber) { match(prefix + path); });
  }
  return sources;
}

// Whether the context has it, and .dockerignore leaves it out.
bool Copier::IsHidden(const std::string& path) const {
  return job_.source.everything && job_.source.everything().Find(path) != nullptr;
}

void Copier::CheckSources(const std::vector<std::string>& sources) const {
  const bool written = sources == job_.transfer.sources;
  if (written && sources.size() > 1 && !IsDirectory(job_.transfer.destination)) {
    throw FailedSource(
        "when specifying multiple sources in a COPY command, destination must be a directory and "
        "end in '/'");
  }
  for (const std::string& source : sources) {
    if (IsHttpSource(source) || IsGitSource(source)) continue;
    const std::string path = CleanPath("/" + source);
    if (job_.source.files.Find(path) != nullptr || IsHidden(path)) continue;
    const std::string full = CleanPath(job_.source.root + "/" + source);
    throw FailedSource("failed to get fileinfo for " + full + ": lstat " + full +
                       ": no such file or directory");
  }
}

bool Copier::IsDirectory(const std::string& path) const {
  const Inode* inode = to_.Find(path, Follow::kYes);
  return inode == nullptr ? path.ends_with('/') || path == "." : inode->is_directory();
}

std::string Copier::Destination() const {
  const std::string& written = job_.transfer.destination;
  if (written.starts_with('/')) return written;
  const bool slash = written.ends_with('/') || written.ends_with('.');
  return JoinPath("/" + job_.workdir, written) + (slash ? "/" : "");
}

std::string Copier::TargetOf(const std::string& name, bool directory) const {
  std::string target = Destination();
  if (IsDirectory(target)) target = JoinPath(target, directory ? "" : name);
  if (directory && !target.ends_with('/')) target += '/';
  return WithoutLinks(target);
}

// The target without the symbolic links on the way; what does not exist is taken as written.
std::string Copier::WithoutLinks(const std::string& target) const {
  const std::string failed = "resolving dest symlink: failed to ";
  std::string missing;
  std::string path = target;
  while (path != "/") {
    const Resolved at = to_.Resolve(path, Follow::kNo);
    if (at.error == std::errc::not_a_directory) {
      throw FailedCommand(failed + "lstat: lstat " + path + ": not a directory");
    }
    if (at.inode == nullptr) {
      missing = JoinPath("/" + BaseName(path), missing);
      if (path.ends_with('/')) missing = JoinPath("/", missing);
      path = DirName(CleanPath(path));
      continue;
    }
    const std::string real = RootPath(to_, path);
    if (to_.Find(real) == nullptr) {
      throw FailedCommand(failed + "eval symlinks: lstat " + real + ": no such file or directory");
    }
    path = real;
    break;
  }
  return JoinPath(path, missing);
}

void Copier::MakeDirectory(const Inode& inode, const std::string& target) {
  const Attributes attributes = AttributesOf(inode);
  const Inode* existing = to_.Find(target);
  if (existing != nullptr && !existing->is_directory()) to_.Remove(target);
  Attributes above{.mode = attributes.mode & ~kUmask & kPermissions, .mtime = to_.clock()};
  MakeDirectories(to_, target, above, InSetGroup::kMode);
  to_.Modify(target, Follow::kYes, [&](Inode& made) {
    made.attributes.mode = attributes.mode;
    made.attributes.uid = attributes.uid;
    made.attributes.gid = attributes.gid;
  });
}

// What exists is written over: it stays the same file, also under its other names.
void Copier::MakeNode(const Inode& inode, const std::string& target) {
  const Attributes attributes = AttributesOf(inode);
  Attributes above{.mode = 0755, .mtime = to_.clock()};
  if (!inode.is_symlink()) {
    above.uid = attributes.uid;
    above.gid = attributes.gid;
  }
  MakeDirectories(to_, DirName(target), above, InSetGroup::kMode);
  const Inode* existing = to_.Find(target);
  if (inode.is_symlink()) {
    if (existing != nullptr) to_.RemoveAll(target);
    to_.MakeSymlink(target, {.mode = 0777, .mtime = to_.clock()}, inode.link);
    return;
  }
  if (existing != nullptr && existing->is_directory()) {
    throw FailedCommand("copying file: creating file: open " + target + ": is a directory");
  }
  if (existing == nullptr) to_.MakeFile(target, attributes, inode.content);
  to_.Modify(target, Follow::kYes, [&](Inode& made) {
    made.attributes = attributes;
    made.content = inode.content;
  });
}

void Copier::CopyDirectory(const std::string& source, const std::string& target) {
  const FileTree& files = job_.source.files;
  MakeDirectory(*files.Find(source), target);
  Tell(target);
  const size_t prefix = source == "/" ? 0 : source.size();
  files.Walk(source, [&](const std::string& path, const Inode& inode, InodeNumber) {
    const std::string to = JoinPath(target, path.substr(prefix));
    if (inode.is_directory()) {
      MakeDirectory(inode, to);
    } else {
      MakeNode(inode, to);
    }
    Tell(to);
  });
}

// Directories and symbolic links of an archive get the time of the build, its files their own.
bool Copier::Unpack(const Inode& inode) {
  const PackedAs packing = PackingOf(inode.content);
  if (packing == PackedAs::kXz || packing == PackedAs::kZstd) {
    throw FailedCommand("unpacking local tar: path does not lead to local tar archive");
  }
  const std::optional<Rope> tar = OpenArchive(inode.content, job_.rules);
  if (!tar && packing == PackedAs::kPlain) return false;
  if (!tar) throw FailedCommand("unpacking local tar: unexpected EOF");
  const std::string target = CleanPath(Destination());
  std::optional<Untar> untar;
  TarReader reader(*tar);
  while (auto entry = reader.Next()) {
    const std::string path = CleanPath(target + "/" + entry->name);
    if (entry->type == '5') {
      const std::uint32_t mode = entry->attributes.mode & ~kUmask & kPermissions;
      MakeDirectories(to_, RootPath(to_, path), {.mode = mode, .mtime = to_.clock()});
    }
    if (!untar) untar.emplace(to_, RootPath(to_, target));
    if (entry->type == '5' || entry->type == '2') entry->attributes.mtime = to_.clock();
    untar->Put(*entry);
    Tell(path);
  }
  return true;
}

void Copier::Download(const std::string& url) {
  Inode file;
  file.attributes.mode = 0600;
  file.content = Rope(generator::Download(job_, url));
  const std::string target = TargetOf(FileNameOfUrl(url), false);
  MakeNode(file, target);
  Tell(target);
}

void Copier::CopyOne(const std::string& source) {
  const FileTree& files = job_.source.files;
  const std::string path = CleanPath("/" + source);
  const Inode* inode = files.Find(path);
  if (inode == nullptr) return;  // left out by .dockerignore
  const std::string target = TargetOf(BaseName(path), inode->is_directory());
  if (inode->is_directory()) {
    CopyDirectory(RootPath(files, path), target);
  } else {
    MakeNode(*inode, target);
    Tell(target);
  }
}

std::optional<std::vector<std::string>> Copier::Run() {
  const Transfer& transfer = job_.transfer;
  const std::vector<std::string> sources = Sources();
  CheckSources(sources);
  if (!transfer.chown.empty()) {
    try {
      owner_ = LookUpOwnership(transfer.chown, to_, job_.rules);
    } catch (const Error& error) {
      throw FailedCommand("getting user group from chown: " + error.message());
    }
  }
  if (!transfer.chmod.empty()) {
    const auto mode = ParseUint(transfer.chmod, 8, 32);
    if (!mode) {
      throw FailedCommand(
          "getting permissions from chmod: parsing value from chmod: strconv.ParseUint: parsing " +
          Quote(transfer.chmod) + ": invalid syntax");
    }
    mode_ = static_cast<std::uint32_t>(*mode) & kPermissions;
  }
  std::vector<std::string> plain;  // archives go first
  for (const std::string& source : sources) {
    const Inode* inode = job_.source.files.Find(CleanPath("/" + source));
    if (job_.add && (IsHttpSource(source) || IsGitSource(source))) {
      Download(source);
    } else if (!job_.add || inode == nullptr || !inode->is_regular() || !Unpack(*inode)) {
      plain.push_back(source);
    }
  }
  for (const std::string& source : plain) CopyOne(source);
  return made_;
}

}  // namespace

CopyOutcome CopyAsKaniko(const CopyJob& job) {
  CopyOutcome outcome;
  outcome.made = Copier(job).Run();
  return outcome;
}

}  // namespace watertight::generator
