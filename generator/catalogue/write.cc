#include "generator/catalogue/write.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "generator/archives/archive_file.h"
#include "generator/archives/compressed_layers.h"
#include "generator/archives/entries.h"
#include "generator/archives/json.h"
#include "generator/archives/sha256.h"
#include "generator/builders/builder.h"
#include "generator/catalogue/parallel.h"
#include "generator/catalogue/staging.h"
#include "generator/error.h"
#include "generator/faults/faults.h"
#include "generator/fixtures/prepare.h"
#include "generator/truth/truth.h"

namespace watertight::generator {
namespace {

constexpr char kCatalogueFile[] = "catalogue.json";

// A fixture with its values, once for all of its builds, and no longer than for these.
struct Subject {
  Subject(const Fixture& fixture, const std::string& seed)
      : prepared(PrepareFixture(fixture, seed)), truth(fixture, prepared, seed) {}

  PreparedFixture prepared;
  FixtureTruth truth;
};

class Subjects {
 public:
  explicit Subjects(std::string seed) : seed_(std::move(seed)) {}

  std::shared_ptr<const Subject> Of(const Fixture& fixture) {
    Slot& slot = SlotOf(fixture);
    const std::lock_guard<std::mutex> lock(slot.mutex);
    std::shared_ptr<const Subject> subject = slot.subject.lock();
    if (subject == nullptr) {
      subject = std::make_shared<const Subject>(fixture, seed_);
      slot.subject = subject;
    }
    return subject;
  }

 private:
  struct Slot {
    std::mutex mutex;
    std::weak_ptr<const Subject> subject;
  };

  Slot& SlotOf(const Fixture& fixture) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return slots_[&fixture];
  }

  std::string seed_;
  std::mutex mutex_;
  std::map<const Fixture*, Slot> slots_;
};

// Archives that one build serves.
struct BuildGroup {
  std::vector<std::size_t> items;
};

// What of an archive a build depends on.
auto BuildKey(const CatalogueItem& item) {
  return std::tuple(item.fixture, item.builder, StoreOf(item.archive),
                    ProvenanceOf("", item.archive));
}

std::vector<BuildGroup> GroupsOf(const std::vector<CatalogueItem>& items) {
  std::vector<BuildGroup> groups;
  std::map<decltype(BuildKey(items.front())), std::size_t> indices;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto [at, is_new] = indices.emplace(BuildKey(items[i]), groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].items.push_back(i);
  }
  return groups;
}

class CatalogueWriter {
 public:
  CatalogueWriter(const CatalogueSelection& selection, const std::string& directory,
                  const CatalogueOptions& options)
      : items_(selection.items),
        options_(options),
        subjects_(options.seed),
        folder_(directory),
        rows_(items_.size()) {}

  void Write() {
    const std::vector<BuildGroup> groups = GroupsOf(items_);
    ForEachIndex(groups.size(), options_.threads, [&](std::size_t i) { WriteGroup(groups[i]); });
    std::vector<std::string> names;
    for (const Row& row : rows_) {
      names.push_back(row.file);
      names.push_back(row.truth);
    }
    WriteNewFile(folder_.Path(kCatalogueFile), Rope(Document()));
    names.emplace_back(kCatalogueFile);
    folder_.MoveIn(names);
  }

 private:
  struct Row {
    std::string file;
    std::string truth;
    std::string sha256;
    bool clean = false;
  };

  void WriteGroup(const BuildGroup& group) {
    const CatalogueItem& first = items_[group.items.front()];
    try {
      const auto subject = subjects_.Of(*first.fixture);
      const FixtureImages images = BuildFixture(
          subject->prepared,
          RequestOf(subject->prepared, {.builder = first.builder,
                                        .archive = first.archive,
                                        .clock = options_.clock,
                                        .names = {"watertight/" + first.fixture->id + ":latest"}}));
      const ImageTruth truth(subject->truth, images);
      for (const std::size_t i : group.items) WriteItem(i, subject->prepared, images, truth);
    } catch (const Error& error) {
      const std::string& path = first.fixture->path;
      const std::string folder = path.substr(0, path.rfind('/') + 1);
      if (std::string_view(error.what()).starts_with(folder)) throw;
      throw error.In(path);
    }
  }

  // The truth is that of the image before its damage.
  void WriteItem(std::size_t index, const PreparedFixture& prepared, const FixtureImages& images,
                 const ImageTruth& image_truth) {
    const CatalogueItem& item = items_[index];
    ArchiveOptions options{.compression = options_.compression, .clock = options_.clock};
    options.compressed = &compressed_;
    const Archive whole = WriteImages(images, item.archive, options);
    options.compressed = nullptr;  // a damaged layer may claim to be another
    const Archive archive = prepared.faults.empty() ? whole
                                                    : WriteDamaged(prepared, images, item.archive,
                                                                   options, options_.seed);
    const std::string stem = StemOf(item);
    Row& row = rows_[index];
    row.file = archive.is_directory ? stem : stem + ".tar";
    row.truth = stem + ".truth.json";
    if (archive.is_directory) {
      SaveArchive(folder_.Path(row.file), archive);
    } else {
      const Rope bytes = ToTar(archive);
      row.sha256 = Sha256Hex(bytes);
      WriteNewFile(folder_.Path(row.file), bytes);
    }
    Truth truth = TruthOf(image_truth, {.builder = item.builder,
                                        .archive = item.archive,
                                        .written = &whole,
                                        .sha256 = row.sha256});
    truth.image_id = archive.images.front().id;
    row.clean = truth.leaks.empty();
    WriteNewFile(folder_.Path(row.truth), Rope(TruthDocument(truth, options_.reveal)));
    Advance();
  }

  void Advance() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++done_;
    if (options_.progress) options_.progress(done_, items_.size());
  }

  // catalogue.json, an archive a line.
  std::string Document() const {
    std::string text = "{\"schema\": \"watertight.catalogue/1\", \"seed\": " +
                       generator::Write(Json(options_.seed), kPythonCompact) + ", \"fixtures\": [";
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      text += (i == 0 ? "\n " : ",\n ") + generator::Write(RowDocument(i), kPythonCompact);
    }
    return text + "\n]}\n";
  }

  Json RowDocument(std::size_t index) const {
    const CatalogueItem& item = items_[index];
    const Row& row = rows_[index];
    return Json::Object({{"fixture", item.fixture->id},
                         {"title", item.fixture->title},
                         {"channel", TextOrNull(item.fixture->channel)},
                         {"clean", row.clean},
                         {"twin", TextOrNull(item.fixture->twin)},
                         {"builder", item.builder},
                         {"archive", item.archive},
                         {"file", row.file},
                         {"truth", row.truth},
                         {"sha256", TextOrNull(row.sha256)}});
  }

  const std::vector<CatalogueItem>& items_;
  const CatalogueOptions& options_;
  Subjects subjects_;
  StagingFolder folder_;
  CompressedLayers compressed_;
  std::vector<Row> rows_;
  std::mutex mutex_;
  std::size_t done_ = 0;
};

}  // namespace

std::string StemOf(const CatalogueItem& item) {
  std::string id = item.fixture->id;
  std::ranges::replace(id, '/', '.');
  return id + "." + item.builder + "." + item.archive;
}

void WriteCatalogue(const CatalogueSelection& selection, const std::string& directory,
                    const CatalogueOptions& options) {
  CatalogueWriter(selection, directory, options).Write();
}

}  // namespace watertight::generator
