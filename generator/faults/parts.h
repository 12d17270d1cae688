// The parts of a written archive that faults damage, and their references to one another.
#pragma once

#include <string>

#include "generator/archives/archive.h"
#include "generator/archives/json.h"

namespace watertight::generator {

// The first member of that name. Throws: Error when there is none.
TarEntry& MemberOf(Archive& archive, const std::string& name);

// Of the first image. Throws: Error for an image without layers.
TarEntry& TopLayerOf(Archive& archive);
// The OCI manifest that names the image's configuration. Throws: Error when there is none.
TarEntry& ManifestOf(Archive& archive);

// The member gets those bytes. One that is named by its digest gets its new name, and whoever
// states name, digest or size states the new ones: nothing is wrong but what the bytes say.
void Rewrite(Archive& archive, const std::string& name, const std::string& bytes);

// A document changed as JSON, and spelled in one line.
void RewriteJson(Archive& archive, const std::string& name, void (*change)(Json& document));

}  // namespace watertight::generator
