// Path patterns of assertions, policies and the command line.
//
//   Glob("**/.npmrc").Matches("root/.npmrc")   // true
//   Glob("*.pem").Matches("etc/ssl/key.pem")   // true: without a slash, the base name anywhere
//
// `*` within a component, `**` across components, `?` one character, `[…]` a set (`!` or `^`
// negates), `{a,b}` alternatives, `\` quotes the next character. A leading slash is the root of the
// image. A pattern that contains a slash matches the whole path. A slash at the end counts for
// nothing: "a/" is "a". `*` also matches a leading dot. Bytes, case-sensitive.

#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

class Glob {
 public:
  // Throws: Error, kUsage, naming the place, for an unclosed [ or {, an empty pattern, or one that
  // expands to more than 10,000 alternatives.
  Glob(const char* pattern) : Glob(std::string(pattern)) {}  // NOLINT: a pattern is a Glob
  Glob(std::string pattern);                                 // NOLINT

  // path: cleaned, without a leading slash, as Entry::path() gives it.
  bool Matches(std::string_view path) const;
  const std::string& pattern() const { return pattern_; }

 private:
  struct Alternative;

  std::string pattern_;
  std::shared_ptr<const std::vector<Alternative>> alternatives_;  // braces expanded, parsed
};

void PrintTo(const Glob& glob, std::ostream* out);

}  // namespace watertight
