// The configuration document and its history.

#pragma once

#include <string>
#include <vector>

#include "watertight/config.h"
#include "watertight/history.h"
#include "watertight/note.h"

namespace watertight {

struct ConfigDocument {
  Config config;
  std::vector<HistoryStep> history;  // without layers
};

// place: the document's path in the archive. Throws: Error, kBadJson.
ConfigDocument ParseConfig(std::string json, const std::string& place, std::vector<Note>* notes);

}  // namespace watertight
