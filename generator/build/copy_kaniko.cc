// COPY and ADD as kaniko does them (pkg/commands, pkg/util), in a root file system of its own:
// files are written anew, so that all have the time of the build.

#include <vector>

#include "generator/build/copy_job.h"
#include "generator/build/file_mode.h"
#include "generator/build/glob.h"
#include "generator/build/ownership.h"
#include "generator/build/tar_reader.h"
#include "generator/build/tree_paths.h"
#include "generator/build/unpack.h"
#include "generator/build/untar.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kUmask = 022;

class Copier {
 public:
  explicit Copier(const CopyJob& job);
  void Run();

 private:
  std::vector<std::string> Sources() const;
  std::string TargetOf(const std::string& name, bool directory) const;
  bool IsDirectory(const std::string& path) const;
  void CopyOne(const std::string& source);
  void CopyDirectory(const std::string& source, const std::string& target);
  void MakeDirectory(const Inode& inode, const std::string& target);
  void MakeNode(const Inode& inode, const std::string& target);
  bool Unpack(const Inode& inode);
  void Download(const std::string& url);
  Attributes AttributesOf(const Inode& inode) const;

  const CopyJob& job_;
  FileTree& to_;
  std::optional<Ownership> owner_;
  std::optional<std::uint32_t> mode_;
};

Copier::Copier(const CopyJob& job) : job_(job), to_(job.stage) {
  const Transfer& transfer = job.transfer;
  if (!transfer.chown.empty()) owner_ = LookUpOwnership(transfer.chown, to_, job.rules);
  if (!transfer.chmod.empty()) mode_ = ParseModeChange(transfer.chmod).number();
}

Attributes Copier::AttributesOf(const Inode& inode) const {
  Attributes attributes{.mode = mode_.value_or(inode.attributes.mode),
                        .uid = inode.attributes.uid,
                        .gid = inode.attributes.gid,
                        .mtime = to_.clock()};
  if (owner_) {
    attributes.uid = owner_->uid;
    attributes.gid = owner_->gid;
  }
  return attributes;
}

std::vector<std::string> Copier::Sources() const {
  bool wildcards = false;
  for (const std::string& source : job_.transfer.sources) {
    wildcards = wildcards || source.find_first_of("*?[") != std::string::npos;
  }
  if (!wildcards) return job_.transfer.sources;
  std::vector<std::string> sources;
  for (const std::string& source : job_.transfer.sources) {
    if (IsHttpSource(source)) {
      sources.push_back(source);
      continue;
    }
    const std::string pattern = CleanPath(source);
    const std::string prefix = pattern.starts_with('/') ? "/" : "";
    job_.source.files.Walk("", [&](const std::string& path, const Inode&, InodeNumber) {
      const std::string each = prefix + path;
      if (each == pattern || MatchesGlob(pattern, each)) sources.push_back(each);
    });
  }
  if (sources.empty()) throw Error("resolving src: copy failed: no source files specified");
  return sources;
}

bool Copier::IsDirectory(const std::string& path) const {
  const Inode* inode = to_.Find(RootPath(to_, path));
  return inode == nullptr ? path.ends_with('/') || path == "." : inode->is_directory();
}

std::string Copier::TargetOf(const std::string& name, bool directory) const {
  const std::string& written = job_.transfer.destination;
  std::string target = written;
  if (!written.starts_with('/')) {
    target = JoinPath("/" + job_.workdir, written);
    if (written.ends_with('/') || written.ends_with('.')) target += '/';
  }
  if (IsDirectory(target) && !directory) target = JoinPath(target, name);
  return RootPath(to_, target);
}

void Copier::MakeDirectory(const Inode& inode, const std::string& target) {
  const Attributes attributes = AttributesOf(inode);
  const Inode* existing = to_.Find(target);
  if (existing != nullptr && !existing->is_directory()) to_.Remove(target);
  Attributes above{.mode = attributes.mode & ~kUmask & 0777, .mtime = to_.clock()};
  MakeDirectories(to_, target, above);
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
  MakeDirectories(to_, DirName(target), above);
  const Inode* existing = to_.Find(target);
  if (inode.is_symlink()) {
    if (existing != nullptr) to_.RemoveAll(target);
    to_.MakeSymlink(target, {.mode = 0777, .mtime = to_.clock()}, inode.link);
    return;
  }
  if (existing != nullptr && existing->is_directory()) {
    throw Error("copying file: creating file: open " + target + ": is a directory");
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
  const size_t prefix = source == "/" ? 0 : source.size();
  files.Walk(source, [&](const std::string& path, const Inode& inode, InodeNumber) {
    const std::string to = JoinPath(target, path.substr(prefix));
    if (inode.is_directory()) {
      MakeDirectory(inode, to);
    } else {
      MakeNode(inode, to);
    }
  });
}

// Directories of an archive get the time of the build, its files their own.
bool Copier::Unpack(const Inode& inode) {
  const std::optional<Rope> tar = OpenArchive(inode.content, job_.rules);
  if (!tar) return false;
  const std::string target = TargetOf("", true);
  Untar untar(to_, target);
  TarReader reader(*tar);
  while (auto entry = reader.Next()) {
    if (entry->type == '5') entry->attributes.mtime = to_.clock();
    untar.Put(*entry);
  }
  return true;
}

void Copier::Download(const std::string& url) {
  Inode file;
  file.attributes.mode = 0600;
  file.content = Rope(generator::Download(job_, url));
  MakeNode(file, TargetOf(FileNameOfUrl(url), false));
}

void Copier::CopyOne(const std::string& source) {
  const FileTree& files = job_.source.files;
  const std::string path = CleanPath("/" + source);
  const Inode* inode = files.Find(path);
  if (inode == nullptr) {
    throw Error("resolving src: failed to get fileinfo for " + path.substr(1) + ": lstat " +
                path.substr(1) + ": no such file or directory");
  }
  if (job_.add && inode->is_regular() && Unpack(*inode)) return;
  const std::string target = TargetOf(BaseName(path), inode->is_directory());
  if (inode->is_directory()) {
    CopyDirectory(RootPath(files, path), target);
  } else {
    MakeNode(*inode, target);
  }
}

void Copier::Run() {
  const std::vector<std::string> sources = Sources();
  if (job_.transfer.sources == sources && sources.size() > 1 &&
      !IsDirectory(job_.transfer.destination)) {
    throw Error(
        "error building stage: failed to get files used from context: when specifying multiple "
        "sources in a COPY command, destination must be a directory and end in '/'");
  }
  for (const std::string& source : sources) {
    if (job_.add && (IsHttpSource(source) || IsGitSource(source))) {
      Download(source);
    } else {
      CopyOne(source);
    }
  }
  for (const InlineFile& inline_file : job_.transfer.inline_files) {
    Inode file;
    file.attributes.mode = 0644;
    file.content = Rope(inline_file.content);
    MakeNode(file, TargetOf(inline_file.name, false));
  }
}

}  // namespace

CopyOutcome CopyAsKaniko(const CopyJob& job) {
  Copier(job).Run();
  return {};
}

}  // namespace watertight::generator
