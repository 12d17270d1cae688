// Damage to a layer's tar. The image's documents agree with what the layer is, so only who reads
// the tar itself can see it.

#include <utility>

#include "generator/archives/gzip.h"
#include "generator/faults/layers.h"
#include "generator/faults/rows.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kBlock = 512;

void PutEntries(SavedImage& image, const std::vector<TarEntry>& entries, TarOptions options = {}) {
  ReplaceTopLayer(image, WriteTar(entries, options));
}

TarEntry File(std::string name, std::string content = "content\n") {
  TarEntry entry;
  entry.name = std::move(name);
  entry.content = Rope(std::move(content));
  return entry;
}

void NoTar(const FaultInput& input, SavedImage& image) {
  ReplaceTopLayer(image, Rope(input.Bytes(3 * kBlock)));
}

void Truncated(const FaultInput& input, SavedImage& image) {
  const Rope tar = WriteTar({LargeFile()}, {});
  ReplaceTopLayer(image, tar.Part(0, tar.size() * input.Number("percent") / 100));
}

void WithoutEnd(const FaultInput&, SavedImage& image) {
  PutEntries(image, {File("app/f")}, {.end_blocks = false});
}

void WithTrailer(const FaultInput& input, SavedImage& image) {
  Rope tar = WriteTar({File("app/f")}, {});
  tar.Append(input.Bytes(input.Number("bytes")));
  ReplaceTopLayer(image, std::move(tar));
}

void ChecksumWrong(const FaultInput&, SavedImage& image) {
  constexpr std::size_t kChecksum = 148;
  TarEntry entry = File("app/f");
  entry.patches.push_back({kChecksum, "0000000"});
  PutEntries(image, {File("app/first"), entry});
}

void SizeTooLarge(const FaultInput&, SavedImage& image) {
  TarEntry entry = LargeFile();
  entry.claimed_size = entry.content.size() + 100 * kBlock;
  PutEntries(image, {entry});
}

// Base 256, GNU's form of numbers that octal digits cannot hold; offset 124, 12 bytes.
void PatchSize(TarEntry& entry, const std::string& bytes) { entry.patches.push_back({124, bytes}); }

