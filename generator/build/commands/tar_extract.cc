// tar -x and -t.

#include <algorithm>
#include <set>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/tar_members.h"
#include "generator/build/shell/pattern.h"
#include "generator/build/tar_reader.h"
#include "generator/error.h"

namespace watertight::generator::commands {
namespace {

// "a/b/c" without its first components; "" when nothing is left.
std::string Stripped(const std::string& name, std::size_t count) {
  std::string_view rest = name;
  for (; count > 0; --count) {
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
    const std::size_t slash = rest.find('/');
    if (slash == rest.npos) return "";
    rest.remove_prefix(slash);
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  }
  return std::string(rest);
}

bool HasDotDot(std::string_view name) {
  const std::vector<std::string> parts = Components(name);
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

class Extractor {
 public:
  Extractor(Process& process, const TarJob& job)
      : process_(process), job_(job), accounts_(process), reader_(process, job) {}

  int Run() {
    const int status = reader_.Run([&](const UnpackedEntry& entry) { Take(entry); });
    // What is put into a directory changes its time, so these come last.
    for (auto later = directories_.rbegin(); later != directories_.rend(); ++later) {
      process_.SetMode(later->path, later->mode);
      if (job_.keeps_time) process_.SetTime(later->path, later->mtime);
    }
    if (fatal_) return 1;
    return status;
  }

 private:
  struct Later {
    std::string path;
    std::uint32_t mode;
    std::int64_t mtime;
  };

  bool gnu() const { return !process_.busybox(); }

  void Take(const UnpackedEntry& entry) {
    if (fatal_) return;
    std::string name = Stripped(entry.name, job_.strip);
    if (!name.empty() || !gnu()) Tell(entry);
    if (name.empty()) return;
    name = Transformed(job_, name);
    if (job_.to_output) {
      if (entry.type == '0') process_.Write(1, entry.content);
      return;
    }
    if (!job_.absolute_names) {
      if (HasDotDot(name)) {
        process_.Fail(entry.name + ": Member name contains '..'");
        reader_.Failed();
        return;
      }
      while (name.starts_with('/')) name.erase(0, 1);
    }
    if (name.empty()) return;
    Extract(entry, name);
  }

  void Tell(const UnpackedEntry& entry) {
    if (job_.verbose == 0) return;
    const int descriptor = job_.to_output && gnu() ? 2 : 1;
    if (job_.verbose == 1) {
      process_.Write(descriptor, entry.name + "\n");
    } else {
      process_.Write(descriptor, TarListing(job_, entry, !gnu(), width_));
    }
  }

  void Fail(const std::string& text) {
    process_.Fail(text);
    if (gnu()) {
      reader_.Failed();
    } else {
      fatal_ = true;
    }
  }
  void FailAt(const std::string& name, const std::string& gnu_verb, const std::string& busybox_verb,
              std::errc error) {
    Fail((gnu() ? name + ": Cannot " + gnu_verb : "can't " + busybox_verb + " '" + name + "'") +
         ": " + process_.Text(error));
  }

  void Extract(const UnpackedEntry& entry, const std::string& name) {
    const std::string path(WithoutSlashes(name).empty() ? "/" : WithoutSlashes(name));
    MakeParents(path);
    if (entry.type == '5') return ExtractDirectory(entry, path);
    if (!MakeRoom(entry, path)) return;
    std::errc error{};
    switch (entry.type) {
      case '1': {
        const std::string target = Transformed(job_, Stripped(entry.link, job_.strip));
        error = process_.Link(target, path);
        if (error != std::errc()) FailAt(path, "hard link to '" + target + "'", "link", error);
        return;
      }
      case '2':
        error = process_.MakeSymlink(entry.link, path);
        if (error != std::errc())
          return FailAt(path, "create symlink to '" + entry.link + "'", "create symlink", error);
        SetOwner(entry, path);
        if (gnu() && job_.keeps_time) {
          process_.SetTime(path, entry.attributes.mtime, Follow::kNo);
        }
        return;
      case '3':
      case '4':
      case '6': {
        Inode node;
        node.type = static_cast<FileType>(entry.type);
        node.attributes.mode = entry.attributes.mode;
        node.device_major = entry.device_major;
        node.device_minor = entry.device_minor;
        error = process_.MakeNode(path, node);
        if (error != std::errc()) return FailAt(path, "mknod", "create node", error);
        break;
      }
      default:
        error = process_.WriteFile(path, entry.content);
        if (error != std::errc()) return FailAt(path, "open", "open", error);
    }
    SetAttributes(entry, path);
  }

  void MakeParents(const std::string& path) {
    const std::string parent = Dirname(path);
    if (parent == "." || parent == "/" || process_.Stat(parent)) return;
    MakeParents(parent);
    process_.MakeDirectory(parent);
  }

  // Whether there is room for what is no directory.
  bool MakeRoom(const UnpackedEntry& entry, const std::string& path) {
    const Found old = process_.Stat(path, Follow::kNo);
    if (!old) return true;
    if (job_.skips_old) return false;
    if (job_.keeps_old) {
      FailAt(path, "open", "open", std::errc::file_exists);
      return false;
    }
    const bool plain = entry.type == '0' && old.inode->is_regular();
    if (job_.overwrites && plain) return true;
    if (!old.inode->is_directory()) {
      process_.Remove(path);
      return true;
    }
    if (!gnu()) {
      Fail("can't remove old file " + path + ": Is a directory");
      return false;
    }
    if (process_.RemoveDirectory(path) == std::errc()) return true;
    FailAt(path, "open", "open", std::errc::file_exists);
    return false;
  }

  std::uint32_t ModeOf(const UnpackedEntry& entry) const {
    const std::uint32_t mode = entry.attributes.mode & 07777;
    return job_.same_mode ? mode : mode & 0777 & ~process_.umask;
  }

  void ExtractDirectory(const UnpackedEntry& entry, const std::string& path) {
    const Found itself = process_.Stat(path, Follow::kNo);
    if (itself && !itself.inode->is_directory()) {
      const Found target = process_.Stat(path);
      const bool leads_to_one = target && target.inode->is_directory();
      if (gnu() && !(leads_to_one && job_.keeps_directory_links)) process_.Remove(path);
      if (!gnu() && !leads_to_one) {
        return FailAt(path, "mkdir", "create directory", std::errc::file_exists);
      }
    }
    if (!process_.Stat(path)) {
      const std::errc error = process_.MakeDirectory(path);
      if (error != std::errc()) return FailAt(path, "mkdir", "create directory", error);
    }
    if (!gnu()) return SetAttributes(entry, path);
    SetOwner(entry, path);
    directories_.push_back({process_.Absolute(path), ModeOf(entry), entry.attributes.mtime});
  }

  void SetOwner(const UnpackedEntry& entry, const std::string& path) {
    if (!job_.same_owner || !process_.credentials.is_root()) return;
    Owner owner{.uid = entry.attributes.uid, .gid = entry.attributes.gid};
    // Names go before numbers.
    if (!job_.numeric_owner) {
      if (const auto* user = accounts_.UserNamed(entry.uname)) owner.uid = user->uid;
      if (const auto* group = accounts_.GroupNamed(entry.gname)) owner.gid = group->gid;
    }
    process_.SetOwner(path, owner, Follow::kNo);
  }

  void SetAttributes(const UnpackedEntry& entry, const std::string& path) {
    SetOwner(entry, path);
    process_.SetMode(path, ModeOf(entry));
    if (job_.keeps_time) process_.SetTime(path, entry.attributes.mtime);
  }

  Process& process_;
  const TarJob& job_;
  Accounts accounts_;
  TarMembers reader_;
  std::vector<Later> directories_;
  std::size_t width_ = 19;
  bool fatal_ = false;
};

}  // namespace

int ExtractTar(Process& process, const TarJob& job) { return Extractor(process, job).Run(); }

int ListTar(Process& process, const TarJob& job) {
  std::size_t width = 19;
  bool told = false;
  return TarMembers(process, job).Run([&](const UnpackedEntry& entry) {
    if (!process.busybox() && !job.absolute_names && entry.name.starts_with('/') && !told) {
      told = true;
      process.Fail("Removing leading `/' from member names");
    }
    process.Write(
        1, job.verbose > 0 ? TarListing(job, entry, process.busybox(), width) : entry.name + "\n");
  });
}

}  // namespace watertight::generator::commands
