// RUN and HEALTHCHECK.
#include <algorithm>

#include "generator/dockerfile/csv.h"
#include "generator/dockerfile/flags.h"
#include "generator/dockerfile/mount.h"
#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/parse_instruction.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

bool IsScript(const Node& node, const Dialect& dialect) {
  if (node.heredocs.empty() || node.json || node.args.size() != 1) return false;
  try {
    return ParseHeredoc(node.args[0], dialect).has_value();
  } catch (const Error&) {
    return false;
  }
}

std::chrono::nanoseconds Interval(const Flags& flags, const std::string& name,
                                  const Dialect& dialect) {
  const std::string text = flags.Text(name);
  if (text.empty()) return {};
  const auto duration = ParseDuration(text);
  if (duration.count() == 0 && Has(dialect, Feature::kSuggestions)) return {};
  if (duration < std::chrono::milliseconds(1)) {
    throw Error("Interval " + Quote(name) + " cannot be less than 1ms");
  }
  return duration;
}

int Retries(const Flags& flags, const Dialect& dialect) {
  const std::string text = flags.Text("retries");
  if (text.empty()) return 0;
  const auto retries = static_cast<int>(ParseInt(text, 32));
  const std::string number = std::to_string(retries);
  if (!Has(dialect, Feature::kZeroRetries) && retries < 1) {
    throw Error("--retries must be at least 1 (not " + number + ")");
  }
  if (retries < 0) throw Error("--retries cannot be negative (" + number + ")");
  return retries;
}

// NAME, name=NAME, required, required=BOOL.
void CheckDevice(const std::string& text, const Dialect& dialect) {
  std::vector<std::string> fields;
  try {
    fields = ParseCsv(text, !Has(dialect, Feature::kOwnCsv));
  } catch (const Error& error) {
    throw Error("failed to parse csv devices: " + error.message());
  }
  std::string name;
  for (const std::string& field : fields) {
    const size_t equals = field.find('=');
    const bool has_value = equals != std::string::npos;
    const std::string key = Lower(field.substr(0, equals));
    const std::string value = has_value ? field.substr(equals + 1) : "";
    if (key == "required") {
      if (has_value && !ParseBool(value)) throw Error("invalid value for " + key + ": " + value);
    } else if (has_value && key == "name") {
      if (!name.empty()) throw Error("device name already set to " + name);
      name = value;
    } else if (name.empty()) {
      name = field;
    } else if (!has_value) {
      throw Error("invalid field '" + field + "' must be a key=value pair");
    } else {
      const std::vector<std::string> keys = {"name", "required"};
      throw Error("unexpected key '" + key + "' in '" + field + "'" +
                  DidYouMean(Nearest(key, keys)));
    }
  }
}

}  // namespace

Run ParseRun(const Node& node, const Dialect& dialect) {
  const Flags flags = ParseFlags("RUN", node.flags, dialect);
  Run run;
  static_cast<CommandLine&>(run) = CommandLineOf(node);
  run.script = IsScript(node, dialect);
  run.mounts = flags.All("mount");
  run.devices = flags.All("device");
  for (const std::string& device : run.devices) CheckDevice(device, dialect);
  const bool buildah = dialect.family == Family::kBuildah;  // reads mounts when it needs them
  for (const std::string& mount : run.mounts) {
    if (!buildah) CheckMount(mount, dialect);
  }
  if (flags.Has("network")) run.network = flags.Text("network");
  if (run.network != "default" && run.network != "none" && run.network != "host") {
    throw Error("invalid network mode " + Quote(run.network));
  }
  if (flags.Has("security")) run.security = flags.Text("security");
  if (run.security != "insecure" && run.security != "sandbox") {
    throw Error("security " + Quote(run.security) + " is not valid");
  }
  return run;
}

Healthcheck ParseHealthcheck(const Node& node, const Dialect& dialect) {
  if (node.args.empty()) throw Error("HEALTHCHECK requires at least one argument");
  const std::string type = Upper(node.args[0]);
  if (type == "NONE") {
    if (node.args.size() > 1) throw Error("HEALTHCHECK NONE takes no arguments");
    return {.test = {"NONE"}};
  }
  const Flags flags = ParseFlags("HEALTHCHECK", node.flags, dialect);
  if (type != "CMD") throw Error("Unknown type " + Quote(type) + " in HEALTHCHECK (try CMD)");
  if (node.args.size() < 2) throw Error("Missing command after HEALTHCHECK CMD");
  Healthcheck check;
  check.test = {node.json ? "CMD" : "CMD-SHELL"};
  check.test.insert(check.test.end(), node.args.begin() + 1, node.args.end());
  check.interval = Interval(flags, "interval", dialect);
  check.timeout = Interval(flags, "timeout", dialect);
  check.start_period = Interval(flags, "start-period", dialect);
  check.start_interval = Interval(flags, "start-interval", dialect);
  check.retries = Retries(flags, dialect);
  return check;
}

}  // namespace watertight::generator
