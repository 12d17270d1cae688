// Images of registries (docker://) and of the storage that podman, buildah and CRI-O share
// (containers-storage:), through skopeo, which has the credentials, mirrors and certificates.
//
// What it fetches is kept as it is stored there, so that digests hold: of an image for several
// platforms the index, the image of one platform and the attestations about that.

#pragma once

#include "framework/image/archive.h"
#include "framework/image/reference.h"
#include "watertight/image.h"

namespace watertight {

// Throws: Error, kUnsupported where skopeo is not installed, kIo with skopeo's own words, kNotFound
// for a platform that the image lacks; what() lacks the image's name.
Archive CopyWithSkopeo(const Reference& reference, const OpenOptions& options);

}  // namespace watertight
