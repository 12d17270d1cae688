// tar -c and -r.

#include <algorithm>

#include "generator/archives/tar_writer.h"
#include "generator/build/commands/accounts.h"
#include "generator/build/commands/files.h"
#include "generator/build/commands/gzip_member.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/remove_files.h"
#include "generator/build/commands/tar.h"
#include "generator/build/tar_reader.h"
#include "generator/error.h"

namespace watertight::generator::commands {
namespace {

class Creator {
 public:
  Creator(Process& process, const TarJob& job) : process_(process), job_(job), accounts_(process) {}

  int Run() {
    if (job_.members.empty()) return Cowardly();
    if (job_.packing != PackedAs::kPlain && job_.packing != PackedAs::kGzip) {
      NotModelled("tar that packs with " +
                  std::string(job_.packing == PackedAs::kBzip2 ? "bzip2" : "xz or zstd"));
    }
    if (!OpenArchive()) return status_;
    for (const TarMember& member : job_.members) AddMember(member);
    TarOptions options{.form = Form(), .record_size = job_.record_size};
    AppendTarEnd(tar_, options);
    const Rope bytes = job_.packing == PackedAs::kGzip ? PackGzip(tar_, {}) : tar_;
    process_.Write(descriptor_, bytes);
    if (descriptor_ != 1) process_.Close(descriptor_);
    for (const std::string& path : added_) {
      if (!job_.removes_files) break;
      RemoveFile(process_, path, {.recursive = true, .force = true});
    }
    if (!failed_) return 0;
    if (process_.busybox()) return process_.Fail("error exit delayed from previous errors");
    return EndWithFailure(process_);
  }

 private:
  int Cowardly() {
    if (process_.busybox()) return process_.Fail("empty archive");
    process_.Fail("Cowardly refusing to create an empty archive");
    process_.Write(2, "Try 'tar --help' or 'tar --usage' for more information.\n");
    return 2;
  }

  TarForm Form() const { return job_.ustar ? TarForm::kGo : TarForm::kGnu; }

  // The archive is there before its members are looked at.
  bool OpenArchive() {
    if (job_.file == "-") return true;
    if (job_.action == 'r') ReadOld();
    const Opened opened =
        process_.Open(job_.file, {.write = true, .create = true, .truncate = true, .mode = 0666});
    if (!opened) {
      const std::string text = process_.Text(opened.error);
      if (process_.busybox()) {
        status_ = process_.Fail("can't open '" + job_.file + "': " + text);
      } else {
        process_.Fail(job_.file + ": Cannot open: " + text);
        status_ = EndAtOnce(process_);
      }
      return false;
    }
    descriptor_ = opened.descriptor;
    archive_ = process_.Stat(job_.file).number;
    return true;
  }

  void ReadOld() {
    std::errc error{};
    const auto old = process_.ReadFile(job_.file, error);
    if (!old) return;
    TarReader reader(*old);
    std::uint64_t end = 0;
    try {
      while (reader.Next()) end = reader.offset();
    } catch (const Error&) {
      NotModelled("tar -r to what is no archive");
    }
    tar_ = old->Part(0, end);
  }

  void AddMember(const TarMember& member) {
    const std::string path = member.directory.empty() || member.name.starts_with('/')
                                 ? member.name
                                 : Joined(member.directory, member.name);
    if (!member.directory.empty() && !Enters(member.directory)) return;
    Add(path, member.name);
    added_.push_back(path);
  }

  bool Enters(const std::string& directory) {
    const Found found = process_.Stat(directory);
    if (found && found.inode->is_directory()) return true;
    const std::string text = process_.Text(found ? std::errc::not_a_directory : found.error);
    process_.Fail(process_.busybox() ? "can't change directory to '" + directory + "': " + text
                                     : directory + ": Cannot open: " + text);
    failed_ = true;
    return false;
  }

  void Complain(const std::string& name, const std::string& gnu, std::errc error) {
    const std::string what = process_.busybox() ? name : name + ": Cannot " + gnu;
    process_.Fail(what + ": " + process_.Text(error));
    failed_ = true;
  }

  void Add(const std::string& path, const std::string& name) {
    if (IsExcluded(job_, name)) return;
    const Found file = process_.Stat(path, job_.follows_links ? Follow::kYes : Follow::kNo);
    if (!file) return Complain(name, "stat", file.error);
    if (descriptor_ != 1 && file.number == archive_) {
      process_.Fail(name + (process_.busybox() ? ": file is the archive; skipping"
                                               : ": file is the archive; not dumped"));
      return;
    }
    std::vector<std::string> children;
    const bool directory = file.inode->is_directory();
    if (directory && job_.recursion) {
      const std::errc error = process_.ReadDirectory(path, children);
      if (error != std::errc()) {
        if (process_.busybox()) Put(name, path, file);
        return Complain(name, "open", error);
      }
    }
    if (!Put(name, path, file) || !directory) return;
    for (const std::string& child : children) Add(Joined(path, child), Joined(name, child));
  }

