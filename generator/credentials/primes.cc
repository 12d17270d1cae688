#include "generator/credentials/primes.h"

#include <vector>

#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

// Candidates are sieved by the odd primes below this. More would cost more than the tests they
// save: of numbers of 1024 bits, one of 36 that are left is prime.
constexpr std::uint32_t kSieved = 65536;
// Odd numbers from the drawn one on: of 1024 bits, one of 355 is prime.
constexpr std::size_t kWindow = 8192;

// Small primes whose product fits in a word: a big number is divided once for all of them.
struct Batch {
  std::uint64_t product = 1;
  std::vector<std::uint32_t> primes;
};

std::vector<Batch> MakeBatches() {
  std::vector<bool> composite(kSieved);
  std::vector<Batch> batches(1);
  for (std::uint64_t n = 3; n < kSieved; n += 2) {
    if (composite[n]) continue;
    for (std::uint64_t multiple = n * n; multiple < kSieved; multiple += 2 * n) {
      composite[multiple] = true;
    }
    if (batches.back().product > UINT64_MAX / n) batches.emplace_back();
    batches.back().product *= n;
    batches.back().primes.push_back(static_cast<std::uint32_t>(n));
  }
  return batches;
}

// True for each start + 2i that has a small divisor.
std::vector<char> Sieve(const BigNumber& start) {
  static const std::vector<Batch> batches = MakeBatches();
  std::vector<char> composite(kWindow);
  for (const Batch& batch : batches) {
    const std::uint64_t rest = BN_mod_word(start.get(), batch.product);
    for (const std::uint32_t prime : batch.primes) {
      const auto own_rest = static_cast<std::uint32_t>(rest % prime);
      // start + 2i = 0 modulo the prime
      std::uint32_t distance = own_rest == 0 ? 0 : prime - own_rest;
      if (distance % 2 == 1) distance += prime;
      for (std::size_t i = distance / 2; i < kWindow; i += prime) composite[i] = 1;
    }
  }
  return composite;
}

class MillerRabin {
 public:
  explicit MillerRabin(const BigNumber& number)
      : number_(number), less_one_(number - BigNumber(1)), odd_(less_one_) {
    while (BN_is_odd(odd_.get()) == 0) {
      odd_ = odd_ / BigNumber(2);
      ++halvings_;
    }
  }

  bool Passes(std::uint64_t base) const {
    BigNumber power = SmallPower(base, odd_, number_);
    if (power == BigNumber(1)) return true;
    for (int i = 0; i < halvings_; ++i) {
      if (power == less_one_) return true;
      power = power * power % number_;
    }
    return false;
  }

 private:
  const BigNumber& number_;
  BigNumber less_one_;
  BigNumber odd_;
  int halvings_ = 0;
};

}  // namespace

bool IsProbablyPrime(const BigNumber& number) {
  const MillerRabin test(number);
  for (const std::uint64_t base : {2U, 3U, 5U, 7U, 11U}) {
    if (!test.Passes(base)) return false;
  }
  return true;
}

BigNumber DrawPrime(std::size_t bits, std::uint64_t exponent, Drbg& random) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::string bytes = random.Bytes(bits / 8);
    bytes.front() = static_cast<char>(bytes.front() | 0xc0);
    bytes.back() = static_cast<char>(bytes.back() | 1);
    const BigNumber start = BigNumber::FromBytes(bytes);
    const std::vector<char> composite = Sieve(start);
    for (std::size_t i = 0; i < kWindow; ++i) {
      if (composite[i] != 0) continue;
      BigNumber candidate = start + BigNumber(2 * i);
      if (candidate.bits() != bits) break;
      if (BN_mod_word(candidate.get(), exponent) == 1) continue;
      if (IsProbablyPrime(candidate)) return candidate;
    }
  }
  throw Error("no prime number can be drawn");
}

}  // namespace watertight::generator::credentials
