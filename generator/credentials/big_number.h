// Whole numbers of any size, never negative; OpenSSL computes with them.
#pragma once

#include <openssl/bn.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace watertight::generator::credentials {

class BigNumber {
 public:
  BigNumber() : BigNumber(0) {}
  explicit BigNumber(std::uint64_t value);
  // Most significant byte first.
  static BigNumber FromBytes(std::string_view bytes);
  static BigNumber FromHex(std::string_view digits);

  BigNumber(const BigNumber& other);
  BigNumber(BigNumber&& other) noexcept = default;
  BigNumber& operator=(const BigNumber& other);
  BigNumber& operator=(BigNumber&& other) noexcept = default;
  ~BigNumber() = default;

  // Most significant byte first, with zeros in front up to `size`; empty for 0 without a size.
  std::string Bytes(std::size_t size = 0) const;
  std::size_t bits() const;
  const BIGNUM* get() const { return number_.get(); }

 private:
  struct Free {
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
  };
  // Throws: Error, for null.
  static BigNumber Owning(BIGNUM* number);
  explicit BigNumber(std::unique_ptr<BIGNUM, Free> number) : number_(std::move(number)) {}

  friend BigNumber operator+(const BigNumber& a, const BigNumber& b);
  friend BigNumber operator-(const BigNumber& a, const BigNumber& b);
  friend BigNumber operator*(const BigNumber& a, const BigNumber& b);
  friend BigNumber operator/(const BigNumber& a, const BigNumber& b);
  friend BigNumber operator%(const BigNumber& a, const BigNumber& b);
  friend BigNumber Gcd(const BigNumber& a, const BigNumber& b);
  friend BigNumber Inverse(const BigNumber& a, const BigNumber& modulus);
  friend BigNumber Power(const BigNumber& base, const BigNumber& exponent,
                         const BigNumber& modulus);
  friend BigNumber SmallPower(std::uint64_t base, const BigNumber& exponent,
                              const BigNumber& modulus);

  std::unique_ptr<BIGNUM, Free> number_;
};

// Requires: a >= b.
BigNumber operator-(const BigNumber& a, const BigNumber& b);
BigNumber Gcd(const BigNumber& a, const BigNumber& b);
// Requires: the two have no common divisor.
BigNumber Inverse(const BigNumber& a, const BigNumber& modulus);
// Requires: an odd modulus.
BigNumber Power(const BigNumber& base, const BigNumber& exponent, const BigNumber& modulus);
// The same for a small base, in less time.
BigNumber SmallPower(std::uint64_t base, const BigNumber& exponent, const BigNumber& modulus);

inline bool operator==(const BigNumber& a, const BigNumber& b) {
  return BN_cmp(a.get(), b.get()) == 0;
}
inline bool operator<(const BigNumber& a, const BigNumber& b) {
  return BN_cmp(a.get(), b.get()) < 0;
}

// Room for OpenSSL's intermediate results; one for each thread.
BN_CTX* BigNumberContext();

}  // namespace watertight::generator::credentials
