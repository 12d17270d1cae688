// RUN --mount=type=…
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/environment.h"
#include "generator/dockerfile/shell_lex.h"

namespace watertight::generator {

struct Mount {
  std::string type = "bind";  // bind, cache, tmpfs, secret, ssh
  std::string from;           // a stage or an image
  std::string source;
  std::string target;
  std::string id;
  std::string sharing;  // of a cache: shared, private, locked, or nothing
  bool read_only = false;
  bool required = false;
  int64_t size = 0;                // of a tmpfs, 0 = no limit
  std::optional<std::string> env;  // of a secret: the variable that holds it
  std::optional<uint64_t> mode;
  std::optional<uint64_t> uid;
  std::optional<uint64_t> gid;
  bool operator==(const Mount&) const = default;
};

// What can be said before variables have values: the syntax, and `from`.
// Throws: Error.
Mount CheckMount(std::string_view text, const Dialect& dialect);

// The mount with its variables expanded. Throws: Error.
Mount ParseMount(std::string_view text, const Environment& variables, const LexOptions& options);

}  // namespace watertight::generator
