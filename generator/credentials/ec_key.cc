#include "generator/credentials/ec_key.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <memory>

#include "generator/credentials/der.h"
#include "generator/credentials/digests.h"
#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::size_t kSize = 32;  // of coordinates and scalars, in bytes

using Point = std::unique_ptr<EC_POINT, decltype(&EC_POINT_free)>;
using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const EC_GROUP* Group() {
  static const EC_GROUP* const group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  if (group == nullptr) throw Error("OpenSSL has no P-256");
  return group;
}

const BigNumber& Order() {
  static const BigNumber order = BigNumber::FromHex(
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");  // FIPS 186-4, D.1.2.3
  return order;
}

// The scalar's multiple of the base point.
std::string Multiple(const BigNumber& scalar) {
  const Point point(EC_POINT_new(Group()), EC_POINT_free);
  std::string bytes(1 + 2 * kSize, '\0');
  if (point == nullptr ||
      EC_POINT_mul(Group(), point.get(), scalar.get(), nullptr, nullptr, BigNumberContext()) != 1 ||
      EC_POINT_point2oct(Group(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                         reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                         BigNumberContext()) != bytes.size()) {
    throw Error("OpenSSL cannot multiply a point");
  }
  return bytes;
}

std::string Algorithm() {
  return der::Sequence({der::ObjectId("1.2.840.10045.2.1"), der::ObjectId("1.2.840.10045.3.1.7")});
}

// RFC 6979, section 3.2: the first nonce; that it does not do happens once in 2^128 times.
BigNumber Nonce(const BigNumber& scalar, const std::string& digest) {
  const std::string input =
      scalar.Bytes(kSize) + (BigNumber::FromBytes(digest) % Order()).Bytes(kSize);
  std::string key(kSize, '\0');
  std::string value(kSize, '\1');
  for (char round = 0; round < 2; ++round) {
    key = HmacSha256(key, value + round + input);
    value = HmacSha256(key, value);
  }
  while (true) {
    value = HmacSha256(key, value);
    BigNumber nonce = BigNumber::FromBytes(value);
    if (BigNumber(0) < nonce && nonce < Order()) return nonce;
    key = HmacSha256(key, value + '\0');
    value = HmacSha256(key, value);
  }
}

Pkey Ed25519Pkey(std::string_view seed) {
  Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size()),
           EVP_PKEY_free);
  if (key == nullptr) throw Error("OpenSSL makes no Ed25519 key");
  return key;
}

}  // namespace

EcKey MakeEcKey(const BigNumber& scalar) { return {scalar, Multiple(scalar)}; }

EcKey DrawEcKey(Drbg& random) {
  const BigNumber drawn = BigNumber::FromBytes(random.Bytes(kSize + 8));
  return MakeEcKey(drawn % (Order() - BigNumber(1)) + BigNumber(1));
}

std::string EcKey::Sec1() const {
  return der::Sequence({der::Integer(1), der::OctetString(scalar.Bytes(kSize)),
                        der::Explicit(0, der::ObjectId("1.2.840.10045.3.1.7")),
                        der::Explicit(1, der::BitString(point))});
}

std::string EcKey::Pkcs8() const {
  // The curve stands in the algorithm.
  const std::string key = der::Sequence({der::Integer(1), der::OctetString(scalar.Bytes(kSize)),
                                         der::Explicit(1, der::BitString(point))});
  return der::Sequence({der::Integer(0), Algorithm(), der::OctetString(key)});
}

std::string EcKey::SubjectPublicKey() const {
  return der::Sequence({Algorithm(), der::BitString(point)});
}

std::string EcKey::Sign(std::string_view message) const {
  const std::string digest = Sha256(message);
  const BigNumber nonce = Nonce(scalar, digest);
  const BigNumber r = BigNumber::FromBytes(Multiple(nonce).substr(1, kSize)) % Order();
  const BigNumber s =
      Inverse(nonce, Order()) * (BigNumber::FromBytes(digest) + r * scalar) % Order();
  return r.Bytes(kSize) + s.Bytes(kSize);
}

std::string EcKey::SignDer(std::string_view message) const {
  const std::string signature = Sign(message);
  return der::Sequence({der::Integer(BigNumber::FromBytes(signature.substr(0, kSize))),
                        der::Integer(BigNumber::FromBytes(signature.substr(kSize)))});
}

Ed25519Key MakeEd25519Key(std::string_view seed) {
  const Pkey key = Ed25519Pkey(seed);
  std::string public_bytes(kSize, '\0');
  std::size_t size = public_bytes.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(public_bytes.data()),
                                  &size) != 1) {
    throw Error("OpenSSL gives no public key");
  }
  return {std::string(seed), public_bytes};
}

Ed25519Key DrawEd25519Key(Drbg& random) { return MakeEd25519Key(random.Bytes(kSize)); }

std::string Ed25519Key::Sign(std::string_view message) const {
  const Pkey key = Ed25519Pkey(seed);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(2 * kSize, '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Bytes(message), message.size()) != 1) {
    throw Error("OpenSSL cannot sign");
  }
  return signature;
}

}  // namespace watertight::generator::credentials
