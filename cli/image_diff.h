// What changed from one image to another.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/redaction.h"
#include "watertight/image.h"

namespace watertight::cli {

enum class Change { kAdded, kRemoved, kChanged };

// "added", "removed", "changed".
const char* ToString(Change change);

struct FileChange {
  Change change = Change::kChanged;
  const RootfsEntry* a = nullptr;  // null for an added file
  const RootfsEntry* b = nullptr;  // null for a removed one
  // Of a changed file: "type", "mode", "owner", "size", "content", "mtime", "link", "device",
  // "xattrs".
  std::vector<std::string> attributes;
};

struct FieldChange {
  Change change = Change::kChanged;
  std::string field;  // "config.Cmd", "config.Env.NAME"
  OrderedJson a;      // redacted
  OrderedJson b;
};

struct ImageDiff {
  std::vector<FileChange> files;  // of the rootfs, sorted by path
  std::vector<FieldChange> fields;
  std::size_t shared_layers = 0;         // from the base; those above are of one image only
  std::size_t shared_steps = 0;          // of the history, from the first
  std::size_t steps_of_other_times = 0;  // of the shared ones

  bool layers_differ = false;
  bool history_differs = false;

  bool empty() const {
    return files.empty() && fields.empty() && !layers_differ && !history_differs;
  }
};

struct DiffOptions {
  bool ignore_times = false;  // mtimes of files, `created` of image and history
};

// Layers of the same diff_id are taken to hold the same bytes. Throws: Error when a layer cannot be
// read.
ImageDiff CompareImages(const Image& a, const RedactedDocuments& a_documents, const Image& b,
                        const RedactedDocuments& b_documents, const DiffOptions& options);

}  // namespace watertight::cli
