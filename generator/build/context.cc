#include "generator/build/context.h"

#include <algorithm>
#include <utility>

#include "generator/build/context_directory.h"
#include "generator/build/context_filter.h"
#include "generator/build/tree_paths.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

std::string CheckedPath(const std::string& path) {
  const std::string clean = CleanPath(path);
  if (path.empty() || path.starts_with('/') || clean == "." || clean == ".." ||
      clean.starts_with("../")) {
    throw Error("\"" + path + "\" is no path inside of the context");
  }
  return clean;
}

std::uint32_t DefaultMode(FileType type) {
  if (type == FileType::kSymlink) return 0777;
  return type == FileType::kDirectory ? 0755 : 0644;
}

void AddFile(ContextFilter& filter, const std::string& path, const ContextFile& file,
             std::int64_t clock) {
  Inode node;
  node.type = file.options.type;
  node.attributes.mode = file.options.mode.value_or(DefaultMode(node.type));
  node.attributes.mtime = std::min(file.options.mtime.value_or(clock), clock);
  if (node.is_symlink()) {
    node.link = file.content;
  } else if (node.is_regular()) {
    node.content = Rope(file.content);
  }
  filter.Add(path, node);
}

// Directories first, so that their attributes do not depend on the order in which files are listed.
FileTree FilesInMemory(const Context& context, const ContextView& view,
                       const std::optional<IgnoreFile>& ignore, const FileRules& rules) {
  FileTree files;
  files.set_clock(view.clock);
  ContextFilter filter(files, ignore, rules);
  for (const bool directories : {true, false}) {
    for (const ContextFile& file : context.files) {
      const bool directory = file.options.type == FileType::kDirectory;
      if (directory == directories) AddFile(filter, CheckedPath(file.path), file, view.clock);
    }
  }
  filter.Finish();
  return files;
}

struct FoundIgnoreFile {
  std::string path;
  std::string text;
};

std::optional<FoundIgnoreFile> FindIgnoreFile(const Context& context, const ContextView& view,
                                              const FileRules& rules) {
  std::vector<std::string> beside;
  std::vector<std::string> inside = {".dockerignore"};
  if (rules.family != Family::kClassic) beside.push_back(IgnoreFileBeside(view.dockerfile));
  if (rules.family == Family::kBuildah) {
    beside.push_back(view.dockerfile + ".containerignore");
    inside.insert(inside.begin(), ".containerignore");
  }
  for (const std::string& path : beside) {
    auto text = context.directory.empty() ? ReadContextFile(context, path) : ReadDiskFile(path);
    if (text) return FoundIgnoreFile{path, *text};
  }
  for (const std::string& path : inside) {
    if (auto text = ReadContextFile(context, path)) return FoundIgnoreFile{path, *text};
  }
  return std::nullopt;
}

}  // namespace

Context DirectoryContext(std::string directory) {
  return {.directory = std::move(directory), .files = {}};
}

Context MemoryContext(std::vector<ContextFile> files) {
  return {.directory = {}, .files = std::move(files)};
}

FileTree VisibleFiles(const Context& context, const ContextView& view, const FileRules& rules) {
  std::optional<IgnoreFile> ignore;
  const auto found = view.shows_hidden ? std::nullopt : FindIgnoreFile(context, view, rules);
  if (found) ignore = ParseIgnoreFile(found->text);
  if (context.directory.empty()) return FilesInMemory(context, view, ignore, rules);
  FileTree files;
  files.set_clock(view.clock);
  ContextFilter filter(files, ignore, rules);
  const bool rounds = rules.family == Family::kBuildah;
  const Fractions fractions = rounds ? Fractions::kRounded : Fractions::kCut;
  AddDirectory(context.directory, view.clock, fractions, filter);
  filter.Finish();
  return files;
}

std::string IgnoreFileOf(const Context& context, const ContextView& view, const FileRules& rules) {
  const auto found = FindIgnoreFile(context, view, rules);
  return found ? found->path : "";
}

std::optional<std::string> ReadContextFile(const Context& context, const std::string& path) {
  if (!context.directory.empty()) return ReadDiskFile(context.directory + "/" + path);
  const std::string clean = CleanPath(path);
  for (const ContextFile& file : context.files) {
    const bool regular = file.options.type == FileType::kRegular;
    if (regular && CleanPath(file.path) == clean) return file.content;
  }
  return std::nullopt;
}

}  // namespace watertight::generator
