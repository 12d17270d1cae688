// What FixtureTruth and ImageTruth keep.
#pragma once

#include <map>
#include <string>
#include <vector>

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

// Compares `places` with the hand-written rows and divides them into leaks and decoys. Throws:
// Error as TruthOf.
void DividePlaces(const ImageTruth::Parts& image, const WrittenArchive& archive,
                  std::vector<DerivedPlace> places, Truth& truth);

}  // namespace watertight::generator
