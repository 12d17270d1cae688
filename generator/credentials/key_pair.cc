#include "generator/credentials/key_pair.h"

#include <utility>

namespace watertight::generator::credentials {

Credential CredentialOf(KeyPair pair, std::string_view variant) {
  Credential credential{std::move(pair.secret), std::move(pair.parts)};
  if (variant == "public-key") credential.value = pair.public_half;
  if (variant == "pem-marker") credential.value = pair.markers;
  credential.parts["public"] = std::move(pair.public_half);
  return credential;
}

}  // namespace watertight::generator::credentials
