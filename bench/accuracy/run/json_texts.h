// The strings of a JSON document, each with its place: what leads from a line and a column of the
// document to the field of the configuration that stands there.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::bench {

struct JsonText {
  std::string field;      // "config.Env[2]", "config.Labels[\"a.b\"]"
  std::size_t begin = 0;  // of what stands between the quotes, in the document
  std::size_t end = 0;
  std::string text;                  // decoded
  std::vector<std::size_t> origins;  // for each byte of text, where it comes from in the document
};

// Values, not keys, in the order of the document. Empty for what is no JSON.
std::vector<JsonText> JsonTextsOf(std::string_view document);

}  // namespace watertight::bench
