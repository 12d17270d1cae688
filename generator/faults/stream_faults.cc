// Damage to a layer's compression, in archives that store layers compressed. Digests of what is
// stored agree with it.

#include <algorithm>
#include <utility>

#include "generator/archives/gzip.h"
#include "generator/archives/zstd.h"
#include "generator/faults/layers.h"
#include "generator/faults/rows.h"

namespace watertight::generator {
namespace {

constexpr FaultParameter kPercent = {"percent", "of the bytes stay", 5, 95, 50};

// A layer that fills several blocks of a compressor.
Rope Layer() { return WriteTar({LargeFile()}, {}); }

using Compress = Rope (*)(const Rope& bytes);

Rope GzipOf(const Rope& bytes) { return Gzip(bytes, GzipStyle::kGo); }

template <Compress kCompress, Compression kCompression>
void Truncated(const FaultInput& input, SavedImage& image) {
  ReplaceTopLayer(image, Layer());
  const Rope stream = kCompress(Layer());
  StoreTopLayerAs(image, stream.Part(0, stream.size() * input.Number("percent") / 100),
                  kCompression);
}

// Behind the header and before the checksum.
template <Compress kCompress, Compression kCompression>
void Flipped(const FaultInput& input, SavedImage& image) {
  constexpr std::size_t kHeader = 18;
  constexpr std::size_t kChecksum = 8;
  ReplaceTopLayer(image, Layer());
  std::string stream = kCompress(Layer()).ToString();
  const std::size_t at = kHeader + input.Below(stream.size() - kHeader - kChecksum);
  stream[at] = static_cast<char>(static_cast<unsigned char>(stream[at]) ^ (1U << input.Below(8)));
  StoreTopLayerAs(image, Rope(std::move(stream)), kCompression);
}

// RFC 1952: the last eight bytes are CRC32 and ISIZE.
void ChecksumWrong(const FaultInput&, SavedImage& image) {
  ReplaceTopLayer(image, Layer());
  std::string stream = GzipOf(Layer()).ToString();
  std::fill(stream.end() - 8, stream.end() - 4, '\0');
  StoreTopLayerAs(image, Rope(std::move(stream)), Compression::kGzip);
}

void LengthWrong(const FaultInput&, SavedImage& image) {
  ReplaceTopLayer(image, Layer());
  std::string stream = GzipOf(Layer()).ToString();
  std::fill(stream.end() - 4, stream.end(), '\0');
  StoreTopLayerAs(image, Rope(std::move(stream)), Compression::kGzip);
}

// The header of a file that fills so many mebibytes.
std::string HeaderOfZeros(std::uint64_t mebibytes) {
  TarEntry entry;
  entry.name = "app/zeros";
  entry.claimed_size = mebibytes << 20;
  Rope header;
  AppendTarEntry(header, entry, TarForm::kGo);
  return header.ToString();
}

// RFC 8878: a frame of a window of 128 KiB without size and checksum, a raw block, then blocks of
// one repeated byte, 4 bytes for 128 KiB each.
void ZstdBomb(const FaultInput& input, SavedImage& image) {
  constexpr std::uint32_t kRaw = 0;
  constexpr std::uint32_t kRepeat = 1;
  constexpr std::uint64_t kMostInBlock = 128 << 10;
  const std::uint64_t mebibytes = input.Number("mebibytes");
  const std::string header = HeaderOfZeros(mebibytes);
  std::string frame("\x28\xb5\x2f\xfd\x00\x38", 6);
  const auto block = [&frame](std::uint32_t type, std::uint64_t size, bool last) {
    const std::uint64_t bits = size << 3 | type << 1 | (last ? 1 : 0);
    for (int shift = 0; shift < 24; shift += 8) {
      frame += static_cast<char>(bits >> shift & 0xff);
    }
  };
  block(kRaw, header.size(), false);
  frame += header;
  const std::uint64_t count = (mebibytes << 20) / kMostInBlock;
  for (std::uint64_t i = 0; i < count; ++i) {
    block(kRepeat, kMostInBlock, false);
    frame += '\0';
  }
  block(kRepeat, 1024, true);  // the end of the tar
  frame += '\0';
  StoreTopLayerAs(image, Rope(std::move(frame)), Compression::kZstd);
}

void GzipBomb(const FaultInput& input, SavedImage& image) {
  const std::uint64_t mebibytes = input.Number("mebibytes");
  Rope tar(HeaderOfZeros(mebibytes));
  tar.AppendZeros((mebibytes << 20) + 1024);
  ReplaceTopLayer(image, tar);
  StoreTopLayerAs(image, GzipOf(tar), Compression::kGzip);
}

}  // namespace

std::vector<Fault> StreamFaults() {
  return {
      {.name = "stream-gzip-truncated",
       .about = "a layer's gzip stream ends early",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .parameters = {kPercent},
       .image = Truncated<GzipOf, Compression::kGzip>},
      {.name = "stream-zstd-truncated",
       .about = "a layer's zstd stream ends early",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .parameters = {kPercent},
       .image = Truncated<Zstd, Compression::kZstd>},
      {.name = "stream-gzip-flipped",
       .about = "a bit of a layer's gzip stream is flipped",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = Flipped<GzipOf, Compression::kGzip>},
      {.name = "stream-zstd-flipped",
       .about = "a bit of a layer's zstd stream is flipped",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = Flipped<Zstd, Compression::kZstd>},
      {.name = "stream-gzip-checksum-wrong",
       .about = "the checksum at the end of a gzip stream is wrong",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = ChecksumWrong},
      {.name = "stream-gzip-length-wrong",
       .about = "the length at the end of a gzip stream is wrong",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = LengthWrong},
      {.name = "stream-zstd-bomb",
       .about = "a layer of a few kilobytes expands to more than a gibibyte, 32,000 to one",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .parameters = {{"mebibytes", "that it expands to", 1, 100000, 1100}},
       .image = ZstdBomb},
      {.name = "stream-gzip-bomb",
       .about = "a gzip layer expands as much as deflate can, 1,030 to one; so do honest files of "
                "zeros",
       .verdict = Verdict::kUnseen,
       .parameters = {{"mebibytes", "that it expands to", 1, 4096, 4}},
       .image = GzipBomb},
  };
}

}  // namespace watertight::generator
