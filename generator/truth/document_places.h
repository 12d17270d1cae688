// What an archive holds beside its layers: the texts of its JSON documents, field by field, and
// whatever else stands in it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/archives/archive.h"

namespace watertight::generator {

// A text of the archive that is part of no layer.
struct ArchiveText {
  std::string carrier;  // config, history, manifest, annotation, attestation, blob
  std::string blob;
  std::optional<std::string> field;  // "config.Env[2]"; a key has the name of its value
  std::string text;                  // decoded, or all bytes of the file
};

// Of all files but those of `layers`. Documents are told apart by how manifest.json and index.json
// lead to them; what they do not lead to, and what is no JSON, is a blob.
std::vector<ArchiveText> TextsOf(const Archive& archive, const std::set<std::string>& layers);

}  // namespace watertight::generator
