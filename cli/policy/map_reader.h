// Reads maps whose keys are a table: an unknown key, a missing one and a value of another type are
// errors with their place.

#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/policy/yaml.h"
#include "framework/image/path.h"
#include "watertight/glob.h"

namespace watertight::cli {

// What a file is read with.
struct Reading {
  const std::string& file;    // for errors
  const std::string& folder;  // where the files that it names are looked for
  const std::string& today;   // "2027-01-31"

  // Throws: Error, at the node.
  [[noreturn]] void Fail(const YamlNode& node, const std::string& why) const;
};

// The value of the key, or the map itself when it has no such.
const YamlNode& ValueOf(const YamlNode& map, const std::string& key);

// "; did you mean rules?", or nothing.
std::string NearestOf(const std::string& word, const std::vector<std::string>& known);

// Each throws Error for another type. what: the subject of its text, "id".
// Not empty, and neither a number nor true or false: those are texts in quotes alone.
std::string Text(const Reading& reading, const std::string& what, const YamlNode& node);
// Not empty; of a number or of true as it stands there.
std::string Scalar(const Reading& reading, const std::string& what, const YamlNode& node);
bool IsTrue(const Reading& reading, const std::string& what, const YamlNode& node);
double Number(const Reading& reading, const std::string& what, const YamlNode& node);
const std::vector<YamlNode>& Items(const Reading& reading, const std::string& what,
                                   const YamlNode& node);
std::vector<std::string> Texts(const Reading& reading, const std::string& what,
                               const YamlNode& node);
std::vector<Glob> Globs(const Reading& reading, const std::string& what, const YamlNode& node);

// A key of a map, and how its value is read into what the map describes.
template <typename T>
struct Key {
  const char* name;
  bool required;
  void (*read)(const Reading& reading, const YamlNode& node, T* into);
};

template <typename T>
std::vector<std::string> NamesOf(const std::vector<Key<T>>& keys) {
  std::vector<std::string> names;
  for (const Key<T>& key : keys) names.emplace_back(key.name);
  return names;
}

// One kind of map in the file, for the test of the schema.
struct MapKeys {
  std::string name;
  std::vector<std::string> keys;
  std::vector<std::string> required;
};

template <typename T>
MapKeys KeysOf(std::string name, const std::vector<Key<T>>& keys) {
  MapKeys map{std::move(name), NamesOf(keys), {}};
  for (const Key<T>& key : keys) {
    if (key.required) map.required.emplace_back(key.name);
  }
  return map;
}

template <typename T>
void ReadMap(const Reading& reading, const std::string& what, const YamlNode& node,
             const std::vector<Key<T>>& keys, T* into) {
  if (node.kind != YamlNode::Kind::kMap)
    reading.Fail(node, what + " is a map, not " + Describe(node));
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& name = node.keys[i];
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [&](const Key<T>& one) { return one.name == name.text; });
    if (key == keys.end()) {
      reading.Fail(
          name, what + " has no key " + Printable(name.text) + NearestOf(name.text, NamesOf(keys)));
    }
    key->read(reading, node.items[i], into);
  }
  for (const Key<T>& key : keys) {
    const bool given = std::any_of(node.keys.begin(), node.keys.end(),
                                   [&](const YamlNode& name) { return name.text == key.name; });
    if (key.required && !given) reading.Fail(node, what + " needs " + key.name);
  }
}

}  // namespace watertight::cli
