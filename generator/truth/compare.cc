// The hand-written truth and the derived one: each row states a place that is there, and each place
// is stated.

#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/json.h"
#include "generator/credentials/credentials.h"
#include "generator/dockerfile/text.h"
#include "generator/truth/parts.h"

namespace watertight::generator {
namespace {

bool AppliesTo(const std::vector<std::string>& globs, const std::string& name) {
  return globs.empty() || std::ranges::any_of(globs, [&name](const std::string& glob) {
           return fnmatch(glob.c_str(), name.c_str(), 0) == 0;
         });
}

// Docker's old documents repeat the container's configuration beside the image's.
bool IsContainerConfig(const TruthPlace& place) {
  return place.carrier == "config" && place.field->starts_with("container_config");
}

// A place as a row would state it.
std::string RowOf(const DerivedPlace& derived, const std::string& secret) {
  const TruthPlace& place = derived.place;
  Json row = Json::Object({{"secret", secret}, {"carrier", place.carrier}});
  if (place.path) row.Set("path", *place.path);
  if (place.field) row.Set("field", *place.field);
  if (!place.encoding.empty()) row.Set("encoding", StringList(place.encoding));
  if (!place.nested.empty()) row.Set("nested", StringList(place.nested));
  row.Set("visibility", place.visibility);
  std::string text = Write(row, kPythonCompact);
  if (place.layer) text += " in layer " + std::to_string(*place.layer);
  return text + (place.path || place.field ? "" : ", blob " + place.blob);
}

class Comparison {
 public:
  Comparison(const ImageTruth::Parts& image, const WrittenArchive& archive,
             const std::vector<ArchiveText>& texts, std::vector<DerivedPlace> places)
      : image_(image),
        prepared_(image.fixture.prepared),
        archive_(archive),
        texts_(texts),
        places_(std::move(places)),
        stated_by_(places_.size()) {}

  void Divide(Truth& truth) {
    for (const WrittenPlace& row : prepared_.leaks) TakeRow(row, false);
    for (const WrittenPlace& row : prepared_.decoys) TakeRow(row, true);
    TakeCopies();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (stated_by_[i] == nullptr && archive_.is_stated) FailUnstated(places_[i]);
      TruthPlace& place = places_[i].place;
      const PlantedValue& value = prepared_.planted.values[place.value];
      if (value.decoy.empty()) {
        place.value_class = FindKind(place.kind)->credential_class;
        truth.leaks.push_back(std::move(place));
      } else {
        place.value_class = value.decoy;
        if (stated_by_[i] != nullptr) place.why = stated_by_[i]->why;
        truth.decoys.push_back(std::move(place));
      }
    }
    std::ranges::move(without_value_, std::back_inserter(truth.decoys));
  }

 private:
  [[noreturn]] void Fail(Place place, const std::string& message) const {
    throw ErrorAt(prepared_.path, place,
                  message + " (" + archive_.builder + ", " + archive_.archive + ")");
  }

  const std::string& SecretOf(const TruthPlace& place) const {
    return prepared_.planted.values[place.value].reference;
  }

  // Which layer a row's step made; none for none. Fails for a step that there is not.
  std::optional<std::size_t> LayerOf(const WrittenPlace& row) const {
    const BuiltImage& image = image_.images.images.front();
    const StepLayers* steps = &image.steps;
    if (!row.base.empty()) {
      const auto base = image.base_steps.find(row.base);
      if (base == image.base_steps.end()) {
        Fail(row.place, "the image builds on no base " + Quote(row.base));
      }
      steps = &base->second;
    }
    const auto step = static_cast<std::size_t>(*row.step);
    if (step >= steps->size()) {
      Fail(row.place, "there is no step " + std::to_string(step) + "; there are " +
                          std::to_string(steps->size()) + ", from 0");
    }
    return (*steps)[step];
  }

  bool Matches(const WrittenPlace& row, const DerivedPlace& derived) const {
    const TruthPlace& place = derived.place;
    if (row.secret != SecretOf(place) || row.carrier != place.carrier) return false;
    if (row.step && (!place.layer || place.layer != LayerOf(row))) return false;
    if (!row.path.empty() && row.path != place.path) return false;
    if (row.field.empty()) {
      if (IsContainerConfig(place)) return false;
    } else if (!place.field || !FieldMatches(row.field, *place.field)) {
      return false;
    }
    if (!row.visibility.empty() && row.visibility != place.visibility) return false;
    if (!row.nested.empty() && row.nested != place.nested) return false;
    return row.encoding.empty() || row.encoding == place.encoding ||
           std::ranges::find(derived.other_encodings, row.encoding) !=
               derived.other_encodings.end();
  }

