// X.509 certificates.
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/ec_key.h"

namespace watertight::generator::credentials {

// Self-signed, of the years 2025 to 2034, in DER (RFC 5280).
std::string SelfSignedCertificate(const EcKey& key, std::string_view common_name, Drbg& random);

}  // namespace watertight::generator::credentials
