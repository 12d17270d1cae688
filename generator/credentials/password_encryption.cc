#include "generator/credentials/password_encryption.h"

#include <openssl/evp.h>

#include <memory>

#include "generator/credentials/der.h"
#include "generator/credentials/digests.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/pem.h"
#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

constexpr int kIterations = 2048;  // OpenSSL's default
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kBlock = 16;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string DeriveKey(std::string_view password, std::string_view salt) {
  std::string key(kKeySize, '\0');
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), Bytes(salt),
                        static_cast<int>(salt.size()), kIterations, EVP_sha256(),
                        static_cast<int>(key.size()),
                        reinterpret_cast<unsigned char*>(key.data())) != 1) {
    throw Error("OpenSSL cannot derive a key");
  }
  return key;
}

std::string Encrypt(const EVP_CIPHER* cipher, std::string_view bytes, std::string_view key,
                    std::string_view start) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::string encrypted(bytes.size() + kBlock, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(encrypted.data());
  int size = 0;
  int rest = 0;
  if (EVP_EncryptInit_ex(context.get(), cipher, nullptr, Bytes(key), Bytes(start)) != 1 ||
      EVP_EncryptUpdate(context.get(), out, &size, Bytes(bytes), static_cast<int>(bytes.size())) !=
          1 ||
      EVP_EncryptFinal_ex(context.get(), out + size, &rest) != 1) {
    throw Error("OpenSSL cannot encrypt");
  }
  encrypted.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
  return encrypted;
}

}  // namespace

std::string EncryptAesCbc(std::string_view bytes, std::string_view key, std::string_view start) {
  return Encrypt(EVP_aes_256_cbc(), bytes, key, start);
}

std::string EncryptAesCtr(std::string_view bytes, std::string_view key, std::string_view start) {
  return Encrypt(EVP_aes_256_ctr(), bytes, key, start);
}

PasswordEncrypted EncryptByPassword(std::string_view bytes, std::string_view password,
                                    Drbg& random) {
  const std::string salt = random.Bytes(8);
  const std::string start = random.Bytes(kBlock);
  const std::string hmac = der::Sequence({der::ObjectId("1.2.840.113549.2.9"), der::Null()});
  const std::string derivation =
      der::Sequence({der::ObjectId("1.2.840.113549.1.5.12"),
                     der::Sequence({der::OctetString(salt), der::Integer(kIterations), hmac})});
  const std::string cipher =
      der::Sequence({der::ObjectId("2.16.840.1.101.3.4.1.42"), der::OctetString(start)});
  return {
      der::Sequence({der::ObjectId("1.2.840.113549.1.5.13"), der::Sequence({derivation, cipher})}),
      EncryptAesCbc(bytes, DeriveKey(password, salt), start)};
}

std::string EncryptedPkcs8(std::string_view pkcs8, std::string_view password, Drbg& random) {
  const PasswordEncrypted encrypted = EncryptByPassword(pkcs8, password, random);
  return der::Sequence({encrypted.algorithm, der::OctetString(encrypted.bytes)});
}

std::string EncryptedPem(std::string_view label, std::string_view bytes, std::string_view password,
                         Drbg& random) {
  const std::string start = random.Bytes(kBlock);
  // EVP_BytesToKey: the first half of the start is the salt.
  const std::string salted = std::string(password) + start.substr(0, kBlock / 2);
  std::string key = Md5(salted);
  key += Md5(key + salted);
  std::string pem = Pem(label, EncryptAesCbc(bytes, key, start));
  pem.insert(pem.find('\n') + 1,
             "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC," + UpperHex(start) + "\n\n");
  return pem;
}

}  // namespace watertight::generator::credentials
