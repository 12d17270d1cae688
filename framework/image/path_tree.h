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

struct PathNode {
  const char* name = nullptr;  // bytes of some entry's path
  std::uint32_t name_size = 0;
  NodeId parent = kNoNode;
  NodeId first_child = kNoNode;
  NodeId next_sibling = kNoNode;
  const Entry* entry = nullptr;    // null for a directory that no layer states
  const Entry* content = nullptr;  // of a hard link, what it links to; else entry
  std::uint32_t layer = 0;
  std::uint32_t content_layer = 0;
  std::uint32_t removed_in = UINT32_MAX;  // the layer that made a dead node dead
  bool alive = false;
  bool moved = false;  // it lies behind a symlink, so its path is not its entry's

  EntryType type() const { return content == nullptr ? EntryType::kDirectory : content->type(); }
  bool is_directory() const { return type() == EntryType::kDirectory; }
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
  // A living node, no symlink followed; kNoNode when there is none.
  NodeId Find(std::string_view path) const;
  // The path of a node, from its names.
  std::string PathOf(NodeId id) const;

 private:
  std::size_t Slot(NodeId parent, std::string_view name) const;
  void Grow();

  std::vector<PathNode> nodes_;
  std::vector<NodeId> slots_;  // open addressing, linear probing
};

// Cuts the first component off path.
std::string_view TakeComponent(std::string_view* path);

}  // namespace watertight
