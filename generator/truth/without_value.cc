// Decoys that are no value, such as a variable's name without one: what a row states is all there
// is.

#include "generator/truth/parts.h"

namespace watertight::generator {
namespace {

TruthPlace EmptyPlace(const ImageTruth::Parts& image, const WrittenPlace& row) {
  TruthPlace place;
  place.value_class = row.decoy;
  place.channel = image.fixture.fixture.channel;
  place.carrier = row.carrier;
  place.nested = row.nested;
  place.visibility = "metadata";
  place.why = row.why;
  return place;
}

std::vector<TruthPlace> FilesOf(const ImageTruth::Parts& image, const Archive& archive,
                                const WrittenPlace& row, std::optional<std::size_t> only) {
  std::vector<TruthPlace> places;
  const std::vector<SavedLayer>& layers = image.images.images.front().saved.layers;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    if (row.step && layer != only) continue;
    const std::vector<TarMark>& marks = layers[layer].tar.marks();
    for (std::size_t entry = 0; entry < marks.size(); ++entry) {
      if (EntryPath(marks[entry].name) != row.path) continue;
      TruthPlace place = EmptyPlace(image, row);
      place.visibility = image.fates.VisibilityOf(layer, entry);
      if (!row.visibility.empty() && row.visibility != place.visibility) continue;
      place.layer = layer;
      place.diff_id = layers[layer].diff_id;
      place.blob = archive.images.front().layers[layer].path;
      place.path = row.path;
      places.push_back(std::move(place));
    }
  }
  return places;
}

}  // namespace

bool FieldMatches(std::string_view pattern, std::string_view field) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == field;
  if (!field.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= field.size(); ++at) {
    if (FieldMatches(rest, field.substr(at))) return true;
  }
  return false;
}

std::vector<TruthPlace> PlacesWithoutValue(const ImageTruth::Parts& image, const Archive& archive,
                                           const std::vector<ArchiveText>& texts,
                                           const WrittenPlace& row,
                                           std::optional<std::size_t> layer) {
  if (row.carrier == "file") return FilesOf(image, archive, row, layer);
  std::vector<TruthPlace> places;
  for (const ArchiveText& text : texts) {
    if (text.carrier != row.carrier || !text.field || !FieldMatches(row.field, *text.field)) {
      continue;
    }
    if (!places.empty() && places.back().field == text.field && places.back().blob == text.blob) {
      continue;  // a key and its value
    }
    TruthPlace& place = places.emplace_back(EmptyPlace(image, row));
    place.blob = text.blob;
    place.field = text.field;
  }
  return places;
}

}  // namespace watertight::generator
