// What all copies of an Image share.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/image/archive.h"
#include "framework/image/blob_hashes.h"
#include "framework/image/layer_index.h"
#include "framework/image/layer_reader.h"
#include "framework/image/parallel.h"
#include "framework/image/rootfs_builder.h"
#include "watertight/image.h"

namespace watertight::internal {

// One stored blob; several layers may share it.
struct LayerBlob {
  SharedBytes bytes;
  std::string place;  // "app.tar: layer 2 (blobs/sha256/9d1c…)", of the first layer that it makes
  Compression compression = Compression::kNone;
  std::once_flag digest_once;
  std::string digest;  // of the stored bytes, computed on demand
  mutable std::once_flag hashes_once;
  mutable std::atomic<bool> has_hashes = false;
  mutable BlobHashes hashes;
  LayerIndex index;
  std::atomic<bool> indexed = false;  // index and error are what they will be
  std::optional<Error> error;
  std::string error_text;
};

struct LayerState {
  std::string diff_id;
  std::string blob;       // cleaned path, links followed
  std::string member;     // as the archive spells it
  Descriptor descriptor;  // as a manifest states it; empty otherwise
  std::optional<std::pair<int, int>> steps;
  LayerBlob* stored = nullptr;  // null for a foreign layer that the archive leaves out
  std::optional<Error> missing;
  std::string missing_text;
};

// Work that needs no index, in pieces.
struct OtherWork {
  std::size_t pieces = 0;
  std::uint64_t bytes = 0;  // that they read
  std::function<void(const NextPiece& next, ReadProgress* progress)> run;
};

struct ImageState {
  std::string reference;
  std::string archive_path;
  std::string transport;
  std::vector<std::string> tags;
  std::string id;
  Archive archive;
  Config config;
  std::vector<HistoryStep> history;
  bool history_matches = false;
  std::vector<LayerState> layer_states;
  std::vector<std::unique_ptr<LayerBlob>> layer_blobs;
  std::vector<Layer> layers;
  std::vector<Manifest> manifests;
  std::vector<Blob> blobs;
  std::vector<Note> open_notes;
  OpenOptions options;

  // Indexes every blob once, in parallel. Never throws: errors stay with their blobs.
  void Index() const;
  // The same for who wants to see the blobs while they are read: index, which it calls once for
  // each blob that it gives no index itself, takes a visitor or null. False when the blobs were
  // indexed before. What visit throws comes out.
  using VisitBlob =
      std::function<void(LayerBlob& blob, const std::function<void(LayerVisitor*)>& index)>;
  // Threads that have no blob to index do the other work meanwhile.
  bool Index(const VisitBlob& visit, const OtherWork& other = {}) const;
  // Computes the hashes of every blob that can be read and has none yet, in parallel. Never throws
  // Error. Requires: Index() was called.
  void Hash() const;
  // Those of one blob, which are computed at the first call. progress as for HashBlob.
  const BlobHashes& HashesOf(const LayerBlob& blob, ReadProgress* progress = nullptr) const;
  // What was computed while the blob was read for something else.
  static void KeepHashes(const LayerBlob& blob, BlobHashes hashes);
  // Throws: Error of the first layer that cannot be read, or kLimitExceeded.
  const Merged& Merge() const;
  // The error of a layer, or null. Requires: Index() was called.
  const Error* LayerError(const LayerState& layer) const;
  std::vector<const LayerIndex*> Indexes() const;
  // The largest first, so that the last thread to finish has a small one.
  std::vector<LayerBlob*> LargestFirst() const;
  std::string Name() const;  // the reference for messages

  mutable std::once_flag index_once;
  mutable std::once_flag merge_once;
  mutable std::unique_ptr<Merged> merged;
  mutable std::optional<Error> merge_error;
  mutable std::once_flag stored_once;
  mutable std::vector<StoredEntry> stored;
  mutable std::once_flag notes_once;
  mutable std::vector<Note> notes;
};

// "layer 2 (blobs/sha256/9d1c04e2b7aa…)".
std::string LayerPlace(std::size_t index, const std::string& blob);
// Every run of 64 hex digits cut to 12.
std::string ShortHashes(const std::string& text);

}  // namespace watertight::internal
