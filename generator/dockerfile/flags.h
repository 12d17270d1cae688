// The flags of instructions: which there are, in which version of the language, and their values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dialect.h"

namespace watertight::generator {

// The flags that were given, by name. A flag that takes several values has one or more.
class Flags {
 public:
  bool Has(const std::string& name) const { return values_.contains(name); }
  std::string Text(const std::string& name) const;  // "" when it was not given
  bool Bool(const std::string& name) const { return Text(name) == "true"; }
  std::vector<std::string> All(const std::string& name) const;
  const std::vector<std::string>& names() const { return names_; }  // in the order given

 private:
  friend Flags ParseFlags(std::string_view keyword, const std::vector<std::string>& words,
                          const Dialect& dialect);
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> names_;
};

// `keyword` in upper case. Throws: Error for a flag that the instruction does not know, that is
// given twice, or whose value is missing or wrong.
Flags ParseFlags(std::string_view keyword, const std::vector<std::string>& words,
                 const Dialect& dialect);

}  // namespace watertight::generator
