#include "watertight/layer.h"

#include <mutex>

#include "framework/image/decompress.h"
#include "framework/image/image_state.h"
#include "framework/image/layer_reader.h"
#include "framework/image/sha256.h"

namespace watertight {
namespace {

using internal::ImageState;
using internal::LayerState;

const LayerState& StateOf(const ImageState* state, int index) {
  return state->layer_states[static_cast<std::size_t>(index)];
}

internal::LayerBlob& Stored(const LayerState& layer) {
  if (layer.stored == nullptr) throw *layer.missing;
  return *layer.stored;
}

}  // namespace

const char* ToString(Compression compression) {
  constexpr const char* kNames[] = {"none", "gzip", "zstd", "xz", "bzip2"};
  return kNames[static_cast<int>(compression)];
}

void PrintTo(Compression compression, std::ostream* out) { *out << ToString(compression); }

const std::string& Layer::diff_id() const { return StateOf(state_, index_).diff_id; }
const std::string& Layer::blob() const { return StateOf(state_, index_).blob; }
const std::string& Layer::member() const { return StateOf(state_, index_).member; }
bool Layer::present() const { return StateOf(state_, index_).stored != nullptr; }
Compression Layer::compression() const { return Stored(StateOf(state_, index_)).compression; }
std::uint64_t Layer::stored_size() const { return Stored(StateOf(state_, index_)).bytes->size(); }

std::string Layer::digest() const {
  internal::LayerBlob& stored = Stored(StateOf(state_, index_));
  if (stored.compression == Compression::kNone) return diff_id();
  if (stored.has_hashes && !stored.hashes.error) return stored.hashes.stored;
  std::call_once(stored.digest_once, [&] {
    Sha256 hash;
    ReadStoredTo([&hash](std::string_view piece) { hash.Update(piece); });
    stored.digest = hash.Digest();
  });
  return stored.digest;
}

const std::string* Layer::error() const {
  state_->Index();
  const LayerState& layer = StateOf(state_, index_);
  const Error* error = state_->LayerError(layer);
  if (error == nullptr) return nullptr;
  return &(layer.stored == nullptr ? layer.missing_text : layer.stored->error_text);
}

std::uint64_t Layer::size() const {
  state_->Index();
  const LayerState& layer = StateOf(state_, index_);
  if (const Error* error = state_->LayerError(layer)) throw *error;
  return layer.stored->index.size;
}

const std::vector<Entry>& Layer::entries() const {
  state_->Index();
  const LayerState& layer = StateOf(state_, index_);
  if (const Error* error = state_->LayerError(layer)) throw *error;
  return layer.stored->index.entries;
}

void Layer::ReadTo(const std::function<void(std::string_view)>& sink) const {
  const internal::LayerBlob& stored = Stored(StateOf(state_, index_));
  ReadLayer(stored.bytes, state_->options.limits, stored.place, sink);
}

void Layer::ReadStoredTo(const std::function<void(std::string_view)>& sink) const {
  const internal::LayerBlob& stored = Stored(StateOf(state_, index_));
  try {
    std::vector<char> buffer(std::size_t{256} << 10);
    std::uint64_t offset = 0;
    while (const std::size_t got = stored.bytes->ReadAt(offset, buffer.data(), buffer.size())) {
      sink(std::string_view(buffer.data(), got));
      offset += got;
    }
  } catch (const Error& error) {
    throw Error(error.code(), stored.place + ": " + error.what());
  }
}

std::string Layer::ComputeDiffId() const {
  Sha256 hash;
  ReadTo([&hash](std::string_view piece) { hash.Update(piece); });
  return hash.Digest();
}

std::optional<int> Layer::step() const {
  const auto& steps = StateOf(state_, index_).steps;
  return steps ? std::optional<int>(steps->second) : std::nullopt;
}

std::optional<std::pair<int, int>> Layer::steps() const { return StateOf(state_, index_).steps; }

std::string Layer::Name() const {
  constexpr std::size_t kShown = sizeof("sha256:12345678") - 1;
  return "layer " + std::to_string(index_) + " (" + diff_id().substr(0, kShown) + ")";
}

void PrintTo(const Layer& layer, std::ostream* out) { *out << layer.Name(); }

}  // namespace watertight
