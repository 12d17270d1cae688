// The patterns of ${x#p}, ${x%p} and ${x/p/r}: `*` and `?`, no brackets.
#pragma once

#include <string>

namespace watertight::generator {

// Throws: Error, `invalid pattern (P) in substitution: …`.
std::string TrimPrefix(const std::string& pattern, const std::string& value, bool greedy);
std::string TrimSuffix(const std::string& pattern, const std::string& value, bool greedy);
std::string ReplacePattern(const std::string& pattern, const std::string& replacement,
                           const std::string& value, bool all);

}  // namespace watertight::generator
