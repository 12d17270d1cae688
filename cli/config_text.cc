#include "cli/config_text.h"

#include "framework/image/path.h"

namespace watertight::cli {
namespace {

using Texts = std::vector<std::string>;

std::string Joined(const Texts& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Texts AsText(const OrderedJson& value) {
  if (!value.is_string()) return {Dump(value)};
  const std::string& text = value.get_ref<const std::string&>();
  return text.empty() ? Texts() : Texts{text};
}

// ["nginx", "-g", "daemon off;"]
Texts AsWords(const OrderedJson& value) {
  if (!value.is_array()) return AsText(value);
  Texts words;
  for (const OrderedJson& word : value) words.push_back(Dump(word));
  return words.empty() ? Texts() : Texts{"[" + Joined(words) + "]"};
}

Texts AsNames(const OrderedJson& value) {
  Texts names;
  for (const OrderedJson& variable : value) {
    if (!variable.is_string()) continue;
    const std::string& text = variable.get_ref<const std::string&>();
    names.push_back(text.substr(0, text.find('=')));
  }
  return names.empty() ? Texts() : Texts{Joined(names)};
}

Texts AsSet(const OrderedJson& value) {
  Texts keys;
  for (const auto& [key, unused] : value.items()) keys.push_back(key);
  return keys.empty() ? Texts() : Texts{Joined(keys)};
}

// A line each.
Texts AsList(const OrderedJson& value) {
  Texts lines;
  for (const OrderedJson& item : value)
    lines.push_back(item.is_string() ? item.get<std::string>() : Dump(item));
  return lines;
}

Texts AsMap(const OrderedJson& value) {
  Texts lines;
  for (const auto& [key, text] : value.items()) {
    lines.push_back(key + "=" + (text.is_string() ? text.get<std::string>() : Dump(text)));
  }
  return lines;
}

Texts AsHealthcheck(const OrderedJson& value) {
  const OrderedJson* test = FindMember(value, "Test");
  return test == nullptr ? Texts() : AsWords(*test);
}

struct Row {
  const char* name;
  const char* key;
  Texts (*texts)(const OrderedJson& value);
};
constexpr Row kRows[] = {{"user", "User", AsText},
                         {"env", "Env", AsNames},
                         {"entrypoint", "Entrypoint", AsWords},
                         {"cmd", "Cmd", AsWords},
                         {"shell", "Shell", AsWords},
                         {"workdir", "WorkingDir", AsText},
                         {"ports", "ExposedPorts", AsSet},
                         {"volumes", "Volumes", AsSet},
                         {"healthcheck", "Healthcheck", AsHealthcheck},
                         {"stop signal", "StopSignal", AsText},
                         {"on build", "OnBuild", AsList},
                         {"labels", "Labels", AsMap}};

}  // namespace

std::vector<ConfigLine> ConfigLines(const OrderedJson& config) {
  std::vector<ConfigLine> lines;
  for (const Row& row : kRows) {
    const OrderedJson* value = FindMember(config, row.key);
    if (value == nullptr || value->is_null()) continue;
    std::string name = row.name;
    for (const std::string& text : row.texts(*value)) {
      lines.push_back({std::exchange(name, ""), Printable(text)});
    }
  }
  return lines;
}

}  // namespace watertight::cli
