// What an image's configuration says, whatever the spelling: each builder writes it in its own way
// (image-spec config.md; the key orders are in generator/builders).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/archives/json.h"
#include "generator/dockerfile/environment.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

using Words = std::vector<std::string>;

struct ImageConfig {
  std::string user;
  std::set<std::string> exposed_ports;  // "8080/tcp"
  Environment env;
  std::optional<Words> entrypoint;  // [] is not the same as none
  std::optional<Words> cmd;
  bool args_escaped = false;
  std::set<std::string> volumes;
  std::string workdir;
  std::map<std::string, std::string> labels;
  std::string stop_signal;
  std::optional<Healthcheck> healthcheck;
  Words onbuild;
  Words shell;  // empty: /bin/sh -c
};

// One entry of `history`. Text that is empty is not written.
struct HistoryEntry {
  std::string created;  // RFC 3339
  std::string created_by;
  std::string author;
  std::string comment;
  bool empty_layer = false;
};

// The two out of the configuration of a saved image. Throws: Error when a member has the wrong
// type; `what` names the document.
ImageConfig ReadImageConfig(const Json& document, const std::string& what);
std::vector<HistoryEntry> ReadHistory(const Json& document, const std::string& what);

}  // namespace watertight::generator
