#include "framework/image/rootfs_builder.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "framework/image/path.h"
#include "framework/image/path_tree.h"
#include "watertight/error.h"

namespace watertight {
namespace {

constexpr int kMostSymlinks = 40;
constexpr int kMostNotes = 20;  // of one code in one layer
// What directories may take that no layer states, each with its node and whole path.
constexpr std::uint64_t kMostMadeBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMadeBytes = sizeof(PathNode) + sizeof(internal::EntryRecord) + 48;

}  // namespace

// Applies one layer after the other, as docs/whiteouts.md tells: removals from the layers below
// first, then additions in the archive's order.
class RootfsBuilder {
 public:
  RootfsBuilder(const std::vector<const LayerIndex*>& layers, Merged* merged)
      : layers_(layers), merged_(merged) {
    std::uint64_t count = 0;
    for (const LayerIndex* layer : layers) {
      first_.push_back(static_cast<EntryId>(count));
      count += layer->entries.size();
      if (count >= kNoEntryId || first_.size() >= kNoLayer) {
        throw Error(ErrorCode::kLimitExceeded, "has more layers and entries than can be merged");
      }
    }
    for (const LayerIndex* layer : layers) merged_->fates.emplace_back(layer->entries.size());
  }

  void Run() {
    for (layer_ = 0; layer_ < layers_.size(); ++layer_) ApplyLayer();
    tree_.DropNames();
    CountWaste();
    MakeRows();
  }

 private:
  struct LowerTarget {
    EntryId link;
    EntryId content;
  };

  struct Whiteout {
    const Entry* entry;  // the last of its path
    EntryId last;
    bool removed_directory;
  };

  void ApplyLayer() {
    const std::vector<Entry>& entries = layers_[layer_]->entries;
    lower_targets_.clear();
    whiteouts_.clear();
    last_parent_ = kNoNode;
    hidden_.clear();
    note_counts_.clear();
    const EntryId first = first_[layer_];
    for (EntryId i = 0; i < entries.size(); ++i) FindLowerTarget(entries[i], first + i);
    FindWhiteouts();
    for (const Entry& entry : entries) Remove(entry);
    for (EntryId i = 0; i < entries.size(); ++i) Add(entries[i], first + i);
    for (const Entry& entry : entries) CheckParentOfWhiteout(entry);
    for (const auto& [code, count] : note_counts_) {
      if (count <= kMostNotes) continue;
      merged_->notes.push_back({code, static_cast<int>(layer_), "",
                                std::to_string(count - kMostNotes) + " more of this kind"});
    }
  }

  void Report(const char* code, std::string_view path, const std::string& text) {
    if (++note_counts_[code] > kMostNotes) return;
    merged_->notes.push_back({code, static_cast<int>(layer_), std::string(path), text});
  }

  // A hard link may name what its own layer removes: looked up before anything is.
  void FindLowerTarget(const Entry& entry, EntryId id) {
    if (entry.type() != EntryType::kHardlink) return;
    const NodeId target = tree_.Find(CleanName(entry.link()).path);
    if (target == kNoNode || tree_[target].is_directory()) return;
    lower_targets_.push_back({id, tree_[target].content});
  }

  std::uint32_t LayerOf(EntryId id) const {
    const auto above = std::upper_bound(first_.begin(), first_.end(), id);
    return static_cast<std::uint32_t>(above - first_.begin()) - 1;
  }

  const Entry& At(EntryId id) const {
    const std::uint32_t layer = LayerOf(id);
    return layers_[layer]->entries[id - first_[layer]];
  }

  // The whiteouts of the layer at work, one for each path, sorted by it.
  void FindWhiteouts() {
    const EntryId first = first_[layer_];
    const std::vector<Entry>& entries = layers_[layer_]->entries;
    for (EntryId i = 0; i < entries.size(); ++i) {
      if (entries[i].type() != EntryType::kWhiteout) continue;
      if ((EntryTable::Flags(entries[i]) & internal::kNamesNothing) != 0) continue;
      whiteouts_.push_back({&entries[i], first + i, false});
    }
    std::stable_sort(
        whiteouts_.begin(), whiteouts_.end(),
        [](const Whiteout& a, const Whiteout& b) { return a.entry->path() < b.entry->path(); });
    // Of equal ones the last stays.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < whiteouts_.size(); ++i) {
      const bool repeated = i + 1 < whiteouts_.size() &&
                            whiteouts_[i].entry->path() == whiteouts_[i + 1].entry->path();
      if (repeated) ReportDuplicate(whiteouts_[i].entry->path());
      if (!repeated) whiteouts_[kept++] = whiteouts_[i];
    }
    whiteouts_.resize(kept);
  }

