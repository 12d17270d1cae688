#include "framework/image/documents.h"

#include <algorithm>
#include <map>
#include <utility>

#include "framework/image/json.h"
#include "framework/image/path.h"

namespace watertight {
namespace {

constexpr char kRefName[] = "org.opencontainers.image.ref.name";
constexpr char kContainerdName[] = "io.containerd.image.name";
constexpr char kReferenceType[] = "vnd.docker.reference.type";
constexpr char kReferenceDigest[] = "vnd.docker.reference.digest";
constexpr char kInToto[] = "application/vnd.in-toto+json";

constexpr const char* kImageConfigs[] = {"application/vnd.oci.image.config.v1+json",
                                         "application/vnd.docker.container.image.v1+json"};

// Signatures, charts and other artifacts lie in layouts beside images: their config is of another
// type, or their layers are JSON.
bool IsArtifact(const Manifest& manifest) {
  const std::string& config = manifest.config->media_type;
  const bool image_config =
      config.empty() || std::any_of(std::begin(kImageConfigs), std::end(kImageConfigs),
                                    [&](const char* type) { return config == type; });
  const bool only_json =
      !manifest.layers.empty() &&
      std::all_of(manifest.layers.begin(), manifest.layers.end(),
                  [](const Descriptor& layer) { return layer.media_type.ends_with("+json"); });
  return !image_config || only_json;
}

std::string Join(const std::string& os, const std::string& architecture,
                 const std::string& variant) {
  if (os.empty() && architecture.empty()) return "";
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

const std::string* FindIn(const std::map<std::string, std::string>& map, const char* key) {
  const auto it = map.find(key);
  return it == map.end() || it->second.empty() ? nullptr : &it->second;
}

// The names by which a descriptor's image can be asked for.
std::vector<std::string> NamesOf(const Descriptor& descriptor) {
  const std::string* full = FindIn(descriptor.annotations, kContainerdName);
  const std::string* reference = FindIn(descriptor.annotations, kRefName);
  std::vector<std::string> names;
  if (full != nullptr) names.push_back(*full);
  if (reference != nullptr && full == nullptr) names.push_back(*reference);
  return names;
}

class DocumentReader {
 public:
  DocumentReader(const Archive& archive, const Limits& limits)
      : archive_(archive), limits_(limits) {
    documents_.notes = archive.notes;
  }

  Documents Read() {
    const bool has_manifest = archive_.members.count("manifest.json") != 0;
    const bool has_index = archive_.members.count("index.json") != 0;
    if (!has_manifest && !has_index) {
      throw Error(ErrorCode::kNotAnImage,
                  archive_.directory
                      ? "is no image layout: it holds neither index.json nor manifest.json"
                      : "is no image archive: it holds neither manifest.json nor index.json");
    }
    for (const char* known : {"oci-layout", "repositories", "version"}) Refer(known);
    if (has_manifest) ReadManifestJson();
    if (has_index) ReadIndexJson(has_manifest);
    return std::move(documents_);
  }

 private:
  void Refer(std::string path) {
    if (archive_.members.count(path) != 0) documents_.referenced.insert(path);
    if (archive_.Find(&path) != nullptr) documents_.referenced.insert(path);
  }

  // All that is read stays in memory, and one blob may be referred to any number of times.
  std::string ReadBytes(const std::string& path) {
    std::string bytes = ReadMember(archive_, path, limits_.json_bytes);
    read_ += bytes.size();
    if (read_ <= limits_.documents_bytes) return bytes;
    throw Error(ErrorCode::kLimitExceeded, "its documents have more than " +
                                               std::to_string(limits_.documents_bytes) +
                                               " bytes together, up to " + Printable(path));
  }

  void ReadManifestJson() {
    Manifest manifest;
    manifest.blob = "manifest.json";
    manifest.json = ReadBytes(manifest.blob);
    Refer(manifest.blob);
    const Json json = ParseJson(manifest.json, manifest.blob, &documents_.notes);
    if (json.is_object()) {
      // skopeo's dir: layout keeps the image's own manifest here.
      directory_layout_ = true;
      Descriptor top;
      top.media_type = JsonObject(json, manifest.blob).String("mediaType");
      ReadManifest(json, std::move(manifest), top, {}, "");
      return;
    }
    manifest.kind = ManifestKind::kDockerArchive;
    if (!json.is_array()) throw Error(ErrorCode::kBadJson, "manifest.json: a list was expected");
    for (std::size_t i = 0; i < json.size(); ++i) {
      ReadDockerImage(JsonObject(json[i], "manifest.json: [" + std::to_string(i) + "]"));
    }
    documents_.manifests.push_back(std::move(manifest));
  }

  void ReadDockerImage(const JsonObject& json) {
    Candidate image;
    image.config = CleanName(json.String("Config")).path;
    if (image.config.empty()) throw Error(ErrorCode::kBadJson, json.place() + ": has no Config");
    image.names = json.Strings("RepoTags");
    for (const std::string& layer : json.Strings("Layers")) {
      image.layers.push_back(CleanName(layer).path);
      Refer(image.layers.back());
    }
    if (const auto sources = json.Object("LayerSources")) {
      for (auto it = sources->value().begin(); it != sources->value().end(); ++it) {
        image.descriptors.push_back(
            ParseDescriptor(JsonObject(*it, sources->place() + "." + it.key())));
      }
    }
    Refer(image.config);
    documents_.docker.push_back(std::move(image));
  }

  void ReadIndexJson(bool has_manifest) {
    Manifest index;
    index.blob = "index.json";
    Refer(index.blob);
    try {
      index.json = ReadBytes(index.blob);
      const Json json = ParseJson(index.json, index.blob, &documents_.notes);
      ReadIndex(json, std::move(index), {}, "", 0);
    } catch (const Error& error) {
      // Docker 25.0 wrote a broken OCI half beside a manifest.json that was right.
      if (!has_manifest) throw;
      documents_.notes.push_back({"unreadable-document", std::nullopt, "index.json", error.what()});
    }
    if (!documents_.absent.empty()) {
      documents_.notes.push_back(
          {"absent-manifest", std::nullopt, "index.json",
           "the index lists manifests that the archive does not hold: " + documents_.absent});
    }
  }

  void ReadIndex(const Json& document, Manifest index, const std::vector<std::string>& names,
                 const std::string& top, std::uint64_t depth) {
    if (depth > limits_.index_depth) {
      throw Error(ErrorCode::kLimitExceeded, index.blob + ": image indexes are nested too deeply");
    }
    const JsonObject json(document, index.blob);
    index.kind = ManifestKind::kIndex;
    index.media_type = json.String("mediaType");
    index.annotations = json.StringMap("annotations");
    for (const JsonObject& item : json.Objects("manifests")) {
      index.manifests.push_back(ParseDescriptor(item));
    }
    const std::vector<Descriptor> children = index.manifests;
    documents_.manifests.push_back(std::move(index));
    for (const Descriptor& child : children) {
      std::vector<std::string> child_names = depth == 0 ? NamesOf(child) : names;
      ReadChild(child, child_names, depth == 0 ? child.digest : top, depth + 1);
    }
  }

  void ReadChild(const Descriptor& child, const std::vector<std::string>& names,
                 const std::string& top, std::uint64_t depth) {
    const std::string path = BlobPath(child.digest);
    std::string target = path;
    if (path.empty() || archive_.Find(&target) == nullptr) {
      AddAbsent(child);
      return;
    }
    if (!visited_.insert(path).second) {
      AddNames(path, names);
      return;
    }
    Refer(path);
    Manifest manifest;
    manifest.blob = path;
    manifest.digest = child.digest;
    manifest.platform = child.platform;
    manifest.descriptor_annotations = child.annotations;
    manifest.json = ReadBytes(path);
    const Json json = ParseJson(manifest.json, path, &documents_.notes);
    if (json.is_object() && json.contains("manifests")) {
      ReadIndex(json, std::move(manifest), names, top, depth);
    } else {
      ReadManifest(json, std::move(manifest), child, names, top);
    }
  }

  void AddAbsent(const Descriptor& child) {
    constexpr std::size_t kMostListed = 10;
    if (++absent_ > kMostListed + 1) return;
    const std::string name =
        child.platform.empty() ? Printable(child.digest) : Printable(child.platform);
    documents_.absent +=
        (documents_.absent.empty() ? "" : ", ") + (absent_ > kMostListed ? "…" : name);
  }

  // The same manifest under another name: docker save writes one descriptor for each tag.
  void AddNames(const std::string& path, const std::vector<std::string>& names) {
    const auto [first, last] = images_of_.equal_range(path);
    for (auto image = first; image != last; ++image) {
      std::vector<std::string>& known = documents_.oci[image->second].names;
      known.insert(known.end(), names.begin(), names.end());
    }
  }

  void ReadManifest(const Json& document, Manifest manifest, const Descriptor& descriptor,
                    const std::vector<std::string>& names, const std::string& top) {
    const JsonObject json(document, manifest.blob);
    manifest.media_type = json.String("mediaType");
    if (manifest.media_type.empty()) manifest.media_type = descriptor.media_type;
    manifest.annotations = json.StringMap("annotations");
    if (const auto config = json.Object("config")) manifest.config = ParseDescriptor(*config);
    for (const JsonObject& layer : json.Objects("layers")) {
      manifest.layers.push_back(ParseDescriptor(layer));
    }
    const bool in_toto =
        std::any_of(manifest.layers.begin(), manifest.layers.end(),
                    [](const Descriptor& layer) { return layer.media_type == kInToto; });
    const bool attestation = in_toto || descriptor.annotations.count(kReferenceType) != 0;
    if (manifest.config) Refer(Place(manifest.config->digest));
    for (const Descriptor& layer : manifest.layers) Refer(Place(layer.digest));
    if (attestation) {
      ReadAttestation(&manifest);
    } else {
      AddImage(manifest, descriptor, names, top);
    }
    documents_.manifests.push_back(std::move(manifest));
  }

  void ReadAttestation(Manifest* manifest) {
    manifest->kind = ManifestKind::kAttestation;
    const std::string* subject = FindIn(manifest->descriptor_annotations, kReferenceDigest);
    if (subject != nullptr) manifest->refers_to = *subject;
    for (const Descriptor& layer : manifest->layers) {
      Attestation attestation;
      const std::string* predicate = FindIn(layer.annotations, "in-toto.io/predicate-type");
      if (predicate != nullptr) attestation.predicate_type = *predicate;
      attestation.blob = Place(layer.digest);
      std::string target = attestation.blob;
      if (archive_.Find(&target) == nullptr) {
        documents_.notes.push_back(
            {"missing-attestation", std::nullopt, attestation.blob,
             "the archive does not hold the attestation " + Printable(layer.digest)});
        continue;
      }
      attestation.json = ReadBytes(attestation.blob);
      manifest->attestations.push_back(std::move(attestation));
    }
  }

  void AddImage(const Manifest& manifest, const Descriptor& descriptor,
                const std::vector<std::string>& names, const std::string& top) {
    if (!manifest.config || IsArtifact(manifest)) return;
    Candidate image;
    image.names = names;
    image.config = Place(manifest.config->digest);
    for (const Descriptor& layer : manifest.layers) image.layers.push_back(Place(layer.digest));
    image.descriptors = manifest.layers;
    image.platform = descriptor.platform;
    image.manifest = documents_.manifests.size();
    image.top = top;
    images_of_.emplace(manifest.blob, documents_.oci.size());
    const std::string top_path = BlobPath(top);
    if (top_path != manifest.blob) images_of_.emplace(top_path, documents_.oci.size());
    documents_.oci.push_back(std::move(image));
  }

  std::string Place(const std::string& digest) const {
    const std::string path = BlobPath(digest);
    return directory_layout_ && !path.empty() ? std::string(SplitParent(path).second) : path;
  }

  const Archive& archive_;
  const Limits& limits_;
  Documents documents_;
  std::set<std::string> visited_;
  std::multimap<std::string, std::size_t> images_of_;  // by the path of a manifest or index
  std::uint64_t read_ = 0;
  std::size_t absent_ = 0;
  bool directory_layout_ = false;
};

}  // namespace

Descriptor ParseDescriptor(const JsonObject& json) {
  Descriptor descriptor;
  descriptor.media_type = json.String("mediaType");
  descriptor.digest = json.String("digest");
  descriptor.size = static_cast<std::uint64_t>(std::max<std::int64_t>(json.Integer("size"), 0));
  descriptor.annotations = json.StringMap("annotations");
  descriptor.urls = json.Strings("urls");
  if (const auto platform = json.Object("platform")) {
    descriptor.platform =
        Join(platform->String("os"), platform->String("architecture"), platform->String("variant"));
  }
  return descriptor;
}

std::string BlobPath(const std::string& digest) {
  const std::size_t colon = digest.find(':');
  if (colon == std::string::npos || digest.find('/') != std::string::npos) return "";
  return CleanName("blobs/" + digest.substr(0, colon) + "/" + digest.substr(colon + 1)).path;
}

std::string ReadMember(const Archive& archive, const std::string& path, std::uint64_t limit) {
  std::string target = path;
  const Member* member = archive.Find(&target);
  if (member == nullptr) {
    throw Error(ErrorCode::kMissingBlob, Printable(path) + ": the archive does not hold it");
  }
  try {
    return ReadAll(*member->bytes, limit);
  } catch (const Error& error) {
    throw Error(error.code(), Printable(path) + ": " + error.what());
  }
}

Documents ReadDocuments(const Archive& archive, const Limits& limits) {
  return DocumentReader(archive, limits).Read();
}

}  // namespace watertight
