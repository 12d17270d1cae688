// Which archives of the catalogue are wanted: fixtures × builders × archives.
//
//   const CatalogueSelection selection =
//       SelectArchives(OwnFixtures(), {.fixtures = {"copy/*"}, .builders = {"buildkit-*"}});
//
// Patterns are those of fnmatch(3) over the whole name, and `*` crosses slashes: "*delete*",
// "copy/*". What a fixture has no builder or archive for is left out.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generator/build/build.h"
#include "generator/fixtures/fixture.h"

namespace watertight::generator {

inline constexpr const char* kDefaultArchive = "docker-28";

struct CatalogueQuery {
  std::vector<std::string> fixtures = {};                 // ids and patterns; none: all
  std::vector<std::string> builders = {kDefaultBuilder};  // names, patterns, "all"
  std::vector<std::string> archives = {kDefaultArchive};
  bool damaged = false;  // also damaged and ambiguous images
};

struct CatalogueItem {
  const Fixture* fixture = nullptr;
  std::string builder;
  std::string archive;
};

struct CatalogueSelection {
  // By fixture, then builder, then archive, in the order of their lists.
  std::vector<CatalogueItem> items;
  std::size_t left_out = 0;  // archives that do not exist
};

// What is written only on demand: an image that is damaged, or that readers disagree about.
bool IsDamaged(const Fixture& fixture);

// Whether the fixture exists there.
bool HasBuilder(const Fixture& fixture, const std::string& builder);
bool HasArchive(const Fixture& fixture, const std::string& archive);

// Names of `known` that the words name, in the order of `known`; `what` is "builder" or "archive".
// Throws: Error for a word that names none.
std::vector<std::string> NamesOf(const std::vector<std::string>& words,
                                 const std::vector<std::string>& known, const std::string& what);

// Fixtures that the ids and patterns name, in their order; none of these: all.
// Throws: Error for a word that names none.
std::vector<const Fixture*> FixturesOf(const std::vector<Fixture>& fixtures,
                                       const std::vector<std::string>& words);

// Refers to `fixtures`. Throws: Error for a word that names nothing, for what was named exactly and
// does not exist, and when nothing is left.
CatalogueSelection SelectArchives(const std::vector<Fixture>& fixtures,
                                  const CatalogueQuery& query);

}  // namespace watertight::generator
