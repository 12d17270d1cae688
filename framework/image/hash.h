// Cryptographic hashes, through OpenSSL.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace watertight {

enum class HashKind : std::uint8_t { kMd5, kSha1, kSha256 };

// Two digits for each byte, in lower case.
std::string ToHex(std::string_view bytes);

class Hash {
 public:
  // Throws: std::runtime_error, where OpenSSL has been told to offer no such hash.
  explicit Hash(HashKind kind);
  Hash(Hash&&) noexcept;
  ~Hash();
  void Update(std::string_view bytes);
  // In lower case. Ends the computation.
  std::string Hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace watertight
