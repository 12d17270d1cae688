#include "framework/image/json.h"

#include <strings.h>

#include <algorithm>
#include <set>
#include <utility>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight {
namespace {

constexpr int kDeepest = 200;
// Of one object. The library finds a member of an ordered object by looking at all of them.
constexpr std::size_t kMostMembers = 16384;

// The library's destructor and printer walk a document by recursion.
bool IsTooDeep(const std::string& bytes) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepest) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Json ParseJson(const std::string& bytes, const std::string& place, std::vector<Note>* notes) {
  if (IsTooDeep(bytes)) {
    throw Error(ErrorCode::kBadJson,
                place + ": nested deeper than " + std::to_string(kDeepest) + " levels");
  }
  std::vector<std::set<std::string>> keys;
  std::string duplicate;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key &&
        !keys.back().insert(parsed.get<std::string>()).second) {
      duplicate = parsed.get<std::string>();
    }
    if (!keys.empty() && keys.back().size() > kMostMembers) {
      throw Error(ErrorCode::kLimitExceeded,
                  place + ": an object has more than " + std::to_string(kMostMembers) + " members");
    }
    return true;
  };
  const bool utf8 = IsUtf8(bytes);
  if (!utf8) {
    notes->push_back({"invalid-utf8-json", std::nullopt, place,
                      place + " holds bytes that are not UTF-8; they are read as U+FFFD"});
  }
  try {
    Json json = Json::parse(utf8 ? bytes : ToUtf8(bytes), watch);
    if (!duplicate.empty()) {
      notes->push_back({"duplicate-json-key", std::nullopt, place,
                        place + " states the key " + Printable(duplicate) +
                            " twice in one object; the last one counts"});
    }
    return json;
  } catch (const Json::parse_error& error) {
    throw Error(ErrorCode::kBadJson,
                place + ": no valid JSON at byte " + std::to_string(error.byte));
  } catch (const Json::out_of_range&) {
    throw Error(ErrorCode::kBadJson, place + ": holds a number that is out of range");
  }
}

JsonObject::JsonObject(const Json& value, std::string place)
    : value_(&value), place_(std::move(place)) {
  if (!value.is_object()) {
    throw Error(ErrorCode::kBadJson,
                place_ + ": is of type " + value.type_name() + ", an object was expected");
  }
}

const Json* JsonObject::Find(const char* key) const {
  const auto exact = value_->find(key);
  if (exact != value_->end()) return exact->is_null() ? nullptr : &*exact;
  for (auto it = value_->begin(); it != value_->end(); ++it) {
    if (strcasecmp(it.key().c_str(), key) == 0) return it->is_null() ? nullptr : &*it;
  }
  return nullptr;
}

void JsonObject::Fail(const std::string& key, const Json& value, const char* expected) const {
  throw Error(ErrorCode::kBadJson, place_ + ": " + Printable(key) + " is of type " +
                                       value.type_name() + ", " + expected + " was expected");
}

std::string JsonObject::String(const char* key) const {
  const Json* found = Find(key);
  if (found == nullptr) return "";
  if (!found->is_string()) Fail(key, *found, "a string");
  return found->get<std::string>();
}

std::int64_t JsonObject::Integer(const char* key) const {
  const Json* found = Find(key);
  if (found == nullptr) return 0;
  if (!found->is_number_integer()) Fail(key, *found, "an integer");
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX) {
    throw Error(ErrorCode::kBadJson, place_ + ": " + Printable(key) + " is out of range");
  }
  return found->get<std::int64_t>();
}

bool JsonObject::Boolean(const char* key) const {
  const Json* found = Find(key);
  if (found == nullptr) return false;
  if (!found->is_boolean()) Fail(key, *found, "true or false");
  return found->get<bool>();
}

std::vector<std::string> JsonObject::Strings(const char* key) const {
  return OptionalStrings(key).value_or(std::vector<std::string>());
}

std::optional<std::vector<std::string>> JsonObject::OptionalStrings(const char* key) const {
  const Json* found = Find(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return std::vector<std::string>{found->get<std::string>()};
  if (!found->is_array()) Fail(key, *found, "a list of strings");
  std::vector<std::string> strings;
  for (const Json& item : *found) {
    if (!item.is_string() && !item.is_null()) Fail(key, item, "a list of strings");
    strings.push_back(item.is_null() ? "" : item.get<std::string>());
  }
  return strings;
}

std::map<std::string, std::string> JsonObject::StringMap(const char* key) const {
  std::map<std::string, std::string> map;
  const Json* found = Find(key);
  if (found == nullptr) return map;
  if (!found->is_object()) Fail(key, *found, "an object of strings");
  for (auto it = found->begin(); it != found->end(); ++it) {
    // Without its key, which may be anything.
    if (!it->is_string() && !it->is_null()) {
      Fail(std::string("a member of ") + key, *it, "a string");
    }
    map[it.key()] = it->is_null() ? "" : it->get<std::string>();
  }
  return map;
}

std::vector<std::string> JsonObject::Keys(const char* key) const {
  std::vector<std::string> keys;
  const Json* found = Find(key);
  if (found == nullptr) return keys;
  if (found->is_array()) return Strings(key);
  if (!found->is_object()) Fail(key, *found, "an object");
  for (auto it = found->begin(); it != found->end(); ++it) keys.push_back(it.key());
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::vector<JsonObject> JsonObject::Objects(const char* key) const {
  std::vector<JsonObject> objects;
  const Json* found = Find(key);
  if (found == nullptr) return objects;
  if (!found->is_array()) Fail(key, *found, "a list of objects");
  for (const Json& item : *found) {
    objects.emplace_back(item, place_ + ": " + key + "[" + std::to_string(objects.size()) + "]");
  }
  return objects;
}

std::optional<JsonObject> JsonObject::Object(const char* key) const {
  const Json* found = Find(key);
  if (found == nullptr) return std::nullopt;
  return JsonObject(*found, place_ + ": " + key);
}

}  // namespace watertight
