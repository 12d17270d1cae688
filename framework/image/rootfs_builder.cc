#include "framework/image/rootfs_builder.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "framework/image/path.h"
#include "framework/image/path_tree.h"

namespace watertight {
namespace {

constexpr int kMostSymlinks = 40;
constexpr int kMostNotes = 20;  // of one code in one layer

}  // namespace

// Applies one layer after the other, as docs/whiteouts.md tells: removals from the layers below
// first, then additions in the archive's order.
class RootfsBuilder {
 public:
  RootfsBuilder(const std::vector<const LayerIndex*>& layers, Merged* merged)
      : layers_(layers), merged_(merged) {
    for (const LayerIndex* layer : layers) merged_->fates.emplace_back(layer->entries.size());
  }

  void Run() {
    for (layer_ = 0; layer_ < layers_.size(); ++layer_) ApplyLayer();
    MakeRows();
    CountWaste();
  }

 private:
  struct Source {
    const Entry* entry = nullptr;
    std::uint32_t layer = 0;
  };

  void ApplyLayer() {
    const std::vector<Entry>& entries = layers_[layer_]->entries;
    lower_targets_.clear();
    whiteouts_.clear();
    hidden_.clear();
    note_counts_.clear();
    for (std::size_t i = 0; i < entries.size(); ++i) FindLowerTarget(entries[i], i);
    for (std::size_t i = 0; i < entries.size(); ++i) Remove(entries[i], i);
    for (std::size_t i = 0; i < entries.size(); ++i) Add(entries[i], i);
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
  void FindLowerTarget(const Entry& entry, std::size_t index) {
    if (entry.type() != EntryType::kHardlink) return;
    const NodeId target = tree_.Find(CleanName(entry.link()).path);
    if (target == kNoNode || tree_[target].is_directory()) return;
    lower_targets_[index] = {tree_[target].content, tree_[target].content_layer};
  }

  void Remove(const Entry& entry, std::size_t index) {
    if (entry.type() == EntryType::kWhiteout) {
      if ((EntryTable::Flags(entry) & internal::kNamesNothing) != 0) return;
      auto [it, first] =
          whiteouts_.try_emplace(std::string(entry.path()), Whiteout{index, index, false});
      if (!first) {
        it->second.last = index;
        ReportDuplicate(entry.path());
      }
      const NodeId node = tree_.Find(entry.path());
      if (node == kNoNode || node == kRootNode) return;
      it->second.removed_directory |= tree_[node].is_directory();
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
    }
  }

  // Ends a node and all below it.
  void Kill(NodeId top, FateState how) {
    stack_.assign(1, top);
    while (!stack_.empty()) {
      const NodeId id = stack_.back();
      stack_.pop_back();
      PathNode& node = tree_[id];
      node.alive = false;
      node.removed_in = static_cast<std::uint32_t>(layer_);
      SetFate(node, how);
      for (NodeId child = node.first_child; child != kNoNode; child = tree_[child].next_sibling) {
        if (tree_[child].alive) stack_.push_back(child);
      }
    }
  }

  void SetFate(const PathNode& node, FateState how) {
    if (node.entry != nullptr) SetFate(Source{node.entry, node.layer}, how);
  }

  void SetFate(const Source& source, FateState how) {
    const auto index =
        static_cast<std::size_t>(source.entry - layers_[source.layer]->entries.data());
    Fate& fate = merged_->fates[source.layer][index];
    fate.layer = static_cast<std::uint32_t>(layer_) & 0xffffffU;
    fate.state = how;
  }

  void Add(const Entry& entry, std::size_t index) {
    const bool marker = entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
    if (marker || entry.path().empty()) return;
    Source content{&entry, static_cast<std::uint32_t>(layer_)};
    if (entry.type() == EntryType::kHardlink && !FindTarget(entry, index, &content)) return;
    std::string_view rest = entry.path();
    const std::string_view name = SplitParent(rest).second;
    rest.remove_suffix(name.size());
    bool moved = false;
    const NodeId parent = MakeParents(rest, entry, &moved);
    if (parent == kNoNode) return;
    const NodeId id = tree_.MakeChild(parent, name);
    CheckWhiteoutOf(entry, index);
    const auto hidden = hidden_.find(id);
    if (hidden != hidden_.end()) SetFate(hidden->second, kOverwritten);
    PathNode& node = tree_[id];
    if (node.alive) {
      Replace(id, entry);
    } else if (node.removed_in == layer_ && node.entry != nullptr) {
      // Deleted and stored again by one layer: overwritten.
      SetFate(node, kOverwritten);
    }
    node.alive = true;
    node.removed_in = UINT32_MAX;
    node.entry = &entry;
    node.content = content.entry;
    node.layer = static_cast<std::uint32_t>(layer_);
    node.content_layer = content.layer;
    node.moved = moved;
  }

  void Replace(NodeId id, const Entry& entry) {
    PathNode& node = tree_[id];
    const bool same_layer = node.layer == layer_;
    const bool both_directories = node.is_directory() && entry.type() == EntryType::kDirectory;
    if (same_layer && (node.entry != nullptr || !both_directories)) ReportDuplicate(entry.path());
    if (both_directories) {
      SetFate(node, kOverwritten);
    } else {
      Kill(id, kOverwritten);
    }
  }

  void ReportDuplicate(std::string_view path) {
    Report("ambiguous-duplicate-path", path,
           Printable(path) + " stands in the layer more than once; the last entry counts");
  }

  bool FindTarget(const Entry& entry, std::size_t index, Source* content) {
    const std::string target = CleanName(entry.link()).path;
    const NodeId node = tree_.Find(target);
    if (node != kNoNode && tree_[node].layer == layer_ && tree_[node].content != nullptr &&
        !tree_[node].is_directory()) {
      *content = {tree_[node].content, tree_[node].content_layer};
      return true;
    }
    const auto lower = lower_targets_.find(index);
    if (lower == lower_targets_.end()) {
      Report("hardlink-without-target", entry.path(),
             "the hard link " + Printable(entry.path()) + " has no target " + Printable(target) +
                 "; it is left out");
      return false;
    }
    Report("ambiguous-hardlink", entry.path(),
           "the hard link " + Printable(entry.path()) + " names " + Printable(target) +
               " of a lower layer; Docker refuses such a layer");
    *content = lower->second;
    return true;
  }

  // The directory for `rest` ("a/b/"), made where it is missing; kNoNode for a loop of symlinks.
  NodeId MakeParents(std::string_view rest, const Entry& entry, bool* moved) {
    NodeId current = kRootNode;
    std::string expanded;  // what is left to walk, once a symlink was followed
    int followed = 0;
    while (!rest.empty()) {
      const std::string_view component = TakeComponent(&rest);
      if (component.empty() || component == ".") continue;
      if (component == "..") {
        if (current != kRootNode) current = tree_[current].parent;
        continue;
      }
      const NodeId existing = tree_.Child(current, component);
      const bool link = existing != kNoNode && tree_[existing].alive &&
                        tree_[existing].type() == EntryType::kSymlink &&
                        tree_[existing].layer == layer_;
      if (!link) {
        current = MakeDirectory(current, *moved ? Kept(component) : component, entry);
        continue;
      }
      if (++followed > kMostSymlinks) {
        Report("ambiguous-parent", entry.path(),
               "the way to " + Printable(entry.path()) + " is a loop of symlinks; it is left out");
        return kNoNode;
      }
      ReportLink(existing, entry);
      const std::string target(tree_[existing].content->link());
      if (target.starts_with("/")) current = kRootNode;
      expanded = target + "/" + std::string(rest);
      rest = expanded;
      *moved = true;
    }
    return current;
  }

  std::string_view Kept(std::string_view bytes) { return merged_->arena.Copy(bytes); }

  NodeId MakeDirectory(NodeId parent, std::string_view name, const Entry& entry) {
    const NodeId id = tree_.MakeChild(parent, name);
    PathNode& node = tree_[id];
    if (node.alive && node.is_directory()) return id;
    if (node.alive) {
      Report("ambiguous-parent", entry.path(),
             Printable(tree_.PathOf(id)) + ", a parent of " + Printable(entry.path()) + ", is a " +
                 ToString(node.type()) + (node.layer == layer_ ? " of this" : " of a lower") +
                 " layer; a directory takes its place");
      Kill(id, kOverwritten);
    } else if (!whiteouts_.empty() && whiteouts_.count(tree_.PathOf(id)) != 0) {
      Report("ambiguous-whiteout", entry.path(),
             "the layer deletes " + Printable(tree_.PathOf(id)) + " and stores " +
                 Printable(entry.path()) + " below it; Docker refuses such a layer");
    }
    if (node.entry != nullptr && node.removed_in == layer_ && node.layer != layer_) {
      hidden_[id] = {node.entry, node.layer};
    }
    node.alive = true;
    node.removed_in = UINT32_MAX;
    node.entry = nullptr;
    node.content = nullptr;
    node.layer = static_cast<std::uint32_t>(layer_);
    node.moved = false;
    return id;
  }

  // Engines agree on a symlink only when it stays inside and leads to a directory that the same
  // layer states.
  void ReportLink(NodeId link, const Entry& entry) {
    const std::string target(tree_[link].content->link());
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
  void CheckWhiteoutOf(const Entry& entry, std::size_t index) {
    if (whiteouts_.empty()) return;
    const auto it = whiteouts_.find(std::string(entry.path()));
    if (it == whiteouts_.end()) return;
    const bool directory = entry.type() == EntryType::kDirectory && it->second.removed_directory;
    if (it->second.last < index && !directory) return;
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

  void MakeRows() {
    std::vector<RootfsEntry>& rows = merged_->rootfs.rows_;
    std::size_t alive = 0;
    for (NodeId id = 1; id < tree_.size(); ++id) alive += tree_[id].alive ? 1 : 0;
    rows.reserve(alive);
    for (NodeId id = 1; id < tree_.size(); ++id) {
      const PathNode& node = tree_[id];
      if (!node.alive) continue;
      RootfsEntry row;
      row.layer_ = static_cast<int>(node.layer);
      row.content_layer_ =
          static_cast<int>(node.entry == nullptr ? node.layer : node.content_layer);
      row.named_ = node.entry;
      row.content_ = node.content;
      if (node.entry == nullptr || node.moved) Rename(id, &row);
      rows.push_back(row);
      if (node.entry != nullptr) {
        const auto index =
            static_cast<std::size_t>(node.entry - layers_[node.layer]->entries.data());
        merged_->fates[node.layer][index] = Fate{0, kVisible};
      }
    }
    std::sort(rows.begin(), rows.end(),
              [](const RootfsEntry& a, const RootfsEntry& b) { return a.path() < b.path(); });
  }

  void Rename(NodeId id, RootfsEntry* row) {
    const std::string_view path = merged_->arena.Copy(tree_.PathOf(id));
    const bool made = row->named_ == nullptr;
    merged_->made_entries.push_back(made ? EntryTable::Directory(path, nullptr)
                                         : EntryTable::Renamed(*row->named_, path));
    row->named_ = &merged_->made_entries.back();
    if (made) row->content_ = row->named_;
  }

  // Content that another name still shows is not wasted.
  void CountWaste() {
    std::vector<std::vector<bool>> shown;
    for (const LayerIndex* layer : layers_) shown.emplace_back(layer->entries.size());
    for (NodeId id = 1; id < tree_.size(); ++id) {
      const PathNode& node = tree_[id];
      if (!node.alive || node.content == nullptr) continue;
      const Entry* first = layers_[node.content_layer]->entries.data();
      shown[node.content_layer][static_cast<std::size_t>(node.content - first)] = true;
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

  struct Whiteout {
    std::size_t first;
    std::size_t last;
    bool removed_directory;
  };

  const std::vector<const LayerIndex*>& layers_;
  Merged* merged_;
  PathTree tree_;
  std::size_t layer_ = 0;
  std::unordered_map<std::size_t, Source> lower_targets_;
  std::map<std::string, Whiteout, std::less<>> whiteouts_;
  // What stood where the layer deletes a path and then makes a directory for want of a parent: the
  // layer may still state the path itself.
  std::unordered_map<NodeId, Source> hidden_;
  std::map<std::string, int> note_counts_;
  std::vector<NodeId> stack_;
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
