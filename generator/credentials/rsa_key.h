// RSA keys of 2048 bits.
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/big_number.h"
#include "generator/credentials/drbg.h"

namespace watertight::generator::credentials {

struct RsaKey {
  BigNumber modulus;
  BigNumber exponent;
  BigNumber private_exponent;
  BigNumber p;  // the greater of the two
  BigNumber q;
  // d mod (p - 1), d mod (q - 1), 1/q mod p
  BigNumber exponent_p;
  BigNumber exponent_q;
  BigNumber coefficient;

  std::string Pkcs1() const;             // RFC 8017, A.1.2
  std::string Pkcs8() const;             // RFC 5958
  std::string SubjectPublicKey() const;  // SubjectPublicKeyInfo, RFC 3279, 2.3.1
  // RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017, 8.2.
  std::string Sign(std::string_view message) const;
};

// Takes some 10 ms the first time; the process remembers them. Keys of one seed have a prime of
// their own each and share the other one, since finding primes takes all the time; they guard
// nothing.
const RsaKey& DrawRsaKey(Drbg& random);

}  // namespace watertight::generator::credentials
