// What real BuildKits wrote as configuration and history (data/buildkit.json, recorded by
// record.py), against ours: equal to the letter, but for times and digests.

#include <gtest/gtest.h>

#include <re2/re2.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "generator/build/build.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using Document = nlohmann::ordered_json;

constexpr std::int64_t kClock = 1767225600;
constexpr const char* kClockText = "\"2026-01-01T00:00:00Z\"";

Document ReadData(const std::string& name) {
  std::ifstream stream(std::string(WATERTIGHT_BUILDERS_DATA) + "/" + name);
  EXPECT_TRUE(stream.good()) << name;
  return Document::parse(stream);
}

BaseEntry Entry(std::string path, char type) {
  BaseEntry entry;
  entry.path = std::move(path);
  entry.type = type;
  entry.mode = 0755;
  return entry;
}

// The base bk/NAME: the recorded builds had busybox in two layers.
std::optional<BaseImage> Base(const std::string& reference) {
  static const Document documents = ReadData("bases.json");
  if (!reference.starts_with("bk/")) return std::nullopt;
  Document document = documents.at(reference.substr(3));
  const std::string id = "sha256:" + std::string(64, '0');
  document["rootfs"] = {{"type", "layers"}, {"diff_ids", {id, id}}};
  BaseImage image;
  image.name = reference;
  image.config = document.dump();
  image.layers = {{Rope(), id, std::nullopt}, {Rope(), id, std::nullopt}};
  image.rootfs = {Entry("bin", '5'), Entry("bin/busybox", '0')};
  for (const char* name : {"cat", "sh", "true"}) {
    image.rootfs.push_back(Entry(std::string("bin/") + name, '2'));
    image.rootfs.back().link = "/bin/busybox";
  }
  return image;
}

BuildRequest RequestOf(const Document& test, const std::string& builder) {
  BuildRequest request{.builder = builder, .bases = Base, .clock = kClock};
  request.dockerfile = Join(test["dockerfile"].get<std::vector<std::string>>(), "\n") + "\n";
  std::vector<ContextFile> files = {{"Dockerfile", request.dockerfile}};
  const Document written = test.value("files", Document::object());
  for (const auto& [path, content] : written.items()) {
    files.push_back({path, content.get<std::string>()});
  }
  request.context = MemoryContext(files);
  const Document arguments = test.value("arguments", Document::object());
  for (const auto& [name, value] : arguments.items()) {
    request.arguments.values[name] = value.get<std::string>();
  }
  const auto options = test.value("options", std::vector<std::string>());
  for (size_t i = 0; i + 1 < options.size(); i += 2) {
    if (options[i] == "--target") request.arguments.target = options[i + 1];
    if (options[i] == "--platform") {
      request.arguments.target_platform = NormalizePlatform(ParsePlatform(options[i + 1]));
    }
  }
  return request;
}

std::string Masked(std::string text) {
  RE2::GlobalReplace(&text, kClockText, "\"NOW\"");
  RE2::GlobalReplace(&text, "\"sha256:[0-9a-f]{64}\"", "\"D\"");
  return text;
}

// What the engine of `builder` wrote; empty where it refused to build or to save.
std::string Recorded(const Document& test, const std::string& builder) {
  for (const auto& [builders, text] : test["expected"].items()) {
    const auto names = ", " + builders + ",";
    if (names.find(", " + builder + ",") == std::string::npos) continue;
    const auto recorded = text.get<std::string>();
    return recorded.starts_with("{") ? recorded : "";
  }
  return "";
}

// They run commands, or use devices, that the modelled shell does not have yet.
bool IsNotModelled(const Document& test) {
  const auto name = test["name"].get<std::string>();
  return name == "entrypoint with words after" || name.starts_with("run");
}

class BuildkitImages : public testing::TestWithParam<const char*> {};

TEST_P(BuildkitImages, HaveTheConfigurationThatDockerWrote) {
  int compared = 0;
  for (const Document& test : ReadData("buildkit.json")) {
    const std::string recorded = Recorded(test, GetParam());
    if (recorded.empty() || IsNotModelled(test)) continue;
    ++compared;
    SCOPED_TRACE(test["name"].get<std::string>());
    try {
      EXPECT_EQ(Masked(Build(RequestOf(test, GetParam())).saved.config), recorded);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_GE(compared, 60);
}

std::string UpperCamel(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Versions, BuildkitImages,
                         testing::Values("buildkit-0.8", "buildkit-0.13", "buildkit-0.25"),
                         UpperCamel);

}  // namespace
}  // namespace watertight::generator
