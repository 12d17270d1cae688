// Searches a compressed layer while it is inflated for its index.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "framework/image/blob_hashes.h"
#include "framework/image/layer_reader.h"
#include "framework/image/worker_sink.h"
#include "framework/scan/byte_search.h"
#include "framework/scan/container_pool.h"
#include "framework/scan/content_search.h"
#include "framework/scan/layer_containers.h"
#include "framework/scan/layer_search.h"
#include "framework/scan/recent_contents.h"
#include "framework/scan/value_set.h"

namespace watertight {

class StreamedLayer : public LayerVisitor {
 public:
  // stored, set and budget outlive it. threads as in OpenOptions. With a hasher, the digests are
  // computed too.
  StreamedLayer(const ByteSource& stored, const ValueSet& set, const SearchLimits& limits,
                unsigned threads, ContentBudget* budget, std::optional<BlobHasher> hasher);

  void Take(const SharedBlock& block, bool ahead) override;
  // Sparse files are opened when all is indexed: what is stored of them is not their content.
  void Content(const TarEntry& entry, Reader* reader) override;
  void Trailer(Reader* reader) override;

  // Before any other thing is asked of it.
  LayerHits Finish();
  // Requires: a hasher.
  BlobHashes Hashes() { return hasher_->Finish(); }

 private:
  using Spans = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  void Search(const SharedBlock& block);
  // Whether something was found inside.
  bool OpenHere(ContainerPlace place, Reader* content);
  void OpenBeside(const ContainerPlace& place, Reader* reader);
  // Whether something was found inside already.
  bool OpenIfContainer(const TarEntry& entry, Reader* reader);
  void Keep(const OpenedContainer& opened);
  void TakeOpened();

  const ByteSource& stored_;
  const ValueSet& set_;
  ContentBudget& budget_;
  ContentSearch contents_;
  LiteralSet::Scratch scratch_;
  ByteSearch search_;
  std::optional<BlobHasher> hasher_;
  LayerHits hits_;
  ContentSpans spans_;
  Spans opened_;
  std::vector<OpenedContainer> large_;
  RecentContents recent_;
  ContainerPool pool_;
  WorkerSink worker_;  // the last one: its thread uses the others
};

}  // namespace watertight
