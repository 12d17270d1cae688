// Which paths an assertion means: one or more patterns, less exceptions.
//
//   EXPECT_NO_LEAKED_FILE(App(), "*.pem", "**/.npmrc", Except("etc/ssl/**"));
//
// See watertight/glob.h for the patterns.

#pragma once

#include <ostream>
#include <string_view>
#include <vector>

#include "watertight/glob.h"

namespace watertight {

struct PathPatterns {
  std::vector<Glob> globs;
  std::vector<Glob> except;

  bool Match(std::string_view path) const;
};

struct Exceptions {
  std::vector<Glob> globs;
};

template <typename... Patterns>
Exceptions Except(const Patterns&... patterns) {
  return {{Glob(patterns)...}};
}

void PrintTo(const PathPatterns& patterns, std::ostream* out);
void PrintTo(const Exceptions& exceptions, std::ostream* out);

namespace internal {

inline void Add(const Glob& glob, PathPatterns* patterns) { patterns->globs.push_back(glob); }

inline void Add(const Exceptions& exceptions, PathPatterns* patterns) {
  patterns->except.insert(patterns->except.end(), exceptions.globs.begin(), exceptions.globs.end());
}

template <typename... Patterns>
PathPatterns Gather(const Patterns&... patterns) {
  PathPatterns all;
  (Add(patterns, &all), ...);
  return all;
}

}  // namespace internal
}  // namespace watertight
