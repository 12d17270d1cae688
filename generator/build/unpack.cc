#include "generator/build/unpack.h"

#include "generator/build/decompress.h"
#include "generator/build/tar_reader.h"
#include "generator/build/untar.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

bool HasFirstHeader(const Rope& tar) {
  try {
    return TarReader(tar).Next().has_value();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::optional<Rope> OpenArchive(const Rope& file, const FileRules& rules) {
  const PackedAs packing = PackingOf(file);
  if (packing == PackedAs::kZstd && !rules.unpacks_zstd) return std::nullopt;
  Unpacked unpacked = Decompress(file);
  // Too little to tell: what begins as a gzip stream is one.
  const bool cut = !unpacked.whole && unpacked.bytes.empty() && packing == PackedAs::kGzip;
  if (!cut && !HasFirstHeader(unpacked.bytes)) return std::nullopt;
  if (!unpacked.whole) throw Error("unexpected EOF");
  return std::move(unpacked.bytes);
}

void UnpackInto(FileTree& tree, const std::string& directory, const Rope& tar,
                std::optional<Ownership> owner, const FileRules& rules) {
  Untar untar(tree, directory, {.owner = owner});
  TarReader reader(tar);
  while (const auto entry = reader.Next()) {
    const std::string name = CleanPath(entry->name);
    if (rules.refuses_parents && (name == ".." || name.starts_with("../"))) {
      throw Error("invalid entry name " + Quote(entry->name));
    }
    untar.Put(*entry);
  }
  untar.Finish();
}

}  // namespace watertight::generator
