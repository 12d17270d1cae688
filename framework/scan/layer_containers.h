// Opens what the files of layers contain, where a layer is read by position: containers in plain
// layers and behind the ends of their tars, and sparse files, of which a tar stores only parts.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "framework/image/image_state.h"
#include "framework/scan/content_search.h"
#include "framework/scan/layer_search.h"

namespace watertight {

// A file of a plain layer, or what follows the end of its tar.
struct ContainerPlace {
  const internal::LayerBlob* blob = nullptr;
  std::uint64_t offset = 0;  // of the bytes in the tar
  std::uint64_t size = 0;
  std::string name;  // of the entry, as stored; empty behind the end
  bool behind_end = false;
  bool holds_zip = false;  // behind other bytes
};

struct OpenedContainer {
  ContainerPlace place;
  LayerHits hits;
  ContentSpans spans;                                    // counted in the tar
  std::shared_ptr<const std::string> content = nullptr;  // when it is kept
};

// Adds what was found in one to that of its layer, and its spans to those of others.
void AddOpened(OpenedContainer opened, LayerHits* hits, ContentSpans* spans);
void SortSpans(ContentSpans* spans);

// Where what a container gives is kept.
ContentSearch::Sink SinkOf(const ContainerPlace& place, LayerHits* hits);

// Whether a file is opened: by its first bytes, as many as there are of kContainerHead, or, for an
// object of git, by its name.
bool IsOpened(std::string_view name, std::string_view head);

// Opens the place's content, of which the reader has the bytes.
void OpenContent(const ContainerPlace& place, Reader* content, ContentSearch* contents,
                 LayerHits* hits, ContentSpans* spans);

// In parallel, the largest first.
std::vector<OpenedContainer> OpenContainers(const std::vector<ContainerPlace>& places,
                                            const ValueSet& set, const SearchLimits& limits,
                                            unsigned threads);

// The sparse files of the blobs, plain or not. Their spans count in the content, by its offset.
void OpenSparseFiles(const internal::ImageState& image,
                     const std::vector<const internal::LayerBlob*>& searched, const ValueSet& set,
                     const SearchLimits& limits, BlobHits* hits);

}  // namespace watertight
