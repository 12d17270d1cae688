#include "framework/scan/image_search.h"

#include "framework/image/image_access.h"
#include "framework/scan/document_search.h"
#include "framework/scan/layer_findings.h"
#include "framework/scan/layer_search.h"

namespace watertight {

ValueSearch SearchImage(const Image& image, const ValueSet& set, const SearchLimits& limits,
                        Hashing hashing) {
  const internal::ImageState& state = internal::ImageAccess::State(image);
  const BlobHits hits = SearchLayers(state, set, limits, hashing);
  ValueSearch result;
  for (std::size_t i = 0; i < state.layer_states.size(); ++i) {
    const internal::LayerState& layer = state.layer_states[i];
    if (layer.stored == nullptr) {
      result.unreadable.push_back(layer.missing_text);
      continue;
    }
    const auto found = hits.find(layer.stored);
    if (found == hits.end()) continue;  // an empty blob
    AddLayerFindings(state, static_cast<int>(i), found->second, set, &result);
    if (!found->second.error.empty()) result.unreadable.push_back(found->second.error);
  }
  AddDocumentFindings(state, set, limits, &result);
  return result;
}

}  // namespace watertight