  // The whiteout of a path, or null.
  Whiteout* WhiteoutOf(std::string_view path) {
    const auto it = std::lower_bound(
        whiteouts_.begin(), whiteouts_.end(), path,
        [](const Whiteout& a, std::string_view wanted) { return a.entry->path() < wanted; });
    return it != whiteouts_.end() && it->entry->path() == path ? &*it : nullptr;
  }

  void Remove(const Entry& entry) {
    if (entry.type() == EntryType::kWhiteout) {
      if ((EntryTable::Flags(entry) & internal::kNamesNothing) != 0) return;
      const NodeId node = tree_.Find(entry.path());
      if (node == kNoNode || node == kRootNode) return;
      if (tree_[node].is_directory()) WhiteoutOf(entry.path())->removed_directory = true;
      Kill(node, kDeleted);
    } else if (entry.type() == EntryType::kOpaque) {
      if (entry.path().empty()) {
        Report("ambiguous-opaque-root", "",
               "an opaque marker at the root hides all layers below; Docker ignores it");
      }
      const NodeId node = tree_.Find(entry.path());
      if (node == kNoNode || !tree_[node].is_directory()) return;
      for (NodeId child = tree_[node].first_child; child != kNoNode;
           child = tree_[child].next_sibling) {
        if (tree_[child].alive) Kill(child, kOpaque);
      }
      tree_.DropChildren(node);
    }
  }

  // Ends a node and all below it.
  void Kill(NodeId top, FateState how) {
    stack_.assign(1, top);
    while (!stack_.empty()) {
      const NodeId id = stack_.back();
      stack_.pop_back();
      PathNode& node = tree_[id];
      node.alive = 0;
      node.removed_in = static_cast<std::uint32_t>(layer_) & kNoLayer;
      SetFate(node.entry, how);
      for (NodeId child = node.first_child; child != kNoNode; child = tree_[child].next_sibling) {
        if (tree_[child].alive) stack_.push_back(child);
      }
      tree_.DropChildren(id);
    }
  }

  Fate& FateOf(EntryId id) {
    const std::uint32_t layer = LayerOf(id);
    return merged_->fates[layer][id - first_[layer]];
  }

  void SetFate(EntryId id, FateState how) {
    if (id == kNoEntryId) return;
    Fate& fate = FateOf(id);
    fate.layer = static_cast<std::uint32_t>(layer_) & kNoLayer;
    fate.state = how;
  }

  void Add(const Entry& entry, EntryId entry_id) {
    const bool marker = entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
    if (marker || entry.path().empty()) return;
    EntryId content = entry_id;
    if (entry.type() == EntryType::kHardlink && !FindTarget(entry, entry_id, &content)) return;
    std::string_view rest = entry.path();
    const std::string_view name = SplitParent(rest).second;
    rest.remove_suffix(name.size());
    bool moved = false;
    const NodeId parent = Parent(rest, entry, &moved);
    if (parent == kNoNode) return;
    const NodeId id = tree_.MakeChild(parent, name);
    CheckWhiteoutOf(entry, entry_id);
    const auto hidden = hidden_.find(id);
    if (hidden != hidden_.end()) SetFate(hidden->second, kOverwritten);
    PathNode& node = tree_[id];
    if (node.alive) {
      Replace(id, entry);
    } else if (node.removed_in == layer_) {
      // Deleted and stored again by one layer: overwritten.
      SetFate(node.entry, kOverwritten);
    }
    node.alive = 1;
    node.removed_in = kNoLayer;
    node.entry = entry_id;
    node.content = content;
    node.layer = static_cast<std::uint32_t>(layer_) & kNoLayer;
    node.type = content == entry_id ? entry.type() : At(content).type();
    node.moved = moved ? 1 : 0;
  }

