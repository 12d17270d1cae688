#include "generator/build/unpack.h"

#include "generator/build/decompress.h"
#include "generator/build/tar_reader.h"
#include "generator/build/untar.h"
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
  if (PackingOf(file) == PackedAs::kZstd && !rules.unpacks_zstd) return std::nullopt;
  Unpacked unpacked = Decompress(file);
  if (!HasFirstHeader(unpacked.bytes)) return std::nullopt;
  if (!unpacked.whole) throw Error("Error processing tar file(exit status 1): unexpected EOF");
  return std::move(unpacked.bytes);
}

void UnpackInto(FileTree& tree, const std::string& directory, const Rope& tar,
                std::optional<Ownership> owner) {
  Untar untar(tree, directory, owner);
  TarReader reader(tar);
  while (const auto entry = reader.Next()) untar.Put(*entry);
  untar.Finish();
}

}  // namespace watertight::generator
