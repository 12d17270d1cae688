// The layers of one image, with what earlier searches found out about the same bytes.
//
// A record is kept under: the build of the program; what was searched for, with all limits; and
// samples of the stored bytes. So a record can be found and read only by who holds the layer. It
// counts only when the digest of the stored bytes is the record's. That digest is computed anew,
// unless the cache knows it of these bytes of this file, and the file system says that nobody
// changed them since.

#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "framework/image/file_range.h"
#include "framework/image/image_state.h"
#include "framework/scan/cache/cache_folder.h"
#include "framework/scan/cache/layer_record.h"
#include "watertight/image.h"
#include "watertight/known_values.h"

namespace watertight {

class CachedLayers {
 public:
  // what: all that decides what a search of the same bytes finds. folder must outlive the image.
  CachedLayers(CacheFolder* folder, const internal::ImageState& image, std::string what);

  // Looks for the record of a blob; with one, the blob has its hashes. Safe from several threads,
  // once for each blob.
  bool Find(internal::LayerBlob* blob);
  // Gives it the index of the record; contents that are read of it are kept. Requires: Find found
  // one, and the blob has no index.
  void RestoreIndex(internal::LayerBlob* blob);

  // Null when no record was found.
  const LayerRecord* RecordOf(const internal::LayerBlob& blob) const;

  // Keeps what a search found in a blob whose hashes are known, and contents that are read of it.
  void Keep(const internal::LayerBlob& blob, const ValueSearch& found);

 private:
  // What tells the stored bytes from others before they are read.
  struct Identity {
    std::string samples;
    std::optional<FileRange> range;
    std::int64_t taken = 0;  // when, in nanoseconds since 1970
  };

  void KeepContentsOf(const internal::LayerBlob& blob);
  static Identity IdentityOf(const ByteSource& bytes);
  std::string About(const char* kind, const Identity& identity) const;
  std::string KnownDigest(const Identity& identity) const;
  void RememberDigest(const internal::LayerBlob& blob, const Identity& identity,
                      const std::string& digest);

  CacheFolder& folder_;
  const internal::ImageState& image_;
  std::string what_;
  std::mutex mutex_;
  std::map<const internal::LayerBlob*, Identity> identities_;
  std::map<const internal::LayerBlob*, LayerRecord> records_;
};

// Makes the contents that were read of the image's layers last in its cache, if it has one.
void SaveContents(const Image& image);

}  // namespace watertight
