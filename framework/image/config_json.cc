#include "framework/image/config_json.h"

#include <utility>

#include "framework/image/json.h"

namespace watertight {
namespace {

Healthcheck ParseHealthcheck(const JsonObject& json) {
  Healthcheck check;
  check.test = json.Strings("Test");
  check.interval = json.Integer("Interval");
  check.timeout = json.Integer("Timeout");
  check.start_period = json.Integer("StartPeriod");
  check.start_interval = json.Integer("StartInterval");
  check.retries = json.Integer("Retries");
  return check;
}

void ParseRuntime(const JsonObject& json, RuntimeConfig* config) {
  config->user = json.String("User");
  config->exposed_ports = json.Keys("ExposedPorts");
  config->env = json.Strings("Env");
  config->entrypoint = json.OptionalStrings("Entrypoint");
  config->cmd = json.OptionalStrings("Cmd");
  config->volumes = json.Keys("Volumes");
  config->working_dir = json.String("WorkingDir");
  config->labels = json.StringMap("Labels");
  config->stop_signal = json.String("StopSignal");
  if (json.Find("StopTimeout") != nullptr) config->stop_timeout = json.Integer("StopTimeout");
  config->args_escaped = json.Boolean("ArgsEscaped");
  if (const auto check = json.Object("Healthcheck")) config->healthcheck = ParseHealthcheck(*check);
  config->on_build = json.Strings("OnBuild");
  config->shell = json.Strings("Shell");
  config->hostname = json.String("Hostname");
  config->domainname = json.String("Domainname");
  config->image = json.String("Image");
  config->mac_address = json.String("MacAddress");
  config->network_disabled = json.Boolean("NetworkDisabled");
  config->attach_stdin = json.Boolean("AttachStdin");
  config->attach_stdout = json.Boolean("AttachStdout");
  config->attach_stderr = json.Boolean("AttachStderr");
  config->tty = json.Boolean("Tty");
  config->open_stdin = json.Boolean("OpenStdin");
  config->stdin_once = json.Boolean("StdinOnce");
}

HistoryStep ParseStep(const JsonObject& json, int index) {
  HistoryStep step;
  step.index = index;
  step.created_by = json.String("created_by");
  step.comment = json.String("comment");
  step.author = json.String("author");
  step.created = json.String("created");
  step.empty_layer = json.Boolean("empty_layer");
  return step;
}

}  // namespace

ConfigDocument ParseConfig(std::string bytes, const std::string& place, std::vector<Note>* notes) {
  const Json document = ParseJson(bytes, place, notes);
  const JsonObject json(document, place);
  ConfigDocument parsed;
  Config& config = parsed.config;
  if (const auto runtime = json.Object("config")) ParseRuntime(*runtime, &config);
  if (const auto container = json.Object("container_config")) {
    ParseRuntime(*container, &config.container_config.emplace());
  }
  config.architecture = json.String("architecture");
  config.variant = json.String("variant");
  config.os = json.String("os");
  config.os_version = json.String("os.version");
  config.os_features = json.Strings("os.features");
  config.created = json.String("created");
  config.author = json.String("author");
  config.comment = json.String("comment");
  config.container = json.String("container");
  config.docker_version = json.String("docker_version");
  config.parent = json.String("parent");
  if (const auto rootfs = json.Object("rootfs")) config.diff_ids = rootfs->Strings("diff_ids");
  config.json = std::move(bytes);
  config.blob = place;
  for (const JsonObject& step : json.Objects("history")) {
    parsed.history.push_back(ParseStep(step, static_cast<int>(parsed.history.size())));
  }
  return parsed;
}

}  // namespace watertight
