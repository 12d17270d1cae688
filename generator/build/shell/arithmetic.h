// Arithmetic of $((…)), on 64 bits.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "generator/build/shell/language.h"

namespace watertight::generator::shell {

struct Variables {
  // The value, "" when it is not set.
  std::function<std::string(const std::string& name)> get;
  std::function<void(const std::string& name, const std::string& value)> set;
};

// Throws: ScriptError.
std::int64_t Evaluate(std::string_view expression, const Variables& variables, Language language);

}  // namespace watertight::generator::shell
