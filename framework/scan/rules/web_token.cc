// JSON Web Tokens: RFC 7519, with signatures of RFC 7518.

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "framework/image/json.h"
#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/token_checks.h"
#include "watertight/error.h"

namespace watertight {
namespace {

// Null for what is no JSON object.
Json ReadObject(std::string_view base64) {
  std::string bytes;
  if (!DecodeBase64(base64, &bytes)) return nullptr;
  const std::size_t begin = bytes.find('{');
  if (begin == std::string::npos) return nullptr;
  try {
    std::vector<Note> notes;
    Json json = ParseJson(bytes, "", &notes);
    return json.is_object() ? json : Json(nullptr);
  } catch (const Error&) {
    return nullptr;
  }
}

struct Algorithm {
  std::string_view name;
  std::size_t least;  // bytes of a signature
  std::size_t most;
};
constexpr Algorithm kAlgorithms[] = {
    {"HS256", 32, 32},    {"HS384", 48, 48},    {"HS512", 64, 64},    {"RS256", 128, 1024},
    {"RS384", 128, 1024}, {"RS512", 128, 1024}, {"PS256", 128, 1024}, {"PS384", 128, 1024},
    {"PS512", 128, 1024}, {"ES256", 64, 64},    {"ES384", 96, 96},    {"ES512", 132, 132},
    {"ES256K", 64, 64},   {"EdDSA", 64, 114}};

bool IsToken(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  const Json header = ReadObject(token.substr(0, first));
  const Json payload = ReadObject(token.substr(first + 1, second - first - 1));
  if (!header.is_object() || !payload.is_object()) return false;
  const auto name = header.find("alg");
  if (name == header.end() || !name->is_string()) return false;
  std::string signature;
  if (!DecodeBase64(token.substr(second + 1), &signature)) return false;
  const auto algorithm =
      std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                   [&](const Algorithm& one) { return one.name == name->get<std::string>(); });
  // Supabase's anonymous key is sent to every browser.
  const auto role = payload.find("role");
  if (role != payload.end() && *role == "anon") return false;
  return algorithm != std::end(kAlgorithms) && signature.size() >= algorithm->least &&
         signature.size() <= algorithm->most;
}

bool IsKubernetesToken(const RuleHit& hit, Level* /*level*/) {
  const std::size_t first = hit.value.find('.');
  const std::size_t second = hit.value.find('.', first + 1);
  if (!IsToken(hit.value)) return false;
  const Json payload = ReadObject(hit.value.substr(first + 1, second - first - 1));
  for (const auto& [name, value] : payload.items()) {
    if (name.starts_with("kubernetes.io")) return true;
  }
  return false;
}

// A token that says neither who gave it, nor for whom or until when (RFC 7519, 4.1), opens nothing:
// a sample, as a rule.
bool SaysNothing(std::string_view token) {
  constexpr const char* kClaims[] = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"};
  const std::size_t first = token.find('.');
  const Json payload = ReadObject(token.substr(first + 1, token.find('.', first + 1) - first - 1));
  const auto subject = payload.find("sub");
  if (subject != payload.end() && *subject == "1234567890") return true;  // of jwt.io
  return std::none_of(std::begin(kClaims), std::end(kClaims),
                      [&](const char* claim) { return payload.contains(claim); });
}

template <char kFirst>
bool IsTokenOf(const RuleHit& hit, Level* level) {
  const Json header = ReadObject(hit.value.substr(0, hit.value.find('.')));
  if (!header.is_object() || !header.contains("alg") || !header["alg"].is_string()) return false;
  const auto name = header["alg"].get<std::string>();
  if (name.front() != kFirst || !IsToken(hit.value) || !IsIssued(hit.value)) return false;
  if (SaysNothing(hit.value)) *level = Level::kWarning;
  return true;
}

// PASETO and others of the same look are not known to it.
bool IsOtherToken(const RuleHit& hit, Level* /*level*/) {
  return IsToken(hit.value) && IsIssued(hit.value);
}

}  // namespace

bool IsStatelessToken(const RuleHit& hit, Level* /*level*/) {
  return IsToken(hit.value.substr(hit.value.find("_eyJ") + 1));
}

bool IsBase64Json(const RuleHit& hit, Level* /*level*/) {
  return ReadObject(hit.value.substr(hit.value.find("eyJ"))).is_object();
}

RuleRows WebTokenRules() {
  constexpr const char* kPattern = R"(eyJ[\w-]{8,}={0,2}\.eyJ[\w-]{8,}={0,2}\.[\w-]{20,})";
  constexpr std::size_t kLongest = 8192;
  const auto row = [&](const char* id, const char* title, RuleCheck check) {
    return Rule{id, "jwt", title, Level::kError, "eyJ", kPattern, check, 0, kLongest, Edge::kToken};
  };
  return {row("k8s-service-account-token", "Kubernetes service account token", IsKubernetesToken),
          row("jwt-hs", "JSON web token, signed by a shared secret", IsTokenOf<'H'>),
          row("jwt-rs", "JSON web token, signed by an RSA key", IsTokenOf<'R'>),
          row("jwt-es", "JSON web token, signed by an EC key", IsTokenOf<'E'>),
          row("generic-jwt", "JSON web token", IsOtherToken)};
}

}  // namespace watertight
