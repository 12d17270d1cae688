// COPY and ADD as buildah does them (add.go, copier): every source becomes a tar that is read once
// for the hash in the history and once for the files.

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "generator/archives/sha256.h"
#include "generator/archives/tar_writer.h"
#include "generator/build/content_hash.h"
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
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kSetuid = 04000;
constexpr std::uint32_t kSetgid = 02000;

struct Found {
  std::string written;  // the source that it comes from
  std::string path;     // absolute
};

// Records that Go's writer makes of the fields of a header, whatever was read.
constexpr std::array<std::string_view, 10> kFieldRecords = {
    "path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime", "atime", "ctime"};

// Without times: they do not count.
TarEntry Written(const UnpackedEntry& entry) {
  TarEntry written;
  written.name = entry.name;
  written.type = entry.type;
  written.mode = entry.attributes.mode;
  written.uid = entry.attributes.uid;
  written.gid = entry.attributes.gid;
  written.uname = entry.uname;
  written.gname = entry.gname;
  written.link = entry.link;
  written.device_major = entry.device_major;
  written.device_minor = entry.device_minor;
  written.pax = entry.pax;
  for (const std::string_view key : kFieldRecords) written.pax.erase(std::string(key));
  for (const auto& [name, value] : entry.attributes.xattrs) {
    written.pax["SCHILY.xattr." + name] = value;
  }
  if (entry.type == '0') written.content = entry.content;
  return written;
}

// The same bytes as Go's writer: what was read of an archive stays in the form that it had there.
std::string HashOf(const std::vector<UnpackedEntry>& entries) {
  Rope tar;
  for (const UnpackedEntry& entry : entries) {
    TarEntry written = Written(entry);
    written.prefix = entry.pax.empty();
    AppendTarEntry(tar, written, entry.gnu ? TarForm::kGoGnu : TarForm::kGo);
  }
  AppendTarEnd(tar, {});
  return Sha256Hex(tar);
}

// What one component of a pattern stands for in a directory, or behind a link to one.
void AppendMatches(const FileTree& files, const std::string& directory, const std::string& part,
                   std::vector<std::string>& paths) {
  if (!HasWildcards(part)) {
    const std::string path = directory + "/" + part;
    if (files.Resolve(path, Follow::kNo).inode != nullptr) paths.push_back(path);
    return;
  }
  const Inode* inode = files.Resolve(directory, Follow::kYes).inode;
  if (inode == nullptr) return;
  for (const auto& [name, entry] : inode->names) {
    if (MatchesGlob(part, name)) paths.push_back(directory + "/" + name);
  }
}

class Copier {
 public:
  explicit Copier(const CopyJob& job);
  CopyOutcome Run();

 private:
  void FindSources();
  static std::vector<Found> Matches(const std::string& source, const FileTree& files);
  void CheckMissing(const std::string& source) const;
  Error NoMatches() const;
  std::string Shown(const std::string& path) const;
  void FindTarget();
  void CheckTarget() const;
  void CopyLocal(const Found& found);
  void CopyDownload(const std::string& url);
  std::vector<UnpackedEntry> Entries(const Found& found, bool& directory);
  void Adjust(UnpackedEntry& entry) const;
  void Put(const std::vector<UnpackedEntry>& entries);
  const Inode* Followed(const std::string& path) const {
    return job_.source.files.Find(RootPath(job_.source.files, path));
  }

  const CopyJob& job_;
  std::vector<Found> found_;
  std::vector<std::string> urls_;
  std::optional<Ownership> owner_;  // nothing: as the source has it
  std::optional<std::uint32_t> mode_;
  std::string target_;    // the directory that entries go to
  std::string new_name_;  // of the only file, if it gets one
  std::vector<std::string> hashes_;
};

Copier::Copier(const CopyJob& job) : job_(job) {
  const Transfer& transfer = job.transfer;
  if (job.source.context || !transfer.chown.empty()) owner_.emplace();
  if (!transfer.chown.empty()) owner_ = LookUpOwnership(transfer.chown, job.stage, job.rules);
  if (!transfer.chmod.empty()) mode_ = ParseModeChange(transfer.chmod).number();
}

void Copier::FindSources() {
  for (const std::string& source : job_.transfer.sources) {
    if (IsHttpSource(source) || IsGitSource(source)) {
      if (!job_.add) throw Error("source can't be a URL for COPY");
      urls_.push_back(source);
      continue;
    }
    const std::vector<Found> found = Matches(source, job_.source.files);
    if (found.empty()) CheckMissing(source);
    found_.insert(found_.end(), found.begin(), found.end());
  }
  if (found_.empty() && urls_.empty()) throw NoMatches();
}

