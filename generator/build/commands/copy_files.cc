#include "generator/build/commands/copy_files.h"

#include "generator/build/commands/files.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

using Links = CopyOptions::Links;

Follow FollowsSource(const CopyOptions& options, bool operand) {
  const bool follows =
      options.links == Links::kFollow || (options.links == Links::kFollowOperands && operand);
  return follows ? Follow::kYes : Follow::kNo;
}

}  // namespace

bool Copier::Copy(const std::string& from, const std::string& to) {
  from_ = WithoutSlashes(from);
  to_ = to;
  return process_.busybox() ? CopyAsBusybox(from, to, true) : CopyAsCoreutils(from, to, true);
}

bool Copier::Fails(const std::string& coreutils, const std::string& busybox, std::errc error) {
  Complain(process_, coreutils, busybox, error);
  return false;
}

void Copier::Tell(const std::string& from, const std::string& to) {
  if (!options_.verbose) return;
  const std::string copied = options_.move ? "copied " : "";
  process_.Write(1, copied + Quoted(from) + " -> " + Quoted(to) + "\n");
}

bool Copier::CopyAsCoreutils(const std::string& from, const std::string& to, bool operand) {
  const Found source = process_.Stat(from, FollowsSource(options_, operand));
  if (!source) return Fails("cannot stat " + Quoted(from), "", source.error);
  const Inode inode = *source.inode;
  if (inode.is_directory() && !options_.recursive) {
    process_.Fail("-r not specified; omitting directory " + Quoted(from));
    return false;
  }
  const bool follows_target = inode.is_regular() && !options_.remove_destination &&
                              !options_.make_links && !options_.make_symlinks &&
                              options_.links == Links::kFollow;
  Found target = process_.Stat(to, follows_target ? Follow::kYes : Follow::kNo);
  if (!target && target.error != std::errc::no_such_file_or_directory &&
      target.error != std::errc::not_a_directory) {
    return Fails("cannot stat " + Quoted(to), "", target.error);
  }
  bool skip = false;
  if (target && !MayOverwrite(from, to, inode, target, skip)) return skip;
  const bool is_new = !process_.Stat(to, Follow::kNo);
  if (inode.is_directory()) return CopyDirectory(from, to, inode, is_new);
  if (options_.verbose) Tell(from, to);
  if (options_.make_links || options_.make_symlinks) return MakeLinkTo(from, to);
  if (options_.hard_links) {
    const auto [first, added] = copies_.try_emplace(source.number, to);
    if (!added) {
      if (!is_new) process_.Remove(to);
      const std::errc error = process_.Link(first->second, to);
      if (error == std::errc()) return true;
      return Fails("cannot create hard link " + Quoted(to) + " to " + Quoted(first->second), "",
                   error);
    }
  }
  bool done = false;
  if (inode.is_symlink()) {
    done = CopySymlink(to, inode);
  } else if (inode.is_regular() || !options_.recursive) {
    done = CopyContent(from, to, inode);
  } else {
    const std::errc error = process_.MakeNode(to, inode);
    done = error == std::errc() || Fails("cannot create special file " + Quoted(to), "", error);
  }
  if (!done) return false;
  made_.insert(process_.Stat(to, Follow::kNo).path);
  return Preserve(to, inode);
}

bool Copier::MayOverwrite(const std::string& from, const std::string& to, const Inode& source,
                          const Found& target, bool& skip) {
  const Inode& there = *target.inode;
  const Found from_itself = process_.Stat(from, Follow::kNo);
  const Found from_followed = process_.Stat(from, Follow::kYes);
  const bool same = target.number == from_itself.number || target.number == from_followed.number;
  const bool replaced = there.is_symlink() && from_itself.number != target.number;
  if (same && !replaced && !source.is_directory() &&
      !(options_.make_links && options_.force && from_itself.number != target.number)) {
    if (options_.make_links) return skip = true, false;
    process_.Fail(Quoted(from) + " and " + Quoted(to) + " are the same file");
    return false;
  }
  if (!source.is_directory() && !there.is_directory()) {
    const bool older = source.attributes.mtime <= there.attributes.mtime;
    if (options_.keep_existing || (options_.update && older)) return skip = true, false;
  }
  if (there.is_directory() && !source.is_directory()) {
    process_.Fail("cannot overwrite directory " + Quoted(to) + " with non-directory");
    return false;
  }
  if (source.is_directory()) {
    if (there.is_directory()) return true;
    process_.Fail("cannot overwrite non-directory " + Quoted(to) + " with directory " +
                  Quoted(from));
    return false;
  }
  if (made_.count(target.path) > 0) {
    process_.Fail("will not overwrite just-created " + Quoted(to) + " with " + Quoted(from));
    return false;
  }
  const bool unlinks = options_.remove_destination || options_.move ||
                       (options_.hard_links && there.is_regular() &&
                        LinkCount(process_.tree(), target.number) > 1) ||
                       (options_.links == Links::kKeep && !source.is_regular()) ||
                       (options_.links == Links::kKeep && there.is_symlink());
  if (!unlinks || options_.make_links || options_.make_symlinks) return true;
  const std::errc error = process_.Remove(to);
  return error == std::errc() || Fails("cannot remove " + Quoted(to), "", error);
}

