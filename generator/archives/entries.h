// What several archive writers share: entries, blobs by digest, layers in the wanted compression.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/archives/archive.h"
#include "generator/archives/compressed_layers.h"
#include "generator/archives/gzip.h"
#include "generator/archives/json.h"

namespace watertight::generator {

// The header fields that a tool gives all its entries.
struct EntryStyle {
  bool type_bits = false;
  const char* owner = "";  // uname and gname
  std::uint32_t file_mode = 0644;
};

TarEntry FileEntry(const EntryStyle& style, std::string name, Rope content, std::int64_t mtime);
TarEntry DirectoryEntry(const EntryStyle& style, std::string name, std::int64_t mtime);

void SortByName(std::vector<TarEntry>& entries);

// Blobs of a layout, each once; the first mtime counts.
class Blobs {
 public:
  // Returns the digest.
  std::string Add(std::string document, std::int64_t mtime = 0);
  void Add(const std::string& digest, const Rope& bytes, std::int64_t mtime = 0);

  // blobs/, blobs/sha256/, then the blobs by name.
  std::vector<TarEntry> Entries(const EntryStyle& style, std::int64_t blobs_mtime,
                                std::int64_t sha256_mtime) const;

 private:
  struct Blob {
    Rope bytes;
    std::int64_t mtime = 0;
  };
  std::map<std::string, Blob> blobs_;  // by hex digits
};

std::string BlobPath(const std::string& digest);

// Compresses every diff_id once, however many layers have it. Without an option a stored blob
// goes into the archive as it is.
class LayerBlobs {
 public:
  LayerBlobs(const ArchiveOptions& options, Compression by_default, GzipStyle style);
  const LayerBlob& Of(const SavedLayer& layer);

 private:
  LayerBlob Make(const SavedLayer& layer) const;

  CompressedLayers* compressed_;
  std::optional<Compression> wanted_;
  Compression by_default_;
  GzipStyle style_;
  std::map<std::string, LayerBlob> made_;
};

// The image's config, parsed. Throws: Error when it is no JSON object.
Json ParsedConfig(const SavedImage& image);

// config.created in whole seconds, as a time that a file can have.
std::optional<std::int64_t> CreatedOf(const Json& config);

// {"name":{"tag":"id"}} with names and tags sorted. `names` are "NAME:TAG".
class Repositories {
 public:
  void Add(const std::string& name, const std::string& id);
  bool empty() const { return tags_.empty(); }
  Json ToJson() const;

 private:
  std::map<std::string, std::map<std::string, std::string>> tags_;
};

// A JSON list of strings.
Json StringList(const std::vector<std::string>& texts);
// null for none.
Json StringListOrNull(const std::vector<std::string>& texts);
// A text, or null for an empty one.
Json TextOrNull(const std::string& text);

}  // namespace watertight::generator
