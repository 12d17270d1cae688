#include "generator/build/decompress.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{1} << 20;

struct Magic {
  std::string_view bytes;
  PackedAs packing;
};
constexpr std::array kMagics = {
    Magic{"\x1f\x8b\x08", PackedAs::kGzip},
    Magic{"BZh", PackedAs::kBzip2},
    Magic{std::string_view("\xfd\x37zXZ\0", 6), PackedAs::kXz},
    Magic{"\x28\xb5\x2f\xfd", PackedAs::kZstd},
};

// What libarchive pulls from.
struct Source {
  const Rope& file;
  std::uint64_t offset = 0;
  std::string chunk = {};
  std::string failure = {};  // an exception cannot pass through C
};

la_ssize_t ReadChunk(archive*, void* data, const void** buffer) {
  auto& source = *static_cast<Source*>(data);
  const std::uint64_t length = std::min(kChunk, source.file.size() - source.offset);
  try {
    source.chunk = source.file.Part(source.offset, length).ToString();
  } catch (const Error& error) {
    source.failure = error.what();
    return ARCHIVE_FATAL;
  }
  source.offset += length;
  *buffer = source.chunk.data();
  return static_cast<la_ssize_t>(length);
}

struct FreeReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

}  // namespace

PackedAs PackingOf(const Rope& file) {
  const std::string head = file.Part(0, std::min<std::uint64_t>(file.size(), 8)).ToString();
  const auto* found = std::ranges::find_if(
      kMagics, [&](const Magic& magic) { return head.starts_with(magic.bytes); });
  return found == kMagics.end() ? PackedAs::kPlain : found->packing;
}

Unpacked Decompress(const Rope& file) {
  if (PackingOf(file) == PackedAs::kPlain) return {.bytes = file};
  const std::unique_ptr<archive, FreeReader> reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_format_raw(reader.get());
  Source source{.file = file};
  archive_read_set_read_callback(reader.get(), ReadChunk);
  archive_read_set_callback_data(reader.get(), &source);
  archive_entry* entry = nullptr;
  Spool spool;
  la_ssize_t count = ARCHIVE_FATAL;
  if (archive_read_open1(reader.get()) == ARCHIVE_OK &&
      archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
    std::string buffer(kChunk, '\0');
    while ((count = archive_read_data(reader.get(), buffer.data(), buffer.size())) > 0) {
      spool.Append(std::string_view(buffer).substr(0, static_cast<size_t>(count)));
    }
  }
  if (!source.failure.empty()) throw Error(source.failure);
  return {.bytes = spool.Take(), .whole = count == 0};
}

}  // namespace watertight::generator
