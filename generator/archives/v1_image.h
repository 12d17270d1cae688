// The per-layer documents of the image format before 2016: still written by many tools, needed by
// no reader. The top layer's repeats the image's config, so a value there stands twice.

#pragma once

#include <string>
#include <vector>

#include "generator/archives/json.h"

namespace watertight::generator {

struct V1Layer {
  std::string id;  // 64 hex digits
  std::string json;
};

// As Docker with a graph driver makes them: ids by moby's v1.CreateID, config in the classic form.
std::vector<V1Layer> DockerV1Layers(const Json& config, const std::vector<std::string>& diff_ids);

// As containers/image (skopeo, podman, buildah) makes them.
std::vector<V1Layer> ContainersV1Layers(const Json& config,
                                        const std::vector<std::string>& diff_ids);

// As go-containerregistry's legacy tarball makes them; ids depend on the compressed layers.
std::vector<V1Layer> CraneV1Layers(const Json& config, const std::string& config_bytes,
                                   const std::vector<std::string>& blob_digests);

// A config object with all keys of the classic form: what is unset is "", false or null.
Json ClassicForm(const Json* config);

}  // namespace watertight::generator
