// The copier of BusyBox.

#include "generator/build/commands/copy_files.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {

using Links = CopyOptions::Links;

bool Copier::CopyAsBusybox(const std::string& from, const std::string& to, bool operand) {
  const bool follows =
      options_.links == Links::kFollow || (options_.links == Links::kFollowOperands && operand);
  const Found source = process_.Stat(from, follows ? Follow::kYes : Follow::kNo);
  if (!source) return Fails("", "can't stat '" + from + "'", source.error);
  const Inode inode = *source.inode;
  const Found target = process_.Stat(to, Follow::kNo);
  if (!target && target.error != std::errc::no_such_file_or_directory) {
    return Fails("", "can't stat '" + to + "'", target.error);
  }
  if (target && target.number == source.number) {
    process_.Fail("'" + from + "' and '" + to + "' are the same file");
    return false;
  }
  bool done = false;
  if (inode.is_directory()) {
    done = CopyDirectoryAsBusybox(from, to, inode, target);
  } else if (target && options_.keep_existing) {
    return true;
  } else if (target && options_.update &&
             inode.attributes.mtime <= target.inode->attributes.mtime) {
    return true;
  } else if (options_.make_links || options_.make_symlinks) {
    const auto make = [&] {
      return options_.make_symlinks ? process_.MakeSymlink(from, to) : process_.Link(from, to);
    };
    std::errc error = make();
    if (error != std::errc()) {
      if (!MakeRoom(to, error)) return false;
      error = make();
    }
    done = error == std::errc() || Fails("", "can't create link '" + to + "'", error);
  } else if (inode.is_regular() || !options_.recursive) {
    // Without -R even a link that is kept is opened when it leads to something special.
    done = inode.is_symlink() ? CopyNodeAsBusybox(to, inode)
                              : CopyContentAsBusybox(from, to, inode, source.number);
  } else {
    done = CopyNodeAsBusybox(to, inode);
  }
  if (done) Tell(from, to);
  return done;
}

bool Copier::CopyDirectoryAsBusybox(const std::string& from, const std::string& to,
                                    const Inode& source, const Found& target) {
  if (!options_.recursive) {
    process_.Fail("omitting directory '" + from + "'");
    return false;
  }
  if (made_directories_.count(process_.Stat(from).path) > 0) {
    process_.Fail("recursion detected, omitting directory '" + from + "'");
    return false;
  }
  if (target && !target.inode->is_directory() && !process_.Stat(to).inode->is_directory()) {
    process_.Fail("target '" + to + "' is not a directory");
    return false;
  }
  if (!target) {
    const std::errc error = process_.MakeDirectory(to, 0777);
    if (error != std::errc()) return Fails("", "can't create directory '" + to + "'", error);
    made_directories_.insert(process_.Stat(to).path);
    process_.SetMode(to, 0700 | (source.attributes.mode & ~process_.umask));
  }
  std::vector<std::string> names;
  bool all = process_.ReadDirectory(from, names) == std::errc();
  for (const std::string& name : names) {
    all = CopyAsBusybox(Joined(from, name), Joined(to, name), false) && all;
  }
  if (!target) process_.SetMode(to, source.attributes.mode & ~process_.umask);
  return PreserveAsBusybox(to, source) && all;
}

// After a failed attempt to create `to`: with -f, removes what is there.
bool Copier::MakeRoom(const std::string& to, std::errc error) {
  if (!options_.force && !options_.remove_destination) {
    return Fails("", "can't create '" + to + "'", error);
  }
  const std::errc removed = process_.Remove(to);
  if (removed == std::errc()) return true;
  if (removed == std::errc::no_such_file_or_directory) {
    return Fails("", "can't create '" + to + "'", error);
  }
  return Fails("", "can't remove '" + to + "'", removed);
}

bool Copier::CopyContentAsBusybox(const std::string& from, const std::string& to,
                                  const Inode& source, InodeNumber number) {
  if (options_.links != Links::kFollow && source.is_regular()) {
    const auto [first, added] = copies_.try_emplace(number, to);
    if (!added) {
      const std::errc error = process_.Link(first->second, to);
      if (error == std::errc()) return true;
      if (!MakeRoom(to, error)) return false;
      return process_.Link(first->second, to) == std::errc();
    }
  }
  const Opened in = process_.Open(from, {.read = true});
  if (!in) return Fails("", "can't open '" + from + "'", in.error);
  const std::uint32_t mode = source.is_regular() ? source.attributes.mode : 0666;
  // Through a link the target may be the source, which is then emptied before it is read.
  const bool itself = process_.Stat(to).number == number && process_.Stat(to);
  Opened out = process_.Open(to, {.write = true, .create = true, .truncate = true, .mode = mode});
  if (!out) {
    if (!MakeRoom(to, out.error)) return false;
    out = process_.Open(to, {.write = true, .create = true, .exclusive = true, .mode = mode});
    if (!out) return Fails("", "can't create '" + to + "'", out.error);
  }
  if (!itself) process_.Write(out.descriptor, process_.ReadAll(in.descriptor));
  process_.Close(out.descriptor);
  process_.Close(in.descriptor);
  return !source.is_regular() || PreserveAsBusybox(to, source);
}

bool Copier::CopyNodeAsBusybox(const std::string& to, const Inode& source) {
  const auto make = [&] {
    return source.is_symlink() ? process_.MakeSymlink(source.link, to)
                               : process_.MakeNode(to, source);
  };
  std::errc error = make();
  if (error != std::errc()) {
    if (!MakeRoom(to, error)) return false;
    error = make();
    if (error != std::errc()) return Fails("", "can't create '" + to + "'", error);
  }
  if (!source.is_symlink()) return PreserveAsBusybox(to, source);
  // A link has no mode, and BusyBox leaves its time.
  if (options_.owner &&
      process_.SetOwner(to, {.uid = source.attributes.uid, .gid = source.attributes.gid},
                        Follow::kNo) != std::errc()) {
    process_.Fail("can't preserve ownership of '" + to + "': Operation not permitted");
  }
  return true;
}

bool Copier::PreserveAsBusybox(const std::string& to, const Inode& source) {
  if (!options_.mode) return true;
  const Attributes& wanted = source.attributes;
  process_.SetTime(to, wanted.mtime);
  std::uint32_t mode = wanted.mode;
  const std::errc error = process_.SetOwner(to, {.uid = wanted.uid, .gid = wanted.gid});
  if (error != std::errc()) {
    mode &= 01777;
    Fails("", "can't preserve ownership of '" + to + "'", error);
  }
  process_.SetMode(to, mode);
  return true;
}

}  // namespace watertight::generator::commands
