// What FixtureTruth and ImageTruth keep.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/truth/document_places.h"
#include "generator/truth/form_search.h"
#include "generator/truth/layer_places.h"
#include "generator/truth/truth.h"

namespace watertight::generator {

struct FixtureTruth::Parts {
  const Fixture& fixture;
  const PreparedFixture& prepared;
  std::string seed;
  FormSearch search;
};

struct ImageTruth::Parts {
  const FixtureTruth::Parts& fixture;
  const FixtureImages& images;
  LayerFates fates;                             // of the first image
  std::vector<std::vector<LayerPlace>> places;  // of the first image, by layer
  // Of layers that only other images of the archive have, by diff_id.
  std::map<std::string, std::vector<FoundForm>> foreign;
};

// A place before it is known whether it is a leak or a decoy.
struct DerivedPlace {
  TruthPlace place;
  std::vector<std::vector<std::string>> other_encodings;  // as in FoundForm
};

// `*` in a row's field stands for any text; brackets are those of lists.
bool FieldMatches(std::string_view pattern, std::string_view field);

// What a decoy's row without a secret states: a file, or a field, that holds no value. `layer`: the
// row's, if it names a step.
std::vector<TruthPlace> PlacesWithoutValue(const ImageTruth::Parts& image, const Archive& archive,
                                           const std::vector<ArchiveText>& texts,
                                           const WrittenPlace& row,
                                           std::optional<std::size_t> layer);

// Compares `places` with the hand-written rows and divides them into leaks and decoys. `texts` are
// the archive's beside its layers. Throws: Error as TruthOf.
void DividePlaces(const ImageTruth::Parts& image, const WrittenArchive& archive,
                  const std::vector<ArchiveText>& texts, std::vector<DerivedPlace> places,
                  Truth& truth);

}  // namespace watertight::generator
