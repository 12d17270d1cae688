#include "generator/archives/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "generator/error.h"

namespace watertight::generator {
namespace {

class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_.get(), Algorithm(), nullptr) != 1) {
      throw Error("SHA-256 is not available from OpenSSL");
    }
  }

  void Update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }

  std::string Hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += "0123456789abcdef"[digest[i] >> 4];
      hex += "0123456789abcdef"[digest[i] & 15];
    }
    return hex;
  }

 private:
  // Looking an algorithm up costs more than hashing a small document: once for the process.
  static const EVP_MD* Algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  Hash hash;
  hash.Update(bytes);
  return hash.Hex();
}

std::string Sha256Hex(const Rope& bytes) {
  Hash hash;
  bytes.Read([&](std::string_view part) { hash.Update(part); });
  return hash.Hex();
}

std::string Digest(std::string_view bytes) { return "sha256:" + Sha256Hex(bytes); }
std::string Digest(const Rope& bytes) { return "sha256:" + Sha256Hex(bytes); }

std::string HexOf(const std::string& digest) { return digest.substr(digest.find(':') + 1); }

}  // namespace watertight::generator
