#include "generator/credentials/drbg.h"

#include "generator/credentials/digests.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::size_t kBlock = 32;
constexpr std::size_t kBuffered = 256;

std::string WithLength(std::string_view text) {
  return std::to_string(text.size()) + ":" + std::string(text);
}

}  // namespace

Drbg::Drbg(std::string_view seed, std::string_view kind, std::string_view name)
    : Drbg(WithLength(seed) + WithLength(kind) + WithLength(name)) {
  seed_ = seed;
}

Drbg::Drbg(std::string_view seed_material) : key_(kBlock, '\0'), value_(kBlock, '\1') {
  Update(seed_material);
}

void Drbg::Update(std::string_view material) {
  for (char round = 0; round < 2; ++round) {
    key_ = HmacSha256(key_, value_ + round + std::string(material));
    value_ = HmacSha256(key_, value_);
    if (material.empty()) return;
  }
}

std::string Drbg::Generate(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    value_ = HmacSha256(key_, value_);
    bytes += value_;
  }
  bytes.resize(count);
  Update("");
  return bytes;
}

std::string Drbg::Bytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    if (used_ == buffer_.size()) {
      buffer_ = Generate(kBuffered);
      used_ = 0;
    }
    const std::size_t taken = std::min(count - bytes.size(), buffer_.size() - used_);
    bytes.append(buffer_, used_, taken);
    used_ += taken;
  }
  return bytes;
}

std::size_t Drbg::Below(std::size_t limit) {
  // The values at the end of the range that would favour the low results are drawn again.
  const std::size_t range = limit <= 256 ? 256 : 65536;
  const std::size_t usable = range - range % limit;
  while (true) {
    std::size_t drawn = 0;
    for (const char byte : Bytes(range == 256 ? 1 : 2)) {
      drawn = drawn << 8 | static_cast<unsigned char>(byte);
    }
    if (drawn < usable) return drawn % limit;
  }
}

}  // namespace watertight::generator::credentials
