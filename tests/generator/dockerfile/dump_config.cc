// The part of the image configuration that follows from expanded instructions alone.
#include <set>
#include <string>

#include "generator/dockerfile/expand.h"
#include "generator/dockerfile/scope.h"
#include "generator/dockerfile/stages.h"
#include "generator/error.h"
#include "tests/generator/dockerfile/dump.h"

namespace watertight::generator {
namespace {

using nlohmann::json;

struct Config {
  Environment env = {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}};
  std::map<std::string, std::string> labels;
  std::set<std::string> ports;
  std::set<std::string> volumes;
  std::string user;
  std::string stop_signal;

  void operator()(const Env& each) {
    for (const NameValue& pair : each.variables) env.Set(pair.name, pair.value);
  }
  void operator()(const Label& each) {
    for (const NameValue& pair : each.labels) labels[pair.name] = pair.value;
  }
  void operator()(const Expose& each) { ports.insert(each.ports.begin(), each.ports.end()); }
  void operator()(const Volume& each) { volumes.insert(each.paths.begin(), each.paths.end()); }
  void operator()(const User& each) { user = each.name; }
  void operator()(const StopSignal& each) { stop_signal = each.signal; }
  template <class T>
  void operator()(const T&) {}
};

json DumpEnvironment(const Environment& env) {
  json array = json::array();
  for (const auto& [name, value] : env) array.push_back(name + "=" + value);
  return array;
}

json Evaluate(const json& test, const std::string& builder) {
  const Dockerfile file =
      ParseDockerfile(test["text"].get<std::string>(), {.path = "Dockerfile", .builder = builder});
  BuildArguments arguments;
  arguments.values = test.value("build_args", std::map<std::string, std::string>());
  const Environment globals = GlobalVariables(file, arguments);
  const StagePlan plan = PlanStages(file, globals, arguments.target);
  Config config;
  Scope scope(file, globals, arguments);
  scope.SetBase(config.env);
  for (const Instruction& each : file.stages[plan.target].instructions) {
    const Instruction expanded = Expand(each, scope);
    scope.Apply(expanded);
    std::visit(config, expanded.command);
  }
  return {{"env", DumpEnvironment(config.env)},
          {"labels", config.labels},
          {"ports", config.ports},
          {"volumes", config.volumes},
          {"user", config.user},
          {"stop_signal", config.stop_signal}};
}

}  // namespace

json DumpConfig(const json& test, const std::string& builder) {
  try {
    return Evaluate(test, builder);
  } catch (const Error& error) {
    return {{"error", error.message()}};
  }
}

}  // namespace watertight::generator
