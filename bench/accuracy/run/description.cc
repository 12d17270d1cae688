#include "bench/accuracy/run/description.h"

#include <re2/re2.h>

#include <algorithm>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

// Of a text that may be of any length.
constexpr std::size_t kShown = 60;

std::string Shown(std::string_view text) {
  if (text.size() <= kShown) return Printable(text);
  return Printable(text.substr(0, kShown)) + "…";
}

std::string Listed(Words words) {
  std::string list;
  for (std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

bool IsIn(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

[[noreturn]] void Fail(const std::string& place, const std::string& why) {
  throw Error(ErrorCode::kBadJson, place + ": " + why);
}

}  // namespace

void ExpectMembers(const JsonObject& object, Words known) {
  for (const auto& [key, value] : object.value().items()) {
    if (!IsIn(known, key)) {
      Fail(object.place(), "the member " + Shown(key) + " is unknown; there are " + Listed(known));
    }
  }
}

void ExpectPresent(const JsonObject& object, Words required) {
  for (std::string_view key : required) {
    const std::string name(key);
    if (object.Find(name.c_str()) == nullptr) Fail(object.place(), "lacks the member " + name);
  }
}

void ExpectOneOf(const JsonObject& object, const char* key, Words known) {
  if (object.Find(key) == nullptr) return;
  const std::string text = object.String(key);
  if (!IsIn(known, text)) {
    Fail(object.place(), std::string(key) + " is " + Shown(text) + ", and can be " + Listed(known));
  }
}

std::vector<std::string> TextsOf(const JsonObject& object, const char* key) {
  const Json* list = object.Find(key);
  if (list != nullptr && !list->is_array()) Fail(object.place(), std::string(key) + " is no list");
  return object.Strings(key);
}

void ExpectPointer(const std::string& pointer, const std::string& place) {
  try {
    Json::json_pointer{pointer};
  } catch (const Json::parse_error&) {
    Fail(place, Shown(pointer) + " is no JSON pointer; one is empty, or like /a/b");
  }
}

void ExpectPlaceholders(const std::string& text, Words known, const std::string& place) {
  static const re2::RE2 pattern(R"(\{([A-Za-z_]+)\})");
  re2::StringPiece rest(text);
  std::string word;
  while (re2::RE2::FindAndConsume(&rest, pattern, &word)) {
    if (!IsIn(known, word)) {
      Fail(place, "{" + Shown(word) + "} stands for nothing; in braces may be " + Listed(known));
    }
  }
}

}  // namespace watertight::bench
