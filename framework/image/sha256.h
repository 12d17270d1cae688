// SHA-256.

#pragma once

#include <string>
#include <string_view>

#include "framework/image/hash.h"

namespace watertight {

class Sha256 {
 public:
  void Update(std::string_view bytes) { hash_.Update(bytes); }
  // 64 hex digits. Ends the computation.
  std::string Hex() { return hash_.Hex(); }
  // "sha256:" and 64 hex digits.
  std::string Digest() { return "sha256:" + Hex(); }

 private:
  Hash hash_{HashKind::kSha256};
};

std::string Sha256Digest(std::string_view bytes);

}  // namespace watertight
