#include "watertight/image.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "framework/image/config_json.h"
#include "framework/image/decompress.h"
#include "framework/image/documents.h"
#include "framework/image/history_map.h"
#include "framework/image/image_state.h"
#include "framework/image/path.h"
#include "framework/image/reference.h"
#include "framework/image/select.h"
#include "framework/image/sha256.h"
#include "framework/image/source.h"

namespace watertight {
namespace {

using internal::ImageState;
using internal::LayerBlob;
using internal::LayerState;

std::string TransportOf(const Reference& reference, const Archive& archive,
                        const Documents& documents) {
  if (!reference.transport.empty()) return reference.transport;
  const bool has_index = archive.members.count("index.json") != 0;
  if (archive.directory) return has_index ? "oci" : "dir";
  return documents.docker.empty() ? "oci-archive" : "docker-archive";
}

// What a manifest says of the layers: by position, or, in LayerSources, by digest.
class LayerDescriptors {
 public:
  explicit LayerDescriptors(const Candidate& image)
      : by_position_(image.manifest.has_value()), descriptors_(image.descriptors) {
    for (const Descriptor& descriptor : descriptors_) {
      by_digest_.emplace(descriptor.digest, &descriptor);
      by_path_.emplace(BlobPath(descriptor.digest), &descriptor);
    }
  }

  // Null when nothing is said.
  const Descriptor* Find(const std::string& blob, const std::string& diff_id,
                         std::size_t position) const {
    if (by_position_) return position < descriptors_.size() ? &descriptors_[position] : nullptr;
    const auto digest = by_digest_.find(diff_id);
    if (digest != by_digest_.end()) return digest->second;
    const auto path = by_path_.find(blob);
    return path != by_path_.end() ? path->second : nullptr;
  }

