// From built images to the file that a real tool would have saved.
//
// A writer is a function from plain data to plain data: it takes the images and the options, and
// returns the entries of the archive in their order. Nothing is copied on the way: layers are
// ropes, so the result is a rope too, which a sink hashes, keeps in memory or writes to a file
// (archive_file.h). Each writer is one row of a table and one file; what writers share (OCI
// documents, v1 ids, names, blobs) are functions beside them.
//
//   SavedImage image{.names = {"app:ci"}, .config = config, .layers = {{layer, Digest(layer)}}};
//   const Archive archive = WriteArchive("docker-28", {image}, {});
//   ReplaceFile("app.tar", ToTar(archive));
//
// Not re-serialised: `config` goes into the archive as it is, but for `nix`, whose tool indents it.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator/archives/rope.h"
#include "generator/archives/tar_writer.h"

namespace watertight::generator {

enum class Compression { kNone, kGzip, kZstd };

// A layer's blob as a store has it already, such as a base image's.
struct StoredBlob {
  Rope bytes;
  std::string digest;
  Compression compression = Compression::kGzip;
};

struct SavedLayer {
  Rope tar;
  std::string diff_id;  // "sha256:…", as the image claims it
  std::optional<StoredBlob> stored;
};

// The statement around it names the image's manifest, so the writer makes it.
struct Attestation {
  std::string predicate_type;  // "https://slsa.dev/provenance/v0.2"
  std::string predicate;       // JSON
};

// Who wrote the image into its store; decides how manifests are spelled where the store kept one.
enum class Maker { kBuildkit, kClassic, kImport, kBuildah, kKaniko };

struct SavedImage {
  std::vector<std::string> names;  // "app:ci"; none for an image that is saved by its id
  std::string config;              // the exact JSON
  std::vector<SavedLayer> layers;  // from the base up
  Maker maker = Maker::kBuildkit;
  std::vector<Attestation> attestations;
  std::map<std::string, std::string> manifest_annotations;
  std::map<std::string, std::string> index_annotations;
};

class CompressedLayers;

struct ArchiveOptions {
  std::optional<Compression> compression = {};  // of layers; without it as the tool has it
  std::int64_t clock = 1767225600;              // the time of saving: 2026-01-01T00:00:00Z
  // What other archives with the same layers left, and are to find; null for one alone.
  CompressedLayers* compressed = nullptr;
};

struct WrittenLayer {
  std::string path;    // its bytes in the archive
  std::string digest;  // of the stored bytes
  Compression compression = Compression::kNone;
};

// Where one image's parts stand, for whoever follows values into the archive.
struct WrittenImage {
  std::string id;  // "sha256:…" of the config as written
  std::string config_path;
  std::vector<WrittenLayer> layers;
};

struct Archive {
  std::vector<TarEntry> entries;
  TarOptions tar;
  bool is_directory = false;  // files in a folder instead of a tar
  std::vector<WrittenImage> images;
  std::optional<Rope> file;  // the finished file, where it is not what the entries make: damaged
};

// Throws: Error for an unknown name (it lists all) and for what the tool refuses to save.
Archive WriteArchive(const std::string& writer, const std::vector<SavedImage>& images,
                     const ArchiveOptions& options);

struct ArchiveWriter {
  const char* name;
  const char* about;
  Compression compression;  // by default
  Archive (*write)(const std::vector<SavedImage>& images, const ArchiveOptions& options);
};

// In the order in which lists show them.
const std::vector<ArchiveWriter>& ArchiveWriters();
// Null for an unknown name.
const ArchiveWriter* FindArchiveWriter(const std::string& name);

Rope ToTar(const Archive& archive);

}  // namespace watertight::generator
