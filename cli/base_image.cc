#include "cli/base_image.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "generator/archives/image_name.h"
#include "generator/error.h"

namespace watertight::cli {
namespace {

using generator::BaseEntry;
using generator::BaseImage;
using generator::Rope;

// The generator asked, so it gets an error of its own.
template <typename Action>
auto AsGenerator(const Action& action) {
  try {
    return action();
  } catch (const Error& error) {
    throw generator::Error(error.what());
  }
}

// The bytes of a layer for as long as a rope may want them.
class LayerBytes {
 public:
  LayerBytes(const Image& image, int layer)
      : image_(image), layer_(image_.layers()[static_cast<std::size_t>(layer)]) {}

  void Read(const Rope::Take& take) const {
    AsGenerator([&] {
      if (compressed()) {
        Uncompressed().Read(take);
      } else {
        layer_.ReadTo(take);
      }
    });
  }

  void ReadStored(const Rope::Take& take) const {
    AsGenerator([&] { layer_.ReadStoredTo(take); });
  }

  // What a sparse file has in the layer is not its content.
  void ReadContent(const Entry& entry, const Rope::Take& take) const {
    AsGenerator([&] {
      if (compressed() && !entry.sparse()) {
        Uncompressed().Part(entry.content_offset(), entry.size()).Read(take);
      } else {
        entry.ReadTo(take);
      }
    });
  }

  bool compressed() const { return layer_.compression() != Compression::kNone; }
  const Layer& layer() const { return layer_; }

 private:
  // Else every file would be looked for from the start.
  const Rope& Uncompressed() const {
    std::call_once(once_, [this] {
      generator::Spool spool;
      layer_.ReadTo([&spool](std::string_view piece) { spool.Append(piece); });
      uncompressed_ = spool.Take();
    });
    return uncompressed_;
  }

  Image image_;  // keeps the layer valid
  Layer layer_;
  mutable std::once_flag once_;
  mutable Rope uncompressed_;
};

using SharedLayer = std::shared_ptr<const LayerBytes>;

// Layers of one blob share its bytes.
std::vector<SharedLayer> LayersOf(const Image& image) {
  std::map<std::string, SharedLayer> known;
  std::vector<SharedLayer> layers;
  for (const Layer& layer : image.layers()) {
    SharedLayer& bytes = known[layer.blob()];
    if (bytes == nullptr) bytes = std::make_shared<const LayerBytes>(image, layer.index());
    layers.push_back(bytes);
  }
  return layers;
}

// What a builder's store would keep beside the tar; it knows no other compression.
std::optional<generator::StoredBlob> StoredOf(const SharedLayer& bytes) {
  const Layer& layer = bytes->layer();
  const bool zstd = layer.compression() == Compression::kZstd;
  if (!zstd && layer.compression() != Compression::kGzip) return std::nullopt;
  generator::StoredBlob stored{
      .bytes = {},
      .digest = layer.digest(),
      .compression = zstd ? generator::Compression::kZstd : generator::Compression::kGzip};
  stored.bytes.AppendLazy(layer.stored_size(),
                          [bytes](const Rope::Take& take) { bytes->ReadStored(take); });
  return stored;
}

generator::SavedLayer SavedLayerOf(const Layer& layer, const SharedLayer& bytes) {
  generator::SavedLayer saved{.tar = {}, .diff_id = layer.diff_id(), .stored = StoredOf(bytes)};
  saved.tar.AppendLazy(layer.size(), [bytes](const Rope::Take& take) { bytes->Read(take); });
  return saved;
}

char TypeByte(EntryType type) {
  constexpr std::pair<EntryType, char> kTypes[] = {
      {EntryType::kFile, '0'},       {EntryType::kDirectory, '5'},   {EntryType::kSymlink, '2'},
      {EntryType::kCharDevice, '3'}, {EntryType::kBlockDevice, '4'}, {EntryType::kFifo, '6'}};
  for (const auto& [known, byte] : kTypes) {
    if (known == type) return byte;
  }
  return '0';  // a rootfs has no other types
}

BaseEntry BaseEntryOf(const RootfsEntry& row, const SharedLayer& bytes) {
  BaseEntry entry{.path = std::string(row.path()),
                  .type = TypeByte(row.type()),
                  .mode = row.mode().bits,
                  .uid = row.uid(),
                  .gid = row.gid(),
                  .mtime = row.mtime(),
                  .link = std::string(row.link()),
                  .device_major = row.content().device_major(),
                  .device_minor = row.content().device_minor(),
                  .xattrs = row.content().xattrs(),
                  .content = {}};
  entry.content.AppendLazy(row.size(), [bytes, content = row.content()](const Rope::Take& take) {
    bytes->ReadContent(content, take);
  });
  return entry;
}

// Names whose attributes and bytes are those of one entry share an inode: the first in the order
// of paths is the file, the others link to it.
std::vector<BaseEntry> BaseEntriesOf(const Image& image, const std::vector<SharedLayer>& layers) {
  std::map<std::pair<int, std::uint64_t>, std::string> first_names;
  std::vector<BaseEntry> entries;
  entries.reserve(image.rootfs().size());
  for (const RootfsEntry& row : image.rootfs()) {
    const int layer = row.content_layer();
    entries.push_back(BaseEntryOf(row, layers[static_cast<std::size_t>(layer)]));
    BaseEntry& entry = entries.back();
    if (row.type() == EntryType::kDirectory) continue;
    const auto [first, is_first] =
        first_names.try_emplace({layer, row.content().header_offset()}, entry.path);
    if (is_first) continue;
    entry.type = '1';
    entry.link = first->second;
    entry.content = {};
  }
  return entries;
}

struct BaseName {
  std::string full;    // "docker.io/library/node:14"
  std::string digest;  // "sha256:…", or empty
};

BaseName ParseBaseName(const std::string& name) {
  const std::size_t at = std::min(name.find('@'), name.size());
  return {generator::FullName(name.substr(0, at)), name.substr(std::min(at + 1, name.size()))};
}

struct Base {
  std::string name;
  std::string reference;
};

std::vector<Base> ParseBases(const std::vector<std::string>& values) {
  std::vector<Base> bases;
  for (const std::string& value : values) {
    const std::size_t equals = value.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == value.size()) {
      throw Error(ErrorCode::kUsage, "--base " + value + ": NAME=IMAGE is expected");
    }
    Base base{value.substr(0, equals), value.substr(equals + 1)};
    for (const Base& other : bases) {
      if (!MeansImage(base.name, other.name) || !MeansImage(other.name, base.name)) continue;
      throw Error(ErrorCode::kUsage, "--base " + value + ": " + other.name + " is given already");
    }
    bases.push_back(std::move(base));
  }
  return bases;
}

// Opens each image once, and all of them at the start: one that is not there is a mistake also
// where the Dockerfile does not ask for it.
class BaseFinder {
 public:
  BaseFinder(const std::vector<Base>& bases, const std::string& platform) {
    OpenOptions options;
    options.platform = platform;
    for (const Base& base : bases) {
      opened_.emplace_back(base.name, Image::Open(base.reference, options));
    }
  }

