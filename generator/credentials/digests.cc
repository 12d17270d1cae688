#include "generator/credentials/digests.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

std::string Hash(const EVP_MD* algorithm, std::string_view first, std::string_view second = {}) {
  // One for each thread: making one costs more than hashing a block.
  thread_local const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (context == nullptr || EVP_DigestInit_ex(context.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) {
    throw Error("OpenSSL cannot compute a digest");
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

// Fetched once: looking an algorithm up costs more than hashing a block.
const EVP_MD* Fetched(const char* name) {
  const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  if (algorithm == nullptr) throw Error(std::string("OpenSSL has no ") + name);
  return algorithm;
}

const EVP_MD* Md5Algorithm() {
  static const EVP_MD* const algorithm = Fetched("MD5");
  return algorithm;
}

const EVP_MD* Sha1Algorithm() {
  static const EVP_MD* const algorithm = Fetched("SHA1");
  return algorithm;
}

const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = Fetched("SHA256");
  return algorithm;
}

const EVP_MD* Sha512Algorithm() {
  static const EVP_MD* const algorithm = Fetched("SHA512");
  return algorithm;
}

// RFC 2104; the block of SHA-1 and SHA-256 is 64 bytes.
std::string Hmac(const EVP_MD* algorithm, std::string_view key, std::string_view bytes) {
  std::string padded(key.size() > 64 ? Hash(algorithm, key) : std::string(key));
  padded.resize(64, '\0');
  for (char& byte : padded) byte = static_cast<char>(byte ^ 0x36);
  const std::string inner = Hash(algorithm, padded, bytes);
  for (char& byte : padded) byte = static_cast<char>(byte ^ 0x36 ^ 0x5c);
  return Hash(algorithm, padded, inner);
}

}  // namespace

std::string Md5(std::string_view bytes) { return Hash(Md5Algorithm(), bytes); }
std::string Sha1(std::string_view bytes) { return Hash(Sha1Algorithm(), bytes); }
std::string Sha256(std::string_view bytes) { return Hash(Sha256Algorithm(), bytes); }
std::string Sha512(std::string_view bytes) { return Hash(Sha512Algorithm(), bytes); }

std::string HmacSha1(std::string_view key, std::string_view bytes) {
  return Hmac(Sha1Algorithm(), key, bytes);
}

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  return Hmac(Sha256Algorithm(), key, bytes);
}

}  // namespace watertight::generator::credentials
