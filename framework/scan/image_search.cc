#include "framework/scan/image_search.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "framework/image/image_access.h"
#include "framework/scan/document_search.h"
#include "framework/scan/layer_findings.h"
#include "framework/scan/layer_search.h"

namespace watertight {
namespace {

void Append(ValueSearch of_layer, ValueSearch* result) {
  std::move(of_layer.findings.begin(), of_layer.findings.end(),
            std::back_inserter(result->findings));
  std::move(of_layer.notes.begin(), of_layer.notes.end(), std::back_inserter(result->notes));
}

// What an earlier search found in the bytes of this layer.
void AddRecorded(const LayerRecord& record, int number, const internal::LayerState& layer,
                 ValueSearch* result) {
  ValueSearch of_layer{record.findings, record.notes, {}, {}, {}};
  for (Finding& finding : of_layer.findings) {
    finding.layer = number;
    finding.blob = layer.blob;
  }
  for (Note& note : of_layer.notes) note.layer = number;
  Append(std::move(of_layer), result);
}

void AddReady(const internal::LayerBlob& blob, ContentsByOffset contents, ReadyContents* ready) {
  for (const Entry& entry : blob.index.entries) {
    if (contents.empty()) return;
    const auto content = contents.find(entry.content_offset());
    if (content == contents.end() || content->second.size() != entry.size()) continue;
    ready->emplace(&entry, std::move(content->second));
    contents.erase(content);
  }
}

}  // namespace

ValueSearch SearchImage(const Image& image, const ValueSet& set, const SearchLimits& limits,
                        ReadyContents* ready, Hashing hashing, CachedLayers* cached) {
  const internal::ImageState& state = internal::ImageAccess::State(image);
  BlobHits hits = SearchLayers(state, set, limits, hashing, cached);
  ValueSearch result;
  for (std::size_t i = 0; i < state.layer_states.size(); ++i) {
    const internal::LayerState& layer = state.layer_states[i];
    if (layer.stored == nullptr) {
      result.unreadable.push_back(layer.missing_text);
      continue;
    }
    const LayerRecord* const record = cached == nullptr ? nullptr : cached->RecordOf(*layer.stored);
    if (record != nullptr) {
      AddRecorded(*record, static_cast<int>(i), layer, &result);
      continue;
    }
    const auto found = hits.find(layer.stored);
    if (found == hits.end()) continue;  // an empty blob
    ValueSearch of_layer;
    AddLayerFindings(state, static_cast<int>(i), found->second, set, &of_layer);
    const std::string& error = found->second.error;
    if (cached != nullptr && error.empty()) cached->Keep(*layer.stored, of_layer);
    Append(std::move(of_layer), &result);
    if (!error.empty()) result.unreadable.push_back(error);
  }
  for (auto& [blob, of_blob] : hits) {
    if (ready != nullptr) AddReady(*blob, std::move(of_blob.contents), ready);
  }
  AddDocumentFindings(state, set, limits, &result);
  return result;
}

}  // namespace watertight
