// The truth of an archive: every place where a planted value stands in it, and what a person wrote
// down about that, compared.
//
//   const FixtureTruth fixture_truth(fixture, prepared, "seed");   // once for a fixture
//   const ImageTruth image_truth(fixture_truth, images);           // once for a build
//   const Truth truth = TruthOf(image_truth, {.builder = "classic-28", .archive = "docker-28",
//                                             .written = &archive, .sha256 = "9d1c…"});
//   Write(TruthDocument(truth, /*reveal=*/false));
//
// Values are followed by what the generator knows of its own writing: positions of tar entries are
// the writer's marks (generator/archives/rope.h), documents are its own JSON. Nothing is read with
// the framework. The contract of places is in docs/fixtures.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator/archives/archive.h"
#include "generator/fixtures/fixture.h"
#include "generator/fixtures/prepare.h"
#include "generator/fixtures/then.h"

namespace watertight::generator {

// One occurrence of one value. Fields as in truth.json.
struct TruthPlace {
  std::string id;           // "copy/then-delete#1"
  std::size_t value = 0;    // index into Truth::planted
  std::string kind;         // empty for a decoy without a value
  std::string value_class;  // of the kind; of a decoy its class in decoys.md
  std::string channel;
  std::string bundle;
  std::string carrier;
  std::optional<std::size_t> layer;
  std::string diff_id;
  std::string blob;
  std::optional<std::string> path;   // bytes
  std::optional<std::string> field;  // bytes
  Span span;
  std::vector<std::string> encoding;
  std::vector<std::string> nested;
  std::string visibility;
  std::string why;  // of decoys
};

struct TruthValue {
  PlantedValue planted;
  std::string sha256;
  bool in_image = false;
};

struct Truth {
  std::string fixture;
  std::string builder;
  std::string archive;
  std::string seed;
  std::string archive_sha256;  // empty for a folder
  std::string image_id;
  std::vector<TruthPlace> leaks;
  std::vector<TruthPlace> decoys;
  std::vector<TruthValue> planted;
  std::optional<Expectation> expect;
};

// What is looked for. `fixture` and `prepared` must outlive it. May be used by several threads.
class FixtureTruth {
 public:
  FixtureTruth(const Fixture& fixture, const PreparedFixture& prepared, std::string seed);
  ~FixtureTruth();
  FixtureTruth(FixtureTruth&&) noexcept;
  FixtureTruth& operator=(FixtureTruth&&) noexcept;

  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  std::unique_ptr<const Parts> parts_;
};

// What one build put into its layers: the same for every archive of it. Refers to `fixture` and
// `images`. May be used by several threads.
class ImageTruth {
 public:
  // Throws: Error.
  ImageTruth(const FixtureTruth& fixture, const FixtureImages& images);
  ~ImageTruth();
  ImageTruth(ImageTruth&&) noexcept;
  ImageTruth& operator=(ImageTruth&&) noexcept;

  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  std::unique_ptr<const Parts> parts_;
};

struct WrittenArchive {
  std::string builder;
  std::string archive;               // the writer's name
  const Archive* written = nullptr;  // of the images that the ImageTruth knows
  std::string sha256;                // of the whole file, in hex; empty for a folder
  bool is_stated = true;             // by rows; else all places are taken as they are
};

// Throws: Error "PATH/fixture.json:LINE:COLUMN: …", with builder and archive, when the hand-written
// rows and the places differ.
Truth TruthOf(const ImageTruth& image, const WrittenArchive& archive);

// truth.json; the same bytes each time. `reveal`: with the values.
std::string TruthDocument(const Truth& truth, bool reveal);

}  // namespace watertight::generator
