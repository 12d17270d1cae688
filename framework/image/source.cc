#include "framework/image/source.h"

#include <utility>

#include "framework/image/docker_daemon.h"
#include "framework/image/skopeo.h"

namespace watertight {

Archive OpenSource(const Reference& reference, const OpenOptions& options) {
  if (reference.name.empty()) {
    return OpenArchive(reference.path, options.limits, options.progress);
  }
  if (reference.transport != "docker-daemon") return CopyWithSkopeo(reference, options);
  SavedImage saved = SaveFromDaemon(reference.name, options);
  Archive archive = OpenArchive(std::move(saved.tar), options.limits, options.progress);
  archive.command = std::move(saved.command);
  return archive;
}

}  // namespace watertight