  // Without "/" and "../" in front, of which it tells once.
  std::string SafeName(const std::string& name) {
    if (job_.absolute_names) return name;
    const std::string prefix = UnsafePrefix(name);
    if (prefix.empty()) return name;
    if (std::find(told_.begin(), told_.end(), prefix) == told_.end()) {
      told_.push_back(prefix);
      process_.Fail(process_.busybox() ? "removing leading '" + prefix + "' from member names"
                                       : "Removing leading `" + prefix + "' from member names");
    }
    const std::string rest = name.substr(prefix.size());
    return rest.empty() ? "." : rest;
  }

  bool Put(const std::string& name, const std::string& path, const Found& file) {
    const Inode inode = *file.inode;
    TarEntry entry;
    entry.name = Transformed(job_, SafeName(name));
    if (inode.is_directory() && !entry.name.ends_with('/')) entry.name += '/';
    entry.type = static_cast<char>(inode.type);
    entry.mode = inode.is_symlink() ? 0777 : inode.attributes.mode;
    entry.mtime = job_.mtime.value_or(inode.attributes.mtime);
    if (job_.mode) {
      entry.mode = job_.mode->Apply(entry.mode, inode.is_directory(), process_.umask, false);
    }
    entry.link = inode.link;
    entry.device_major = inode.device_major;
    entry.device_minor = inode.device_minor;
    SetOwner(inode, entry);
    if (!SetContent(name, path, file, entry)) return false;
    AppendTarEntry(tar_, entry, Form());
    Tell(entry);
    return true;
  }

  void SetOwner(const Inode& inode, TarEntry& entry) const {
    const auto name = [](const std::string& found, std::int64_t id) {
      return found == std::to_string(id) ? "" : found;
    };
    entry.uid = job_.owner ? job_.owner->id : inode.attributes.uid;
    entry.gid = job_.group ? job_.group->id : inode.attributes.gid;
    if (job_.numeric_owner && !process_.busybox()) return;
    entry.uname = job_.owner ? job_.owner->name : name(accounts_.NameOfUser(entry.uid), entry.uid);
    entry.gname = job_.group ? job_.group->name : name(accounts_.NameOfGroup(entry.gid), entry.gid);
  }

  bool SetContent(const std::string& name, const std::string& path, const Found& file,
                  TarEntry& entry) {
    const bool linked = !file.inode->is_directory() && LinkCount(process_.tree(), file.number) > 1;
    const auto known = written_.find(file.number);
    if (linked && known != written_.end()) {
      entry.type = '1';
      entry.link = known->second;
      return true;
    }
    if (linked) written_[file.number] = entry.name;
    if (!file.inode->is_regular()) return true;
    std::errc error{};
    const auto content = process_.ReadFile(path, error);
    if (!content) {
      Complain(name, "open", error);
      return false;
    }
    entry.content = *content;
    return true;
  }

  void Tell(const TarEntry& entry) {
    if (job_.verbose == 0) return;
    const int descriptor = descriptor_ == 1 ? 2 : 1;
    if (job_.verbose < 2 || process_.busybox()) {
      process_.Write(descriptor, entry.name + "\n");
      return;
    }
    UnpackedEntry listed;
    listed.name = entry.name;
    listed.type = entry.type;
    listed.attributes = {
        .mode = entry.mode, .uid = entry.uid, .gid = entry.gid, .mtime = entry.mtime};
    listed.link = entry.link;
    listed.uname = entry.uname;
    listed.gname = entry.gname;
    listed.content = entry.content;
    process_.Write(descriptor, TarListing(job_, listed, false, width_));
  }

  Process& process_;
  const TarJob& job_;
  Accounts accounts_;
  Rope tar_;
  int descriptor_ = 1;
  InodeNumber archive_ = 0;
  int status_ = 0;
  bool failed_ = false;
  std::size_t width_ = 19;
  std::map<InodeNumber, std::string> written_;
  std::vector<std::string> told_;
  std::vector<std::string> added_;
};

}  // namespace

int CreateTar(Process& process, const TarJob& job) { return Creator(process, job).Run(); }

}  // namespace watertight::generator::commands
