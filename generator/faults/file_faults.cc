// Damage to the archive's own bytes.

#include <utility>

#include "generator/archives/gzip.h"
#include "generator/error.h"
#include "generator/faults/rows.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kBlock = 512;

constexpr FaultParameter kPercent = {"percent", "of the bytes stay", 0, 99, 50};

Rope Cut(const Rope& file, std::uint64_t percent) {
  return file.Part(0, file.size() * percent / 100);
}

Rope Truncated(const FaultInput& input, const Archive& archive) {
  return Cut(ToTar(archive), input.Number("percent"));
}

Rope TruncatedAt(const FaultInput& input, const Archive& archive) {
  return ToTar(archive).Part(0, input.Number("bytes"));
}

Rope TruncatedGzip(const FaultInput& input, const Archive& archive) {
  return Cut(Gzip(ToTar(archive), GzipStyle::kGo), input.Number("percent"));
}

Rope WithGarbage(const FaultInput& input, const Archive& archive) {
  Rope file = ToTar(archive);
  file.Append(input.Bytes(input.Number("bytes")));
  return file;
}

Rope NoTar(const FaultInput& /*input*/, const Archive& /*archive*/) {
  return Rope("<!DOCTYPE html>\n<title>404 Not Found</title>\n");
}

// Where one member stands in the file.
struct MemberPlace {
  std::uint64_t header;
  std::uint64_t content;
  std::uint64_t size;
};

std::vector<MemberPlace> BlobPlaces(const Archive& archive) {
  std::vector<MemberPlace> places;
  Rope tar;
  for (const TarEntry& entry : archive.entries) {
    AppendTarEntry(tar, entry, archive.tar.form);
    const std::uint64_t size = entry.content.size();
    const std::uint64_t content = tar.size() - (size + kBlock - 1) / kBlock * kBlock;
    const bool named_by_digest = entry.name.starts_with("blobs/sha256/") && size > 0;
    if (named_by_digest) places.push_back({content - kBlock, content, size});
  }
  if (places.empty()) throw Error("the archive has no blobs that their digests name");
  return places;
}

void FlipBit(std::string& bytes, std::uint64_t offset, std::uint64_t bit) {
  bytes[offset] = static_cast<char>(static_cast<unsigned char>(bytes[offset]) ^ (1U << bit));
}

// In blobs, so that a digest tells.
Rope FlippedContents(const FaultInput& input, const Archive& archive) {
  std::string file = ToTar(archive).ToString();
  const std::vector<MemberPlace> places = BlobPlaces(archive);
  for (std::uint64_t i = 0; i < input.Number("bits"); ++i) {
    const MemberPlace& place = places[input.Below(places.size())];
    FlipBit(file, place.content + input.Below(place.size), input.Below(8));
  }
  return Rope(std::move(file));
}

// In a member's name, which the header's checksum covers.
Rope FlippedHeader(const FaultInput& input, const Archive& archive) {
  std::string file = ToTar(archive).ToString();
  const std::vector<MemberPlace> places = BlobPlaces(archive);
  const MemberPlace& place = places[input.Below(places.size())];
  FlipBit(file, place.header + input.Below(64), input.Below(8));
  return Rope(std::move(file));
}

}  // namespace

std::vector<Fault> FileFaults() {
  return {
      {.name = "file-truncated",
       .about = "the archive ends early, as after a broken download",
       .verdict = Verdict::kRefused,
       .parameters = {kPercent},
       .file = Truncated},
      {.name = "file-cut-at",
       .about = "the archive ends after so many bytes",
       .verdict = Verdict::kRefused,
       .parameters = {{"bytes", "that stay", 0, 1000000, 700}},
       .file = TruncatedAt},
      {.name = "file-no-tar",
       .about = "the file is no archive but what a server said instead",
       .verdict = Verdict::kRefused,
       .file = NoTar},
      {.name = "file-gzip-truncated",
       .about = "the archive is compressed as a whole, and its stream ends early",
       .verdict = Verdict::kRefused,
       .parameters = {kPercent},
       .file = TruncatedGzip},
      {.name = "file-trailing-garbage",
       .about = "bytes follow the end of the archive, where no reader looks",
       .verdict = Verdict::kUnseen,
       .parameters = {{"bytes", "that follow", 1, 1000000, 700}},
       .file = WithGarbage},
      {.name = "file-flipped-contents",
       .about = "bits of blobs are flipped; only their digests tell",
       .verdict = Verdict::kRefused,
       .parameters = {{"bits", "that are flipped", 1, 1000, 1}},
       .file = FlippedContents},
      {.name = "file-flipped-header",
       .about = "a bit of a member's name is flipped; its header's checksum tells",
       .verdict = Verdict::kRefused,
       .file = FlippedHeader},
  };
}

}  // namespace watertight::generator
