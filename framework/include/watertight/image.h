// A saved container image: every layer, configuration, history, attestation and leftover of it.
//
//   const auto image = watertight::Image::Open("app.tar");
//   for (const watertight::StoredEntry& stored : image.stored())
//     if (!stored.visible)
//       std::cout << stored.entry->path() << " is stored, but the container does not show it\n";
//
// or, without a file, of an archive that the test has made itself:
//
//   const auto image = watertight::Image::OpenBytes("made.tar", std::move(tar));
//
// An Image is an immutable value, cheap to copy, and safe to share between threads. Open reads the
// outer archive and its JSON; layers are indexed on first need, in parallel, each once; contents
// are read when asked for. Nothing is unpacked to disk: only a pipe, an archive that is compressed
// as a whole, or what a daemon or registry sends is spooled to one unlinked temporary file.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "watertight/config.h"
#include "watertight/error.h"
#include "watertight/history.h"
#include "watertight/layer.h"
#include "watertight/manifest.h"
#include "watertight/note.h"
#include "watertight/rootfs.h"

namespace watertight {

// What an image may cost. Real images stay far below; reaching one is an Error, kLimitExceeded.
struct Limits {
  std::uint64_t entries = 20'000'000;  // of all layers
  std::uint64_t layers = 4096;
  std::uint64_t archive_members = 1'000'000;
  std::uint64_t expanded_bytes = std::uint64_t{1} << 40;  // of one layer, uncompressed
  std::uint64_t expansion_ratio =
      1100;  // uncompressed to stored, checked beyond expansion_grace; see docs
  std::uint64_t expansion_grace = std::uint64_t{1} << 30;
  std::uint64_t json_bytes = std::uint64_t{64} << 20;        // of one document
  std::uint64_t documents_bytes = std::uint64_t{512} << 20;  // of all manifests and attestations
  std::uint64_t index_depth = 16;                            // nesting of image indexes
  std::uint64_t name_bytes = std::uint64_t{1} << 20;  // of one name, link target or PAX record
};

namespace internal {
struct ImageAccess;
}

struct OpenOptions {
  std::string platform;  // "linux/arm64"; empty: the machine's own, else the only one
  std::string image;     // "app:ci" or "@1": which image of several, where the reference is silent
  Limits limits;
  unsigned threads = 0;  // for indexing; 0: one for each processor
  std::function<void(std::uint64_t done, std::uint64_t total)>
      progress;  // bytes of a copy or a pass; total 0: unknown; ends with done == total; any thread
};

// A problem that EXPECT_INTACT reports: a digest, size or structure that is not what a document
// claims.
struct Violation {
  std::string place;  // "layer 2 (blobs/sha256/9d1c…)"
  std::string text;   // "its uncompressed bytes have sha256:aa…, the config claims sha256:bb…"

  friend bool operator==(const Violation&, const Violation&) = default;
};

void PrintTo(const Violation& violation, std::ostream* out);

class Image {
 public:
  // reference: a path, or "docker-archive:PATH[:TAG|:@INDEX]", "oci-archive:PATH[:REF]",
  // "oci:DIR[:REF]", "dir:DIR", "docker-daemon:NAME", or "-" for standard input; see
  // containers-transports(5). A bare path is recognised by content. Throws: Error. kSeveralImages
  // lists the images that the archive holds.
  static Image Open(const std::string& reference, const OpenOptions& options = {});

  // The same of bytes in memory, which are shared and not copied: any archive that Open takes as a
  // file. name is what messages call it; it is no reference, so options.image chooses one of
  // several images. Throws: Error.
  static Image OpenBytes(const std::string& name, std::shared_ptr<const std::string> bytes,
                         const OpenOptions& options = {});
  static Image OpenBytes(const std::string& name, std::string bytes,
                         const OpenOptions& options = {});

  // As given to Open, or the name that was given to OpenBytes.
  const std::string& reference() const;
  // The archive file or layout directory, without transport and tag; "-" for standard input; empty
  // for bytes in memory, and for an image of a daemon or registry.
  const std::string& archive_path() const;
  // "docker-archive", "oci-archive", "oci", "dir", or what the reference begins with.
  const std::string& transport() const;
  // Names of the image in the archive: "app:ci". Empty when it was saved without one.
  const std::vector<std::string>& tags() const;
  // The config digest, "sha256:…", computed from its bytes.
  const std::string& id() const;

  const Config& config() const;
  const std::vector<HistoryStep>& history() const;
  // History and layers agree in number, so that steps are attributed to layers.
  bool history_matches_layers() const;
  const std::vector<Layer>& layers() const;
  // manifest.json, index.json, and all that they lead to, attestations and other platforms'
  // manifests included.
  const std::vector<Manifest>& manifests() const;
  // Every file of the archive, sorted by path.
  const std::vector<Blob>& blobs() const;
  // The bytes of a file of the archive as stored. Throws: Error, kNotFound or kLimitExceeded.
  std::string ReadBlob(const std::string& path, std::uint64_t limit = std::uint64_t{1} << 30) const;

  // The merged root filesystem. Throws: Error when a layer cannot be read.
  const Rootfs& rootfs() const;
  // Every entry that some layer stores, but for whiteouts and root directories, sorted by path,
  // then layer, then order in the layer. Throws: Error when a layer cannot be read.
  const std::vector<StoredEntry>& stored() const;
  // Bytes of all uncompressed layer tars. Throws: Error when a layer cannot be read.
  std::uint64_t size() const;
  // Bytes of files that are stored but not visible. Throws: Error when a layer cannot be read.
  std::uint64_t wasted() const;

  // Everything odd that was met. Indexes and merges the layers, and leaves out what an unreadable
  // layer would have told.
  const std::vector<Note>& notes() const;
  // Layers that cannot be read, as their error texts; empty when all can. Indexes the layers.
  std::vector<std::string> unreadable_layers() const;

  // Hashes every byte: all claims of documents about digests and sizes, and the structure of every
  // layer. Reads the whole archive. Reports all violations, not the first. Never throws for a
  // property of the image.
  std::vector<Violation> Validate() const;

 private:
  friend struct internal::ImageAccess;

  explicit Image(std::shared_ptr<const internal::ImageState> state) : state_(std::move(state)) {}

  // Throws: Error, with the name before what `open` said.
  static Image OpenNamed(const std::string& name,
                         const std::function<std::shared_ptr<internal::ImageState>()>& open);

  std::shared_ptr<const internal::ImageState> state_;
};

// One line: "app.tar (linux/amd64, 3 layers, sha256:5f70bf18a086)".
void PrintTo(const Image& image, std::ostream* out);

}  // namespace watertight
