// Entries as lines, for people and for programs. A layer may hold a million of them: nothing here
// builds a document.

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "watertight/rootfs.h"

namespace watertight::cli {

class Output;

struct EntryLine {
  std::string_view path;
  const Entry* entry = nullptr;  // with the attributes to show
  int layer = 0;
  const StoredEntry* fate = nullptr;  // null where visibility is no question
};

// A list of lines that are made when they are asked for: a vector of them would take 40 bytes an
// entry.
struct EntryLines {
  std::size_t size = 0;
  std::function<EntryLine(std::size_t)> at;
};

// docs/commands/ls.md has the fields.
void WriteJsonLines(const EntryLines& lines, Output& out);
// Like `ls -l`, times in UTC. one_layer: all lines are of one layer, which is not repeated.
void WriteTextLines(const EntryLines& lines, bool one_layer, Output& out);

}  // namespace watertight::cli
