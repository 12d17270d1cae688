// Pieces of a configuration that several builders spell alike.
#pragma once

#include <string>
#include <vector>

#include "generator/archives/json.h"
#include "generator/build/image_config.h"
#include "generator/build/stage_build.h"

namespace watertight::generator {

// {"a":{},"b":{}}
Json EmptyObjects(const std::set<std::string>& keys);
Json TextMap(const std::map<std::string, std::string>& texts);
// ["A=1","B=2"]
Json EnvironmentList(const Environment& env);
Json HealthcheckObject(const Healthcheck& check);
// {"type":"layers","diff_ids":[…]}, null instead of no ids.
Json RootfsObject(const std::vector<SavedLayer>& layers);

// In the order created, created_by, author, comment, empty_layer, which all but the oldest write.
Json HistoryObject(const HistoryEntry& entry);
Json HistoryList(const std::vector<HistoryEntry>& history);

// Sets the member unless the value is one that Go's omitempty leaves out.
void SetUnlessEmpty(Json& object, std::string_view key, Json value);

// A member of the base's document, or `otherwise`: architecture, os.
std::string BaseText(const StageBuild& stage, std::string_view key, const char* otherwise);

}  // namespace watertight::generator
