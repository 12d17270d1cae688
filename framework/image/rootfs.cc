#include "watertight/rootfs.h"

#include <algorithm>

#include "framework/image/path.h"
#include "framework/image/path_tree.h"

namespace watertight {

const char* ToString(RemovalKind kind) {
  constexpr const char* kNames[] = {"deleted", "opaque", "overwritten"};
  return kNames[static_cast<int>(kind)];
}

void PrintTo(RemovalKind kind, std::ostream* out) { *out << ToString(kind); }

void PrintTo(const Removal& removal, std::ostream* out) {
  *out << ToString(removal.how) << " in layer " << removal.layer;
}

void PrintTo(const RootfsEntry& entry, std::ostream* out) {
  *out << ToString(entry.type()) << " " << Printable(entry.path()) << ", mode "
       << ToString(entry.mode()) << ", " << entry.uid() << ":" << entry.gid();
  if (entry.type() == EntryType::kFile) *out << ", " << entry.size() << " bytes";
  *out << ", from layer " << entry.layer();
}

void PrintTo(const StoredEntry& stored, std::ostream* out) {
  *out << Printable(stored.entry->path()) << ", layer " << stored.layer;
  if (stored.removed_by) {
    *out << ", ";
    PrintTo(*stored.removed_by, out);
  }
}

const RootfsEntry* Rootfs::Find(std::string_view path) const {
  const std::string clean = CleanName(path).path;
  const auto it = std::lower_bound(
      rows_.begin(), rows_.end(), std::string_view(clean),
      [](const RootfsEntry& row, std::string_view wanted) { return row.path() < wanted; });
  return it != rows_.end() && it->path() == clean ? &*it : nullptr;
}

const RootfsEntry* Rootfs::Resolve(std::string_view path) const {
  constexpr int kMostSymlinks = 40;
  std::string rest(path);
  std::string current;
  const RootfsEntry* row = nullptr;
  for (int followed = 0; followed <= kMostSymlinks;) {
    std::string_view left = rest;
    while (!left.empty()) {
      const std::string_view component = TakeComponent(&left);
      if (component.empty() || component == ".") continue;
      if (component == "..") {
        current = SplitParent(current).first;
        row = Find(current);
        continue;
      }
      if (row != nullptr && row->type() != EntryType::kDirectory) return nullptr;
      const std::string next =
          current.empty() ? std::string(component) : current + "/" + std::string(component);
      row = Find(next);
      if (row == nullptr) return nullptr;
      if (row->type() == EntryType::kSymlink) break;
      current = next;
    }
    if (row == nullptr || row->type() != EntryType::kSymlink) return row;
    ++followed;
    rest = std::string(row->link()) + "/" + std::string(left);
    if (row->link().starts_with("/")) current.clear();
    row = current.empty() ? nullptr : Find(current);
  }
  return nullptr;
}

}  // namespace watertight
