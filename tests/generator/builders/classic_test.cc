// The configurations and histories of the classic builders, beside what the real ones wrote:
// data/classic.json, by record_classic.py with Docker 20.10.24, 26.1.5 and 28.5.2 of Debian, the
// newer two with both stores.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "generator/archives/json.h"
#include "generator/archives/sha256.h"
#include "generator/build/build.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr size_t kShortId = 12;

Json Recorded() {
  std::ifstream file(WATERTIGHT_BUILDERS_DATA "/classic.json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return ParseJson(text, "classic.json");
}

bool IsHex(const std::string& text) {
  return text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// As the script does it: what differs from build to build.
Json Normal(const Json& value, const std::string& key) {
  if (value.is_object()) {
    Json object = Json::Object();
    for (const auto& [name, member] : value.members()) object.Set(name, Normal(member, name));
    return object;
  }
  if (value.is_array()) {
    Json array = Json::Array();
    for (const Json& item : value.items()) array.Append(Normal(item, key));
    return array;
  }
  if (key == "created") return "T";
  if (key == "Image" && !value.text().empty()) return "I";
  if (key == "container") return "C";
  if (key == "diff_ids") return "L";
  if (key == "Hostname" && value.text().size() == kShortId && IsHex(value.text())) return "H";
  return value;
}

Context ContextOf(const Json& recorded) {
  std::vector<ContextFile> files;
  for (const auto& [path, content] : recorded.Find("files")->members()) {
    files.push_back({.path = path, .content = content.text()});
  }
  return MemoryContext(std::move(files));
}

// "classic-28+c": with the containerd store.
BuildRequest RequestOf(const Json& recorded, const Json& each, const std::string& engine) {
  BuildRequest request;
  request.dockerfile = each.TextOf("dockerfile");
  request.context = ContextOf(recorded);
  for (const auto& [name, value] : recorded.Find("arguments")->members()) {
    request.arguments.values[name] = value.text();
  }
  const size_t plus = engine.find('+');
  request.builder = engine.substr(0, plus);
  request.store = plus == engine.npos ? Store::kOverlay2 : Store::kContainerd;
  return request;
}

class ClassicBuilder : public testing::TestWithParam<const char*> {};

TEST_P(ClassicBuilder, WritesConfigurationsAsTheRealOne) {
  const Json recorded = Recorded();
  int compared = 0;
  for (const Json& each : recorded.Find("cases")->items()) {
    const Json* real = each.Find("configs")->Find(GetParam());
    ASSERT_NE(real, nullptr);
    SCOPED_TRACE(each.TextOf("name"));
    const BuiltImage image = Build(RequestOf(recorded, each, GetParam()));
    const Json ours = ParseJson(image.saved.config, "ours");
    EXPECT_EQ(Write(Normal(ours, ""), kGoCompact), Write(*real, kGoCompact));
    ++compared;
  }
  EXPECT_GE(compared, 20);
}

INSTANTIATE_TEST_SUITE_P(Recorded, ClassicBuilder,
                         testing::Values("classic-20.10", "classic-26", "classic-26+c",
                                         "classic-28", "classic-28+c"),
                         [](const auto& engine) {
                           std::string name = engine.param;
                           std::ranges::replace(name, '-', '_');
                           std::ranges::replace(name, '.', '_');
                           std::ranges::replace(name, '+', '_');
                           return name;
                         });

BuiltImage BuildClassic(const std::string& dockerfile) {
  return Build({.dockerfile = dockerfile,
                .context = MemoryContext({{"f", "one\n"}}),
                .builder = "classic-28"});
}

// The id in `Image` is that of the configuration which the Dockerfile has without its last line.
TEST(ClassicBuilderIds, LeadToTheImageBefore) {
  const std::string before = BuildClassic("FROM scratch\nCOPY f /f\n").saved.config;
  const std::string after = BuildClassic("FROM scratch\nCOPY f /f\nENV A=1\n").saved.config;
  const Json document = ParseJson(after, "after");
  EXPECT_EQ(document.Find("config")->TextOf("Image"), Digest(before));
  EXPECT_EQ(document.Find("container_config")->TextOf("Image"), Digest(before));
  const std::string container = document.TextOf("container");
  EXPECT_EQ(container.size(), 64U);
  EXPECT_EQ(document.Find("container_config")->TextOf("Hostname"), container.substr(0, kShortId));
}

TEST(ClassicBuilderIds, DifferFromStepToStep) {
  const auto container = [](const std::string& dockerfile) {
    return ParseJson(BuildClassic(dockerfile).saved.config, "config").TextOf("container");
  };
  const std::string once = container("FROM scratch\nCOPY f /f\nENV A=1\n");
  EXPECT_EQ(container("FROM scratch\nCOPY f /f\nENV A=1\n"), once);
  EXPECT_NE(container("FROM scratch\nCOPY f /f\nENV A=1\nENV A=1\n"), once);
}

TEST(ClassicBuilderErrors, AreDockersWords) {
  const auto message = [](const std::string& dockerfile) -> std::string {
    try {
      BuildClassic(dockerfile);
    } catch (const Error& error) {
      return error.message();
    }
    return "built";
  };
  EXPECT_EQ(message("FROM scratch\n"), "No image was generated. Is your Dockerfile empty?");
  EXPECT_EQ(message("FROM scratch\nCOPY f /f\nWORKDIR /f\n"),
            "Cannot mkdir: /f is not a directory");
  EXPECT_EQ(message("FROM scratch\nCOPY --chmod=600 f /f\n"),
            "the --chmod option requires BuildKit. Refer to "
            "https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit "
            "enabled");
}

}  // namespace
}  // namespace watertight::generator