std::vector<Found> Copier::Matches(const std::string& source, const FileTree& files) {
  const std::string pattern = CleanPath("/" + source);
  std::vector<std::string> paths = {""};
  for (size_t begin = 1; begin < pattern.size();) {
    const size_t end = std::min(pattern.find('/', begin), pattern.size());
    const std::string part = pattern.substr(begin, end - begin);
    std::vector<std::string> longer;
    for (const std::string& path : paths) AppendMatches(files, path, part, longer);
    paths = std::move(longer);
    begin = end + 1;
  }
  std::vector<Found> found;
  for (const std::string& path : paths) found.push_back({source, path.empty() ? "/" : path});
  return found;
}

// A pattern that matches nothing is passed over, if another source is there.
void Copier::CheckMissing(const std::string& source) const {
  const std::string path = CleanPath("/" + source);
  if (!job_.source.ignore_file.empty()) {
    const size_t hidden = Matches(source, job_.source.everything()).size();
    if (hidden > 0) {
      throw Error("no items matching glob " + Quote(Shown(path)) + " copied (" +
                  std::to_string(hidden) + " filtered out using " + job_.source.ignore_file +
                  "): no such file or directory");
    }
  }
  if (HasWildcards(path)) return;
  const std::string relative = CleanPath("./" + source);
  const bool escapes = relative == ".." || relative.starts_with("../");
  throw Error(std::string("checking on sources: ") +
              (escapes ? "possible escaping context directory error: " : "") +
              "copier: stat: " + Quote(path) + ": no such file or directory");
}

Error Copier::NoMatches() const {
  std::vector<std::string> quoted;
  for (const std::string& source : job_.transfer.sources) {
    quoted.push_back(Quote(CleanPath("/" + source)));
  }
  return Error("checking on sources: copier: stat: [" + Join(quoted, " ") +
               "]: no such file or directory");
}

// How messages name a source: relative to the context, else from the root of the stage.
std::string Copier::Shown(const std::string& path) const {
  return job_.source.context ? path.substr(1) : path;
}

// A file that goes to a name which is no directory is put into the directory above under that name.
void Copier::FindTarget() {
  const std::string& written = job_.transfer.destination;
  const std::string workdir = CleanPath("/" + job_.workdir);
  std::string path = written.starts_with('/') ? CleanPath(written) : JoinPath(workdir, written);
  bool must_be_directory = job_.transfer.sources.size() > 1 || written.ends_with('/') ||
                           written.empty() || written == "." || path == workdir;
  bool may_be_file = urls_.size() == 1 && job_.transfer.sources.size() == 1;
  if (urls_.empty() && job_.transfer.sources.size() == 1) {
    const Inode* first = Followed(found_[0].path);
    const bool archive = job_.add && first != nullptr && first->is_regular() &&
                         OpenArchive(first->content, job_.rules).has_value();
    if (first != nullptr && (first->is_directory() || archive)) must_be_directory = true;
    may_be_file = first != nullptr && first->is_regular();
  }
  const Inode* existing = job_.stage.Find(RootPath(job_.stage, path));
  const bool is_file = existing != nullptr && existing->is_regular();
  if (is_file && must_be_directory) {
    throw Error("destination " + path + (written.ends_with('/') ? "/" : "") +
                " already exists but is not a directory");
  }
  // A symbolic link counts as something there, even if it leads nowhere.
  const bool absent = job_.stage.Find(path) == nullptr;
  if (is_file || (absent && !must_be_directory && may_be_file)) {
    new_name_ = BaseName(path);
    path = DirName(path);
  }
  target_ = RootPath(job_.stage, path);
  CheckTarget();
  Attributes attributes{.mode = 0755, .mtime = job_.stage.clock()};
  if (owner_) {
    attributes.uid = owner_->uid;
    attributes.gid = owner_->gid;
  }
  MakeDirectories(job_.stage, target_, attributes);
}