void SizeHuge(const FaultInput&, SavedImage& image) {
  TarEntry entry = File("app/f");
  PatchSize(entry, std::string("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12));
  PutEntries(image, {entry});
}

void SizeNegative(const FaultInput&, SavedImage& image) {
  TarEntry entry = File("app/f");
  PatchSize(entry, std::string(12, '\xff'));
  PutEntries(image, {entry});
}

// An extended header whose body is `records`, in front of an ordinary entry (POSIX pax).
TarEntry PaxHeader(std::string records) {
  TarEntry header = File("app/PaxHeaders.0/f", std::move(records));
  header.type = 'x';
  return header;
}

void PutPax(SavedImage& image, std::string records) {
  PutEntries(image, {PaxHeader(std::move(records)), File("app/f")});
}

void PaxLengthWrong(const FaultInput&, SavedImage& image) {
  PutPax(image, "99 comment=shorter than it says\n");
}

void PaxLengthHuge(const FaultInput&, SavedImage& image) {
  PutPax(image, "99999999999999999999 comment=x\n");
}

void PaxRecordLong(const FaultInput& input, SavedImage& image) {
  TarEntry entry = File("app/f");
  entry.pax["comment"] = std::string(input.Number("kibibytes") << 10, 'x');
  PutEntries(image, {entry});
}

// The record counts, not the header.
void PaxSizeLies(const FaultInput&, SavedImage& image) { PutPax(image, "16 size=1000000\n"); }

void PaxHeadersChained(const FaultInput& input, SavedImage& image) {
  std::vector<TarEntry> entries(input.Number("headers"), PaxHeader("13 comment=x\n"));
  entries.push_back(File("app/f"));
  PutEntries(image, entries);
}

// GNU: the name is the body of an entry of type L.
void NameLong(const FaultInput& input, SavedImage& image) {
  TarEntry name = File("././@LongLink", std::string(input.Number("kibibytes") << 10, 'n'));
  name.type = 'L';
  PutEntries(image, {name, File("app/f")}, {.form = TarForm::kGnu});
}

void PathDeep(const FaultInput& input, SavedImage& image) {
  std::string path;
  for (std::uint64_t i = 0; i < input.Number("directories"); ++i) path += "d/";
  PutEntries(image, {File(path + "f")});
}

std::string Octal12(std::uint64_t number) {
  std::string digits(12, '\0');
  for (std::size_t i = 11; i-- > 0; number >>= 3) digits[i] = static_cast<char>('0' + (number & 7));
  return digits;
}

// GNU's sparse header: pairs of offset and length from 386 on, the size of the whole at 483.
TarEntry Sparse(std::uint64_t offset, std::uint64_t length, std::uint64_t whole) {
  TarEntry entry = File("app/sparse", std::string(kBlock, 's'));
  entry.type = 'S';
  entry.patches.push_back({386, Octal12(offset)});
  entry.patches.push_back({398, Octal12(length)});
  entry.patches.push_back({483, Octal12(whole)});
  return entry;
}

void SparseMapLies(const FaultInput&, SavedImage& image) {
  PutEntries(image, {Sparse(0, 100 * kBlock, 100 * kBlock)}, {.form = TarForm::kGnu});
}

void SparseSizeLies(const FaultInput&, SavedImage& image) {
  PutEntries(image, {Sparse(1 << 20, kBlock, kBlock)}, {.form = TarForm::kGnu});
}

void SparseHuge(const FaultInput& input, SavedImage& image) {
  const std::uint64_t whole = input.Number("mebibytes") << 20;
  PutEntries(image, {Sparse(whole - kBlock, kBlock, whole)}, {.form = TarForm::kGnu});
}

void NestedDeep(const FaultInput& input, SavedImage& image) {
  Rope content = WriteTar({File("f")}, {});
  for (std::uint64_t i = 0; i < input.Number("depth"); ++i) {
    content = Gzip(content, GzipStyle::kGo);
  }
  TarEntry entry = File("app/nested.gz");
  entry.content = std::move(content);
  PutEntries(image, {entry});
}

std::vector<Fault> OfStructure() {
  return {
      {.name = "layer-no-tar",
       .about = "a layer is no tar",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = NoTar},
      {.name = "layer-truncated",
       .about = "a layer ends in the middle of a file",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .parameters = {{"percent", "of the bytes stay", 10, 80, 50}},
       .image = Truncated},
      {.name = "layer-without-end",
       .about = "a layer lacks the two blocks of zeros at its end, as some tools write it",
       .verdict = Verdict::kUnseen,
       .image = WithoutEnd},
      {.name = "layer-trailing-bytes",
       .about = "bytes follow the end of a layer's tar",
       .verdict = Verdict::kNoted,
       .notes = {"trailing-bytes"},
       .parameters = {{"bytes", "that follow", 1, 1000000, 700}},
       .image = WithTrailer},
      {.name = "layer-checksum-wrong",
       .about = "the checksum of an entry's header is wrong",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = ChecksumWrong},
      {.name = "layer-size-too-large",
       .about = "an entry claims more bytes than the layer has",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = SizeTooLarge},
      {.name = "layer-size-huge",
       .about = "an entry claims the largest size of all",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = SizeHuge},
      {.name = "layer-size-negative",
       .about = "an entry claims a size below zero",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = SizeNegative},
      {.name = "layer-path-deep",
       .about = "a file stands thousands of directories deep",
       .verdict = Verdict::kUnseen,
       .parameters = {{"directories", "above it", 1, 200000, 2000}},
       .image = PathDeep},
      {.name = "layer-nested-deep",
       .about = "a file is compressed over and over; how deep a reader looks is its own matter",
       .verdict = Verdict::kUnseen,
       .parameters = {{"depth", "of compressions", 1, 1000, 40}},
       .image = NestedDeep},
  };
}

std::vector<Fault> OfExtensions() {
  return {
      {.name = "layer-pax-length-wrong",
       .about = "a PAX record is shorter than it says",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = PaxLengthWrong},
      {.name = "layer-pax-length-huge",
       .about = "a PAX record claims a length beyond all integers",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = PaxLengthHuge},
      {.name = "layer-pax-record-long",
       .about = "a PAX record is longer than any name or attribute can be",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .parameters = {{"kibibytes", "of the record", 1, 100000, 2048}},
       .image = PaxRecordLong},
      {.name = "layer-pax-size-lies",
       .about = "a PAX record claims a larger size than the header and the layer have",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = PaxSizeLies},
      {.name = "layer-pax-headers-chained",
       .about = "PAX headers follow one another without an entry between; a reader that recurses "
                "ends, the others take the last",
       .verdict = Verdict::kUnseen,
       .parameters = {{"headers", "in a row", 2, 100000, 2000}},
       .image = PaxHeadersChained},
      {.name = "layer-name-long",
       .about = "a GNU long name is longer than any name can be",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .parameters = {{"kibibytes", "of the name", 1, 100000, 2048}},
       .image = NameLong},
      {.name = "layer-sparse-map-lies",
       .about = "a sparse file's map speaks of more bytes than are stored",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = SparseMapLies},
      {.name = "layer-sparse-size-lies",
       .about = "a sparse file's data lie beyond its end",
       .verdict = Verdict::kRefused,
       .notes = {"unreadable-layer"},
       .image = SparseSizeLies},
      {.name = "layer-sparse-huge",
       .about = "a sparse file is nearly all hole; a layer that is unpacked grows",
       .verdict = Verdict::kUnseen,
       .parameters = {{"mebibytes", "of the file", 1, 8191, 4096}},
       .image = SparseHuge},
  };
}

}  // namespace

std::vector<Fault> LayerFaults() {
  std::vector<Fault> all = OfStructure();
  const std::vector<Fault> extensions = OfExtensions();
  all.insert(all.end(), extensions.begin(), extensions.end());
  return all;
}

}  // namespace watertight::generator
