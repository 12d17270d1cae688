// Configurations and histories, to the letter, beside those that real builders wrote.
#include <gtest/gtest.h>

#include <re2/re2.h>
#include <fstream>
#include <nlohmann/json.hpp>

#include "generator/build/build.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

nlohmann::json Recorded() {
  std::ifstream file(WATERTIGHT_BUILDERS_DATA "/buildah_kaniko.json");
  return nlohmann::json::parse(file);
}

BaseImage BaseOf(const std::string& config) {
  BaseImage base;
  base.name = "base";
  base.config = config;
  const nlohmann::json document = nlohmann::json::parse(config);
  for (const auto& id : document["rootfs"]["diff_ids"]) {
    base.layers.push_back({Rope(), id.get<std::string>(), std::nullopt});
  }
  return base;
}

BuildRequest RequestOf(const nlohmann::json& recorded, const std::string& base) {
  BuildRequest request;
  request.dockerfile = recorded["dockerfile"];
  request.arguments.target = recorded["target"];
  for (const auto& [name, value] : recorded["arguments"].items()) {
    request.arguments.values[name] = value;
  }
  std::vector<ContextFile> files;
  for (const auto& [path, content] : recorded["files"].items()) {
    files.push_back({path, content, {}});
  }
  request.context = MemoryContext(files);
  request.bases = [base](const std::string& name) -> std::optional<BaseImage> {
    return name == "base" ? std::optional(BaseOf(base)) : std::nullopt;
  };
  return request;
}

// Without what differs from build to build, and without the hashes of contents.
std::string Masked(std::string config) {
  RE2::GlobalReplace(&config, "(file|dir|multi):[0-9a-f]{64} in", "CONTENT in");
  RE2::GlobalReplace(&config, "\"2026-01-01T00:00:00Z\"", "\"TIME\"");
  RE2::GlobalReplace(&config, "FROM [0-9a-f]{12}\"", "FROM ID\"");
  RE2::GlobalReplace(&config, "sha256:[0-9a-f]{64}", "DIGEST");
  return config;
}

std::string ConfigOf(BuildRequest request, const std::string& builder) {
  request.builder = builder;
  try {
    return Masked(Build(request).saved.config);
  } catch (const Error& error) {
    return error.what();
  }
}

class RecordedBuilds : public testing::TestWithParam<const char*> {};

TEST_P(RecordedBuilds, HaveTheSameConfigurationAndHistory) {
  const nlohmann::json recorded = Recorded();
  int compared = 0;
  for (const nlohmann::json& each : recorded["cases"]) {
    if (!each["config"].contains(GetParam())) continue;
    ++compared;
    EXPECT_EQ(ConfigOf(RequestOf(each, recorded["base"]), GetParam()),
              each["config"][GetParam()].get<std::string>())
        << each["name"];
  }
  EXPECT_GE(compared, 20);
}

INSTANTIATE_TEST_SUITE_P(Builders, RecordedBuilds,
                         testing::Values("buildah-1.28", "buildah-1.28-layers", "kaniko"),
                         [](const auto& test) {
                           std::string name;
                           for (const char c : std::string(test.param)) {
                             if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
                           }
                           return name;
                         });

}  // namespace
}  // namespace watertight::generator
