// What a layer holds of planted values, and what becomes of its entries.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/archives/rope.h"
#include "generator/truth/form_search.h"

namespace watertight::generator {

// A place in one layer. Outside of any entry `entry` is none and `carrier` "blob".
struct LayerPlace {
  std::string carrier;
  std::optional<std::size_t> entry;  // index into the marks
  std::optional<std::string> field;
  FoundForm found;
};

// In the order of the tar. Entries are known by the marks of the tar's writer.
std::vector<LayerPlace> PlacesInLayer(const Rope& tar, const FormSearch& search);

// A name and a comment in the header of a layer's gzip stream; `carrier` is "blob", `field`
// "gzip.name", "gzip.comment".
std::vector<LayerPlace> PlacesInGzipHeader(const Rope& stored, const FormSearch& search);

// As seen from outside, where the tar is a file of some kind: members of it, and what stands beside
// their contents.
std::vector<FoundForm> PlacesInTar(const Rope& tar, const FormSearch& search);

// A name as findings have it: without "." and "..", "/a//b/" is "a/b".
std::string EntryPath(const std::string& name);

// What later layers and later entries do to what is stored, as docs/whiteouts.md has it. A layer is
// looked into when it is asked for: most of those of bases never are. May be used by several
// threads.
class LayerFates {
 public:
  // The layers' marks, from the base up.
  explicit LayerFates(const std::vector<const std::vector<TarMark>*>& layers);

  // "live", "deleted", "overwritten", "opaque", "shadowed"
  std::string VisibilityOf(std::size_t layer, std::size_t entry) const;

 private:
  struct Statements {
    std::set<std::string> whiteouts;
    std::set<std::string> opaque;  // directories
    std::set<std::string> entries;
    std::set<std::string> covering;           // entries that are no directories
    std::map<std::string, std::size_t> last;  // the last entry of each path
  };
  struct Layer {
    const std::vector<TarMark>* marks = nullptr;
    mutable std::once_flag looked_into;
    mutable Statements statements;
  };

  static Statements StatementsOf(const std::vector<TarMark>& marks);
  const Statements& StatementsOf(const Layer& layer) const;

  std::vector<Layer> layers_;
};

}  // namespace watertight::generator
