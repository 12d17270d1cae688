#include "generator/archives/v1_image.h"

#include <array>
#include <utility>

#include "generator/archives/sha256.h"

namespace watertight::generator {
namespace {

constexpr char kNoTime[] = "0001-01-01T00:00:00Z";
constexpr char kEpoch[] = "1970-01-01T00:00:00Z";

// Fields of a Go struct in their order. `unset` is what stands for a field without a value; a
// field without one there is left out when it is empty.
struct StructField {
  const char* name;
  Json::Kind kind;
  bool omit_empty;
};
using Kind = Json::Kind;

// container.Config of Docker.
constexpr StructField kDockerConfig[] = {
    {"Hostname", Kind::kString, false},     {"Domainname", Kind::kString, false},
    {"User", Kind::kString, false},         {"AttachStdin", Kind::kBool, false},
    {"AttachStdout", Kind::kBool, false},   {"AttachStderr", Kind::kBool, false},
    {"ExposedPorts", Kind::kObject, true},  {"Tty", Kind::kBool, false},
    {"OpenStdin", Kind::kBool, false},      {"StdinOnce", Kind::kBool, false},
    {"Env", Kind::kArray, false},           {"Cmd", Kind::kArray, false},
    {"Healthcheck", Kind::kNull, true},     {"ArgsEscaped", Kind::kBool, true},
    {"Image", Kind::kString, false},        {"Volumes", Kind::kObject, false},
    {"WorkingDir", Kind::kString, false},   {"Entrypoint", Kind::kArray, false},
    {"NetworkDisabled", Kind::kBool, true}, {"MacAddress", Kind::kString, true},
    {"OnBuild", Kind::kArray, false},       {"Labels", Kind::kObject, false},
    {"StopSignal", Kind::kString, true},    {"StopTimeout", Kind::kNull, true},
    {"Shell", Kind::kArray, true}};

// v1.Config of go-containerregistry, where all is left out when empty.
constexpr StructField kCraneConfig[] = {{"AttachStderr", Kind::kBool, true},
                                        {"AttachStdin", Kind::kBool, true},
                                        {"AttachStdout", Kind::kBool, true},
                                        {"Cmd", Kind::kArray, true},
                                        {"Healthcheck", Kind::kNull, true},
                                        {"Domainname", Kind::kString, true},
                                        {"Entrypoint", Kind::kArray, true},
                                        {"Env", Kind::kArray, true},
                                        {"Hostname", Kind::kString, true},
                                        {"Image", Kind::kString, true},
                                        {"Labels", Kind::kObject, true},
                                        {"OnBuild", Kind::kArray, true},
                                        {"OpenStdin", Kind::kBool, true},
                                        {"StdinOnce", Kind::kBool, true},
                                        {"Tty", Kind::kBool, true},
                                        {"User", Kind::kString, true},
                                        {"Volumes", Kind::kObject, true},
                                        {"WorkingDir", Kind::kString, true},
                                        {"ExposedPorts", Kind::kObject, true},
                                        {"ArgsEscaped", Kind::kBool, true},
                                        {"NetworkDisabled", Kind::kBool, true},
                                        {"MacAddress", Kind::kString, true},
                                        {"StopSignal", Kind::kString, true},
                                        {"Shell", Kind::kArray, true}};

Json Unset(Kind kind) {
  if (kind == Kind::kString) return "";
  if (kind == Kind::kBool) return false;
  return Json();
}

// The keys that Go's decoder would find and its encoder write again.
template <std::size_t kCount>
Json Reencoded(const Json* source, const StructField (&fields)[kCount]) {
  Json object = Json::Object();
  for (const StructField& field : fields) {
    const Json* value = source == nullptr ? nullptr : source->Find(field.name);
    if (field.omit_empty && (value == nullptr || value->IsEmptyValue())) continue;
    Json written = value == nullptr || value->is_null() ? Unset(field.kind) : *value;
    if (field.kind == Kind::kObject) written.SortMembers();
    object.Set(field.name, std::move(written));
  }
  return object;
}

void SetIfAny(Json& object, const char* key, const Json& source) {
  const Json* value = source.Find(key);
  if (value != nullptr && !value->IsEmptyValue()) object.Set(key, *value);
}

Json TimeOr(const Json& source, const char* otherwise) {
  const std::string created = source.TextOf("created");
  return created.empty() ? otherwise : created;
}

// moby's image.V1Image without id and parent; the order is the struct's.
Json DockerV1Object(const Json& config) {
  Json v1 = Json::Object();
  SetIfAny(v1, "comment", config);
  v1.Set("created", TimeOr(config, kNoTime));
  SetIfAny(v1, "container", config);
  v1.Set("container_config", ClassicForm(config.Find("container_config")));
  SetIfAny(v1, "docker_version", config);
  SetIfAny(v1, "author", config);
  if (const Json* inner = config.Find("config"); inner != nullptr && !inner->is_null()) {
    v1.Set("config", ClassicForm(inner));
  }
  for (const char* key : {"architecture", "variant", "os"}) SetIfAny(v1, key, config);
  return v1;
}

Json DockerLowerObject() {
  return Json::Object({{"created", kEpoch}, {"container_config", ClassicForm(nullptr)}});
}

// chain(1) = diff_id(1), chain(n) = sha256 of "chain(n-1) diff_id(n)".
std::string NextChainId(const std::string& chain, const std::string& diff_id) {
  return chain.empty() ? diff_id : Digest(chain + " " + diff_id);
}

// `first` and `second` lead, the rest of `object` follows.
Json WithIds(const std::string& id, const std::string& parent, const Json& object) {
  Json result = Json::Object({{"id", id}});
  if (!parent.empty()) result.Set("parent", parent);
  for (const auto& [key, value] : object.members()) result.Set(key, value);
  return result;
}

std::vector<Json> HistoryOfLayers(const Json& config, std::size_t count) {
  std::vector<Json> layers;
  if (const Json* history = config.Find("history")) {
    for (const Json& step : history->items()) {
      const Json* empty = step.Find("empty_layer");
      if (empty == nullptr || empty->IsEmptyValue()) layers.push_back(step);
    }
  }
  layers.resize(count, Json::Object());
  return layers;
}

// go-containerregistry's LayerConfigFile: an embedded ConfigFile, then its own fields.
Json CraneLayerObject(const Json& history, const Json* top) {
  Json layer = Json::Object();
  layer.Set("architecture", top != nullptr ? top->TextOf("architecture") : "");
  SetIfAny(layer, "author", history);
  if (top != nullptr) SetIfAny(layer, "container", *top);
  layer.Set("created", TimeOr(top != nullptr ? *top : history, kNoTime));
  if (top != nullptr) SetIfAny(layer, "docker_version", *top);
  layer.Set("os", top != nullptr ? top->TextOf("os") : "");
  layer.Set("rootfs", Json::Object({{"type", ""}, {"diff_ids", Json()}}));
  layer.Set("config", Reencoded(top != nullptr ? top->Find("config") : nullptr, kCraneConfig));
  Json command = Json::Array({history.TextOf("created_by")});
  layer.Set("container_config", Json::Object({{"Cmd", std::move(command)}}));
  return layer;
}

}  // namespace

Json ClassicForm(const Json* config) { return Reencoded(config, kDockerConfig); }

std::vector<V1Layer> DockerV1Layers(const Json& config, const std::vector<std::string>& diff_ids) {
  std::vector<V1Layer> layers;
  std::string chain;
  std::string parent;
  for (std::size_t i = 0; i < diff_ids.size(); ++i) {
    chain = NextChainId(chain, diff_ids[i]);
    Json object = i + 1 == diff_ids.size() ? DockerV1Object(config) : DockerLowerObject();
    Json hashed = object;
    hashed.Set("layer_id", chain);
    if (!parent.empty()) hashed.Set("parent", "sha256:" + parent);
    const std::string id = Sha256Hex(Write(hashed.SortMembers(), kGoCompact));
    // The hash was taken before the operating system of the image was filled in.
    if (const std::string os = config.TextOf("os"); !os.empty()) object.Set("os", os);
    layers.push_back({id, Write(WithIds(id, parent, object), kGoCompact)});
    parent = id;
  }
  return layers;
}

std::vector<V1Layer> ContainersV1Layers(const Json& config,
                                        const std::vector<std::string>& diff_ids) {
  constexpr std::array kTopKeys = {
      "architecture", "config", "container", "container_config", "created", "docker_version", "os"};
  std::vector<V1Layer> layers;
  std::string chain;
  for (std::size_t i = 0; i < diff_ids.size(); ++i) {
    chain = NextChainId(chain, diff_ids[i]);
    Json object = Json::Object();
    if (i + 1 == diff_ids.size()) {
      for (const char* key : kTopKeys) {
        const Json* value = config.Find(key);
        object.Set(key, value == nullptr ? Json() : *value);
      }
    }
    if (!layers.empty()) object.Set("parent", layers.back().id);
    Json hashed = object;
    hashed.Set("layer_id", chain);
    const std::string id = Sha256Hex(Write(hashed.SortMembers(), kGoCompact));
    object.Set("id", id);
    layers.push_back({id, Write(object.SortMembers(), kGoCompact)});
  }
  return layers;
}

std::vector<V1Layer> CraneV1Layers(const Json& config, const std::string& config_bytes,
                                   const std::vector<std::string>& blob_digests) {
  const std::vector<Json> history = HistoryOfLayers(config, blob_digests.size());
  std::vector<V1Layer> layers;
  for (std::size_t i = 0; i < blob_digests.size(); ++i) {
    const bool top = i + 1 == blob_digests.size();
    const std::string parent = layers.empty() ? "" : layers.back().id;
    std::string hashed = HexOf(blob_digests[i]) + " " + parent;
    if (top) hashed += " " + config_bytes;
    const std::string id = Sha256Hex(hashed);
    Json layer = CraneLayerObject(history[i], top ? &config : nullptr);
    layer.Set("id", id);
    if (!parent.empty()) layer.Set("parent", parent);
    SetIfAny(layer, "comment", history[i]);
    layers.push_back({id, Write(layer, kGoCompact)});
  }
  return layers;
}

}  // namespace watertight::generator
