#include "generator/archives/entries.h"

#include <algorithm>
#include <utility>

#include "generator/archives/clock.h"
#include "generator/archives/sha256.h"
#include "generator/archives/zstd.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

TarEntry StyledEntry(const EntryStyle& style, std::string name, char type, std::uint32_t mode,
                     std::int64_t mtime) {
  TarEntry entry;
  entry.name = std::move(name);
  entry.type = type;
  entry.mode = style.type_bits ? WithTypeBits(type, mode) : mode;
  entry.uname = style.owner;
  entry.gname = style.owner;
  entry.mtime = mtime;
  return entry;
}

}  // namespace

TarEntry FileEntry(const EntryStyle& style, std::string name, Rope content, std::int64_t mtime) {
  TarEntry entry = StyledEntry(style, std::move(name), '0', style.file_mode, mtime);
  entry.content = std::move(content);
  return entry;
}

TarEntry DirectoryEntry(const EntryStyle& style, std::string name, std::int64_t mtime) {
  return StyledEntry(style, std::move(name), '5', 0755, mtime);
}

void SortByName(std::vector<TarEntry>& entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TarEntry& a, const TarEntry& b) { return a.name < b.name; });
}

std::string BlobPath(const std::string& digest) { return "blobs/sha256/" + HexOf(digest); }

std::string Blobs::Add(std::string document, std::int64_t mtime) {
  const std::string digest = Digest(document);
  Add(digest, Rope(std::move(document)), mtime);
  return digest;
}

void Blobs::Add(const std::string& digest, const Rope& bytes, std::int64_t mtime) {
  blobs_.try_emplace(HexOf(digest), Blob{bytes, mtime});
}

std::vector<TarEntry> Blobs::Entries(const EntryStyle& style, std::int64_t blobs_mtime,
                                     std::int64_t sha256_mtime) const {
  std::vector<TarEntry> entries;
  entries.push_back(DirectoryEntry(style, "blobs/", blobs_mtime));
  entries.push_back(DirectoryEntry(style, "blobs/sha256/", sha256_mtime));
  for (const auto& [hex, blob] : blobs_) {
    entries.push_back(FileEntry(style, "blobs/sha256/" + hex, blob.bytes, blob.mtime));
  }
  return entries;
}

LayerBlobs::LayerBlobs(const ArchiveOptions& options, Compression by_default, GzipStyle style)
    : compressed_(options.compressed),
      wanted_(options.compression),
      by_default_(by_default),
      style_(style) {}

LayerBlob LayerBlobs::Make(const SavedLayer& layer) const {
  const bool fits = layer.stored && (!wanted_ || *wanted_ == layer.stored->compression);
  // A tool that stores plain layers unpacks what it got.
  const bool kept = fits && (wanted_ || by_default_ != Compression::kNone);
  if (kept) return {layer.stored->bytes, layer.stored->digest, layer.stored->compression};
  const Compression compression = wanted_.value_or(by_default_);
  if (compression == Compression::kNone) return {layer.tar, layer.diff_id, compression};
  const auto make = [&]() -> LayerBlob {
    Rope bytes = compression == Compression::kGzip ? Gzip(layer.tar, style_) : Zstd(layer.tar);
    std::string digest = Digest(bytes);
    return {std::move(bytes), std::move(digest), compression};
  };
  if (compressed_ == nullptr) return make();
  return compressed_->Of({layer.diff_id, compression, style_}, make);
}

const LayerBlob& LayerBlobs::Of(const SavedLayer& layer) {
  const auto found = made_.find(layer.diff_id);
  if (found != made_.end()) return found->second;
  return made_.emplace(layer.diff_id, Make(layer)).first->second;
}

Json ParsedConfig(const SavedImage& image) {
  Json config = ParseJson(image.config, "config of the image");
  if (!config.is_object()) throw Error("config of the image: not a JSON object");
  return config;
}

std::optional<std::int64_t> CreatedOf(const Json& config) {
  const std::optional<std::int64_t> seconds = SecondsOf(config.TextOf("created"));
  // Go's zero time, the year 1, and all before 1970 become 1970: docker save sets file times.
  return seconds ? std::max<std::int64_t>(*seconds, 0) : seconds;
}

void Repositories::Add(const std::string& name, const std::string& id) {
  const std::size_t colon = name.rfind(':');
  tags_[name.substr(0, colon)][name.substr(colon + 1)] = id;
}

Json Repositories::ToJson() const {
  Json repositories = Json::Object();
  for (const auto& [name, tags] : tags_) {
    Json ids = Json::Object();
    for (const auto& [tag, id] : tags) ids.Set(tag, id);
    repositories.Set(name, std::move(ids));
  }
  return repositories;
}

Json StringList(const std::vector<std::string>& texts) {
  Json list = Json::Array();
  for (const std::string& text : texts) list.Append(text);
  return list;
}

Json StringListOrNull(const std::vector<std::string>& texts) {
  return texts.empty() ? Json() : StringList(texts);
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace watertight::generator
