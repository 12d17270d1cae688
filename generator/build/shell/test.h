// What test, [ and [[ have in common.
#pragma once

#include <string>
#include <string_view>

#include "generator/build/shell/language.h"
#include "generator/build/shell/process.h"

namespace watertight::generator::shell {

// An expression that is none.
struct TestError {
  std::string message;
};

// -f and the like, by letter.
bool TestFile(const Process& process, char letter, const std::string& operand);

// Throws: TestError.
bool TestCompare(const Process& process, const std::string& left, std::string_view operation,
                 const std::string& right, Language language);
bool IsTestComparison(std::string_view word, Language language);

}  // namespace watertight::generator::shell