  void Replace(NodeId id, const Entry& entry) {
    PathNode& node = tree_[id];
    const bool same_layer = node.layer == layer_;
    const bool both_directories = node.is_directory() && entry.type() == EntryType::kDirectory;
    if (same_layer && (node.entry != kNoEntryId || !both_directories))
      ReportDuplicate(entry.path());
    if (both_directories) {
      SetFate(node.entry, kOverwritten);
    } else {
      Kill(id, kOverwritten);
    }
  }

  void ReportDuplicate(std::string_view path) {
    Report("ambiguous-duplicate-path", path,
           Printable(path) + " stands in the layer more than once; the last entry counts");
  }

  bool FindTarget(const Entry& entry, EntryId id, EntryId* content) {
    const std::string target = CleanName(entry.link()).path;
    const NodeId node = tree_.Find(target);
    if (node != kNoNode && tree_[node].layer == layer_ && !tree_[node].is_directory()) {
      *content = tree_[node].content;
      return true;
    }
    const auto lower =
        std::lower_bound(lower_targets_.begin(), lower_targets_.end(), id,
                         [](const LowerTarget& a, EntryId wanted) { return a.link < wanted; });
    if (lower == lower_targets_.end() || lower->link != id) {
      Report("hardlink-without-target", entry.path(),
             "the hard link " + Printable(entry.path()) + " has no target " + Printable(target) +
                 "; it is left out");
      return false;
    }
    Report("ambiguous-hardlink", entry.path(),
           "the hard link " + Printable(entry.path()) + " names " + Printable(target) +
               " of a lower layer; Docker refuses such a layer");
    *content = lower->content;
    return true;
  }

  // MakeParents for an entry that mostly stands beside the one before it. What ends a directory
  // ends all below it, so one that lives was reached through directories that still stand.
  NodeId Parent(std::string_view rest, const Entry& entry, bool* moved) {
    const bool known = rest == last_parent_path_ && last_parent_ != kNoNode &&
                       tree_[last_parent_].alive != 0 && tree_[last_parent_].is_directory();
    if (known) return last_parent_;
    const NodeId parent = MakeParents(rest, entry, moved);
    last_parent_path_ = rest;
    last_parent_ = *moved ? kNoNode : parent;
    return parent;
  }

  // The directory for `rest` ("a/b/"), made where it is missing; kNoNode for a loop of symlinks.
  NodeId MakeParents(std::string_view rest, const Entry& entry, bool* moved) {
    NodeId current = kRootNode;
    std::string expanded;  // what is left to walk, once a symlink was followed
    int followed = 0;
    std::size_t walked = 0;
    while (!rest.empty()) {
      const std::string_view component = TakeComponent(&rest);
      walked += component.size() + 1;
      if (component.empty() || component == ".") continue;
      if (component == "..") {
        if (current != kRootNode) current = tree_[current].parent;
        continue;
      }
      const NodeId existing = tree_.Child(current, component);
      const bool link = existing != kNoNode && tree_[existing].alive &&
                        tree_[existing].type == EntryType::kSymlink &&
                        tree_[existing].layer == layer_;
      if (!link) {
        current = MakeDirectory(current, *moved ? Kept(component) : component, walked, entry);
        continue;
      }
      if (++followed > kMostSymlinks) {
        Report("ambiguous-parent", entry.path(),
               "the way to " + Printable(entry.path()) + " is a loop of symlinks; it is left out");
        return kNoNode;
      }
      ReportLink(existing, entry);
      const std::string target(At(tree_[existing].content).link());
      if (target.starts_with("/")) current = kRootNode;
      expanded = target + "/" + std::string(rest);
      rest = expanded;
      *moved = true;
    }
    return current;
  }

  std::string_view Kept(std::string_view bytes) { return merged_->arena.Copy(bytes); }

  // A name of a megabyte may hold half a million components, each with a path of its own.
  void CountMade(std::size_t path_size, const Entry& entry) {
    made_bytes_ += path_size + kMadeBytes;
    if (made_bytes_ <= kMostMadeBytes) return;
    throw Error(ErrorCode::kLimitExceeded,
                "layer " + std::to_string(layer_) +
                    ": its entries lack more parent directories than can be made, the last one of "
                    "a path of " +
                    std::to_string(entry.path().size()) + " bytes");
  }

