// Shell patterns in the sources of COPY and ADD, as Go's filepath.Match reads them.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator {

// Whether a pattern of a source is none, but a plain name.
bool HasWildcards(std::string_view text);

// `*` and `?` stay within a component. A malformed pattern matches nothing.
bool MatchesGlob(std::string_view pattern, std::string_view path);

// A path at its first component with a wildcard: "/a/b*/c" is "/a" and "b*/c".
struct SplitGlob {
  std::string directory;
  std::string pattern;  // empty: no wildcard
};
SplitGlob SplitAtWildcard(std::string_view path);

}  // namespace watertight::generator
