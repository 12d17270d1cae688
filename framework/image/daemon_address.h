// Where the Docker daemon listens, found as Docker's own client does it: DOCKER_HOST, else the
// context (DOCKER_CONTEXT, or currentContext of config.json), else the usual sockets.

#pragma once

#include <string>

#include "framework/image/http.h"

namespace watertight {

struct DaemonAddress {
  std::string name;  // "unix:///var/run/docker.sock", as it was given
  HttpServer server;
};

// Throws: Error, kUsage or kUnsupported; kBadJson for a context that cannot be read.
DaemonAddress FindDaemon();

}  // namespace watertight
