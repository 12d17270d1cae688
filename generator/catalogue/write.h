// Writes archives of the catalogue: ID.BUILDER.ARCHIVE.tar, with slashes as dots, beside each its
// truth, and catalogue.json over all of them.
//
//   WriteCatalogue(selection, "images", {.seed = "watertight"});
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "generator/archives/archive.h"
#include "generator/build/build.h"
#include "generator/catalogue/selection.h"

namespace watertight::generator {

struct CatalogueOptions {
  std::string seed;
  bool reveal = false;  // values in the truth
  std::int64_t clock = kDefaultClock;
  std::optional<Compression> compression = {};  // of layers; without it as the tool has it
  unsigned threads = 0;                         // 0: one for each core
  // Called after each archive, by any thread, one at a time.
  std::function<void(std::size_t done, std::size_t total)> progress = {};
};

// "copy.then-delete.buildkit-0.25.docker-28", without an ending.
std::string StemOf(const CatalogueItem& item);

// Makes `directory` when it is missing. The bytes do not depend on the number of threads. Throws:
// Error, for the first fixture that fails; then `directory` is as it was.
void WriteCatalogue(const CatalogueSelection& selection, const std::string& directory,
                    const CatalogueOptions& options);

}  // namespace watertight::generator
