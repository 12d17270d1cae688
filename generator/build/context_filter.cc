#include "generator/build/context_filter.h"

#include <algorithm>

#include "generator/build/tree_paths.h"
#include "generator/error.h"

namespace watertight::generator {

bool ContextFilter::Hides(const std::string& path) const {
  return ignore_ && ignore_->Ignores(path);
}

// Older clients look into a hidden directory only if an exception begins with its path.
bool ContextFilter::MayHoldVisible(const std::string& directory) const {
  if (!ignore_ || !ignore_->has_exceptions()) return false;
  if (rules_.finds_exceptions) return true;
  return std::ranges::any_of(ignore_->patterns(), [&](const std::string& pattern) {
    return pattern.starts_with('!') && (pattern.substr(1) + "/").starts_with(directory + "/");
  });
}

// A client of the classic builder does not send hidden directories, so that the daemon has to make
// them up for what is visible in them; buildah does the same with itself.
void ContextFilter::MakeParents(const std::string& path) {
  const std::string parent = DirName(path);
  if (parent == "." || files_.Find(parent) != nullptr) return;
  MakeParents(parent);
  Attributes attributes{.mode = 0755, .mtime = files_.clock()};
  const auto hidden = hidden_directories_.find(parent);
  if (hidden != hidden_directories_.end() && !rules_.implies_directories) {
    attributes = hidden->second;
    times_[parent] = attributes.mtime;
  }
  Inode directory;
  directory.type = FileType::kDirectory;
  directory.attributes = attributes;
  directory.implied = rules_.implies_directories && Hides(parent);
  files_.Make(parent, directory);
}

void ContextFilter::Add(const std::string& path, const Inode& node) {
  if (Hides(path)) {
    if (node.is_directory()) hidden_directories_[path] = node.attributes;
    return;
  }
  MakeParents(path);
  if (node.is_directory()) times_[path] = node.attributes.mtime;
  const std::errc error = files_.Make(path, node);
  if (error != std::errc()) throw Error(path + ": " + ErrnoText(error));
}

void ContextFilter::AddLink(const std::string& existing, const std::string& path) {
  MakeParents(path);
  files_.Link(existing, path);
}

void ContextFilter::Finish() {
  for (const auto& [path, time] : times_) {
    files_.Modify(path, Follow::kNo,
                  [mtime = time](Inode& directory) { directory.attributes.mtime = mtime; });
  }
}

}  // namespace watertight::generator
