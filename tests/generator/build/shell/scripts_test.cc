// What real dash, busybox ash and bash did with each script (record.py), against the model.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/generator/build/shell/script_machine.h"

namespace watertight::generator {
namespace {

using nlohmann::json;

json ReadJson(const std::string& name) {
  std::ifstream file(std::string(WATERTIGHT_SCRIPTS) + "/" + name);
  return json::parse(file);
}

// Bytes that are no UTF-8 are compared as the recorder wrote them.
json Readable(const json& value) {
  return json::parse(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

class Scripts : public testing::TestWithParam<const char*> {};

TEST_P(Scripts, EndAsInTheRealShell) {
  const json recorded = ReadJson("recorded.json");
  const json known = ReadJson("known_differences.json");
  int compared = 0;
  for (json request : recorded) {
    if (request["shell"] != GetParam()) continue;
    const std::string name = request["name"];
    if (known.contains(name) && known[name].contains(GetParam())) continue;
    ++compared;
    request["applets"] = {"ash", "cat", "chmod", "env", "ln", "mkdir", "rm", "rmdir", "sh"};
    const json result = Readable(RunScriptCase(request));
    EXPECT_TRUE(result["error"].is_null()) << name << ": " << result["error"];
    for (const char* field : {"status", "output", "files"}) {
      EXPECT_EQ(result[field], request["real"][field]) << name << " [" << field << "]\n"
                                                       << request["script"].get<std::string>();
    }
  }
  EXPECT_GE(compared, 60);
}

INSTANTIATE_TEST_SUITE_P(Shell, Scripts, testing::Values("dash", "ash", "bash"),
                         [](const auto& shell) { return std::string(shell.param); });

}  // namespace
}  // namespace watertight::generator
