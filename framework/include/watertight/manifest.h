// The documents around an image: manifests, indexes, attestations; and the blobs of its archive.
//
//   for (const watertight::Manifest& manifest : image.manifests())
//     for (const watertight::Attestation& attestation : manifest.attestations)
//       std::cout << attestation.predicate_type << "\n";
//
// Source: OCI image-spec manifest.md, image-index.md; Docker's manifest.json; BuildKit's
// attestation storage.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace watertight {

struct Descriptor {
  std::string media_type;
  std::string digest;  // "sha256:…"
  std::uint64_t size = 0;
  std::map<std::string, std::string> annotations;
  std::string platform;           // "linux/amd64"; empty when not stated
  std::vector<std::string> urls;  // of a foreign layer

  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

void PrintTo(const Descriptor& descriptor, std::ostream* out);

enum class ManifestKind {
  kDockerArchive,  // manifest.json
  kIndex,          // index.json, an image index or a manifest list
  kImage,          // the manifest of one image, this one or another of the archive
  kAttestation,    // a manifest with vnd.docker.reference.type, or one with an in-toto layer
};

const char* ToString(ManifestKind kind);
void PrintTo(ManifestKind kind, std::ostream* out);

// One in-toto statement of an attestation.
struct Attestation {
  std::string predicate_type;  // "https://slsa.dev/provenance/v0.2"
  std::string blob;            // its path in the archive
  std::string json;            // the exact bytes
};

struct Manifest {
  ManifestKind kind = ManifestKind::kImage;
  bool selected = false;  // it belongs to the image that was opened
  std::string blob;       // path in the archive: "manifest.json", "blobs/sha256/…"
  std::string digest;     // claimed by whoever refers to it; empty for the two root documents
  std::string media_type;
  std::string platform;   // as its descriptor states it
  std::string refers_to;  // vnd.docker.reference.digest of an attestation
  std::optional<Descriptor> config;
  std::vector<Descriptor> layers;                             // of an image or attestation
  std::vector<Descriptor> manifests;                          // of an index
  std::map<std::string, std::string> annotations;             // its own
  std::map<std::string, std::string> descriptor_annotations;  // of the descriptor that leads to it
  std::vector<Attestation> attestations;
  std::string json;  // the exact bytes
};

void PrintTo(const Manifest& manifest, std::ostream* out);

// One file of the archive that is neither directory nor symlink.
struct Blob {
  std::string path;         // cleaned
  std::string member;       // the same as the archive spells it, for tar: "./index.json"
  std::uint64_t size = 0;   // as stored
  bool referenced = false;  // some document of the archive leads to it
  int occurrence = 1;       // which entry of this spelling it is: the last one counts
};

void PrintTo(const Blob& blob, std::ostream* out);

}  // namespace watertight
