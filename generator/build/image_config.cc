#include "generator/build/image_config.h"

#include "generator/error.h"

namespace watertight::generator {
namespace {

class Reader {
 public:
  Reader(const Json& object, const std::string& what) : object_(object), what_(what) {}

  const Json* Member(std::string_view key, Json::Kind kind) const {
    const Json* member = object_.Find(key);
    if (member == nullptr || member->is_null()) return nullptr;
    if (member->kind() != kind) {
      throw Error(what_ + ": " + std::string(key) + " has the wrong type");
    }
    return member;
  }

  std::string Text(std::string_view key) const {
    const Json* member = Member(key, Json::Kind::kString);
    return member == nullptr ? "" : member->text();
  }

  std::optional<Words> List(std::string_view key) const {
    const Json* member = Member(key, Json::Kind::kArray);
    if (member == nullptr) return std::nullopt;
    Words words;
    for (const Json& item : member->items()) words.push_back(item.text());
    return words;
  }

  std::set<std::string> Keys(std::string_view key) const {
    std::set<std::string> keys;
    const Json* member = Member(key, Json::Kind::kObject);
    if (member == nullptr) return keys;
    for (const auto& [name, value] : member->members()) keys.insert(name);
    return keys;
  }

  std::map<std::string, std::string> Texts(std::string_view key) const {
    std::map<std::string, std::string> texts;
    const Json* member = Member(key, Json::Kind::kObject);
    if (member == nullptr) return texts;
    for (const auto& [name, value] : member->members()) texts[name] = value.text();
    return texts;
  }

  std::int64_t Number(std::string_view key) const {
    const Json* member = Member(key, Json::Kind::kNumber);
    if (member == nullptr) return 0;
    return std::strtoll(member->text().c_str(), nullptr, 10);
  }

  bool Flag(std::string_view key) const {
    const Json* member = Member(key, Json::Kind::kBool);
    return member != nullptr && member->text() == "true";
  }

 private:
  const Json& object_;
  const std::string& what_;
};

std::optional<Healthcheck> ReadHealthcheck(const Json& config, const std::string& what) {
  const Json* member = Reader(config, what).Member("Healthcheck", Json::Kind::kObject);
  if (member == nullptr) return std::nullopt;
  const Reader reader(*member, what);
  Healthcheck check;
  check.test = reader.List("Test").value_or(Words());
  check.interval = std::chrono::nanoseconds(reader.Number("Interval"));
  check.timeout = std::chrono::nanoseconds(reader.Number("Timeout"));
  check.start_period = std::chrono::nanoseconds(reader.Number("StartPeriod"));
  check.start_interval = std::chrono::nanoseconds(reader.Number("StartInterval"));
  check.retries = static_cast<int>(reader.Number("Retries"));
  return check;
}

}  // namespace

ImageConfig ReadImageConfig(const Json& document, const std::string& what) {
  ImageConfig image;
  const Json* config = Reader(document, what).Member("config", Json::Kind::kObject);
  if (config == nullptr) return image;
  const Reader reader(*config, what);
  image.user = reader.Text("User");
  image.exposed_ports = reader.Keys("ExposedPorts");
  for (const std::string& variable : reader.List("Env").value_or(Words())) {
    const size_t equals = std::min(variable.find('='), variable.size());
    image.env.Set(variable.substr(0, equals),
                  equals == variable.size() ? "" : variable.substr(equals + 1));
  }
  image.entrypoint = reader.List("Entrypoint");
  image.cmd = reader.List("Cmd");
  image.args_escaped = reader.Flag("ArgsEscaped");
  image.volumes = reader.Keys("Volumes");
  image.workdir = reader.Text("WorkingDir");
  image.labels = reader.Texts("Labels");
  image.stop_signal = reader.Text("StopSignal");
  image.healthcheck = ReadHealthcheck(*config, what);
  image.onbuild = reader.List("OnBuild").value_or(Words());
  image.shell = reader.List("Shell").value_or(Words());
  return image;
}

std::vector<HistoryEntry> ReadHistory(const Json& document, const std::string& what) {
  std::vector<HistoryEntry> history;
  const Json* entries = Reader(document, what).Member("history", Json::Kind::kArray);
  if (entries == nullptr) return history;
  for (const Json& entry : entries->items()) {
    const Reader reader(entry, what);
    history.push_back({.created = reader.Text("created"),
                       .created_by = reader.Text("created_by"),
                       .author = reader.Text("author"),
                       .comment = reader.Text("comment"),
                       .empty_layer = reader.Flag("empty_layer")});
  }
  return history;
}

}  // namespace watertight::generator
