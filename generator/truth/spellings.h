// How a build spells a value that was planted plainly: a base64 of the Dockerfile in a provenance,
// JSON inside of JSON, the quotes of Go's %q, what the commands of a RUN make of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace watertight::generator {

struct Spelling {
  // What the value alone decides.
  std::string bytes;
  // Characters around it that also hold bits of the value, where there are any.
  std::size_t before = 0;
  std::size_t after = 0;
  std::vector<std::string> encoding;
};

// Other than the value itself; no bytes come twice. Too short ones would be found by chance and are
// left out.
std::vector<Spelling> SpellingsOf(const std::string& value);

}  // namespace watertight::generator
