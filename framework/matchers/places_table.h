// The evidence of a search: each place beside the step that made it, and how to take it out.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "watertight/finding.h"
#include "watertight/image.h"
#include "watertight/note.h"

namespace watertight {

// A line of a message, below the claim.
std::string EvidenceLine(const std::string& text);

struct PlacesTable {
  const Image& image;
  const std::vector<Finding>& findings;
  // Of the history, so that no step shows what it gives away.
  const std::vector<Finding>& in_history;
  // What stands in front of a place, and behind it; may be empty.
  std::function<std::string(const Finding& finding)> before;
  std::function<std::string(const Finding& finding)> behind;

  std::string Text() const;
};

// "Whoever holds the image can take it out. …" with commands.
std::string TakeOutText(const Image& image, const std::vector<Finding>& findings);
// "Not all of it was searched: …"; empty without notes.
std::string UnsearchedText(const std::vector<Note>& notes);

}  // namespace watertight
