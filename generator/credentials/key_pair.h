// A private key as a credential, with its near misses.
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/credentials.h"

namespace watertight::generator::credentials {

struct KeyPair {
  std::string secret;        // the credential's value
  std::string public_half;   // of the same pair, in the format that goes with it
  std::string markers = {};  // what is left of the secret without its body
  std::map<std::string, std::string> parts = {};
};

// The value is the secret, or for the variants "public-key" and "pem-marker" the others. The public
// half is a part called "public".
Credential CredentialOf(KeyPair pair, std::string_view variant);

}  // namespace watertight::generator::credentials
