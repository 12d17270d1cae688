#include "generator/build/follow_paths.h"

#include <algorithm>
#include <set>

#include "generator/build/glob.h"
#include "generator/build/missing_source.h"
#include "generator/build/tree_paths.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/path_clean.h"

namespace watertight::generator {
namespace {

class Follower {
 public:
  explicit Follower(const FileTree& context) : context_(context) {}

  // `path` is absolute.
  void Follow(std::string path) {
    std::string current = "/";
    while (!path.empty() && path != "/") {
      const size_t slash = path.find('/', 1);
      current = JoinPath(current, path.substr(1, slash - 1));
      path = slash == path.npos ? "" : path.substr(slash);
      const Inode* inode = context_.Find(current);
      const bool link = inode != nullptr && inode->is_symlink();
      if ((link || path.empty()) && !followed_.insert(current).second) return;
      if (!link) continue;
      const std::string target =
          inode->link.starts_with('/') ? inode->link : JoinPath(DirName(current), inode->link);
      return Follow(JoinPath(target, path));
    }
  }

  // Itself or a directory above it.
  bool Sends(std::string path) const {
    for (; path != "/"; path = DirName(path)) {
      if (followed_.contains(path)) return true;
    }
    return false;
  }

 private:
  const FileTree& context_;
  std::set<std::string> followed_;
};

}  // namespace

std::vector<std::string> UnsentSources(const FileTree& context, std::vector<std::string> sources) {
  if (std::ranges::find(sources, "/") != sources.end()) return {};  // everything is sent
  std::erase_if(sources, [](const std::string& path) { return HasWildcards(path); });
  std::ranges::sort(sources);
  Follower follower(context);
  for (const std::string& path : sources) follower.Follow(path);
  std::erase_if(sources, [&](const std::string& path) {
    const std::string real = RootPath(context, path);
    return context.Find(real) == nullptr || follower.Sends(real);
  });
  return sources;
}

void SentSources::Note(const Transfer& transfer, int line) {
  for (const std::string& source : transfer.sources) {
    if (!IsHttpSource(source)) sources_.emplace_back(CleanPath("/" + source), line);
  }
}

void SentSources::Check(const FileTree& context, const FileRules& rules) const {
  std::vector<std::string> paths;
  for (const auto& [path, line] : sources_) paths.push_back(path);
  const std::vector<std::string> unsent = UnsentSources(context, std::move(paths));
  for (const auto& [path, line] : sources_) {
    if (std::ranges::find(unsent, path) == unsent.end()) continue;
    throw MissingSource({.files = context}, path, rules).At(line);
  }
}

}  // namespace watertight::generator
