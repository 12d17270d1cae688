// truth.json: members in the order of the contract.

#include "generator/archives/entries.h"
#include "generator/archives/json.h"
#include "generator/builders/base64.h"
#include "generator/dockerfile/text.h"
#include "generator/truth/truth.h"

namespace watertight::generator {
namespace {

Json Optional(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

// JSON cannot hold every value: one that is no UTF-8 is there a second time.
void SetValue(Json& object, const std::string& value) {
  object.Set("value", value);
  const bool is_text = Encode(Decode(value)) == value;
  if (!is_text) object.Set("value_base64", Base64(value));
}

Json PlaceObject(const TruthPlace& place, const Truth& truth, bool reveal) {
  const bool has_value = place.span.length > 0;
  const TruthValue* const value = has_value ? &truth.planted[place.value] : nullptr;
  Json object = Json::Object({{"id", place.id},
                              {"bundle", place.bundle},
                              {"kind", place.kind},
                              {"class", place.value_class},
                              {"channel", TextOrNull(place.channel)},
                              {"carrier", place.carrier},
                              {"layer", place.layer ? Json(std::uint64_t{*place.layer}) : Json()},
                              {"diff_id", place.layer ? Json(place.diff_id) : Json()},
                              {"blob", place.blob},
                              {"path", Optional(place.path)},
                              {"field", Optional(place.field)},
                              {"offset", place.span.offset},
                              {"length", place.span.length},
                              {"line", place.span.line},
                              {"column", place.span.column},
                              {"end_line", place.span.end_line},
                              {"end_column", place.span.end_column},
                              {"encoding", StringList(place.encoding)},
                              {"nested", StringList(place.nested)},
                              {"visibility", place.visibility},
                              {"value_sha256", value ? Json(value->sha256) : Json()}});
  if (reveal && value != nullptr) SetValue(object, value->planted.value);
  if (reveal && value == nullptr) object.Set("value", Json());
  if (!place.why.empty()) object.Set("why", place.why);
  return object;
}

Json PlaceList(const std::vector<TruthPlace>& places, const Truth& truth, bool reveal) {
  Json list = Json::Array();
  for (const TruthPlace& place : places) list.Append(PlaceObject(place, truth, reveal));
  return list;
}

Json PlantedList(const Truth& truth, bool reveal) {
  Json list = Json::Array();
  for (const TruthValue& value : truth.planted) {
    Json object = Json::Object({{"kind", value.planted.kind},
                                {"name", value.planted.name},
                                {"value_sha256", value.sha256}});
    if (reveal) SetValue(object, value.planted.value);
    object.Set("in_image", value.in_image);
    list.Append(std::move(object));
  }
  return list;
}

Json ExpectObject(const std::optional<Expectation>& expect) {
  if (!expect) return {};
  return Json::Object({{"verdict", expect->verdict}, {"notes", StringList(expect->notes)}});
}

}  // namespace

std::string TruthDocument(const Truth& truth, bool reveal) {
  return Write(Json::Object({{"schema", "watertight.truth/1"},
                             {"fixture", truth.fixture},
                             {"builder", truth.builder},
                             {"archive", truth.archive},
                             {"seed", truth.seed},
                             {"archive_sha256", TextOrNull(truth.archive_sha256)},
                             {"image_id", truth.image_id},
                             {"clean", truth.leaks.empty()},
                             {"leaks", PlaceList(truth.leaks, truth, reveal)},
                             {"decoys", PlaceList(truth.decoys, truth, reveal)},
                             {"planted", PlantedList(truth, reveal)},
                             {"expect", ExpectObject(truth.expect)}}),
               kGoIndented2) +
         "\n";
}

}  // namespace watertight::generator
