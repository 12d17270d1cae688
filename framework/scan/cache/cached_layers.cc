#include "framework/scan/cache/cached_layers.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "framework/image/image_access.h"
#include "framework/image/layer_reader.h"
#include "framework/image/sha256.h"
#include "framework/image/varint.h"
#include "framework/scan/cache/build_id.h"
#include "framework/scan/cache/cached_contents.h"

namespace watertight {

using internal::LayerBlob;

namespace {

std::int64_t Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// Four pieces of the bytes, from their begin to their end.
std::string SamplesOf(const ByteSource& bytes) {
  constexpr std::uint64_t kPieces = 4;
  constexpr std::uint64_t kPiece = 1024;
  Sha256 hash;
  hash.Update(std::to_string(bytes.size()));
  const std::uint64_t last = bytes.size() - std::min(bytes.size(), kPiece);
  for (std::uint64_t i = 0; i < kPieces; ++i) {
    char piece[kPiece];
    const std::size_t got = bytes.ReadAt(last / (kPieces - 1) * i, piece, sizeof(piece));
    hash.Update({piece, got});
  }
  return hash.Hex();
}

// Whether a later change would show in the times of the file: it was not changed just before, as
// measured by the clock that file systems use, which may stand still for 10 ms; those that know
// no fractions of a second stand still for 2 s.
bool IsSettled(const FileRange& range, std::int64_t taken) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const bool coarse = range.changed % kSecond == 0;
  return taken - range.changed > (coarse ? 2 * kSecond : kSecond / 10);
}

void PutRange(const FileRange& range, std::string* out) {
  for (const std::uint64_t number :
       {range.device, range.inode, range.file_size, static_cast<std::uint64_t>(range.modified),
        static_cast<std::uint64_t>(range.changed), range.offset, range.size}) {
    PutVarint(number, out);
  }
}

std::string DigestOf(const ByteSource& bytes) {
  Sha256 hash;
  std::vector<char> buffer(std::size_t{256} << 10);
  std::uint64_t offset = 0;
  while (const std::size_t got = bytes.ReadAt(offset, buffer.data(), buffer.size())) {
    hash.Update({buffer.data(), got});
    offset += got;
  }
  return hash.Digest();
}

std::optional<LayerRecord> Unpacked(const std::optional<std::string>& text) {
  try {
    return text ? std::optional(UnpackLayer(*text)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // it is made anew
  }
}

std::string LimitsText(const Limits& limits) {
  std::string text;
  for (const std::uint64_t limit : {limits.entries, limits.expanded_bytes, limits.expansion_ratio,
                                    limits.expansion_grace, limits.name_bytes}) {
    PutVarint(limit, &text);
  }
  return text;
}

}  // namespace

CachedLayers::CachedLayers(CacheFolder* folder, const internal::ImageState& image, std::string what)
    : folder_(*folder), image_(image) {
  PutText(BuildId(), &what_);
  PutText(LimitsText(image.options.limits), &what_);
  PutText(what, &what_);
}

CachedLayers::Identity CachedLayers::IdentityOf(const ByteSource& bytes) {
  Identity identity;
  identity.taken = Now();
  identity.range = RangeOf(bytes);
  identity.samples = SamplesOf(bytes);
  return identity;
}

std::string CachedLayers::About(const char* kind, const Identity& identity) const {
  std::string about;
  PutText(kind, &about);
  PutText(what_, &about);
  PutText(identity.samples, &about);
  return about;
}

std::string CachedLayers::KnownDigest(const Identity& identity) const {
  if (!identity.range) return "";
  std::string about = About("digest", identity);
  PutRange(*identity.range, &about);
  return folder_.Read(about).value_or("");
}

void CachedLayers::RememberDigest(const LayerBlob& blob, const Identity& identity,
                                  const std::string& digest) {
  if (!identity.range || !IsSettled(*identity.range, identity.taken)) return;
  if (RangeOf(*blob.bytes) != identity.range) return;
  std::string about = About("digest", identity);
  PutRange(*identity.range, &about);
  folder_.Write(about, digest);
}

bool CachedLayers::Find(LayerBlob* blob) {
  try {
    Identity identity = IdentityOf(*blob->bytes);
    std::optional<LayerRecord> record = Unpacked(folder_.Read(About("layer", identity)));
    if (record) {
      const std::string known = KnownDigest(identity);
      const std::string digest = known.empty() ? DigestOf(*blob->bytes) : known;
      if (known.empty()) RememberDigest(*blob, identity, digest);
      if (digest != record->hashes.stored) record.reset();
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    identities_[blob] = std::move(identity);
    if (!record) return false;
    internal::ImageState::KeepHashes(*blob, record->hashes);
    records_[blob] = std::move(*record);
    return true;
  } catch (const Error&) {
    return false;  // the search tells of a blob that cannot be read
  }
}

void CachedLayers::RestoreIndex(LayerBlob* blob) {
  LayerIndex index;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    index = std::move(records_.at(blob).index);
  }
  index.tables->content = ContentsOf(blob->bytes, image_.options.limits, blob->place);
  blob->index = std::move(index);
  KeepContentsOf(*blob);
}

void CachedLayers::KeepContentsOf(const LayerBlob& blob) {
  const std::lock_guard<std::mutex> lock(mutex_);
  blob.index.tables->kept = std::make_unique<CachedContents>(
      &folder_, About("contents", identities_.at(&blob)), blob.hashes.stored, &blob.index.entries);
}

const LayerRecord* CachedLayers::RecordOf(const LayerBlob& blob) const {
  const auto record = records_.find(&blob);
  return record == records_.end() ? nullptr : &record->second;
}

void CachedLayers::Keep(const LayerBlob& blob, const ValueSearch& found) {
  const auto identity = identities_.find(&blob);
  if (identity == identities_.end() || !blob.has_hashes || blob.hashes.error) return;
  // The digest and the findings must be of the same bytes.
  if (RangeOf(*blob.bytes) != identity->second.range) return;
  folder_.Write(About("layer", identity->second),
                PackLayer(blob.hashes, blob.index, found.findings, found.notes));
  RememberDigest(blob, identity->second, blob.hashes.stored);
  KeepContentsOf(blob);
}

void SaveContents(const Image& image) {
  for (const auto& blob : internal::ImageAccess::State(image).layer_blobs) {
    const auto& tables = blob->index.tables;
    if (tables != nullptr && tables->kept != nullptr) tables->kept->Save();
  }
}

}  // namespace watertight