  NodeId MakeDirectory(NodeId parent, std::string_view name, std::size_t path_size,
                       const Entry& entry) {
    const NodeId id = tree_.MakeChild(parent, name);
    PathNode& node = tree_[id];
    if (node.alive && node.is_directory()) return id;
    CountMade(path_size, entry);
    if (node.alive) {
      Report("ambiguous-parent", entry.path(),
             Printable(tree_.PathOf(id)) + ", a parent of " + Printable(entry.path()) + ", is a " +
                 ToString(node.type) + (node.layer == layer_ ? " of this" : " of a lower") +
                 " layer; a directory takes its place");
      Kill(id, kOverwritten);
    } else if (!whiteouts_.empty() && WhiteoutOf(tree_.PathOf(id)) != nullptr) {
      Report("ambiguous-whiteout", entry.path(),
             "the layer deletes " + Printable(tree_.PathOf(id)) + " and stores " +
                 Printable(entry.path()) + " below it; Docker refuses such a layer");
    }
    if (node.entry != kNoEntryId && node.removed_in == layer_ && node.layer != layer_) {
      hidden_[id] = node.entry;
    }
    node.alive = 1;
    node.removed_in = kNoLayer;
    node.entry = kNoEntryId;
    node.content = kNoEntryId;
    node.layer = static_cast<std::uint32_t>(layer_) & kNoLayer;
    node.type = EntryType::kDirectory;
    node.moved = 0;
    return id;
  }

  // Engines agree on a symlink only when it stays inside and leads to a directory that the same
  // layer states.
  void ReportLink(NodeId link, const Entry& entry) {
    const std::string target(At(tree_[link].content).link());
    const CleanedName resolved = CleanName(tree_.PathOf(tree_[link].parent) + "/" + target);
    const NodeId node = tree_.Find(resolved.path);
    const bool agreed = !target.starts_with("/") && !resolved.escapes_root && node != kNoNode &&
                        tree_[node].is_directory() && tree_[node].layer == layer_;
    if (agreed) return;
    Report("ambiguous-parent", entry.path(),
           "the way to " + Printable(entry.path()) + " leads through the symlink " +
               Printable(tree_.PathOf(link)) + " to " + Printable(target) +
               "; it is followed inside the root");
  }

  // An entry whose own path the same layer deletes: engines agree when the whiteout stands first
  // and no directory is kept.
  void CheckWhiteoutOf(const Entry& entry, EntryId id) {
    if (whiteouts_.empty()) return;
    const Whiteout* whiteout = WhiteoutOf(entry.path());
    if (whiteout == nullptr) return;
    const bool directory = entry.type() == EntryType::kDirectory && whiteout->removed_directory;
    if (whiteout->last < id && !directory) return;
    Report("ambiguous-whiteout", entry.path(),
           "the layer deletes " + Printable(entry.path()) +
               " and stores it too; what was below it counts as deleted");
  }

  // Docker makes a directory for a whiteout's missing parent, others follow a symlink there.
  void CheckParentOfWhiteout(const Entry& entry) {
    const bool whiteout = entry.type() == EntryType::kWhiteout;
    if (!whiteout && entry.type() != EntryType::kOpaque) return;
    if ((EntryTable::Flags(entry) & internal::kNamesNothing) != 0) return;
    const std::string_view parent = whiteout ? SplitParent(entry.path()).first : entry.path();
    if (parent.empty()) return;
    const NodeId node = tree_.Find(parent);
    if (node != kNoNode && tree_[node].is_directory()) return;
    Report("ambiguous-whiteout", entry.path(),
           "the parent of the whiteout " + Printable(entry.stored_name()) +
               " is no directory in the layers below; nothing is removed");
  }

  // From the last node to the first, so that the tree shrinks as the rows grow.
  void MakeRows() {
    std::vector<RootfsEntry>& rows = merged_->rootfs.rows_;
    std::size_t alive = 0;
    for (NodeId id = 1; id < tree_.size(); ++id) alive += tree_[id].alive;
    rows.reserve(alive);
    for (std::size_t size = tree_.size(); size > 1; --size) {
      tree_.Truncate(size);
      const auto id = static_cast<NodeId>(size - 1);
      if (tree_[id].alive != 0) rows.push_back(MakeRow(id));
    }
    std::reverse(rows.begin(), rows.end());
    const auto rises = [](const RootfsEntry& a, const RootfsEntry& b) {
      return a.path() < b.path();
    };
    if (!std::is_sorted(rows.begin(), rows.end(), rises)) {
      std::sort(rows.begin(), rows.end(), rises);
    }
  }

