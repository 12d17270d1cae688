// A second, naive reading of layers: a map from path to node, and the text of docs/whiteouts.md
// followed line by line. It shares no code with the library, and takes what a tar states, not what
// the library made of it.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/image/layers.h"

namespace watertight::testing {

// Position of an entry: layer, number in the layer. A directory that no entry states has -1.
using EntryPosition = std::pair<int, int>;

struct OracleNode {
  char type = '5';
  std::string link;
  std::uint64_t size = 0;
  EntryPosition entry;    // what put the path here
  EntryPosition content;  // what holds its attributes and bytes

  friend bool operator==(const OracleNode&, const OracleNode&) = default;
};

struct OracleFate {
  bool visible = false;
  std::string how;  // "deleted", "opaque", "overwritten"; empty when nothing removed it
  int layer = -1;   // the layer that did

  friend bool operator==(const OracleFate&, const OracleFate&) = default;
};

struct OracleRootfs {
  std::map<std::string, OracleNode> nodes;
  std::map<EntryPosition, OracleFate> fates;  // of all but whiteouts and the root
  std::uint64_t wasted = 0;
};

OracleRootfs ApplyNaively(const std::vector<const std::vector<TestEntry>*>& layers);

}  // namespace watertight::testing
