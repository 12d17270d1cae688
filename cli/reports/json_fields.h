// Structures as JSON and back, by one list of their fields:
//
//   template <class Fields>
//   void Visit(Fields& fields, Note& note) {
//     fields("code", note.code);
//     fields("layer", note.layer);
//   }
//
// Texts may hold any bytes: one that is no UTF-8 is an object with its base64.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/redaction.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight::cli {

// The last value of an enumeration that begins at 0.
template <typename T>
constexpr T kLastOf{};

inline Error BadField() { return Error(ErrorCode::kBadJson, "is damaged"); }

// The bytes of a base64 text. Throws: Error, kBadJson.
std::string FromBase64(const std::string& text);

class FieldWriter {
 public:
  template <typename T>
  void operator()(const char* key, T& value) {
    json_[key] = Written(value);
  }

  template <typename T>
  static OrderedJson Written(T& value) {
    if constexpr (std::is_enum_v<T>) {
      return static_cast<int>(value);
    } else if constexpr (std::is_arithmetic_v<T>) {
      return value;
    } else {
      FieldWriter fields;
      Visit(fields, value);
      return fields.json_;
    }
  }
  static OrderedJson Written(std::string& value) {
    return IsUtf8(value) ? OrderedJson(value) : OrderedJson::object({{"base64", Base64(value)}});
  }
  template <typename T>
  static OrderedJson Written(std::optional<T>& value) {
    return value ? Written(*value) : OrderedJson();
  }
  template <typename T>
  static OrderedJson Written(std::vector<T>& values) {
    OrderedJson list = OrderedJson::array();
    for (T& value : values) list.push_back(Written(value));
    return list;
  }

 private:
  OrderedJson json_ = OrderedJson::object();
};

// Throws: Error, kBadJson, where a field is missing or of another type.
class FieldReader {
 public:
  explicit FieldReader(const OrderedJson& json) : json_(json) {}

  template <typename T>
  void operator()(const char* key, T& value) {
    const auto member = json_.find(key);
    if (!json_.is_object() || member == json_.end()) throw BadField();
    Read(*member, &value);
  }

  template <typename T>
  static void Read(const OrderedJson& json, T* value) {
    if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) throw BadField();
      *value = json.get<bool>();
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!json.is_number()) throw BadField();
      *value = json.get<T>();
    } else if constexpr (std::is_enum_v<T>) {
      int number = 0;
      Read(json, &number);
      if (number < 0 || number > static_cast<int>(kLastOf<T>)) throw BadField();
      *value = static_cast<T>(number);
    } else if constexpr (std::is_arithmetic_v<T>) {
      if (!json.is_number_integer() || !InRange<T>(json)) throw BadField();
      *value = json.get<T>();
    } else {
      FieldReader fields(json);
      Visit(fields, *value);
    }
  }
  static void Read(const OrderedJson& json, std::string* value) {
    if (json.is_string()) {
      *value = json.get<std::string>();
      return;
    }
    const auto bytes = json.find("base64");
    if (!json.is_object() || bytes == json.end() || !bytes->is_string()) throw BadField();
    *value = FromBase64(bytes->get<std::string>());
  }
  template <typename T>
  static void Read(const OrderedJson& json, std::optional<T>* value) {
    if (json.is_null()) return value->reset();
    Read(json, &value->emplace());
  }
  template <typename T>
  static void Read(const OrderedJson& json, std::vector<T>* values) {
    if (!json.is_array()) throw BadField();
    for (const OrderedJson& one : json) Read(one, &values->emplace_back());
  }

 private:
  template <typename Number>
  static bool InRange(const OrderedJson& json) {
    return json.is_number_unsigned() ? std::in_range<Number>(json.get<std::uint64_t>())
                                     : std::in_range<Number>(json.get<std::int64_t>());
  }

  const OrderedJson& json_;
};

}  // namespace watertight::cli
