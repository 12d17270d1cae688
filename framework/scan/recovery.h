// Commands that show what an image stores, for a person to paste into a shell. They need GNU tar,
// and jq for a field of a document.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "watertight/finding.h"
#include "watertight/image.h"

namespace watertight {

// One word of a shell command: plain where that is safe, else '…', or "$(printf '…')" for what
// a terminal must not see.
std::string ShellQuote(std::string_view word);

// "tar -xOf app.tar MEMBER | tar -xOf - PATH" prints the bytes of a file; of a hard link, those of
// the entry that holds them. Of an entry without bytes, such as a symlink, its line of `tar -tv`.
std::string RecoverCommand(const Image& image, int layer, const Entry& entry);

// The same for a finding: its file, or the field of its document,
// "tar -xOf app.tar CONFIG | jq -r '.history[3].created_by'".
std::string RecoverCommand(const Image& image, const Finding& finding);

// Of several findings, each command once and at most so many.
std::vector<std::string> RecoverCommands(const Image& image, const std::vector<Finding>& findings,
                                         std::size_t most);

// "To see it:", or "To see them:"; and what to do when the image came through standard input
// or from memory.
std::string RecoverLead(const Image& image, std::size_t commands);

// Prints a file of the archive, such as a layer: "tar -xOf app.tar MEMBER".
std::string RecoverBlobCommand(const Image& image, const std::string& blob);

}  // namespace watertight
