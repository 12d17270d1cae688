// Notes, in both forms.

#pragma once

#include <string>
#include <vector>

#include "cli/redaction.h"
#include "watertight/image.h"

namespace watertight::cli {

OrderedJson NotesJson(const std::vector<Note>& notes);

// "layer 1, etc/x: it is deleted twice (whiteout-twice)".
std::string NoteText(const Note& note);

}  // namespace watertight::cli
