// SHA-256, through OpenSSL.

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace watertight {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void Update(std::string_view bytes);
  // 64 hex digits. Ends the computation.
  std::string Hex();
  // "sha256:" and 64 hex digits.
  std::string Digest() { return "sha256:" + Hex(); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string Sha256Digest(std::string_view bytes);

}  // namespace watertight
