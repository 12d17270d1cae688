// A YAML or JSON file as a tree in which everything knows its place.
//
// Stricter than yaml-cpp, which lets a key stand twice: that is an error here, and so are tags, a
// second document and, unless they are asked for, anchors and aliases, which a policy has no use
// for.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "watertight/error.h"

namespace watertight::cli {

struct YamlPlace {
  int line = 1;
  int column = 1;
};

struct YamlNode {
  enum class Kind : std::uint8_t { kNull, kText, kList, kMap };

  Kind kind = Kind::kNull;
  YamlPlace place;
  std::string text;            // of a scalar
  bool plain = false;          // it stands there without quotes
  std::vector<YamlNode> keys;  // of a map: texts
  std::vector<YamlNode> items;
};

// "a list", "a map", "nothing", "a text".
const char* Describe(const YamlNode& node);

// kUsage, "policy.yaml:3:7: why", on one line.
Error YamlError(const std::string& file, const YamlPlace& place, const std::string& why);

// An alias that is read stands for a copy of what it names, with the places of that.
enum class YamlAliases : std::uint8_t { kRefused, kRead };

// file: for errors. Throws: Error, as YamlError makes it.
YamlNode ParseYaml(const std::string& text, const std::string& file,
                   YamlAliases aliases = YamlAliases::kRefused);

// Throws: Error, also kNotFound or kIo for a file that cannot be read.
std::string ReadYamlText(const std::string& file);

}  // namespace watertight::cli
