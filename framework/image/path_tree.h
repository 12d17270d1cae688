// The tree that layers are applied to: compact nodes, found by parent and name. Nodes are never
// freed: what is removed stays as a dead node, so that the layer at work can still ask what it
// removed.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "watertight/entry.h"
#include "watertight/rootfs.h"

namespace watertight {

using NodeId = std::uint32_t;
constexpr NodeId kRootNode = 0;
constexpr NodeId kNoNode = UINT32_MAX;

// Entries of all layers, numbered through from the base.
using EntryId = std::uint32_t;
constexpr EntryId kNoEntryId = UINT32_MAX;
constexpr std::uint32_t kNoLayer = 0xffffff;

struct PathNode {
  const char* name = nullptr;  // bytes of some entry's path
  std::uint32_t name_size = 0;
  NodeId parent = kNoNode;
  NodeId first_child = kNoNode;
  NodeId next_sibling = kNoNode;
  EntryId entry = kNoEntryId;    // none for a directory that no layer states
  EntryId content = kNoEntryId;  // of a hard link, what it links to; else entry
  std::uint32_t layer : 24 = 0;
  EntryType type : 8 = EntryType::kDirectory;  // of content
  std::uint32_t removed_in : 24 = kNoLayer;    // the layer that made a dead node dead
  std::uint32_t alive : 1 = 0;
  std::uint32_t moved : 1 = 0;   // it lies behind a symlink, so its path is not its entry's
  std::uint32_t listed : 1 = 0;  // among its parent's children

  bool is_directory() const { return type == EntryType::kDirectory; }
};

static_assert(sizeof(PathNode) == 40, "an image may have a million paths");

// Nodes in blocks that are given back to the system one by one.
class NodeBlocks {
 public:
  NodeBlocks() = default;
  NodeBlocks(const NodeBlocks&) = delete;
  NodeBlocks& operator=(const NodeBlocks&) = delete;
  ~NodeBlocks();

  PathNode& operator[](NodeId id) { return blocks_[id / kBlock][id % kBlock]; }
  const PathNode& operator[](NodeId id) const { return blocks_[id / kBlock][id % kBlock]; }
  std::size_t size() const { return size_; }
  NodeId Add(const PathNode& node);
  // Frees blocks that hold nothing below size.
  void Truncate(std::size_t size);

 private:
  static constexpr std::size_t kBlock = 4096;

  std::vector<PathNode*> blocks_;
  std::size_t size_ = 0;
};

class PathTree {
 public:
  PathTree();

  PathNode& operator[](NodeId id) { return nodes_[id]; }
  const PathNode& operator[](NodeId id) const { return nodes_[id]; }
  std::size_t size() const { return nodes_.size(); }

  // Dead nodes too; kNoNode when there never was one.
  NodeId Child(NodeId parent, std::string_view name) const;
  // The existing or a new, dead node.
  NodeId MakeChild(NodeId parent, std::string_view name);
  // Empties the list of children, once all of them are dead: they would be walked again and again.
  // They are still found by name; MakeChild lists one anew.
  void DropChildren(NodeId parent);
  // A living node, no symlink followed; kNoNode when there is none.
  NodeId Find(std::string_view path) const;
  // The path of a node, from its names.
  std::string PathOf(NodeId id) const;
  // Once the tree is complete. No node may be looked up by name afterwards; a parent has a smaller
  // id than its children, so PathOf works for the nodes that Truncate leaves.
  void DropNames() { slots_ = {}; }
  void Truncate(std::size_t size) { nodes_.Truncate(size); }

 private:
  std::size_t Slot(NodeId parent, std::string_view name) const;
  void Grow();
  void List(NodeId id);

  NodeBlocks nodes_;
  std::vector<NodeId> slots_;  // open addressing, linear probing
};

// Cuts the first component off path.
std::string_view TakeComponent(std::string_view* path);

}  // namespace watertight