bool Copier::CopyDirectory(const std::string& from, const std::string& to, const Inode& source,
                           bool is_new) {
  const std::string real_source = process_.Stat(from).path;
  if (is_new) {
    const std::uint32_t mode = options_.default_mode ? 0777 : source.attributes.mode & 01777;
    const std::errc error = process_.MakeDirectory(to, mode);
    if (error != std::errc()) return Fails("cannot create directory " + Quoted(to), "", error);
    // Nobody but the owner enters a copy before it is complete; the owner can always write.
    process_.SetMode(to, process_.Stat(to).inode->attributes.mode | 0700);
    if (options_.verbose && options_.move) {
      process_.Write(1, "created directory " + Quoted(to) + "\n");
    } else {
      Tell(from, to);
    }
    made_directories_.insert(process_.Stat(to).path);
  }
  std::vector<std::string> names;
  const std::errc error = process_.ReadDirectory(from, names);
  bool all = error == std::errc();
  if (!all) Fails("cannot access " + Quoted(from), "", error);
  for (const std::string& name : names) {
    const std::string child = Joined(from, name);
    if (made_directories_.count(process_.Stat(child, Follow::kNo).path) > 0) {
      process_.Fail("cannot copy a directory, " + Quoted(from_) + ", into itself, " + Quoted(to_));
      all = false;
      continue;
    }
    all = CopyAsCoreutils(child, Joined(to, name), false) && all;
  }
  if (is_new && !options_.mode) {
    const std::uint32_t wanted = options_.default_mode ? 0777 : source.attributes.mode;
    const std::uint32_t now = process_.Stat(to).inode->attributes.mode;
    process_.SetMode(to, (now & 07000) | (wanted & 01777 & ~process_.umask));
  }
  return Preserve(to, source) && all;
}

bool Copier::CreateTarget(const std::string& to, std::uint32_t mode, int& descriptor) {
  if (process_.Stat(to)) {
    Opened existing = process_.Open(to, {.write = true, .truncate = true});
    if (!existing && options_.force && process_.Remove(to) == std::errc()) {
      existing = process_.Open(to, {.write = true, .create = true, .mode = mode});
    }
    descriptor = existing.descriptor;
    return existing || Fails("cannot create regular file " + Quoted(to), "", existing.error);
  }
  if (process_.Stat(to, Follow::kNo)) {
    process_.Fail("not writing through dangling symlink " + Quoted(to));
    return false;
  }
  const Opened created =
      process_.Open(to, {.write = true, .create = true, .exclusive = true, .mode = mode});
  descriptor = created.descriptor;
  const bool is_directory =
      to.ends_with('/') && created.error == std::errc::is_a_directory;  // Linux says EISDIR
  return created || Fails("cannot create regular file " + Quoted(to), "",
                          is_directory ? std::errc::not_a_directory : created.error);
}

bool Copier::CopyContent(const std::string& from, const std::string& to, const Inode& source) {
  const Opened in = process_.Open(from, {.read = true});
  if (!in) return Fails("cannot open " + Quoted(from) + " for reading", "", in.error);
  const std::uint32_t mode = options_.default_mode ? 0666 : source.attributes.mode & 0777;
  int out = -1;
  const bool created = CreateTarget(to, mode, out);
  if (created) {
    process_.Write(out, process_.ReadAll(in.descriptor));
    process_.Close(out);
  }
  process_.Close(in.descriptor);
  return created;
}

bool Copier::MakeLinkTo(const std::string& from, const std::string& to) {
  if (options_.make_symlinks && !from.starts_with('/') && Dirname(to) != ".") {
    process_.Fail(to + ": can make relative symbolic links only in current directory");
    return false;
  }
  if (process_.Stat(to, Follow::kNo) && (options_.force || options_.remove_destination)) {
    process_.Remove(to);
  }
  const std::errc error =
      options_.make_symlinks
          ? process_.MakeSymlink(from, to)
          : process_.Link(from, to, options_.links == Links::kFollow ? Follow::kYes : Follow::kNo);
  if (error == std::errc()) return true;
  const std::string kind = options_.make_symlinks ? "symbolic link " : "hard link ";
  return Fails("cannot create " + kind + Quoted(to) + " to " + Quoted(from), "", error);
}

bool Copier::CopySymlink(const std::string& to, const Inode& source) {
  const std::errc error = process_.MakeSymlink(source.link, to);
  if (error == std::errc()) return true;
  return Fails("cannot create symbolic link " + Quoted(to), "", error);
}

bool Copier::Preserve(const std::string& to, const Inode& source) {
  const Attributes& wanted = source.attributes;
  const Follow follow = source.is_symlink() ? Follow::kNo : Follow::kYes;
  if (options_.time) process_.SetTime(to, wanted.mtime, follow);
  std::uint32_t mode = wanted.mode;
  if (options_.owner) {
    const std::errc error = process_.SetOwner(to, {.uid = wanted.uid, .gid = wanted.gid}, follow);
    if (error != std::errc()) {
      mode &= 0777;
      if (process_.credentials.is_root()) {
        return Fails("failed to preserve ownership for " + Quoted(to), "", error);
      }
      process_.SetOwner(to, {.gid = wanted.gid}, follow);
    }
  }
  if (options_.mode && !source.is_symlink()) process_.SetMode(to, mode);
  return true;
}

}  // namespace watertight::generator::commands
