// What is wrong with a text that is no YAML, in words of one's own: yaml-cpp's say what its scanner
// met, and not what to do.

#pragma once

#include <optional>
#include <string>

#include "cli/policy/yaml.h"

namespace watertight::cli {

// message: of yaml-cpp, at that place of the text.
Error YamlMistake(const std::string& file, const std::string& text, const YamlPlace& place,
                  const std::string& message);

// A second document begins at the place: by a marker, or since the first one ended too soon.
Error SecondDocument(const std::string& file, const std::string& text, const YamlPlace& place);

// Throws: Error, for bytes that are no text: of no UTF-8, or with a NUL. UTF-16 and UTF-32 are read
// where they begin with their mark.
void ExpectText(const std::string& file, const std::string& text);

// quote: where the last text in quotes begins. Throws: Error, when it is not closed, which yaml-cpp
// takes as it is.
void ExpectClosed(const std::string& file, const std::string& text,
                  const std::optional<YamlPlace>& quote);

}  // namespace watertight::cli
