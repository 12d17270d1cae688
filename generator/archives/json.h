// JSON values that keep the order of their members, and the spellings of the tools that write
// image documents. A digest is over exact bytes, so spelling is part of the format.
//
//   Json manifest = Json::Object();
//   manifest.Set("schemaVersion", 2);
//   manifest.Set("layers", Json());  // null
//   const std::string bytes = Write(manifest, kGoCompact);

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watertight::generator {

class Json {
 public:
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };
  using Member = std::pair<std::string, Json>;

  Json() = default;  // null
  Json(bool value);  // NOLINT(google-explicit-constructor): values are written in place
  Json(int value) : Json(static_cast<std::int64_t>(value)) {}               // NOLINT
  Json(std::int64_t value);                                                 // NOLINT
  Json(std::uint64_t value);                                                // NOLINT
  Json(std::string text) : kind_(Kind::kString), text_(std::move(text)) {}  // NOLINT
  Json(const char* text) : Json(std::string(text)) {}                       // NOLINT

  static Json Array(std::vector<Json> items = {});
  static Json Object(std::vector<Member> members = {});
  // A number in its own spelling.
  static Json Number(std::string digits);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_object() const { return kind_ == Kind::kObject; }
  bool is_array() const { return kind_ == Kind::kArray; }
  // A string's text; of a number, true or false the spelling.
  const std::string& text() const { return text_; }
  const std::vector<Json>& items() const { return items_; }
  const std::vector<Member>& members() const { return members_; }

  // The member of that name; null when there is none or this is no object.
  const Json* Find(std::string_view key) const;
  // A string member's text, or "".
  std::string TextOf(std::string_view key) const;
  // Replaces the value of a member, or appends one.
  Json& Set(std::string_view key, Json value);
  Json& Append(Json value);
  void Remove(std::string_view key);
  // Members by the bytes of their keys, at this level alone: how Go writes a map.
  Json& SortMembers();
  // What Go's `omitempty` leaves out: null, false, 0, "", [] and {}.
  bool IsEmptyValue() const;

 private:
  Kind kind_ = Kind::kNull;
  std::string text_;
  std::vector<Json> items_;
  std::vector<Member> members_;
};

// Throws: Error, with `what` in front.
Json ParseJson(std::string_view bytes, const std::string& what);

struct JsonSpelling {
  int indent = 0;       // 0: one line
  bool python = false;  // json.dumps: ", " and ": ", ASCII only; else Go's encoding/json
};
inline constexpr JsonSpelling kGoCompact{0, false};
inline constexpr JsonSpelling kGoIndented2{2, false};
inline constexpr JsonSpelling kGoIndented3{3, false};
inline constexpr JsonSpelling kGoIndented4{4, false};
inline constexpr JsonSpelling kPythonCompact{0, true};
inline constexpr JsonSpelling kPythonIndented4{4, true};

std::string Write(const Json& value, JsonSpelling spelling);

}  // namespace watertight::generator