  void TakeRow(const WrittenPlace& row, bool decoy) {
    if (!AppliesTo(row.builders, archive_.builder)) return;
    if (!AppliesTo(row.archives, archive_.archive)) return;
    if (row.secret.empty()) return TakeRowWithoutValue(row);
    CheckKindOfRow(row, decoy);
    int count = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (!Matches(row, places_[i])) continue;
      ++count;
      stated_by_[i] = &row;
      if (!row.encoding.empty()) places_[i].place.encoding = row.encoding;
    }
    CheckCount(row, count);
  }

  void TakeRowWithoutValue(const WrittenPlace& row) {
    const bool in_file = row.carrier == "file";
    if (in_file ? row.path.empty() : row.field.empty()) {
      Fail(row.place, std::string("a decoy without a secret needs the key ") +
                          (in_file ? "\"path\"" : "\"field\""));
    }
    const auto layer = row.step ? LayerOf(row) : std::nullopt;
    std::vector<TruthPlace> places =
        PlacesWithoutValue(image_, *archive_.written, texts_, row, layer);
    CheckCount(row, static_cast<int>(places.size()));
    std::ranges::move(places, std::back_inserter(without_value_));
  }

  void CheckCount(const WrittenPlace& row, int count) const {
    if (row.count ? count == *row.count : count > 0) return;
    const std::string others = count == 0 && !row.secret.empty() ? OthersOf(row) : "";
    Fail(row.place, (row.count ? std::to_string(count) + " places are as this row states, not " +
                                     std::to_string(*row.count)
                               : "no place is as this row states") +
                        others);
  }

  // A leak's value is none of a decoy, and the other way round.
  void CheckKindOfRow(const WrittenPlace& row, bool decoy) const {
    for (const PlantedValue& value : prepared_.planted.values) {
      if (value.reference != row.secret) continue;
      if (value.decoy.empty() == decoy) {
        Fail(row.place, row.secret + (decoy ? " is a secret and no decoy"
                                            : " is a decoy of class " + Quote(value.decoy)));
      }
      if (decoy && value.decoy != row.decoy) {
        Fail(row.place, row.secret + " is of class " + Quote(value.decoy));
      }
    }
  }

  // Where the row's secret stands instead.
  std::string OthersOf(const WrittenPlace& row) const {
    std::string others;
    for (const DerivedPlace& derived : places_) {
      if (SecretOf(derived.place) != row.secret) continue;
      others += (others.empty() ? "; there are " : ", ") + RowOf(derived, row.secret);
    }
    return others.empty() ? "; " + row.secret + " is not in the archive" : others;
  }

  // Documents that repeat another one mechanically need no rows of their own.
  bool IsCopy(const TruthPlace& place) const {
    if (IsContainerConfig(place) || place.blob == "repositories") return true;
    return place.carrier == "blob" && !place.layer && !IsOrphan(place.blob);
  }

  bool IsOrphan(const std::string& blob) const {
    const std::vector<std::string>& orphans = image_.images.orphans;
    if (orphans.empty()) return false;
    const std::vector<TarEntry>& entries = archive_.written->entries;
    const auto entry = std::ranges::find(entries, blob, &TarEntry::name);
    return entry != entries.end() &&
           std::ranges::find(orphans, entry->content.ToString()) != orphans.end();
  }

  void TakeCopies() {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const TruthPlace& place = places_[i].place;
      if (stated_by_[i] != nullptr || !IsCopy(place)) continue;
      for (std::size_t other = 0; other < places_.size(); ++other) {
        const TruthPlace& original = places_[other].place;
        const bool repeated = original.carrier == "config" || original.carrier == "history";
        if (!repeated || original.value != place.value || IsContainerConfig(original)) continue;
        if (stated_by_[other] == nullptr) continue;
        stated_by_[i] = stated_by_[other];
        break;
      }
    }
  }

  [[noreturn]] void FailUnstated(const DerivedPlace& derived) const {
    const std::string& secret = SecretOf(derived.place);
    Place place;
    for (const std::vector<WrittenPlace>* rows : {&prepared_.decoys, &prepared_.leaks}) {
      for (const WrittenPlace& row : *rows) {
        if (row.secret == secret) place = row.place;
      }
    }
    Fail(place, "no row states " + RowOf(derived, secret));
  }

  const ImageTruth::Parts& image_;
  const PreparedFixture& prepared_;
  const WrittenArchive& archive_;
  const std::vector<ArchiveText>& texts_;
  std::vector<DerivedPlace> places_;
  std::vector<const WrittenPlace*> stated_by_;  // by place
  std::vector<TruthPlace> without_value_;
};

}  // namespace

void DividePlaces(const ImageTruth::Parts& image, const WrittenArchive& archive,
                  const std::vector<ArchiveText>& texts, std::vector<DerivedPlace> places,
                  Truth& truth) {
  Comparison(image, archive, texts, std::move(places)).Divide(truth);
}

}  // namespace watertight::generator