  std::optional<BaseImage> Find(const std::string& reference) {
    const auto base = std::find_if(opened_.begin(), opened_.end(), [&](const auto& candidate) {
      return MeansImage(reference, candidate.first);
    });
    if (base == opened_.end()) return std::nullopt;
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto read = read_.find(base->first);
    if (read != read_.end()) return read->second;
    BaseImage image = AsGenerator([&] { return BaseImageOf(base->second, base->first); });
    return read_.emplace(base->first, std::move(image)).first->second;
  }

 private:
  std::vector<std::pair<std::string, Image>> opened_;  // by the names of --base
  std::mutex mutex_;
  std::map<std::string, BaseImage> read_;
};

}  // namespace

BaseImage BaseImageOf(const Image& image, const std::string& name) {
  const std::vector<SharedLayer> layers = LayersOf(image);
  BaseImage base{.name = name,
                 .config = image.config().json,
                 .layers = {},
                 .rootfs = BaseEntriesOf(image, layers)};
  for (const Layer& layer : image.layers()) {
    base.layers.push_back(SavedLayerOf(layer, layers[static_cast<std::size_t>(layer.index())]));
  }
  return base;
}

bool MeansImage(const std::string& reference, const std::string& name) {
  const BaseName asked = ParseBaseName(reference);
  const BaseName known = ParseBaseName(name);
  if (known.digest.empty()) return asked.full == known.full;
  return asked.digest == known.digest &&
         generator::RepositoryOf(asked.full) == generator::RepositoryOf(known.full);
}

generator::BaseImages OpenBases(const std::vector<std::string>& values,
                                const std::string& platform) {
  const auto finder = std::make_shared<BaseFinder>(ParseBases(values), platform);
  return [finder](const std::string& reference) { return finder->Find(reference); };
}

}  // namespace watertight::cli
