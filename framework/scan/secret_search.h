// The searches of `check`, in one pass over the bytes.

#pragma once

#include <optional>
#include <vector>

#include "watertight/image.h"
#include "watertight/known_values.h"
#include "watertight/secret.h"
#include "watertight/secrets.h"

namespace watertight {

class CacheFolder;

// What to look for.
struct Wanted {
  const SecretOptions* secrets = nullptr;
  std::vector<Secret> values;
};

struct WantedSearch {
  std::optional<ValueSearch> secrets;  // as FindSecrets
  std::optional<ValueSearch> values;   // as FindKnownValues
};

// The same findings. Image::Validate and Layer::digest find the digests computed. cache: null, or
// where results of layers are looked for and kept; it must outlive the image.
WantedSearch FindAndHash(const Image& image, const Wanted& wanted, const SearchLimits& limits = {},
                         CacheFolder* cache = nullptr);

}  // namespace watertight
