// Variables by name, in the order in which they were first set.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watertight::generator {

class Environment {
 public:
  Environment() = default;
  Environment(std::initializer_list<std::pair<std::string, std::string>> variables)
      : variables_(variables) {}

  const std::string* Find(std::string_view name) const {
    for (const auto& [key, value] : variables_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

  // A variable that is there keeps its place.
  void Set(std::string name, std::string value) {
    for (auto& variable : variables_) {
      if (variable.first == name) {
        variable.second = std::move(value);
        return;
      }
    }
    variables_.emplace_back(std::move(name), std::move(value));
  }

  void Erase(std::string_view name) {
    std::erase_if(variables_, [&](const auto& variable) { return variable.first == name; });
  }

  auto begin() const { return variables_.begin(); }
  auto end() const { return variables_.end(); }
  size_t size() const { return variables_.size(); }
  bool operator==(const Environment&) const = default;

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

}  // namespace watertight::generator
