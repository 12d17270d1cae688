#include "generator/build/tree_diff.h"

#include <string>

namespace watertight::generator {
namespace {

class Comparison {
 public:
  Comparison(const FileTree& before, const FileTree& after) : before_(before), after_(after) {}

  std::vector<Change> Run() {
    CompareNames("", before_.Get(0), after_.Get(0));
    return std::move(changes_);
  }

 private:
  // Real stores compare times to the nanosecond, so that what was written just now is never the
  // same as before.
  bool Differs(const Inode& old, const Inode& now) const {
    if (&old == &now) return false;
    const Attributes& a = old.attributes;
    const Attributes& b = now.attributes;
    if (old.type != now.type || a.mode != b.mode || a.uid != b.uid || a.gid != b.gid ||
        a.xattrs != b.xattrs || old.device_major != now.device_major ||
        old.device_minor != now.device_minor) {
      return true;
    }
    if (now.is_directory()) return false;
    const bool written = now.layer == after_.layer() && b.mtime == after_.clock();
    return written || a.mtime != b.mtime || old.content.size() != now.content.size() ||
           old.link != now.link;
  }

  void CompareNames(const std::string& prefix, const Inode& old, const Inode& now) {
    static const std::map<std::string, NamedInode, std::less<>> kNone;
    const auto& old_names = old.is_directory() ? old.names : kNone;
    auto gone = old_names.begin();
    const auto gone_before = [&](const std::string* name) {
      for (; gone != old_names.end() && (name == nullptr || gone->first < *name); ++gone) {
        if (now.names.contains(gone->first)) continue;
        const auto whiteout = now.whiteouts.find(gone->first);
        Change& change = changes_.emplace_back();
        change.kind = Change::Kind::kWhiteout;
        change.path = prefix + gone->first;
        change.whiteout.mtime =
            whiteout == now.whiteouts.end() ? after_.clock() : whiteout->second.mtime;
      }
    };
    for (const auto& [name, entry] : now.names) {
      gone_before(&name);
      const auto before = old_names.find(name);
      CompareEntry(prefix + name, before == old_names.end() ? nullptr : &before->second, entry);
    }
    gone_before(nullptr);
  }

  void CompareEntry(const std::string& path, const NamedInode* old_entry, const NamedInode& entry) {
    static const Inode kAbsent;
    const Inode& now = after_.Get(entry.inode);
    const Inode* old = old_entry == nullptr ? nullptr : &before_.Get(old_entry->inode);
    if (old == &now && now.layer != after_.layer()) return;
    const size_t place = changes_.size();
    if (now.is_directory()) CompareNames(path + "/", old == nullptr ? kAbsent : *old, now);
    const bool changed = old == nullptr || Differs(*old, now) || changes_.size() > place;
    if (!changed) return;
    Change change;
    change.path = path;
    change.inode = &now;
    change.number = entry.inode;
    changes_.insert(changes_.begin() + static_cast<std::ptrdiff_t>(place), std::move(change));
  }

  const FileTree& before_;
  const FileTree& after_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> CompareTrees(const FileTree& before, const FileTree& after) {
  return Comparison(before, after).Run();
}

}  // namespace watertight::generator
