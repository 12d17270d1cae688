// Words for PathPatterns.

#pragma once

#include <string>

#include "watertight/matchers/patterns.h"

namespace watertight {

// "*.pem, **/.npmrc or x (except etc/ssl/**)".
std::string Names(const PathPatterns& patterns);

// Throws: Error, kUsage when nothing but exceptions is given.
void RequirePatterns(const PathPatterns& patterns, const char* matcher);

}  // namespace watertight