  RootfsEntry MakeRow(NodeId id) {
    const PathNode& node = tree_[id];
    RootfsEntry row;
    row.layer_ = static_cast<int>(node.layer);
    row.content_layer_ = row.layer_;
    if (node.entry == kNoEntryId) {
      merged_->made_entries.push_back(EntryTable::Directory(tree_.PathOf(id), &merged_->arena));
      row.named_ = row.content_ = &merged_->made_entries.back();
      return row;
    }
    FateOf(node.entry) = Fate{0, kVisible};
    row.named_ = &At(node.entry);
    row.content_ = &At(node.content);
    if (node.content != node.entry) row.content_layer_ = static_cast<int>(LayerOf(node.content));
    if (node.moved != 0) {
      merged_->made_entries.push_back(
          EntryTable::Renamed(*row.named_, tree_.PathOf(id), &merged_->arena));
      row.named_ = &merged_->made_entries.back();
    }
    return row;
  }

  // Content that another name still shows is not wasted.
  void CountWaste() {
    std::vector<std::vector<bool>> shown;
    for (const LayerIndex* layer : layers_) shown.emplace_back(layer->entries.size());
    for (NodeId id = 1; id < tree_.size(); ++id) {
      const PathNode& node = tree_[id];
      if (node.alive == 0 || node.content == kNoEntryId) continue;
      const std::uint32_t layer = LayerOf(node.content);
      shown[layer][node.content - first_[layer]] = true;
    }
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      const std::vector<Entry>& entries = layers_[layer]->entries;
      for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].type() == EntryType::kFile && !shown[layer][i]) {
          merged_->wasted += entries[i].size();
        }
      }
    }
  }

  const std::vector<const LayerIndex*>& layers_;
  Merged* merged_;
  std::vector<EntryId> first_;  // of each layer
  PathTree tree_;
  std::size_t layer_ = 0;
  std::uint64_t made_bytes_ = 0;
  std::vector<LowerTarget> lower_targets_;  // sorted by link
  std::vector<Whiteout> whiteouts_;
  // What stood where the layer deletes a path and then makes a directory for want of a parent: the
  // layer may still state the path itself.
  std::unordered_map<NodeId, EntryId> hidden_;
  std::map<std::string, int> note_counts_;
  std::vector<NodeId> stack_;
  std::string_view last_parent_path_;
  NodeId last_parent_ = kNoNode;
};

std::unique_ptr<Merged> MergeLayers(const std::vector<const LayerIndex*>& layers) {
  auto merged = std::make_unique<Merged>();
  RootfsBuilder(layers, merged.get()).Run();
  return merged;
}

std::optional<Removal> Fate::removal() const {
  if (state < kDeleted) return std::nullopt;
  const RemovalKind kind = state == kDeleted  ? RemovalKind::kDeleted
                           : state == kOpaque ? RemovalKind::kOpaque
                                              : RemovalKind::kOverwritten;
  return Removal{static_cast<int>(layer), kind};
}

std::vector<StoredEntry> ListStored(const std::vector<const LayerIndex*>& layers,
                                    const Merged& merged) {
  std::vector<StoredEntry> stored;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const std::vector<Entry>& entries = layers[layer]->entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& entry = entries[i];
      const bool marker =
          entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
      if (marker || entry.path().empty()) continue;
      const Fate fate = merged.fates[layer][i];
      stored.push_back({static_cast<int>(layer), &entry, fate.state == kVisible, fate.removal()});
    }
  }
  std::sort(stored.begin(), stored.end(), [](const StoredEntry& a, const StoredEntry& b) {
    const int order = a.entry->path().compare(b.entry->path());
    if (order != 0) return order < 0;
    if (a.layer != b.layer) return a.layer < b.layer;
    return a.entry < b.entry;
  });
  return stored;
}

}  // namespace watertight
