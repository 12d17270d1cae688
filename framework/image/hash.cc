#include "framework/image/hash.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace watertight {
namespace {

const EVP_MD* MethodOf(HashKind kind) {
  switch (kind) {
    case HashKind::kMd5:
      return EVP_md5();
    case HashKind::kSha1:
      return EVP_sha1();
    case HashKind::kSha256:
      break;
  }
  return EVP_sha256();
}

}  // namespace

struct Hash::State {
  State() : context(EVP_MD_CTX_new()) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }

  EVP_MD_CTX* context;
};

Hash::Hash(HashKind kind) : state_(std::make_unique<State>()) {
  if (EVP_DigestInit_ex(state_->context, MethodOf(kind), nullptr) != 1) {
    throw std::runtime_error("a hash is not available");
  }
}

Hash::Hash(Hash&&) noexcept = default;
Hash::~Hash() = default;

void Hash::Update(std::string_view bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Hash::Hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(state_->context, digest, &size);
  return ToHex(std::string_view(reinterpret_cast<const char*>(digest), size));
}

std::string ToHex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

}  // namespace watertight
