// The images of one seed, as a folder that `watertight generate --out` wrote.

#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/accuracy/run/canaries.h"
#include "bench/accuracy/run/scan_one.h"

namespace watertight::bench {

struct CatalogueImage {
  std::string fixture;
  Layout layout;
  std::string file;    // in the folder
  std::string sha256;  // empty for an image that is a folder
};

struct Catalogue {
  std::string folder;
  std::string seed;
  std::string sha256;  // of catalogue.json
  std::vector<CatalogueImage> images;

  std::set<Layout> Layouts() const;
};

// Throws: Error, kIo, kBadJson.
Catalogue ReadCatalogue(const std::string& folder);

// Images of a folder, each prepared once for each view, when it is first asked for. Safe to share
// between threads.
class ImageShelf {
 public:
  // trees: where the folders of views go.
  ImageShelf(std::string folder, std::string trees);

  // as: the place below the folder of the view where the scanner finds it; empty: one of its own.
  const PreparedImage& Get(const std::string& file, const std::string& view,
                           const std::string& as = "");

  // Where `as` is.
  std::string FolderOf(const std::string& view) const { return trees_ + "/" + view; }

 private:
  struct Slot {
    std::once_flag once;
    PreparedImage image;
  };

  PreparedImage Prepare(const std::string& file, const std::string& view,
                        const std::string& as) const;

  std::string folder_;
  std::string trees_;
  std::mutex mutex_;
  std::map<std::string, Slot> slots_;
};

}  // namespace watertight::bench
