#include "cli/structure_tests/fields.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace watertight::cli {
namespace {

using Kind = YamlNode::Kind;

// Of YAML 1.1.
constexpr const char* kTrue[] = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                 "True", "TRUE", "on",  "On",  "ON"};
constexpr const char* kFalse[] = {"n",     "N",     "no",  "No",  "NO", "false",
                                  "False", "FALSE", "off", "Off", "OFF"};

template <std::size_t kCount>
bool IsOneOf(const char* const (&words)[kCount], const std::string& word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

YamlPlace PlaceOfByte(const std::string& text, std::size_t offset) {
  YamlPlace place;
  for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
    place.column = text[i] == '\n' ? 1 : place.column + 1;
    place.line += text[i] == '\n' ? 1 : 0;
  }
  return place;
}

// The code unit of "\ud83d" at the place; 0 when there is none.
unsigned UnitAt(const std::string& text, std::size_t at) {
  unsigned unit = 0;
  if (text.compare(at, 2, "\\u") != 0 || at + 6 > text.size()) return 0;
  const char* const end = text.data() + at + 6;
  return std::from_chars(text.data() + at + 2, end, unit, 16).ptr == end ? unit : 0;
}

void Put(const YamlNode& key, const YamlNode& item, YamlNode* map) {
  for (std::size_t i = 0; i < map->keys.size(); ++i) {
    if (map->keys[i].text != key.text) continue;
    map->items[i] = item;
    return;
  }
  map->keys.push_back(key);
  map->items.push_back(item);
}

void PutAll(const std::string& file, const YamlNode& from, YamlNode* map) {
  if (from.kind != Kind::kMap) {
    throw YamlError(file, from.place, "<< takes a map or a list of maps");
  }
  for (std::size_t i = 0; i < from.keys.size(); ++i) Put(from.keys[i], from.items[i], map);
}

// Base 0 of Go: a prefix tells the base, and "_" may stand between digits.
bool ParseInt(const std::string& text, std::int64_t* number) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c != '_'; });
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.erase(0, 1);
  constexpr std::pair<const char*, int> kBases[] = {{"0x", 16}, {"0b", 2}, {"0o", 8}, {"0", 8}};
  int base = 10;
  for (const auto& [prefix, of_prefix] : kBases) {
    if (digits.size() == std::string_view(prefix).size() || !Lower(digits).starts_with(prefix)) {
      continue;
    }
    digits.erase(0, std::string_view(prefix).size());
    base = of_prefix;
    break;
  }
  if (digits.empty() || digits.front() == '-') return false;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, *number, base);
  if (parsed.ec != std::errc() || parsed.ptr != end) return false;
  if (negative) *number = -*number;
  return true;
}

}  // namespace

bool IsJson(const std::string& file) { return file.ends_with(".json"); }

void CheckJson(const std::string& text, const std::string& file) {
  try {
    [[maybe_unused]] const auto parsed = nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
    throw YamlError(file, PlaceOfByte(text, offset), "this is no JSON");
  }
}

std::string WithoutSurrogates(const std::string& json) {
  std::string yaml;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] != '\\') {
      yaml += json[i];
      continue;
    }
    const unsigned high = UnitAt(json, i);
    const unsigned low = high >= 0xd800 && high < 0xdc00 ? UnitAt(json, i + 6) : 0;
    if (low < 0xdc00 || low > 0xdfff) {
      yaml.append(json, i, 2);  // the escaped character may be a backslash
      i += 1;
      continue;
    }
    char escape[16];
    std::snprintf(escape, sizeof escape, "\\U%08x",
                  0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
    yaml += escape;
    i += 11;
  }
  return yaml;
}

