#include "framework/image/sha256.h"

namespace watertight {

std::string Sha256Digest(std::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Digest();
}

}  // namespace watertight
