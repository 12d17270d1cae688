// Values of a file of container-structure-test, by the types that it has for them.
//
// In JSON, keys match without regard to case and unknown ones are passed over; null is as good as
// nothing, in YAML too: false, 0, the empty text, the empty list.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/policy/map_reader.h"
#include "cli/structure_tests/structure_tests.h"

namespace watertight::cli {

// By the file's ending, as there.
bool IsJson(const std::string& file);

// Throws: Error, at its place, for text that is no JSON.
void CheckJson(const std::string& text, const std::string& file);
// JSON without surrogates as escapes, which no YAML parser takes.
std::string WithoutSurrogates(const std::string& json);

// A map, and all below it, without "<<": what stands behind one overwrites what it brings, and what
// it brings overwrites what stands before it, as in yaml.v2 of Go. Throws: Error.
YamlNode Merged(const std::string& file, YamlNode node);

// Each throws Error for another type. what: the subject of its text, "uid".
std::string TextField(const Reading& reading, const std::string& what, const YamlNode& node);
// Not empty either.
std::string NeededField(const Reading& reading, const std::string& what, const YamlNode& node);
bool BoolField(const Reading& reading, const std::string& what, const YamlNode& node);
std::int64_t IntField(const Reading& reading, const std::string& what, const YamlNode& node);
const std::vector<YamlNode>& ListField(const Reading& reading, const std::string& what,
                                       const YamlNode& node);
std::vector<std::string> TextsField(const Reading& reading, const std::string& what,
                                    const YamlNode& node);
// None of them empty.
std::vector<std::string> NeededFields(const Reading& reading, const std::string& what,
                                      const YamlNode& node);
std::vector<TestPattern> PatternsField(const Reading& reading, const std::string& what,
                                       const YamlNode& node);

// The map with the known keys only, spelled as known.
YamlNode FoldedKeys(const Reading& reading, const YamlNode& node,
                    const std::vector<std::string>& known);

template <typename T>
void ReadFields(const Reading& reading, const std::string& what, const YamlNode& node,
                const std::vector<Key<T>>& keys, T* into) {
  const bool fold = IsJson(reading.file) && node.kind == YamlNode::Kind::kMap;
  ReadMap(reading, what, fold ? FoldedKeys(reading, node, NamesOf(keys)) : node, keys, into);
}

}  // namespace watertight::cli