YamlNode Merged(const std::string& file, YamlNode node) {
  for (YamlNode& item : node.items) item = Merged(file, std::move(item));
  const bool merges = node.kind == Kind::kMap &&
                      std::any_of(node.keys.begin(), node.keys.end(),
                                  [](const auto& key) { return key.plain && key.text == "<<"; });
  if (!merges) return node;
  YamlNode merged;
  merged.kind = Kind::kMap;
  merged.place = node.place;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& item = node.items[i];
    if (!node.keys[i].plain || node.keys[i].text != "<<") {
      Put(node.keys[i], item, &merged);
    } else if (item.kind == Kind::kList) {
      // The first of the list goes before the others.
      for (auto map = item.items.rbegin(); map != item.items.rend(); ++map) {
        PutAll(file, *map, &merged);
      }
    } else {
      PutAll(file, item, &merged);
    }
  }
  return merged;
}

std::string TextField(const Reading& reading, const std::string& what, const YamlNode& node) {
  if (node.kind == Kind::kNull) return "";
  const bool is_text = node.kind == Kind::kText && !(IsJson(reading.file) && node.plain);
  if (!is_text) {
    const bool bare = node.kind == Kind::kText;
    reading.Fail(node, what + " is a text, not " + (bare ? node.text : Describe(node)));
  }
  return node.text;
}

std::string NeededField(const Reading& reading, const std::string& what, const YamlNode& node) {
  const std::string text = TextField(reading, what, node);
  if (text.empty()) reading.Fail(node, what + " is empty");
  return text;
}

bool BoolField(const Reading& reading, const std::string& what, const YamlNode& node) {
  if (node.kind == Kind::kNull) return false;
  const bool is_word = node.kind == Kind::kText && node.plain;
  if (is_word && IsOneOf(kTrue, node.text)) return true;
  if (is_word && IsOneOf(kFalse, node.text)) return false;
  reading.Fail(node, what + " is true or false");
}

std::int64_t IntField(const Reading& reading, const std::string& what, const YamlNode& node) {
  std::int64_t number = 0;
  if (node.kind == Kind::kNull) return number;
  const bool is_word = node.kind == Kind::kText && node.plain;
  if (!is_word || !ParseInt(node.text, &number)) reading.Fail(node, what + " is a whole number");
  return number;
}

const std::vector<YamlNode>& ListField(const Reading& reading, const std::string& what,
                                       const YamlNode& node) {
  return node.kind == Kind::kNull ? node.items : Items(reading, what, node);
}

std::vector<std::string> TextsField(const Reading& reading, const std::string& what,
                                    const YamlNode& node) {
  std::vector<std::string> texts;
  for (const YamlNode& item : ListField(reading, what, node)) {
    texts.push_back(TextField(reading, "an item of " + what, item));
  }
  return texts;
}

std::vector<std::string> NeededFields(const Reading& reading, const std::string& what,
                                      const YamlNode& node) {
  std::vector<std::string> texts;
  for (const YamlNode& item : ListField(reading, what, node)) {
    texts.push_back(NeededField(reading, "an item of " + what, item));
  }
  return texts;
}

std::vector<TestPattern> PatternsField(const Reading& reading, const std::string& what,
                                       const YamlNode& node) {
  std::vector<TestPattern> patterns;
  for (const YamlNode& item : ListField(reading, what, node)) {
    patterns.push_back({TextField(reading, "an item of " + what, item), item.place});
  }
  return patterns;
}

YamlNode FoldedKeys(const Reading& reading, const YamlNode& node,
                    const std::vector<std::string>& known) {
  YamlNode folded;
  folded.kind = Kind::kMap;
  folded.place = node.place;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const auto name = std::find_if(known.begin(), known.end(), [&](const std::string& one) {
      return Lower(one) == Lower(node.keys[i].text);
    });
    if (name == known.end()) continue;
    YamlNode key = node.keys[i];
    key.text = *name;
    const bool twice = std::any_of(folded.keys.begin(), folded.keys.end(),
                                   [&](const YamlNode& one) { return one.text == *name; });
    if (twice) reading.Fail(key, "the key " + *name + " stands here twice");
    folded.keys.push_back(std::move(key));
    folded.items.push_back(node.items[i]);
  }
  return folded;
}

}  // namespace watertight::cli
