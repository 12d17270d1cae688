#include "generator/catalogue/build_script.h"

#include <set>
#include <string_view>
#include <vector>

#include "generator/builders/builder.h"
#include "generator/catalogue/selection.h"

namespace watertight::generator {
namespace {

// In single quotes, if it needs any.
std::string Word(const std::string& text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == text.npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

// The first that the fixture has, the default one before all others.
std::string UsualBuilder(const Fixture& fixture) {
  if (HasBuilder(fixture, kDefaultBuilder)) return kDefaultBuilder;
  for (const Builder& builder : Builders()) {
    if (HasBuilder(fixture, builder.name)) return builder.name;
  }
  return kDefaultBuilder;
}

struct Tool {
  std::string_view builder;  // the beginning of its name; the longest comes first
  const char* command;
  const char* tag;
  const char* context;  // before its folder
};

constexpr Tool kTools[] = {
    {"classic-", "DOCKER_BUILDKIT=0 docker build", "--tag", ""},
    {"buildkit-", "DOCKER_BUILDKIT=1 docker build", "--tag", ""},
    {"buildah-1.28-layers", "buildah bud --layers", "--tag", ""},
    {"buildah-", "buildah bud", "--tag", ""},
    {"kaniko", "executor --no-push --tar-path image.tar", "--destination", "--context "}};

const Tool& ToolOf(const std::string& builder) {
  for (const Tool& tool : kTools) {
    if (builder.starts_with(tool.builder)) return tool;
  }
  return kTools[1];
}

bool HasStep(const PreparedFixture& prepared, std::string_view name) {
  for (const PlacedJson& step : prepared.then) {
    if (step.Find(name) != nullptr) return true;
  }
  return false;
}

const char* ProvenanceFlag(const PreparedFixture& prepared) {
  if (!prepared.provenance) return "";
  switch (*prepared.provenance) {
    case ProvenanceMode::kOff:
      return " --provenance=false";
    case ProvenanceMode::kMin:
      return " --provenance=mode=min";
    case ProvenanceMode::kMax:
      return " --provenance=mode=max";
  }
  return "";
}

std::string MainCommand(const PreparedFixture& prepared, const Tool& tool) {
  std::string line = tool.command;
  for (const auto& [name, value] : prepared.build_args) {
    line += " --build-arg " + Word(name + "=" + value);
  }
  for (const auto& [id, value] : prepared.secrets) {
    line += " --secret " + Word("id=" + id + ",src=" + kSecretsFolder + "/" + id);
  }
  if (!prepared.target.empty()) line += " --target " + Word(prepared.target);
  if (!prepared.platform.empty()) line += " --platform " + Word(prepared.platform);
  if (HasStep(prepared, "squash")) line += " --squash";
  line += ProvenanceFlag(prepared);
  return line + " " + tool.tag + " " + Word("watertight/" + prepared.id) + " " + tool.context +
         kContextFolder;
}

// Steps and faults that no option of the builder stands for.
std::string Remarks(const PreparedFixture& prepared) {
  std::string text;
  for (const PlacedJson& step : prepared.then) {
    const std::string& name = step.members.front().key;
    if (name != "squash") text += "# then, in the catalogue: " + name + "\n";
  }
  for (const PlacedJson& fault : prepared.faults) {
    text += "# damaged, in the catalogue: " + fault.Find("fault")->text + "\n";
  }
  for (const auto& [url, content] : prepared.urls) {
    text += "# ADD finds " + std::to_string(content.size()) + " bytes at " + Word(url) + "\n";
  }
  return text;
}

// The names of the bases, each behind those that its Dockerfile names.
class BaseOrder {
 public:
  explicit BaseOrder(const PreparedFixture& prepared) : prepared_(prepared) {
    for (const auto& [name, base] : prepared.bases) Add(name, base);
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  void Add(const std::string& name, const PreparedContext& base) {
    if (!seen_.insert(name).second) return;
    for (const auto& [other, context] : prepared_.bases) {
      if (base.dockerfile.find(other) != base.dockerfile.npos) Add(other, context);
    }
    names_.push_back(name);
  }

  const PreparedFixture& prepared_;
  std::set<std::string> seen_;
  std::vector<std::string> names_;
};

}  // namespace

std::string BuildScript(const Fixture& fixture, const PreparedFixture& prepared) {
  const Tool& tool = ToolOf(UsualBuilder(fixture));
  std::string script = "#!/bin/sh\nset -e\ncd \"$(dirname \"$0\")\"\n";
  const BaseOrder order(prepared);
  for (const std::string& name : order.names()) {
    const std::string folder = std::string(kBasesFolder) + "/" + prepared.bases.at(name).folder;
    script += std::string(tool.command) + " " + tool.tag + " " + Word(name) + " " + tool.context +
              Word(folder) + "\n";
  }
  return script + MainCommand(prepared, tool) + "\n" + Remarks(prepared);
}

}  // namespace watertight::generator
