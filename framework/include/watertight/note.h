// A note tells of something odd in an image that could still be read: an ambiguous whiteout, a
// history that does not fit the layers, a name that leaves the root. docs/notes.md explains every
// code.
//
//   for (const watertight::Note& note : image.notes())
//     std::cout << note.code << ": " << note.text << "\n";

#pragma once

#include <optional>
#include <ostream>
#include <string>

namespace watertight {

struct Note {
  std::string code;          // stable, kebab-case, one of the rows of docs/notes.md
  std::optional<int> layer;  // the layer it was met in, 0 = base
  std::string path;          // the path it is about, as bytes; empty when it is about no path
  std::string text;          // one sentence for a person

  friend bool operator==(const Note&, const Note&) = default;
};

void PrintTo(const Note& note, std::ostream* out);

}  // namespace watertight
