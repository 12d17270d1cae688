// What real builders recorded, counted by hand from tests of the kit: fields that hold the value of
// a secret-like name, or that value again.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/samples.h"
#include "watertight/leaks.h"

namespace watertight {
namespace {

struct SampleCase {
  const char* name;
  std::vector<std::string> history;  // fields, in order
  std::vector<std::string> config;
};

std::vector<std::string> Fields(const std::vector<Finding>& findings) {
  std::vector<std::string> fields;
  for (const Finding& finding : findings) fields.push_back(finding.field);
  return fields;
}

std::vector<std::string> Steps(const std::vector<int>& steps) {
  std::vector<std::string> fields;
  for (const int step : steps) fields.push_back("history[" + std::to_string(step) + "].created_by");
  return fields;
}

// SECRET in every RUN; FROMARG, an innocent name, has its value; api.label, OTHER and the words of
// commands are no secrets.
TEST(SampleLeaks, AreTheSecretsOfEveryBuilder) {
  REQUIRE_SAMPLES();
  const std::vector<SampleCase> cases = {
      {"docker20-A-classic.tar",
       Steps({6, 7, 8, 9, 13}),
       {"config.Env[1]", "container_config.Env[1]"}},
      {"docker28-A-bk.tar", Steps({3, 6, 7, 8, 9, 13}), {"config.Env[1]"}},
      {"buildah128-A-docker.tar", Steps({7, 8, 9, 13}), {"config.Env[1]"}},
      {"docker20-P-classic.tar", Steps({6, 6}), {}},
      {"docker28-P-bk.tar", Steps({2, 3, 6, 6}), {}},
      {"docker26-F-bk.tar", Steps({9, 12}), {"config.Cmd[1]", "config.Healthcheck.Test[1]"}},
      {"docker28-C-bk.tar", {}, {}},
      {"docker28c-commit.tar", {}, {}},
  };
  for (const SampleCase& row : cases) {
    const Image image = Image::Open(testing::SamplePath(row.name));
    EXPECT_EQ(Fields(FindHistoryLeaks(image)), row.history) << row.name;
    EXPECT_EQ(Fields(FindConfigLeaks(image)), row.config) << row.name;
  }
}

TEST(SampleLeaks, NameStepAndLayer) {
  REQUIRE_SAMPLES();
  const Image image = Image::Open(testing::SamplePath("docker28-A-bk.tar"));
  for (const Finding& finding : FindHistoryLeaks(image)) {
    ASSERT_TRUE(finding.step);
    EXPECT_EQ(finding.layer, image.history()[static_cast<std::size_t>(*finding.step)].layer);
    EXPECT_EQ(finding.value, "PLANT-arg s p$c\"q");
    EXPECT_EQ(finding.blob, image.config().blob);
  }
}

// Every place of a value that the test gives, as a search of the document's bytes counts it.
TEST(SampleLeaks, HoldEveryKnownValue) {
  REQUIRE_SAMPLES();
  for (const char* name : {"docker28-C-classic.tar", "docker26-F-bk.tar", "docker20-import.tar"}) {
    const Image image = Image::Open(testing::SamplePath(name));
    const std::string& json = image.config().json;
    std::size_t count = 0;
    for (std::size_t at = json.find("PLANT"); at != std::string::npos;
         at = json.find("PLANT", at + 5)) {
      ++count;
    }
    const CleanOptions options = CleanOptions().Known(Secret::Value("PLANT"));
    std::size_t found = 0;
    for (const auto& findings :
         {FindHistoryLeaks(image, options), FindConfigLeaks(image, options)}) {
      for (const Finding& finding : findings) found += finding.rule == "known-value" ? 1 : 0;
    }
    EXPECT_GT(count, 0u) << name;
    EXPECT_EQ(found, count) << name;
  }
}

}  // namespace
}  // namespace watertight
