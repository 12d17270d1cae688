// The documents of an archive: manifest.json, and index.json with all that it leads to.

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "framework/image/archive.h"
#include "watertight/manifest.h"
#include "watertight/note.h"

namespace watertight {

class JsonObject;

// One image that the archive offers.
struct Candidate {
  std::vector<std::string> names;  // tags, reference names
  std::string config;              // path in the archive
  std::vector<std::string>
      layers;  // paths in the archive, from the base; the archive may lack a foreign one
  std::vector<Descriptor> descriptors;  // of the layers, where a manifest gives them; else empty
  std::string platform;                 // as a descriptor states it; empty otherwise
  std::optional<std::size_t> manifest;  // index into Documents::manifests
  std::string top;                      // the descriptor of index.json that leads to it
};

struct Documents {
  std::vector<Manifest> manifests;
  std::vector<Candidate> docker;     // from manifest.json
  std::vector<Candidate> oci;        // from index.json, or from the manifest of a dir: layout
  std::set<std::string> referenced;  // paths that some document leads to
  std::vector<Note> notes;
  std::string absent;  // what index.json lists and the archive lacks: platforms or digests
};

// Throws: Error with what() lacking the archive's name.
Documents ReadDocuments(const Archive& archive, const Limits& limits);

Descriptor ParseDescriptor(const JsonObject& json);

// "blobs/sha256/9d1c…" of "sha256:9d1c…"; empty for what is no digest.
std::string BlobPath(const std::string& digest);

// The bytes of a member. Throws: Error, kMissingBlob, kLimitExceeded; what() begins with path.
std::string ReadMember(const Archive& archive, const std::string& path, std::uint64_t limit);

}  // namespace watertight
