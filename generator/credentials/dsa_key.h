// DSA keys of 2048 bits.
#pragma once

#include <string>

#include "generator/credentials/big_number.h"
#include "generator/credentials/drbg.h"

namespace watertight::generator::credentials {

struct DsaKey {
  BigNumber public_number;
  BigNumber private_number;

  std::string Traditional() const;       // version, p, q, g, y, x: what OpenSSL writes
  std::string SubjectPublicKey() const;  // SubjectPublicKeyInfo, RFC 3279, 2.3.2
};

DsaKey DrawDsaKey(Drbg& random);

}  // namespace watertight::generator::credentials