// A file in the way: of the directory itself it is noticed only when the first source comes.
void Copier::CheckTarget() const {
  for (size_t slash = target_.find('/', 1); slash != target_.npos;
       slash = target_.find('/', slash + 1)) {
    const Inode* above = job_.stage.Find(target_.substr(0, slash));
    if (above == nullptr || above->is_directory()) continue;
    const std::string path = target_.substr(0, target_.find('/', slash + 1));
    throw Error("ensuring target directory exists: copier: mkdir: error checking directory " +
                Quote(path) + ": mkdir " + path + ": not a directory");
  }
  const Inode* existing = job_.stage.Find(target_);
  if (existing == nullptr || existing->is_directory() || found_.empty()) return;
  throw Error("storing " + Quote(Shown(found_[0].path)) +
              ": error in copier subprocess: changing to intended-new-root directory " +
              Quote(target_) + ": chdir " + target_ + ": not a directory");
}

// The names are those of the owner before the change.
void Copier::Adjust(UnpackedEntry& entry) const {
  Attributes& attributes = entry.attributes;
  entry.uname = UserNameOf(job_.source.files, attributes.uid);
  entry.gname = GroupNameOf(job_.source.files, attributes.gid);
  if (entry.type == '2') attributes.mode = 0777;
  if (job_.source.context) attributes.mode &= ~(kSetuid | kSetgid);
  if (mode_) attributes.mode = *mode_;
  if (!owner_) return;
  attributes.uid = owner_->uid;
  attributes.gid = owner_->gid;
}

// What one source gives. `directory` says how the hash is called.
std::vector<UnpackedEntry> Copier::Entries(const Found& found, bool& directory) {
  const FileTree& files = job_.source.files;
  const std::string real = RootPath(files, found.path);
  const Inode* inode = files.Find(real);
  if (inode == nullptr) {
    throw Error("reading " + Quote(Shown(found.path)) + ": copier: get: lstat " +
                Quote(found.path) + "(" + Quote(real) + "): lstat " + real +
                ": no such file or directory");
  }
  directory = inode->is_directory();
  std::vector<UnpackedEntry> entries;
  if (directory) {
    entries = EntriesBelow(files, real);
  } else {
    if (job_.add && inode->is_regular()) {
      if (const auto tar = OpenArchive(inode->content, job_.rules)) {
        TarReader reader(*tar);
        while (auto entry = reader.Next()) entries.push_back(std::move(*entry));
        return entries;
      }
    }
    UnpackedEntry& entry = entries.emplace_back();
    entry.name = new_name_.empty() ? BaseName(found.path) : new_name_;
    entry.type = static_cast<char>(inode->type);
    entry.attributes = inode->attributes;
    entry.content = inode->content;
    entry.device_major = inode->device_major;
    entry.device_minor = inode->device_minor;
  }
  for (UnpackedEntry& entry : entries) Adjust(entry);
  return entries;
}

void Copier::Put(const std::vector<UnpackedEntry>& entries) {
  Untar untar(job_.stage, target_,
              {.implied_owner = owner_.value_or(Ownership{}), .top = true, .old_times = true});
  for (const UnpackedEntry& entry : entries) untar.Put(entry);
  untar.Finish();
}

void Copier::CopyLocal(const Found& found) {
  // It is looked up a second time, as a pattern again.
  if (HasWildcards(found.path) && !MatchesGlob(found.path, found.path)) {
    throw Error("reading " + Quote(Shown(found.path)) + ": copier: get: globs [" + found.path +
                "] matched nothing (0 filtered out): no such file or directory");
  }
  bool directory = false;
  const std::vector<UnpackedEntry> entries = Entries(found, directory);
  Put(entries);
  hashes_.push_back((directory ? "dir:" : "file:") + HashOf(entries));
}

void Copier::CopyDownload(const std::string& url) {
  UnpackedEntry entry;
  entry.name = new_name_.empty() ? FileNameOfUrl(url) : new_name_;
  entry.attributes.mode = mode_.value_or(0600);
  if (owner_) {
    entry.attributes.uid = owner_->uid;
    entry.attributes.gid = owner_->gid;
  }
  entry.content = Rope(Download(job_, url));
  Put({entry});
  hashes_.push_back(HashOf({entry}));
}

CopyOutcome Copier::Run() {
  FindSources();
  FindTarget();
  for (const std::string& source : job_.transfer.sources) {
    if (IsHttpSource(source) || IsGitSource(source)) {
      CopyDownload(source);
      continue;
    }
    for (const Found& found : found_) {
      if (found.written == source) CopyLocal(found);
    }
  }
  return {.content = CombinedHash(hashes_), .layer = {}};
}

}  // namespace

CopyOutcome CopyAsBuildah(const CopyJob& job) { return Copier(job).Run(); }

}  // namespace watertight::generator
