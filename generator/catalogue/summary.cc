#include "generator/catalogue/summary.h"

#include <algorithm>
#include <set>

#include "generator/catalogue/parallel.h"
#include "generator/credentials/credentials.h"
#include "generator/fixtures/prepare.h"

namespace watertight::generator {
namespace {

std::vector<std::string> KindsOf(const Planted& planted) {
  std::set<std::string> used;
  for (const PlantedValue& value : planted.values) {
    if (value.decoy.empty()) used.insert(value.kind);
  }
  std::vector<std::string> kinds;
  for (const Kind& kind : Kinds()) {
    if (used.contains(std::string(kind.id))) kinds.emplace_back(kind.id);
  }
  return kinds;
}

}  // namespace

std::vector<FixtureSummary> Summaries(const std::vector<const Fixture*>& fixtures) {
  std::vector<FixtureSummary> summaries(fixtures.size());
  ForEachIndex(fixtures.size(), 0, [&](std::size_t i) {
    const PreparedFixture prepared = PrepareFixture(*fixtures[i], kDefaultSeed);
    summaries[i] = {fixtures[i], KindsOf(prepared.planted), fixtures[i]->leaks.empty()};
  });
  return summaries;
}

}  // namespace watertight::generator
