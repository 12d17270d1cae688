#include "generator/credentials/big_number.h"

#include <algorithm>

#include "generator/archives/binary.h"
#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

void Check(int result) {
  if (result != 1) throw Error("OpenSSL cannot compute with these numbers");
}

}  // namespace

BN_CTX* BigNumberContext() {
  struct Free {
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  };
  thread_local const std::unique_ptr<BN_CTX, Free> context(BN_CTX_new());
  return context.get();
}

BigNumber BigNumber::Owning(BIGNUM* number) {
  if (number == nullptr) throw Error("OpenSSL cannot make this number");
  return BigNumber(std::unique_ptr<BIGNUM, Free>(number));
}

BigNumber::BigNumber(std::uint64_t value) : BigNumber(FromBytes(BigEndian(value, 8))) {}

BigNumber BigNumber::FromBytes(std::string_view bytes) {
  return Owning(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                          static_cast<int>(bytes.size()), nullptr));
}

BigNumber BigNumber::FromHex(std::string_view digits) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, std::string(digits).c_str());
  return Owning(number);
}

BigNumber::BigNumber(const BigNumber& other) : BigNumber(Owning(BN_dup(other.get()))) {}

BigNumber& BigNumber::operator=(const BigNumber& other) {
  *this = BigNumber(other);
  return *this;
}

std::string BigNumber::Bytes(std::size_t size) const {
  std::string bytes(std::max(size, static_cast<std::size_t>(BN_num_bytes(get()))), '\0');
  BN_bn2binpad(get(), reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  return bytes;
}

std::size_t BigNumber::bits() const { return static_cast<std::size_t>(BN_num_bits(get())); }

BigNumber operator+(const BigNumber& a, const BigNumber& b) {
  BigNumber sum;
  Check(BN_add(sum.number_.get(), a.get(), b.get()));
  return sum;
}

BigNumber operator-(const BigNumber& a, const BigNumber& b) {
  BigNumber difference;
  Check(BN_sub(difference.number_.get(), a.get(), b.get()));
  return difference;
}

BigNumber operator*(const BigNumber& a, const BigNumber& b) {
  BigNumber product;
  Check(BN_mul(product.number_.get(), a.get(), b.get(), BigNumberContext()));
  return product;
}

BigNumber operator/(const BigNumber& a, const BigNumber& b) {
  BigNumber quotient;
  Check(BN_div(quotient.number_.get(), nullptr, a.get(), b.get(), BigNumberContext()));
  return quotient;
}

BigNumber operator%(const BigNumber& a, const BigNumber& b) {
  BigNumber rest;
  Check(BN_div(nullptr, rest.number_.get(), a.get(), b.get(), BigNumberContext()));
  return rest;
}

BigNumber Gcd(const BigNumber& a, const BigNumber& b) {
  BigNumber divisor;
  Check(BN_gcd(divisor.number_.get(), a.get(), b.get(), BigNumberContext()));
  return divisor;
}

BigNumber Inverse(const BigNumber& a, const BigNumber& modulus) {
  return BigNumber::Owning(BN_mod_inverse(nullptr, a.get(), modulus.get(), BigNumberContext()));
}

BigNumber Power(const BigNumber& base, const BigNumber& exponent, const BigNumber& modulus) {
  BigNumber power;
  Check(BN_mod_exp_mont_consttime(power.number_.get(), base.get(), exponent.get(), modulus.get(),
                                  BigNumberContext(), nullptr));
  return power;
}

BigNumber SmallPower(std::uint64_t base, const BigNumber& exponent, const BigNumber& modulus) {
  BigNumber power;
  Check(BN_mod_exp_mont_word(power.number_.get(), base, exponent.get(), modulus.get(),
                             BigNumberContext(), nullptr));
  return power;
}

}  // namespace watertight::generator::credentials
