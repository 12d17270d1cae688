// Word processing of Dockerfile instructions: quotes, escapes and variables, as BuildKit's "shell
// lexer" does it. It looks like a shell's, but is not one.
//
//   ProcessWord("${NAME:-nobody}/$HOME", variables, {})   // "nobody/root"
//
// Modifiers: ${x:-d} ${x-d} ${x:+a} ${x+a} ${x:?e} ${x?e} ${x#p} ${x##p} ${x%p} ${x%%p} ${x/a/b}
// ${x//a/b}. Older builders know fewer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/environment.h"

namespace watertight::generator {

struct LexOptions {
  Dialect dialect = *FindDialect("buildkit-0.25");
  char escape = '\\';
  bool raw_quotes = false;   // quotes stay
  bool raw_escapes = false;  // escape characters stay
  bool keep_quotes = false;  // quotes are ordinary characters
  bool skip_unset = false;   // references to unset variables stay as they are
};

// One word for one; blanks stay. `unset`, if given, collects the names that had no value.
// Throws: Error, `failed to process "WORD": …`; buildah's words stand alone.
std::string ProcessWord(std::string_view word, const Environment& variables,
                        const LexOptions& options, std::vector<std::string>* unset = nullptr);

// Split at white space, also at that of variables' values.
std::vector<std::string> ProcessWords(std::string_view word, const Environment& variables,
                                      const LexOptions& options);

}  // namespace watertight::generator
