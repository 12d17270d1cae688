#include "generator/builders/documents.h"

#include "generator/archives/entries.h"

namespace watertight::generator {

Json EmptyObjects(const std::set<std::string>& keys) {
  Json object = Json::Object();
  for (const std::string& key : keys) object.Set(key, Json::Object());
  return object;
}

Json TextMap(const std::map<std::string, std::string>& texts) {
  Json object = Json::Object();
  for (const auto& [key, text] : texts) object.Set(key, text);
  return object;
}

Json EnvironmentList(const Environment& env) {
  Json list = Json::Array();
  for (const auto& [name, value] : env) list.Append(name + "=" + value);
  return list;
}

Json HealthcheckObject(const Healthcheck& check) {
  Json object = Json::Object();
  SetUnlessEmpty(object, "Test", StringList(check.test));
  SetUnlessEmpty(object, "Interval", static_cast<std::int64_t>(check.interval.count()));
  SetUnlessEmpty(object, "Timeout", static_cast<std::int64_t>(check.timeout.count()));
  SetUnlessEmpty(object, "StartPeriod", static_cast<std::int64_t>(check.start_period.count()));
  SetUnlessEmpty(object, "StartInterval", static_cast<std::int64_t>(check.start_interval.count()));
  SetUnlessEmpty(object, "Retries", check.retries);
  return object;
}

Json RootfsObject(const std::vector<SavedLayer>& layers) {
  std::vector<std::string> ids;
  ids.reserve(layers.size());
  for (const SavedLayer& layer : layers) ids.push_back(layer.diff_id);
  return Json::Object({{"type", "layers"}, {"diff_ids", StringListOrNull(ids)}});
}

Json HistoryObject(const HistoryEntry& entry) {
  Json object = Json::Object();
  SetUnlessEmpty(object, "created", entry.created);
  SetUnlessEmpty(object, "created_by", entry.created_by);
  SetUnlessEmpty(object, "author", entry.author);
  SetUnlessEmpty(object, "comment", entry.comment);
  SetUnlessEmpty(object, "empty_layer", entry.empty_layer);
  return object;
}

Json HistoryList(const std::vector<HistoryEntry>& history) {
  Json list = Json::Array();
  for (const HistoryEntry& entry : history) list.Append(HistoryObject(entry));
  return list;
}

void SetUnlessEmpty(Json& object, std::string_view key, Json value) {
  if (!value.IsEmptyValue()) object.Set(key, std::move(value));
}

std::string BaseText(const StageBuild& stage, std::string_view key, const char* otherwise) {
  const std::string text = stage.base_document.TextOf(key);
  return text.empty() ? otherwise : text;
}

}  // namespace watertight::generator
