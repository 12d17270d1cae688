#include "generator/build/apply_layer.h"

#include <map>
#include <string>

namespace watertight::generator {
namespace {

void RemoveAllIn(FileTree& files, const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : files.Find(directory)->names) names.push_back(name);
  for (const std::string& name : names) files.RemoveAll(directory + "/" + name);
}

void SetAttributes(FileTree& files, const Change& change) {
  files.Modify(change.path, Follow::kNo,
               [&](Inode& inode) { inode.attributes = change.inode->attributes; });
}

class Applier {
 public:
  explicit Applier(FileTree& files) : files_(files) {}

  void Apply(const Change& change) {
    switch (change.kind) {
      case Change::Kind::kWhiteout:
        files_.RemoveAll(change.path);
        break;
      case Change::Kind::kOpaque:
        RemoveAllIn(files_, change.path);
        break;
      case Change::Kind::kEntry:
        Enter(change);
        break;
    }
  }

 private:
  void Enter(const Change& change) {
    const Inode* existing = files_.Find(change.path);
    const bool directory = change.inode->is_directory();
    if (existing != nullptr && directory && existing->is_directory()) return;
    if (existing != nullptr) files_.RemoveAll(change.path);
    if (!directory) {
      const auto [link, first] = links_.try_emplace(change.number, change.path);
      if (!first) {
        files_.Link(link->second, change.path);
        return;
      }
    }
    Inode node = *change.inode;
    node.names.clear();
    node.whiteouts.clear();
    node.opaque = false;
    files_.Make(change.path, node);
  }

  FileTree& files_;
  std::map<InodeNumber, std::string> links_;
};

}  // namespace

void ApplyLayer(FileTree& files, const std::vector<Change>& layer) {
  files.BeginLayer();
  Applier applier(files);
  for (const Change& change : layer) applier.Apply(change);
  // Last, because what happens in a directory changes its time.
  for (const Change& change : layer) {
    const bool entry = change.kind == Change::Kind::kEntry;
    if (entry && change.inode->is_directory()) SetAttributes(files, change);
  }
}

}  // namespace watertight::generator
