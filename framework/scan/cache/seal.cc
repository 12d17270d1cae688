#include "framework/scan/cache/seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <climits>
#include <memory>
#include <stdexcept>

namespace watertight {
namespace {

// A sealed text is
//   nonce   12 bytes, drawn: a key seals far fewer than the 2^32 texts that these allow
//   text    encrypted, of its own length
//   tag     16 bytes
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* Bytes(std::string* text) { return reinterpret_cast<unsigned char*>(text->data()); }

}  // namespace

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(Bytes(&bytes), static_cast<int>(count)) != 1) {
    throw std::runtime_error("there are no random numbers");
  }
  return bytes;
}

std::string MacOf(std::string_view key, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(), mac,
           &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 is not available");
  }
  return {reinterpret_cast<const char*>(mac), size};
}

std::string Seal(std::string_view key, std::string_view text) {
  const std::string nonce = RandomBytes(kNonce);
  std::string sealed = nonce + std::string(text.size() + kTag, '\0');
  unsigned char* const at = Bytes(&sealed) + kNonce;
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool made =
      text.size() < INT_MAX &&
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)) ==
          1 &&
      EVP_EncryptUpdate(context.get(), at, &size, Bytes(text), static_cast<int>(text.size())) ==
          1 &&
      EVP_EncryptFinal_ex(context.get(), at + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, at + text.size()) == 1;
  if (!made) throw std::runtime_error("AES-256-GCM is not available");
  return sealed;
}

std::optional<std::string> Unseal(std::string_view key, std::string_view sealed) {
  if (sealed.size() < kNonce + kTag || sealed.size() >= INT_MAX) return std::nullopt;
  std::string tag(sealed.substr(sealed.size() - kTag));
  const std::string_view body = sealed.substr(kNonce, sealed.size() - kNonce - kTag);
  std::string text(body.size(), '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool whole =
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(sealed)) ==
          1 &&
      EVP_DecryptUpdate(context.get(), Bytes(&text), &size, Bytes(body),
                        static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), Bytes(&text) + size, &size) == 1;
  if (!whole) return std::nullopt;
  return text;
}

}  // namespace watertight
