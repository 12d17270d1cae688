// The build context: the files that COPY and ADD may take.
//
//   const Context disk = DirectoryContext("docker/app");
//   const Context memory = MemoryContext({{"secret.txt", "hunter2\n"}});
//   const FileTree files = VisibleFiles(memory, {.clock = now}, FileRulesOf("buildkit-0.25"));
//
// A context is only described until a build looks at it: what .dockerignore hides is not even
// opened, and contents stay on the disk until a layer is written. As a client sends them, all files
// belong to 0:0, and sockets are left out.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

struct ContextFile {
  // What differs from an ordinary file of the clock's time.
  struct Options {
    FileType type = FileType::kRegular;
    std::optional<std::uint32_t> mode = {};  // 0644; 0755 of a directory, 0777 of a link
    std::optional<std::int64_t> mtime = {};
  };

  std::string path;     // relative; the directories above it need no entries of their own
  std::string content;  // a symbolic link's target
  Options options = {};
};

struct Context {
  std::string directory;           // on disk, or
  std::vector<ContextFile> files;  // in memory
};

Context DirectoryContext(std::string directory);
Context MemoryContext(std::vector<ContextFile> files);

struct ContextView {
  // As given, so that its own ignore file is found; empty when it is not a file of the context.
  std::string dockerfile = "Dockerfile";
  std::int64_t clock = 0;     // no file is younger
  bool shows_hidden = false;  // also what the ignore file hides
};

// All but what the ignore file hides. Throws: Error when a file cannot be read, or a path in memory
// leaves the context.
FileTree VisibleFiles(const Context& context, const ContextView& view, const FileRules& rules);

// The ignore file that counts, as a path of the context or beside the Dockerfile; empty for none.
std::string IgnoreFileOf(const Context& context, const ContextView& view, const FileRules& rules);

// One file's content, ignored or not; nothing if there is none. Throws: Error.
std::optional<std::string> ReadContextFile(const Context& context, const std::string& path);

}  // namespace watertight::generator
