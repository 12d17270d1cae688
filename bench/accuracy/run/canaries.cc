#include "bench/accuracy/run/canaries.h"

#include <map>
#include <string_view>

#include "bench/accuracy/run/canary_files.h"
#include "bench/accuracy/run/files.h"
#include "framework/image/json.h"
#include "generator/catalogue/write.h"
#include "generator/fixtures/fixture.h"

namespace watertight::bench {
namespace {

std::vector<generator::Fixture> CanaryFixtures() {
  std::map<std::string, std::vector<generator::FixtureFile>> folders;
  for (const EmbeddedFile& file : CanaryFiles()) {
    const std::size_t slash = file.path.find('/', file.path.find('/') + 1);
    folders[std::string(file.path.substr(0, slash))].push_back(
        {std::string(file.path.substr(slash + 1)), std::string(file.content)});
  }
  std::vector<generator::Fixture> fixtures;
  for (auto& [id, files] : folders) {
    fixtures.push_back(generator::ParseFixture(id, id, std::move(files)));
  }
  return fixtures;
}

std::string NameOf(const std::string& id) { return id.substr(id.rfind('/') + 1); }

// The one value that was planted.
std::string ValueOf(const std::string& truth_file) {
  std::vector<Note> notes;
  const Json truth = ParseJson(ReadFile(truth_file), truth_file, &notes);
  const JsonObject object(truth, truth_file);
  const std::vector<JsonObject> leaks = object.Objects("leaks");
  return leaks.empty() ? "" : leaks.front().String("value");
}

}  // namespace

std::string CarrierName(const std::string& canary) { return canary == kLiveFile ? "file" : canary; }

std::vector<CanaryImage> WriteCanaries(const std::string& folder, const std::string& seed,
                                       std::int64_t clock, const std::set<Layout>& layouts) {
  const std::vector<generator::Fixture> fixtures = CanaryFixtures();
  generator::CatalogueSelection selection;
  for (const generator::Fixture& fixture : fixtures) {
    for (const auto& [builder, archive] : layouts) {
      if (!generator::HasBuilder(fixture, builder) || !generator::HasArchive(fixture, archive)) {
        continue;
      }
      selection.items.push_back({&fixture, builder, archive});
    }
  }
  generator::CatalogueOptions options;
  options.seed = seed;
  options.reveal = true;
  options.clock = clock;
  MakeFolder(folder);
  generator::WriteCatalogue(selection, folder, options);
  std::vector<CanaryImage> canaries;
  for (const generator::CatalogueItem& item : selection.items) {
    const std::string stem = generator::StemOf(item);
    const std::string ending = item.archive == "oci-dir" ? "" : ".tar";
    canaries.push_back({{item.builder, item.archive},
                        NameOf(item.fixture->id),
                        stem + ending,
                        ValueOf(folder + "/" + stem + ".truth.json")});
  }
  return canaries;
}

}  // namespace watertight::bench
