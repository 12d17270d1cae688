// The strings of a configuration document, each with its place, in the document's order.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

struct DocumentString {
  std::string field;        // "config.Env[2]", "config.Labels[\"a.b\"]"; of a key, its object
  std::string key;          // of the member that holds it, or whose list it is an element of
  std::optional<int> step;  // index into history
  bool is_key = false;      // the text is a member's name
  bool in_list = false;
  std::string previous;  // the element before it in its list
  std::string text;
  std::string command;  // of a command's list: the words before it, each with a space behind it
};

// Reads the exact bytes, so that a key that a document states twice is seen twice. What is no JSON
// has no strings.
std::vector<DocumentString> ReadDocument(const std::string& json);

// ".name" or "[\"other name\"]", with quotes and backslashes escaped.
std::string FieldOfKey(std::string_view key);

}  // namespace watertight
