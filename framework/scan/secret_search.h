// FindSecrets for who wants the digests of layers too.

#pragma once

#include "watertight/image.h"
#include "watertight/known_values.h"
#include "watertight/secrets.h"

namespace watertight {

// The same findings. Image::Validate and Layer::digest find the digests computed.
ValueSearch FindSecretsAndHash(const Image& image, const SecretOptions& options = {},
                               const SearchLimits& limits = {});

}  // namespace watertight
