#include "generator/archives/oci_documents.h"

#include <algorithm>
#include <utility>

#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"

namespace watertight::generator {
namespace {

constexpr char kInToto[] = "application/vnd.in-toto+json";
constexpr char kStatementType[] = "https://in-toto.io/Statement/v0.1";

Json DescriptorSizeFirst(const std::string& media_type, const std::string& digest,
                         std::uint64_t size) {
  return Json::Object({{"mediaType", media_type}, {"size", size}, {"digest", digest}});
}

// A package URL (purl) keeps only these as they are.
std::string PercentEncoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += "0123456789ABCDEF"[byte >> 4];
    encoded += "0123456789ABCDEF"[byte & 15];
  }
  return encoded;
}

Json Subjects(const SavedImage& image, const Json& config, const std::string& digest) {
  Json subjects = Json::Array();
  const auto add = [&](const std::string& name) {
    subjects.Append(
        Json::Object({{"name", name}, {"digest", Json::Object({{"sha256", HexOf(digest)}})}}));
  };
  const std::string platform = config.TextOf("os") + "/" + config.TextOf("architecture");
  for (const std::string& name : image.names) add(PackageUrl(name, platform));
  if (image.names.empty()) add("_");
  return subjects;
}

struct AttestationLayers {
  std::vector<Json> descriptors;
  std::vector<Json> diff_ids;
};

AttestationLayers AddStatements(Blobs& blobs, const SavedImage& image, const Json& config,
                                const std::string& manifest_digest) {
  AttestationLayers layers;
  for (const Attestation& attestation : image.attestations) {
    const Json statement = Json::Object(
        {{"_type", kStatementType},
         {"predicateType", attestation.predicate_type},
         {"subject", Subjects(image, config, manifest_digest)},
         {"predicate", ParseJson(attestation.predicate, "predicate of an attestation")}});
    std::string bytes = Write(statement, kGoCompact);
    const std::uint64_t size = bytes.size();
    const std::string digest = blobs.Add(std::move(bytes));
    Json descriptor = Descriptor(kInToto, digest, size);
    descriptor.Set("annotations",
                   Json::Object({{"in-toto.io/predicate-type", attestation.predicate_type}}));
    layers.descriptors.push_back(std::move(descriptor));
    layers.diff_ids.push_back(digest);
  }
  return layers;
}

// The attestation manifest poses as an image of an unknown platform, whose layers are JSON.
Json AddAttestationManifest(Blobs& blobs, const AttestationLayers& layers) {
  const Json config = Json::Object(
      {{"architecture", "unknown"},
       {"os", "unknown"},
       {"config", Json::Object()},
       {"rootfs", Json::Object({{"type", "layers"}, {"diff_ids", Json::Array(layers.diff_ids)}})}});
  std::string config_bytes = Write(config, kGoCompact);
  const std::uint64_t config_size = config_bytes.size();
  const std::string config_digest = blobs.Add(std::move(config_bytes));
  const Json manifest = Json::Object(
      {{"schemaVersion", 2},
       {"mediaType", ManifestMediaType(MediaFamily::kOci)},
       {"config", Descriptor(ConfigMediaType(MediaFamily::kOci), config_digest, config_size)},
       {"layers", Json::Array(layers.descriptors)}});
  std::string bytes = Write(manifest, kGoIndented2);
  const std::uint64_t size = bytes.size();
  return Descriptor(ManifestMediaType(MediaFamily::kOci), blobs.Add(std::move(bytes)), size);
}

}  // namespace

std::string PackageUrl(const std::string& name, const std::string& platform) {
  const std::string short_name = ShortName(name);
  const std::string repository = RepositoryOf(short_name);
  const std::string tag = short_name.substr(repository.size() + 1);
  return "pkg:docker/" + repository + "@" + tag + "?platform=" + PercentEncoded(platform);
}

std::string LayerMediaType(MediaFamily family, Compression compression) {
  const bool oci = family == MediaFamily::kOci;
  std::string type = oci ? "application/vnd.oci.image.layer.v1.tar"
                         : "application/vnd.docker.image.rootfs.diff.tar";
  if (compression == Compression::kNone) return type;
  return type + (oci ? "+" : ".") + (compression == Compression::kGzip ? "gzip" : "zstd");
}

