#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/credentials/big_number.h"
#include "generator/credentials/credentials.h"
#include "generator/credentials/der.h"
#include "generator/credentials/ec_key.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/pem.h"
#include "generator/credentials/primes.h"
#include "generator/credentials/rsa_key.h"

namespace watertight::generator::credentials {
namespace {

TEST(BigNumber, ComputesAsByHand) {
  const BigNumber seven(7);
  const BigNumber ten(10);
  EXPECT_EQ(seven + ten, BigNumber(17));
  EXPECT_EQ(ten - seven, BigNumber(3));
  EXPECT_EQ(seven * ten, BigNumber(70));
  EXPECT_EQ(ten / seven, BigNumber(1));
  EXPECT_EQ(ten % seven, BigNumber(3));
  EXPECT_EQ(Gcd(BigNumber(12), BigNumber(18)), BigNumber(6));
  EXPECT_EQ(Inverse(seven, ten), BigNumber(3));
  EXPECT_EQ(Power(BigNumber(3), BigNumber(4), seven), BigNumber(4));
  EXPECT_EQ(Hex(BigNumber(258).Bytes()), "0102");
  EXPECT_EQ(Hex(BigNumber(258).Bytes(4)), "00000102");
  EXPECT_EQ(BigNumber(0).Bytes(), "");
  EXPECT_EQ(BigNumber::FromHex("0100"), BigNumber(256));
}

// 2^89 - 1 and 2^127 - 1 are prime.
TEST(Primes, AreKnown) {
  EXPECT_TRUE(IsProbablyPrime(BigNumber(1000003)));
  EXPECT_TRUE(IsProbablyPrime(BigNumber::FromHex("01ffffffffffffffffffffff")));
  EXPECT_TRUE(IsProbablyPrime(BigNumber::FromHex("7fffffffffffffffffffffffffffffff")));
}

// A Carmichael number, the least strong pseudoprime to the bases 2, 3, 5 and 7, a square.
TEST(Primes, CompositesAreKnown) {
  for (const std::uint64_t number : {561ULL, 3215031751ULL, 1018081ULL, 6601ULL}) {
    EXPECT_FALSE(IsProbablyPrime(BigNumber(number))) << number;
  }
}

TEST(Primes, HaveTheirSizeAndFitTheExponent) {
  Drbg random("seed", "primes", "name");
  for (int i = 0; i < 20; ++i) {
    const BigNumber prime = DrawPrime(128, 3, random);
    EXPECT_EQ(prime.bits(), 128U);
    EXPECT_EQ(static_cast<unsigned char>(prime.Bytes()[0]) & 0xc0, 0xc0);
    EXPECT_EQ(prime % BigNumber(3), BigNumber(2));
    EXPECT_TRUE(IsProbablyPrime(prime));
  }
}

// X.690, 8.1.3, 8.3 and 8.19; the last is its own example.
TEST(Der, WritesItsTypes) {
  EXPECT_EQ(Hex(der::Integer(0)), "020100");
  EXPECT_EQ(Hex(der::Integer(127)), "02017f");
  EXPECT_EQ(Hex(der::Integer(128)), "02020080");
  EXPECT_EQ(Hex(der::Integer(256)), "02020100");
  EXPECT_EQ(Hex(der::Boolean(true)), "0101ff");
  EXPECT_EQ(Hex(der::Null()), "0500");
  EXPECT_EQ(Hex(der::BitString("\x05")), "03020005");
  EXPECT_EQ(Hex(der::Sequence({der::Null(), der::Integer(1)})), "30050500020101");
  EXPECT_EQ(Hex(der::Explicit(1, der::Null())), "a1020500");
  EXPECT_EQ(Hex(der::ObjectId("2.999.3")), "0603883703");
  EXPECT_EQ(Hex(der::ObjectId("1.2.840.113549")), "06062a864886f70d");
}

TEST(Der, LongContentHasTheNumberOfItsLengthsBytesFirst) {
  EXPECT_EQ(Hex(der::OctetString(std::string(127, 'x')).substr(0, 2)), "047f");
  EXPECT_EQ(Hex(der::OctetString(std::string(128, 'x')).substr(0, 3)), "048180");
  EXPECT_EQ(Hex(der::OctetString(std::string(256, 'x')).substr(0, 4)), "04820100");
}

// RFC 6979, A.2.5: P-256, SHA-256, the messages "sample" and "test".
TEST(EcKey, SignsAsPublished) {
  const EcKey key = MakeEcKey(
      BigNumber::FromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
  EXPECT_EQ(Hex(key.point),
            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  EXPECT_EQ(Hex(key.Sign("sample")),
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  EXPECT_EQ(Hex(key.Sign("test")),
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
}

// RFC 8032, 7.1, test 2.
TEST(Ed25519Key, SignsAsPublished) {
  const BigNumber seed =
      BigNumber::FromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const Ed25519Key key = MakeEd25519Key(seed.Bytes(32));
  EXPECT_EQ(Hex(key.public_bytes),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(Hex(key.Sign("\x72")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(RsaKey, IsRememberedByItsDraw) {
  Drbg random("seed", "rsa", "name");
  const RsaKey& first = DrawRsaKey(random);
  EXPECT_FALSE(first.modulus == DrawRsaKey(random).modulus);
  Drbg again("seed", "rsa", "name");
  EXPECT_EQ(&DrawRsaKey(again), &first);
}

TEST(RsaKey, SharesNoPrimeWithAnotherOfItsSeed) {
  Drbg one("seed", "pem-rsa", "one");
  Drbg other("seed", "pem-rsa", "other");
  EXPECT_TRUE(Gcd(DrawRsaKey(one).modulus, DrawRsaKey(other).modulus) == BigNumber(1));
}

TEST(Pem, HasMarkersAndLines) {
  EXPECT_EQ(Pem("X", "abc", 3), "-----BEGIN X-----\nYWJ\nj\n-----END X-----");
  EXPECT_EQ(PemMarkers("X"), "-----BEGIN X-----\n-----END X-----");
}

TEST(Issuer, SignsAllTokensOfASeed) {
  const Kind& kind = *FindKind("jwt-rs");
  const auto issuer = [&kind](const char* seed, const char* name) {
    return MakeCredential(kind, seed, name).parts.at("public");
  };
  EXPECT_EQ(issuer("seed", "a"), issuer("seed", "b"));
  EXPECT_NE(issuer("seed", "a"), issuer("tree", "a"));
}

}  // namespace
}  // namespace watertight::generator::credentials
