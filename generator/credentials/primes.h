// Prime numbers from a seed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "generator/credentials/big_number.h"
#include "generator/credentials/drbg.h"

namespace watertight::generator::credentials {

// The first prime at or behind a drawn number of `bits` bits, whose two highest bits are ones,
// that is not 1 modulo `exponent`. Requires: bits is a multiple of 8, exponent is prime.
BigNumber DrawPrime(std::size_t bits, std::uint64_t exponent, Drbg& random);

// Miller-Rabin to the bases 2, 3, 5, 7 and 11: of drawn numbers, it takes none for prime that is
// not. Requires: number is odd and above 11.
bool IsProbablyPrime(const BigNumber& number);

}  // namespace watertight::generator::credentials
