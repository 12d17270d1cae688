// JSON documents of an image, read the way Go reads them: null is absent, keys match exactly or
// else without regard to case, bytes that are not UTF-8 become U+FFFD. Every error names the
// document and the field.

#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "watertight/note.h"

namespace watertight {

using Json = nlohmann::json;

// place: "manifest.json". Notes duplicate keys and bytes that are not UTF-8.
// Throws: Error, kBadJson, also for nesting deeper than 200.
Json ParseJson(const std::string& bytes, const std::string& place, std::vector<Note>* notes);

// An object of a document, with the words for errors about it.
class JsonObject {
 public:
  // Throws: Error, kBadJson when value is not an object.
  JsonObject(const Json& value, std::string place);

  // Null when absent or null.
  const Json* Find(const char* key) const;
  // Empty when absent. Each throws Error, kBadJson for another type.
  std::string String(const char* key) const;
  std::int64_t Integer(const char* key) const;
  bool Boolean(const char* key) const;
  std::vector<std::string> Strings(const char* key) const;
  // nullopt when absent; a plain string counts as a list of one, as in Docker's first formats.
  std::optional<std::vector<std::string>> OptionalStrings(const char* key) const;
  std::map<std::string, std::string> StringMap(const char* key) const;
  // The keys of an object that stands for a set, sorted.
  std::vector<std::string> Keys(const char* key) const;
  std::vector<JsonObject> Objects(const char* key) const;
  std::optional<JsonObject> Object(const char* key) const;

  const std::string& place() const { return place_; }
  const Json& value() const { return *value_; }

 private:
  [[noreturn]] void Fail(const std::string& key, const Json& value, const char* expected) const;

  const Json* value_;
  std::string place_;
};

}  // namespace watertight
