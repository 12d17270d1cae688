#include "tests/generator/dockerfile/recorded.h"

#include <algorithm>
#include <fstream>

namespace watertight::generator {
namespace {

using nlohmann::json;

constexpr const char* kNewest = "buildkit-0.25";

json Comparable(json result, const json& recorded) {
  const bool both_fail = result.contains("error") && recorded.contains("error");
  if (both_fail && recorded["error"].is_object() && recorded["error"]["line"] == 0) {
    result["error"]["line"] = 0;
  }
  return result;
}

}  // namespace

std::vector<json> ReadCases(const std::string& name) {
  std::ifstream stream(std::string(WATERTIGHT_DOCKERFILE_DATA) + "/" + name + ".json");
  EXPECT_TRUE(stream.good()) << name;
  return json::parse(stream).at("cases").get<std::vector<json>>();
}

void ExpectRecorded(const std::string& name, const std::string& builder,
                    const std::function<json(const json&)>& dump) {
  size_t compared = 0;
  for (const json& test : ReadCases(name)) {
    const json elsewhere = test.value("not_in", json::array());
    if (std::ranges::find(elsewhere, json(builder)) != elsewhere.end()) continue;
    if (!test.contains(builder) && !test.contains(kNewest)) continue;
    const json& recorded = test.contains(builder) ? test[builder] : test.at(kNewest);
    EXPECT_EQ(Comparable(dump(test), recorded), recorded)
        << "case: " << test.value("text", test.value("word", ""));
    ++compared;
  }
  EXPECT_GT(compared, 50u) << name << ".json is nearly empty";
}

}  // namespace watertight::generator
