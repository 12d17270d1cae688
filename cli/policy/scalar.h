// What a scalar is to whoever reads it by its type, as editors and the JSON Schema do: the core
// schema of YAML 1.2.2, section 10.3.2. In quotes it is a text, whatever stands there.

#pragma once

#include <optional>
#include <string>

#include "cli/policy/yaml.h"

namespace watertight::cli {

// Nothing for what is no number; not a number, or infinite, where the file says so.
std::optional<double> NumberOf(const YamlNode& node);
// Nothing for what is neither true nor false.
std::optional<bool> BooleanOf(const YamlNode& node);

// The digits of a number that is whole, and of no sign: "1000" of 1000, 1e3 and 0x3e8. Of anything
// else the text.
std::string DigitsOf(const YamlNode& node);

// "a number", "true or false"; of what has no such type as Describe.
const char* DescribeType(const YamlNode& node);

}  // namespace watertight::cli
