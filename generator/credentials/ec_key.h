// Keys of the elliptic curves P-256 and Ed25519.
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/big_number.h"
#include "generator/credentials/drbg.h"

namespace watertight::generator::credentials {

struct EcKey {
  BigNumber scalar;
  std::string point;  // uncompressed: 4, x, y

  std::string Sec1() const;              // RFC 5915
  std::string Pkcs8() const;             // RFC 5958
  std::string SubjectPublicKey() const;  // SubjectPublicKeyInfo, RFC 5480
  // ECDSA with SHA-256 and the nonces of RFC 6979: r and s, 32 bytes each.
  std::string Sign(std::string_view message) const;
  // The same in DER, RFC 3279, 2.2.3.
  std::string SignDer(std::string_view message) const;
};

EcKey MakeEcKey(const BigNumber& scalar);
EcKey DrawEcKey(Drbg& random);

struct Ed25519Key {
  std::string seed;          // 32 bytes
  std::string public_bytes;  // 32 bytes

  std::string Sign(std::string_view message) const;  // RFC 8032, 64 bytes
};

Ed25519Key MakeEd25519Key(std::string_view seed);
Ed25519Key DrawEd25519Key(Drbg& random);

}  // namespace watertight::generator::credentials
