#include "tests/image/rootfs_oracle.h"

#include <algorithm>
#include <optional>
#include <set>

namespace watertight::testing {
namespace {

using Tree = std::map<std::string, OracleNode>;
using Parts = std::vector<std::string>;

Parts Split(const std::string& path) {
  Parts parts(1);
  for (const char c : path) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string Join(const Parts& parts) {
  std::string path;
  for (const std::string& part : parts) path += (path.empty() ? "" : "/") + part;
  return path;
}

// Rule 1.
Parts Clean(const std::string& name) {
  Parts clean;
  for (const std::string& part : Split(name)) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      clean.push_back(part);
    } else if (!clean.empty()) {
      clean.pop_back();
    }
  }
  return clean;
}

struct Named {
  Parts parts;
  bool whiteout = false;
  bool opaque = false;
  bool invalid = false;
};

// Rule 2.
Named Recognise(const std::string& name) {
  Named named;
  named.parts = Clean(name);
  if (named.parts.empty()) return named;
  const std::string last = named.parts.back();
  if (last == ".wh..wh..opq") {
    named.opaque = true;
    named.parts.pop_back();
  } else if (last.substr(0, 4) == ".wh.") {
    named.whiteout = true;
    named.parts.back() = last.substr(4);
    named.invalid =
        named.parts.back().empty() || named.parts.back() == "." || named.parts.back() == "..";
  }
  return named;
}

class Oracle {
 public:
  void Apply(const std::vector<TestEntry>& entries) {
    ++layer_;
    const Tree lower = tree_;
    std::map<std::string, EntryPosition> removed_here;
    for (const TestEntry& entry : entries) Remove(Recognise(entry.name), lower, &removed_here);
    for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
      const Named named = Recognise(entries[static_cast<std::size_t>(i)].name);
      if (named.whiteout || named.opaque || named.parts.empty()) continue;
      result_.fates[{layer_, i}];
      sizes_[{layer_, i}] = Size(entries[static_cast<std::size_t>(i)]);
      Add(entries[static_cast<std::size_t>(i)], i, named.parts, lower, removed_here);
    }
  }

  OracleRootfs Finish() {
    std::set<EntryPosition> shown;
    for (const auto& [path, node] : tree_) {
      if (node.entry.second >= 0) result_.fates[node.entry] = {true, "", -1};
      shown.insert(node.content);
    }
    for (const auto& [position, size] : sizes_) {
      if (shown.count(position) == 0) result_.wasted += size;
    }
    result_.nodes = tree_;
    return result_;
  }

 private:
  static std::uint64_t Size(const TestEntry& entry) {
    return entry.type == '0' ? entry.content.size() : 0;
  }

  bool IsDirectory(const Tree& tree, const std::string& path) const {
    if (path.empty()) return true;
    const auto it = tree.find(path);
    return it != tree.end() && it->second.type == '5';
  }

  // Rule 3: in `lower` only. `removed_here` keeps whose entry stood at a path that went.
  void Remove(const Named& named, const Tree& lower,
              std::map<std::string, EntryPosition>* removed_here) {
    const std::string path = Join(named.parts);
    if (named.invalid || (!named.whiteout && !named.opaque)) return;
    if (named.opaque && !IsDirectory(lower, path)) return;
    if (named.whiteout && lower.count(path) == 0) return;
    for (const auto& [below, node] : lower) {
      const bool inside = path.empty() || below.substr(0, path.size() + 1) == path + "/";
      if (!inside && !(named.whiteout && below == path)) continue;
      if (tree_.erase(below) == 0) continue;
      (*removed_here)[below] = node.entry;
      SetFate(node.entry, named.opaque ? "opaque" : "deleted");
    }
  }

  void SetFate(const EntryPosition& entry, const char* how) {
    if (entry.second >= 0) result_.fates[entry] = {false, how, layer_};
  }

  void Overwrite(const std::string& path) {
    for (auto it = tree_.begin(); it != tree_.end();) {
      const bool gone = it->first == path || it->first.substr(0, path.size() + 1) == path + "/";
      if (gone) SetFate(it->second.entry, "overwritten");
      it = gone ? tree_.erase(it) : std::next(it);
    }
  }

  // Rule 4.
  void Add(const TestEntry& entry, int index, const Parts& parts, const Tree& lower,
           const std::map<std::string, EntryPosition>& removed_here) {
    OracleNode node{entry.type,
                    entry.type == '2' ? entry.link : "",
                    Size(entry),
                    {layer_, index},
                    {layer_, index}};
    if (entry.type == '1') {
      const std::optional<OracleNode> target = Target(Join(Clean(entry.link)), lower);
      if (!target) return;
      node = *target;
      node.entry = {layer_, index};
    }
    const std::optional<std::string> parent = MakeParents({parts.begin(), parts.end() - 1});
    if (!parent) return;
    const std::string path = parent->empty() ? parts.back() : *parent + "/" + parts.back();
    const auto old = tree_.find(path);
    if (old != tree_.end() && old->second.type == '5' && node.type == '5') {
      SetFate(old->second.entry, "overwritten");
    } else {
      Overwrite(path);
    }
    // What the layer deletes and stores again counts as overwritten.
    const auto removed = removed_here.find(path);
    if (removed != removed_here.end()) SetFate(removed->second, "overwritten");
    tree_[path] = node;
  }

  std::optional<OracleNode> Target(const std::string& path, const Tree& lower) const {
    const auto own = tree_.find(path);
    if (own != tree_.end() && own->second.entry.first == layer_ && own->second.type != '5') {
      return own->second;
    }
    const auto below = lower.find(path);
    if (below != lower.end() && below->second.type != '5') return below->second;
    return std::nullopt;
  }

  // The real path of the parent directory, made where it is missing; nothing for a loop.
  std::optional<std::string> MakeParents(Parts left) {
    Parts at;
    int followed = 0;
    while (!left.empty()) {
      const std::string part = left.front();
      left.erase(left.begin());
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        if (!at.empty()) at.pop_back();
        continue;
      }
      Parts next = at;
      next.push_back(part);
      const std::string path = Join(next);
      const auto there = tree_.find(path);
      const bool own_link =
          there != tree_.end() && there->second.type == '2' && there->second.entry.first == layer_;
      if (own_link) {
        if (++followed > 40) return std::nullopt;
        const std::string target = there->second.link;
        if (target.substr(0, 1) == "/") at.clear();
        const Parts steps = Split(target);
        left.insert(left.begin(), steps.begin(), steps.end());
        continue;
      }
      if (there == tree_.end() || there->second.type != '5') {
        Overwrite(path);
        tree_[path] = {'5', "", 0, {layer_, -1}, {layer_, -1}};
      }
      at = next;
    }
    return Join(at);
  }

  int layer_ = -1;
  Tree tree_;
  OracleRootfs result_;
  std::map<EntryPosition, std::uint64_t> sizes_;
};

}  // namespace

OracleRootfs ApplyNaively(const std::vector<const std::vector<TestEntry>*>& layers) {
  Oracle oracle;
  for (const std::vector<TestEntry>* layer : layers) oracle.Apply(*layer);
  return oracle.Finish();
}

}  // namespace watertight::testing
