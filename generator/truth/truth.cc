#include "generator/truth/truth.h"

#include <algorithm>
#include <set>
#include <utility>

#include "generator/archives/sha256.h"
#include "generator/truth/parts.h"

namespace watertight::generator {
namespace {

std::vector<const std::vector<TarMark>*> MarksOf(const SavedImage& image) {
  std::vector<const std::vector<TarMark>*> marks;
  for (const SavedLayer& layer : image.layers) marks.push_back(&layer.tar.marks());
  return marks;
}

const char* NameOf(Compression compression) {
  constexpr const char* kNames[] = {"", "gzip", "zstd"};
  return kNames[static_cast<std::size_t>(compression)];
}

class Derivation {
 public:
  Derivation(const ImageTruth::Parts& image, const WrittenArchive& archive)
      : image_(image), archive_(*archive.written) {
    AddLayers();
    AddForeignLayers();
    texts_ = TextsOf(archive_, layers_);
    for (const ArchiveText& text : texts_) {
      for (FoundForm& found : image_.fixture.search.Find(text.text)) {
        TruthPlace& place = Add(std::move(found), text.carrier, text.blob);
        place.field = text.field;
      }
    }
  }

  std::vector<DerivedPlace> TakePlaces() { return std::move(places_); }
  const std::vector<ArchiveText>& texts() const { return texts_; }

 private:
  TruthPlace& Add(FoundForm found, const std::string& carrier, const std::string& blob) {
    const PlantedValue& value = image_.fixture.prepared.planted.values[found.value];
    DerivedPlace& derived = places_.emplace_back();
    derived.other_encodings = std::move(found.other_encodings);
    TruthPlace& place = derived.place;
    place.value = found.value;
    place.kind = value.kind;
    place.bundle = value.bundle;
    place.channel = image_.fixture.fixture.channel;
    place.carrier = carrier;
    place.blob = blob;
    place.span = found.span;
    place.encoding = std::move(found.encoding);
    place.nested = std::move(found.nested);
    place.visibility = "metadata";
    return place;
  }

  void AddLayers() {
    const SavedImage& saved = image_.images.images.front().saved;
    for (std::size_t layer = 0; layer < saved.layers.size(); ++layer) {
      const std::string& blob = archive_.images.front().layers[layer].path;
      layers_.insert(blob);
      for (const LayerPlace& found : image_.places[layer]) AddLayerPlace(found, layer, blob);
      if (archive_.images.front().layers[layer].compression != Compression::kGzip) continue;
      const auto stored = std::ranges::find(archive_.entries, blob, &TarEntry::name);
      if (stored == archive_.entries.end()) continue;
      for (const LayerPlace& found : PlacesInGzipHeader(stored->content, image_.fixture.search)) {
        AddLayerPlace(found, layer, blob);
      }
    }
  }

  void AddLayerPlace(const LayerPlace& found, std::size_t layer, const std::string& blob) {
    const SavedLayer& saved = image_.images.images.front().saved.layers[layer];
    TruthPlace& place = Add(found.found, found.carrier, blob);
    place.layer = layer;
    place.diff_id = saved.diff_id;
    place.field = found.field;
    if (!found.entry) return;
    place.path = EntryPath(saved.tar.marks()[*found.entry].name);
    place.visibility = image_.fates.VisibilityOf(layer, *found.entry);
  }

  // Those of other images are files that this one does not read.
  void AddForeignLayers() {
    for (std::size_t other = 1; other < image_.images.images.size(); ++other) {
      const SavedImage& saved = image_.images.images[other].saved;
      for (std::size_t layer = 0; layer < saved.layers.size(); ++layer) {
        const WrittenLayer& written = archive_.images[other].layers[layer];
        if (!layers_.insert(written.path).second) continue;
        for (FoundForm found : image_.foreign.at(saved.layers[layer].diff_id)) {
          const std::string stream = NameOf(written.compression);
          if (!stream.empty()) found.encoding.insert(found.encoding.begin(), stream);
          Add(std::move(found), "blob", written.path);
        }
      }
    }
  }

  const ImageTruth::Parts& image_;
  const Archive& archive_;
  std::set<std::string> layers_;
  std::vector<DerivedPlace> places_;
  std::vector<ArchiveText> texts_;
};

void Number(const std::string& fixture, std::vector<TruthPlace>& places, std::size_t& number) {
  for (TruthPlace& place : places) place.id = fixture + "#" + std::to_string(++number);
}

}  // namespace

FixtureTruth::FixtureTruth(const Fixture& fixture, const PreparedFixture& prepared,
                           std::string seed)
    : parts_(new Parts{fixture, prepared, std::move(seed), FormSearch(prepared.planted)}) {}
FixtureTruth::~FixtureTruth() = default;
FixtureTruth::FixtureTruth(FixtureTruth&&) noexcept = default;
FixtureTruth& FixtureTruth::operator=(FixtureTruth&&) noexcept = default;

ImageTruth::ImageTruth(const FixtureTruth& fixture, const FixtureImages& images) {
  const SavedImage& saved = images.images.front().saved;
  auto parts =
      std::make_unique<Parts>(Parts{fixture.parts(), images, LayerFates(MarksOf(saved)), {}, {}});
  const FormSearch& search = fixture.parts().search;
  for (const SavedLayer& layer : saved.layers) {
    parts->places.push_back(PlacesInLayer(layer.tar, search));
  }
  for (std::size_t other = 1; other < images.images.size(); ++other) {
    for (const SavedLayer& layer : images.images[other].saved.layers) {
      if (parts->foreign.contains(layer.diff_id)) continue;
      parts->foreign[layer.diff_id] = PlacesInTar(layer.tar, search);
    }
  }
  parts_ = std::move(parts);
}
ImageTruth::~ImageTruth() = default;
ImageTruth::ImageTruth(ImageTruth&&) noexcept = default;
ImageTruth& ImageTruth::operator=(ImageTruth&&) noexcept = default;

Truth TruthOf(const ImageTruth& image, const WrittenArchive& archive) {
  const FixtureTruth::Parts& fixture = image.parts().fixture;
  Truth truth;
  truth.fixture = fixture.fixture.id;
  truth.builder = archive.builder;
  truth.archive = archive.archive;
  truth.seed = fixture.seed;
  truth.archive_sha256 = archive.sha256;
  truth.image_id = archive.written->images.front().id;
  truth.expect = fixture.fixture.expect;
  for (const PlantedValue& value : fixture.prepared.planted.values) {
    truth.planted.push_back({value, Sha256Hex(value.value), false});
  }
  Derivation derivation(image.parts(), archive);
  DividePlaces(image.parts(), archive, derivation.texts(), derivation.TakePlaces(), truth);
  for (const std::vector<TruthPlace>* places : {&truth.leaks, &truth.decoys}) {
    for (const TruthPlace& place : *places) {
      if (place.span.length > 0) truth.planted[place.value].in_image = true;
    }
  }
  std::size_t number = 0;
  Number(truth.fixture, truth.leaks, number);
  Number(truth.fixture, truth.decoys, number);
  return truth;
}

}  // namespace watertight::generator