 private:
  bool by_position_;
  const std::vector<Descriptor>& descriptors_;
  std::map<std::string, const Descriptor*> by_digest_;
  std::map<std::string, const Descriptor*> by_path_;
};

void AddLayer(const Candidate& image, std::size_t position, const LayerDescriptors& descriptors,
              std::map<std::string, LayerBlob*>* known, ImageState* state) {
  LayerState layer;
  layer.diff_id = state->config.diff_ids[position];
  layer.blob = image.layers[position];
  if (const Descriptor* found = descriptors.Find(layer.blob, layer.diff_id, position)) {
    layer.descriptor = *found;
  }
  std::string target = layer.blob;
  const Member* member = state->archive.Find(&target);
  const std::string place = state->Name() + ": " + internal::LayerPlace(position, layer.blob);
  if (member == nullptr) {
    layer.missing =
        Error(ErrorCode::kMissingBlob, place + ": the archive does not hold this layer");
    layer.missing_text = layer.missing->what();
    if (layer.descriptor.urls.empty()) throw *layer.missing;
    state->open_notes.push_back({"missing-foreign-layer", static_cast<int>(position), "",
                                 "the archive leaves this layer out; its content is at " +
                                     Printable(layer.descriptor.urls[0])});
    layer.member = layer.blob;
  } else {
    layer.blob = target;
    layer.member = member->spelled;
    LayerBlob*& stored = (*known)[target];
    if (stored == nullptr) {
      auto blob = std::make_unique<LayerBlob>();
      blob->bytes = member->bytes;
      blob->place = place;
      blob->compression = DetectCompression(*member->bytes);
      stored = blob.get();
      state->layer_blobs.push_back(std::move(blob));
    }
    layer.stored = stored;
  }
  state->layer_states.push_back(std::move(layer));
}

void AddLayers(const Candidate& image, ImageState* state) {
  const std::size_t count = image.layers.size();
  if (count != state->config.diff_ids.size()) {
    throw Error(ErrorCode::kInconsistent,
                state->Name() + ": the manifest lists " + std::to_string(count) +
                    " layers, the configuration (" +
                    Printable(internal::ShortHashes(image.config)) + ") " +
                    std::to_string(state->config.diff_ids.size()) + " diff_ids");
  }
  if (count > state->options.limits.layers) {
    throw Error(ErrorCode::kLimitExceeded,
                state->Name() + ": has " + std::to_string(count) + " layers");
  }
  const LayerDescriptors descriptors(image);
  std::map<std::string, LayerBlob*> known;
  for (std::size_t i = 0; i < count; ++i) AddLayer(image, i, descriptors, &known, state);
  const HistoryMap map = MapHistory(state->config, count, &state->history, &state->open_notes);
  state->history_matches = map.matches;
  for (std::size_t i = 0; i < count; ++i) state->layer_states[i].steps = map.steps[i];
}

// Marks what belongs to the opened image: its manifest, the indexes above it, the attestations
// about it.
void MarkSelected(const std::string& config_digest, std::vector<Manifest>* manifests) {
  std::set<std::string> digests;
  for (Manifest& manifest : *manifests) {
    if (manifest.kind == ManifestKind::kDockerArchive) manifest.selected = true;
    if (manifest.kind == ManifestKind::kImage && manifest.config &&
        manifest.config->digest == config_digest) {
      manifest.selected = true;
      digests.insert(manifest.digest);
    }
  }
  for (Manifest& manifest : *manifests) {
    if (manifest.kind != ManifestKind::kAttestation) continue;
    manifest.selected = digests.count(manifest.refers_to) != 0;
  }
  // Indexes come before what they list, so the innermost is met first from the end.
  for (auto index = manifests->rbegin(); index != manifests->rend(); ++index) {
    if (index->kind != ManifestKind::kIndex) continue;
    index->selected =
        std::any_of(index->manifests.begin(), index->manifests.end(),
                    [&](const Descriptor& child) { return digests.count(child.digest) != 0; });
    if (index->selected && !index->digest.empty()) digests.insert(index->digest);
  }
}

std::vector<Blob> ListBlobs(const Archive& archive, const Documents& documents) {
  std::vector<Blob> blobs;
  for (const auto& [name, member] : archive.members) {
    if (member.bytes == nullptr) continue;
    blobs.push_back({name, member.spelled, member.bytes->size(),
                     documents.referenced.count(name) != 0, member.occurrence});
  }
  return blobs;
}

// options.image stands for what the reference does not name.
void NameImageOf(const OpenOptions& options, Reference* reference) {
  if (options.image.empty()) return;
  if (!reference->tag.empty() || !reference->name.empty() || reference->index) {
    throw Error(ErrorCode::kUsage, "names an image, and so does OpenOptions::image");
  }
  NameImage(options.image, reference);
}

std::shared_ptr<ImageState> OpenState(const std::string& text, const Reference& reference,
                                      Archive archive, const OpenOptions& options) {
  auto state = std::make_shared<ImageState>();
  state->reference = text;
  state->options = options;
  state->archive_path = reference.path;
  state->archive = std::move(archive);
  Documents documents = ReadDocuments(state->archive, options.limits);
  state->transport = TransportOf(reference, state->archive, documents);
  const Candidate image = SelectImage(state->archive, documents, reference, options);
  std::string json = ReadMember(state->archive, image.config, options.limits.json_bytes);
  state->id = Sha256Digest(json);
  ConfigDocument config = ParseConfig(std::move(json), image.config, &documents.notes);
  state->config = std::move(config.config);
  state->history = std::move(config.history);
  state->open_notes = std::move(documents.notes);
  state->tags = image.names;
  state->blobs = ListBlobs(state->archive, documents);
  state->manifests = std::move(documents.manifests);
  const std::string claimed =
      image.manifest ? state->manifests[*image.manifest].config->digest : state->id;
  MarkSelected(claimed, &state->manifests);
  try {
    AddLayers(image, state.get());
  } catch (const Error& error) {
    // These name the archive already.
    const std::string prefix = state->Name() + ": ";
    const std::string what = error.what();
    throw Error(error.code(), what.starts_with(prefix) ? what.substr(prefix.size()) : what);
  }
  return state;
}

}  // namespace

Image Image::OpenNamed(const std::string& name,
                       const std::function<std::shared_ptr<internal::ImageState>()>& open) {
  try {
    std::shared_ptr<ImageState> state = open();
    for (std::size_t i = 0; i < state->layer_states.size(); ++i) {
      state->layers.push_back(Layer(state.get(), static_cast<int>(i)));
    }
    return Image(std::move(state));
  } catch (const Error& error) {
    throw Error(error.code(), Printable(name) + ": " + error.what());
  }
}

Image Image::Open(const std::string& reference, const OpenOptions& options) {
  return OpenNamed(reference, [&] {
    Reference parsed = ParseReference(reference);
    NameImageOf(options, &parsed);
    Archive archive = OpenSource(parsed, options);
    return OpenState(reference, parsed, std::move(archive), options);
  });
}

Image Image::OpenBytes(const std::string& name, std::shared_ptr<const std::string> bytes,
                       const OpenOptions& options) {
  return OpenNamed(name, [&] {
    if (bytes == nullptr) throw Error(ErrorCode::kUsage, "there are no bytes");
    Reference memory;
    NameImageOf(options, &memory);
    Archive archive = OpenArchive(MemoryBytes(std::move(bytes)), options.limits, options.progress);
    return OpenState(name, memory, std::move(archive), options);
  });
}

Image Image::OpenBytes(const std::string& name, std::string bytes, const OpenOptions& options) {
  return OpenBytes(name, std::make_shared<const std::string>(std::move(bytes)), options);
}

const std::string& Image::reference() const { return state_->reference; }
const std::string& Image::archive_path() const { return state_->archive_path; }
const std::string& Image::transport() const { return state_->transport; }
const std::vector<std::string>& Image::tags() const { return state_->tags; }
const std::string& Image::id() const { return state_->id; }
const Config& Image::config() const { return state_->config; }
const std::vector<HistoryStep>& Image::history() const { return state_->history; }
bool Image::history_matches_layers() const { return state_->history_matches; }
const std::vector<Layer>& Image::layers() const { return state_->layers; }
const std::vector<Manifest>& Image::manifests() const { return state_->manifests; }
const std::vector<Blob>& Image::blobs() const { return state_->blobs; }

std::string Image::ReadBlob(const std::string& path, std::uint64_t limit) const {
  try {
    return ReadMember(state_->archive, path, limit);
  } catch (const Error& error) {
    const bool missing = error.code() == ErrorCode::kMissingBlob;
    throw Error(missing ? ErrorCode::kNotFound : error.code(),
                state_->Name() + ": " + error.what());
  }
}

const Rootfs& Image::rootfs() const { return state_->Merge().rootfs; }
std::uint64_t Image::wasted() const { return state_->Merge().wasted; }

const std::vector<StoredEntry>& Image::stored() const {
  const Merged& merged = state_->Merge();
  std::call_once(state_->stored_once,
                 [&] { state_->stored = ListStored(state_->Indexes(), merged); });
  return state_->stored;
}

std::uint64_t Image::size() const {
  std::uint64_t size = 0;
  for (const Layer& layer : state_->layers) size += layer.size();
  return size;
}

const std::vector<Note>& Image::notes() const {
  state_->Index();
  std::call_once(state_->notes_once, [this] {
    std::vector<Note>& notes = state_->notes;
    notes = state_->open_notes;
    bool readable = true;
    for (std::size_t i = 0; i < state_->layer_states.size(); ++i) {
      const LayerState& layer = state_->layer_states[i];
      const int number = static_cast<int>(i);
      if (const Error* error = state_->LayerError(layer)) {
        readable = false;
        if (layer.stored != nullptr)
          notes.push_back({"unreadable-layer", number, "", error->what()});
        continue;
      }
      for (Note note : layer.stored->index.notes) {
        note.layer = number;
        notes.push_back(std::move(note));
      }
    }
    if (!readable) return;
    try {
      const std::vector<Note>& merged = state_->Merge().notes;
      notes.insert(notes.end(), merged.begin(), merged.end());
    } catch (const Error& error) {
      notes.push_back({"unmerged-layers", std::nullopt, "", error.what()});
    }
  });
  return state_->notes;
}

std::vector<std::string> Image::unreadable_layers() const {
  std::vector<std::string> errors;
  for (const Layer& layer : state_->layers) {
    if (const std::string* error = layer.error()) errors.push_back(*error);
  }
  return errors;
}

}  // namespace watertight
