// HMAC_DRBG with SHA-256 (NIST SP 800-90A, section 10.1.2): the same seed gives the same bytes.
//
//   Drbg random("seed", "github-pat", "deploy");
//   std::string bytes = random.Bytes(32);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace watertight::generator::credentials {

class Drbg {
 public:
  // The three are told apart: ("ab", "c", "") is not ("a", "bc", "").
  Drbg(std::string_view seed, std::string_view kind, std::string_view name);
  // From the seed material of SP 800-90A itself: entropy input, nonce, personalization string.
  explicit Drbg(std::string_view seed_material);

  // For what several names of one seed share: "jwt.issuer".
  Drbg OfSameSeed(std::string_view kind) const { return {seed_, kind, ""}; }

  std::string Bytes(std::size_t count);
  // Uniform in [0, limit). Requires: 0 < limit <= 65536.
  std::size_t Below(std::size_t limit);

 private:
  void Update(std::string_view material);
  std::string Generate(std::size_t count);

  std::string seed_;
  std::string key_;
  std::string value_;
  std::string buffer_;
  std::size_t used_ = 0;
};

}  // namespace watertight::generator::credentials
