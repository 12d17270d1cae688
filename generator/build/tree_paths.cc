#include "generator/build/tree_paths.h"

#include <vector>

#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr int kMostLinks = 255;

// Puts the components of `path` in front of those that are left, which are last first.
void Push(std::string_view path, std::vector<std::string>& left) {
  while (!path.empty()) {
    const size_t slash = path.rfind('/');
    const std::string_view last = slash == path.npos ? path : path.substr(slash + 1);
    if (!last.empty() && last != ".") left.emplace_back(last);
    path = slash == path.npos ? std::string_view() : path.substr(0, slash);
  }
}

}  // namespace

std::string RootPath(const FileTree& tree, std::string_view path) {
  return RootPathBelow(tree, "/", path);
}

std::string RootPathBelow(const FileTree& tree, const std::string& root, std::string_view path) {
  const std::string base = root == "/" ? "" : root;
  std::vector<std::string> left;
  Push(path, left);
  std::string real = base;
  int links = 0;
  while (!left.empty()) {
    const std::string name = std::move(left.back());
    left.pop_back();
    if (name == "..") {
      if (real.size() > base.size()) real.resize(real.rfind('/'));
      continue;
    }
    const std::string next = real + "/" + name;
    const Inode* inode = tree.Find(next);
    if (inode == nullptr || !inode->is_symlink()) {
      real = next;
      continue;
    }
    if (++links > kMostLinks) throw Error("too many links");
    Push(inode->link, left);
    if (inode->link.starts_with('/')) real = base;
  }
  return real.empty() ? "/" : real;
}

std::string PartBelowFile(const FileTree& tree, const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1)) {
    const Inode* above = tree.Find(path.substr(0, slash));
    if (above == nullptr) return "";
    if (!above->is_directory()) return path.substr(0, path.find('/', slash + 1));
  }
  return "";
}

std::string JoinPath(std::string_view a, std::string_view b) {
  return CleanPath(std::string(a) + "/" + std::string(b));
}

std::string BaseName(std::string_view path) {
  const std::string clean = CleanPath(path);
  return clean == "/" ? clean : clean.substr(clean.rfind('/') + 1);
}

std::string DirName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "." : CleanPath(path.substr(0, slash + 1));
}

std::string ErrnoText(std::errc error) {
  std::string text = std::make_error_code(error).message();
  return text.empty() ? text : Lower(text.substr(0, 1)) + text.substr(1);
}

}  // namespace watertight::generator