const char* ManifestMediaType(MediaFamily family) {
  return family == MediaFamily::kOci ? "application/vnd.oci.image.manifest.v1+json"
                                     : "application/vnd.docker.distribution.manifest.v2+json";
}

const char* ConfigMediaType(MediaFamily family) {
  return family == MediaFamily::kOci ? "application/vnd.oci.image.config.v1+json"
                                     : "application/vnd.docker.container.image.v1+json";
}

Json Descriptor(const std::string& media_type, const std::string& digest, std::uint64_t size) {
  return Json::Object({{"mediaType", media_type}, {"digest", digest}, {"size", size}});
}

Json Annotations(const std::map<std::string, std::string>& annotations) {
  Json object = Json::Object();
  for (const auto& [key, value] : annotations) object.Set(key, value);
  return object;
}

Json PlatformOf(const Json& config) {
  Json platform = Json::Object();
  for (const char* key : {"architecture", "os", "os.version", "variant"}) {
    const std::string value = config.TextOf(key);
    const bool required = key[0] == 'a' || std::string_view(key) == "os";
    if (required || !value.empty()) platform.Set(key, value);
  }
  return platform;
}

std::string ManifestJson(const Manifest& manifest, ManifestSpelling spelling) {
  const auto descriptor = spelling == ManifestSpelling::kCrane ? DescriptorSizeFirst : Descriptor;
  Json layers = Json::Array();
  for (const ManifestLayer& layer : manifest.layers) {
    layers.Append(descriptor(layer.media_type, layer.digest, layer.size));
  }
  // BuildKit's exporter leaves its list of layers nil.
  if (manifest.layers.empty() && spelling == ManifestSpelling::kBuildkit) layers = Json();
  Json document = Json::Object();
  if (spelling == ManifestSpelling::kClassic) {
    document.Set("mediaType", ManifestMediaType(manifest.family)).Set("schemaVersion", 2);
  } else {
    document.Set("schemaVersion", 2).Set("mediaType", ManifestMediaType(manifest.family));
  }
  document.Set("config", descriptor(ConfigMediaType(manifest.family), manifest.config_digest,
                                    manifest.config_size));
  document.Set("layers", std::move(layers));
  if (!manifest.annotations.empty()) {
    document.Set("annotations", Annotations(manifest.annotations));
  }
  const JsonSpelling written = spelling == ManifestSpelling::kBuildkit  ? kGoIndented2
                               : spelling == ManifestSpelling::kClassic ? kGoIndented4
                                                                        : kGoCompact;
  return Write(document, written);
}

Json AddAttestation(Blobs& blobs, const SavedImage& image, const Json& config,
                    const Pointer& manifest) {
  const AttestationLayers layers = AddStatements(blobs, image, config, manifest.digest);
  Json attestation = AddAttestationManifest(blobs, layers);
  attestation.Set("annotations",
                  Json::Object({{"vnd.docker.reference.digest", manifest.digest},
                                {"vnd.docker.reference.type", "attestation-manifest"}}));
  attestation.Set("platform", Json::Object({{"architecture", "unknown"}, {"os", "unknown"}}));
  return attestation;
}

Json PlatformDescriptor(const Pointer& manifest, const Json& config) {
  Json descriptor = Descriptor(manifest.media_type, manifest.digest, manifest.size);
  descriptor.Set("platform", PlatformOf(config));
  return descriptor;
}

Json IndexJson(std::vector<Json> descriptors, const char* media_type) {
  return Json::Object({{"schemaVersion", 2},
                       {"mediaType", media_type},
                       {"manifests", Json::Array(std::move(descriptors))}});
}

std::vector<std::vector<std::size_t>> ByName(const std::vector<SavedImage>& images) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto same = std::ranges::find_if(groups, [&](const std::vector<std::size_t>& group) {
      return !images[i].names.empty() && images[group.front()].names == images[i].names;
    });
    if (same == groups.end()) {
      groups.push_back({i});
    } else {
      same->push_back(i);
    }
  }
  return groups;
}

}  // namespace watertight::generator
