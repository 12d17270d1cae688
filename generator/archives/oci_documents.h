// Manifests, indexes and attestations, in the spelling of whoever put the image into its store.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/archives/entries.h"
#include "generator/archives/json.h"

namespace watertight::generator {

enum class MediaFamily { kOci, kDocker };

// "application/vnd.oci.image.layer.v1.tar+gzip" and its relatives.
std::string LayerMediaType(MediaFamily family, Compression compression);
const char* ManifestMediaType(MediaFamily family);
const char* ConfigMediaType(MediaFamily family);

// pkg:docker/NAME@TAG?platform=linux%2Famd64
std::string PackageUrl(const std::string& name, const std::string& platform);

inline constexpr char kIndexMediaType[] = "application/vnd.oci.image.index.v1+json";
inline constexpr char kListMediaType[] =
    "application/vnd.docker.distribution.manifest.list.v2+json";

// {"mediaType", "digest", "size"}, the order of the OCI specification.
Json Descriptor(const std::string& media_type, const std::string& digest, std::uint64_t size);

// A JSON object of texts, sorted.
Json Annotations(const std::map<std::string, std::string>& annotations);

// {"architecture", "os", …} of the config.
Json PlatformOf(const Json& config);

struct ManifestLayer {
  std::string media_type;
  std::string digest;
  std::uint64_t size = 0;
};

struct Manifest {
  MediaFamily family = MediaFamily::kOci;
  std::string config_digest;
  std::uint64_t config_size = 0;
  std::vector<ManifestLayer> layers;
  std::map<std::string, std::string> annotations;
};

// How manifests are written: BuildKit indents by 2, the classic builder in the containerd store by
// 4 with the media type in front, Go's tools write one line, go-containerregistry size first.
enum class ManifestSpelling { kBuildkit, kClassic, kOneLine, kCrane };

std::string ManifestJson(const Manifest& manifest, ManifestSpelling spelling);

// What an index document or index.json points to.
struct Pointer {
  std::string media_type;
  std::string digest;
  std::uint64_t size = 0;
  bool is_index = false;
};

// Adds the attestation manifest of BuildKit; returns its descriptor in an index.
Json AddAttestation(Blobs& blobs, const SavedImage& image, const Json& config,
                    const Pointer& manifest);

// The descriptor of a manifest with the platform that it is for.
Json PlatformDescriptor(const Pointer& manifest, const Json& config);

// {"schemaVersion", "mediaType", "manifests"}.
Json IndexJson(std::vector<Json> descriptors, const char* media_type = kIndexMediaType);

// Positions of images, the platforms of one name together: images of the same names for different
// platforms are one image to the tools, and an index lists them.
std::vector<std::vector<std::size_t>> ByName(const std::vector<SavedImage>& images);

}  // namespace watertight::generator
