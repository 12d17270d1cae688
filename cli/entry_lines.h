// Entries as lines, for people and for programs. A layer may hold a million of them: nothing here
// builds a document.

#pragma once

#include <string_view>
#include <vector>

#include "watertight/rootfs.h"

namespace watertight::cli {

class Output;

struct EntryLine {
  std::string_view path;
  const Entry* entry = nullptr;  // with the attributes to show
  int layer = 0;
  const StoredEntry* fate = nullptr;  // null where visibility is no question
};

// docs/commands/ls.md has the fields.
void WriteJsonLines(const std::vector<EntryLine>& lines, Output& out);
// Like `ls -l`, times in UTC. one_layer: all lines are of one layer, which is not repeated.
void WriteTextLines(const std::vector<EntryLine>& lines, bool one_layer, Output& out);

}  // namespace watertight::cli
