// A value of awk: a text, a number, or both, when it came from outside and looks like a number.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator::commands::awk {

class Value {
 public:
  enum class Kind { kUnset, kNumber, kText, kMaybeNumber };

  Value() = default;
  explicit Value(double number) : kind_(Kind::kNumber), number_(number) {}
  explicit Value(std::string text) : kind_(Kind::kText), text_(std::move(text)) {}
  // Of a field, or another text from outside.
  static Value FromInput(std::string text);

  double Number() const;
  // `format`: CONVFMT or OFMT.
  std::string Text(const std::string& format = "%.6g") const;
  bool IsTrue() const;
  // Counts as a number in comparisons.
  bool IsNumeric() const { return kind_ == Kind::kNumber || kind_ == Kind::kMaybeNumber; }
  bool IsUnset() const { return kind_ == Kind::kUnset; }

 private:
  Kind kind_ = Kind::kUnset;
  double number_ = 0;
  std::string text_;
};

// -1, 0 or 1.
int Compare(const Value& left, const Value& right, const std::string& format);

// The number that a text begins with.
double NumberAtStart(std::string_view text);
std::string TextOf(double number, const std::string& format);

// An associative array.
struct Array {
  struct Element {
    Value value;
    std::uint64_t born = 0;
  };
  std::map<std::string, Element> elements;
  std::uint64_t births = 0;

  Value& At(const std::string& key) {
    const auto [at, added] = elements.try_emplace(key);
    if (added) at->second.born = ++births;
    return at->second.value;
  }
  // As they lie in BusyBox's hash table.
  std::vector<std::string> Keys() const;
};

// A variable: a value or an array, whatever it is used as first.
struct Cell {
  Value value;
  std::shared_ptr<Array> array = {};
  Array& AsArray() {
    if (!array) array = std::make_shared<Array>();
    return *array;
  }
};

}  // namespace watertight::generator::commands::awk
