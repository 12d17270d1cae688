// Values that an image must not hold, looked for in everything that it reaches.
//
//   const auto search = watertight::FindKnownValues(image, {Secret::FromEnv("NPM_TOKEN")});
//   for (const watertight::Finding& finding : search.findings) std::cout << finding.path << "\n";
//
// Searched are the contents of all layers, deleted or not, names, links, extended attributes and
// other header fields, padding and what follows the end of a layer's tar, the configuration, the
// history, manifests, annotations, attestations, and blobs that nothing refers to; plain, in
// base64, hexadecimal, percent, JSON, C and \u escapes, HTML, quoted-printable, UTF-16; and inside
// of gzip, zstd, xz, bzip2, zip, tar, RPM packages and git objects. docs/known-values.md tells the
// limits.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "watertight/finding.h"
#include "watertight/image.h"
#include "watertight/note.h"
#include "watertight/secret.h"

namespace watertight {

// What a search may cost. A part beyond a limit is not searched, which is a note.
struct SearchLimits {
  // Containers inside of one another: an archive that is compressed counts as two.
  std::size_t nesting = 8;
  // Bytes that the compressed streams in one file may expand to together.
  std::uint64_t expanded_bytes = std::uint64_t{16} << 30;
  // The same as a multiple of the size of the file, once it is more than expansion_grace.
  std::uint64_t expansion_ratio = 1100;
  std::uint64_t expansion_grace = std::uint64_t{256} << 20;
  // Members of one archive inside of a layer.
  std::uint64_t members = 1'000'000;
};

struct ValueSearch {
  // Layers first, in their order, then documents; each by offset. Of FindKnownValues every rule is
  // "known-value".
  std::vector<Finding> findings;
  // Parts that were not searched: a limit was met, or an archive inside of a file is damaged.
  std::vector<Note> notes;
  // Layers and blobs that could not be read to their end, as error texts. What could be read has
  // been searched.
  std::vector<std::string> unreadable;
  // Of FindSecrets: how many findings each rule of SecretOptions::rules() gave, and how many each
  // entry of SecretOptions::allowed() covers. An entry of none is one too many.
  std::vector<std::size_t> of_rules;
  std::vector<std::size_t> of_allowed;
};

// Finding::secret numbers the values from 1. Never throws for a property of the image.
// Throws: Error, kUnsupported, when the search cannot be prepared.
ValueSearch FindKnownValues(const Image& image, const std::vector<Secret>& values,
                            const SearchLimits& limits = {});

}  // namespace watertight
