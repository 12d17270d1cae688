// What builders' own parsers say about Dockerfiles, against ours.
#include "tests/generator/dockerfile/recorded.h"

#include "tests/generator/dockerfile/dump.h"

namespace watertight::generator {
namespace {

using nlohmann::json;

class RecordedParse : public testing::TestWithParam<const char*> {};

TEST_P(RecordedParse, IsWhatTheBuilderReads) {
  ExpectRecorded("parse", GetParam(),
                 [](const json& test) { return DumpParse(test["text"], GetParam()); });
}

class RecordedWords : public testing::TestWithParam<const char*> {};

TEST_P(RecordedWords, AreWhatTheBuilderExpands) {
  ExpectRecorded("words", GetParam(), [](const json& test) { return DumpLex(test, GetParam()); });
}

std::string UpperCamel(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Builders, RecordedParse,
                         testing::Values("buildkit-0.8", "buildkit-0.13", "buildkit-0.25"),
                         UpperCamel);
INSTANTIATE_TEST_SUITE_P(Builders, RecordedWords,
                         testing::Values("buildkit-0.8", "buildkit-0.13", "buildkit-0.25"),
                         UpperCamel);

TEST(RecordedIgnoreFiles, IgnoreWhatTheBuilderIgnores) {
  ExpectRecorded("ignore", "buildkit-0.25", DumpIgnore);
}

class RecordedConfig : public testing::TestWithParam<const char*> {};

TEST_P(RecordedConfig, IsWhatDockerWrites) {
  ExpectRecorded("config", GetParam(),
                 [](const json& test) { return DumpConfig(test, GetParam()); });
}

INSTANTIATE_TEST_SUITE_P(Builders, RecordedConfig, testing::Values("classic-20.10", "buildkit-0.8"),
                         UpperCamel);

class RecordedRefusals : public testing::TestWithParam<const char*> {};

TEST_P(RecordedRefusals, HaveDockersWords) {
  ExpectRecorded("refusals", GetParam(),
                 [](const json& test) { return DumpParse(test["text"], GetParam()); });
}

INSTANTIATE_TEST_SUITE_P(Builders, RecordedRefusals,
                         testing::Values("classic-20.10", "buildkit-0.8"), UpperCamel);

TEST(RecordedHistory, IsWhatTheBuilderWrites) {
  ExpectRecorded("evaluate", "buildkit-0.25", DumpEvaluation);
}

}  // namespace
}  // namespace watertight::generator
