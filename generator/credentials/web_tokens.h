// JSON Web Tokens (RFC 7515, 7519).
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/drbg.h"
#include "generator/credentials/rsa_key.h"

namespace watertight::generator::credentials {

// Header, payload and signature of RS256, by the key of an issuer.
std::string RsaToken(const std::string& header, const std::string& payload, const RsaKey& issuer);

// One key signs all tokens that an issuer gives out: one for each seed.
const RsaKey& IssuerKey(const Drbg& random);

}  // namespace watertight::generator::credentials
