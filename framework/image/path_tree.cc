#include "framework/image/path_tree.h"

#include <sys/mman.h>

#include <algorithm>
#include <functional>
#include <new>

namespace watertight {
namespace {

std::size_t Hash(NodeId parent, std::string_view name) {
  const std::size_t hash = std::hash<std::string_view>()(name);
  return hash ^ (std::size_t{parent} * 0x9e3779b97f4a7c15U) ^ (hash >> 32);
}

}  // namespace

std::string_view TakeComponent(std::string_view* path) {
  const std::size_t slash = path->find('/');
  const std::string_view component = path->substr(0, slash);
  path->remove_prefix(slash == std::string_view::npos ? path->size() : slash + 1);
  return component;
}

// Mapped, not allocated: memory that malloc gets back mostly stays with the process.
NodeId NodeBlocks::Add(const PathNode& node) {
  if (size_ == blocks_.size() * kBlock) {
    void* const block = mmap(nullptr, kBlock * sizeof(PathNode), PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) throw std::bad_alloc();
    blocks_.push_back(static_cast<PathNode*>(block));
  }
  new (&(*this)[static_cast<NodeId>(size_)]) PathNode(node);
  return static_cast<NodeId>(size_++);
}

void NodeBlocks::Truncate(std::size_t size) {
  while (!blocks_.empty() && (blocks_.size() - 1) * kBlock >= size) {
    munmap(blocks_.back(), kBlock * sizeof(PathNode));
    blocks_.pop_back();
  }
  size_ = std::min(size_, size);
}

NodeBlocks::~NodeBlocks() { Truncate(0); }

PathTree::PathTree() : slots_(1024, kNoNode) {
  nodes_.Add(PathNode());
  nodes_[kRootNode].alive = 1;
}

std::size_t PathTree::Slot(NodeId parent, std::string_view name) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = Hash(parent, name) & mask;
  while (slots_[slot] != kNoNode) {
    const PathNode& node = nodes_[slots_[slot]];
    if (node.parent == parent && std::string_view(node.name, node.name_size) == name) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

NodeId PathTree::Child(NodeId parent, std::string_view name) const {
  return slots_[Slot(parent, name)];
}

NodeId PathTree::MakeChild(NodeId parent, std::string_view name) {
  std::size_t slot = Slot(parent, name);
  if (slots_[slot] != kNoNode) {
    List(slots_[slot]);
    return slots_[slot];
  }
  if (nodes_.size() * 4 > slots_.size() * 3) {
    Grow();
    slot = Slot(parent, name);
  }
  PathNode node;
  node.name = name.data();
  node.name_size = static_cast<std::uint32_t>(name.size());
  node.parent = parent;
  const NodeId id = nodes_.Add(node);
  List(id);
  slots_[slot] = id;
  return id;
}

void PathTree::List(NodeId id) {
  PathNode& node = nodes_[id];
  if (node.listed != 0) return;
  node.listed = 1;
  node.next_sibling = nodes_[node.parent].first_child;
  nodes_[node.parent].first_child = id;
}

void PathTree::DropChildren(NodeId parent) {
  for (NodeId id = nodes_[parent].first_child; id != kNoNode; id = nodes_[id].next_sibling) {
    nodes_[id].listed = 0;
  }
  nodes_[parent].first_child = kNoNode;
}

void PathTree::Grow() {
  slots_.assign(slots_.size() * 2, kNoNode);
  for (NodeId id = 1; id < nodes_.size(); ++id) {
    slots_[Slot(nodes_[id].parent, {nodes_[id].name, nodes_[id].name_size})] = id;
  }
}

NodeId PathTree::Find(std::string_view path) const {
  NodeId id = kRootNode;
  while (!path.empty()) {
    if (!nodes_[id].is_directory()) return kNoNode;
    id = Child(id, TakeComponent(&path));
    if (id == kNoNode || !nodes_[id].alive) return kNoNode;
  }
  return id;
}

std::string PathTree::PathOf(NodeId id) const {
  std::vector<std::string_view> names;
  for (; id != kRootNode; id = nodes_[id].parent) {
    names.emplace_back(nodes_[id].name, nodes_[id].name_size);
  }
  std::string path;
  for (auto it = names.rbegin(); it != names.rend(); ++it) {
    if (!path.empty()) path += '/';
    path += *it;
  }
  return path;
}

}  // namespace watertight
