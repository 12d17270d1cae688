#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {
namespace {

// The first AWS access key id of the text is none that AWS issues.
bool HasBadIdNearby(std::string_view text) {
  for (std::size_t at = text.find("KIA"); at != std::string_view::npos;
       at = text.find("KIA", at + 1)) {
    std::size_t size = 0;
    const auto in_id = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    while (at + 3 + size < text.size() && in_id(text[at + 3 + size])) ++size;
    if (size < 12) continue;
    const std::string_view id = text.substr(at + 3, size);
    return size != 16 || id.find_first_of("0189") != std::string_view::npos || !IsIssued(id);
  }
  return false;
}

// The text has a session token of AWS, by its name. Temporary keys open nothing without it.
bool HasSessionNearby(std::string_view text) {
  static const re2::RE2 kSession(
      R"((?i)(?:session|security)[_.-]?token\W{1,12}[A-Z0-9+/]{100,}={0,2}(?:[\s"',;<>)}&\\]|$))");
  return re2::RE2::PartialMatch({text.data(), text.size()}, kSession);
}

bool HasTemporaryId(std::string_view text) {
  static const re2::RE2 kTemporary("ASIA[A-Z2-7]{16}");
  return re2::RE2::PartialMatch({text.data(), text.size()}, kTemporary);
}

// Before and behind the value.
std::string_view Around(const RuleHit& hit, std::size_t before, std::size_t behind) {
  const std::size_t from = hit.begin - std::min(hit.begin, before);
  return hit.text.substr(from, hit.begin - from + hit.value.size() + behind);
}

constexpr std::size_t kNearSession = 2400;
constexpr std::size_t kNearProject = 512;

// Forty characters are of AWS by a name of AWS's, or beside an id or a name of it.
bool IsNamedForAws(const RuleHit& hit, std::string_view near) {
  const std::string_view name = hit.match.substr(0, hit.match.size() - hit.value.size());
  for (const std::string_view key : {"key", "Key", "KEY"}) {
    if (name.find(key) != name.npos) return true;
  }
  for (const std::string_view mark : {"aws", "AWS", "Aws", "AKIA", "ASIA"}) {
    if (near.find(mark) != near.npos) return true;
  }
  return false;
}

// An id that cannot be, such as that of the documentation, goes with a secret that is none, as a
// rule.
bool IsAwsSecret(const RuleHit& hit, Level* level) {
  constexpr double kLeast = 4.0;
  constexpr std::size_t kNear = 160;
  const bool hex = hit.value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (hex || !IsIssued(hit.value) || Entropy(hit.value) < kLeast) return false;
  const std::string_view near = Around(hit, kNear, kNear);
  if (!IsNamedForAws(hit, near)) return false;
  // "SecretsManagerRDSMySQLRotationSingleUser": a name.
  const bool digits = hit.value.find_first_of("0123456789") != hit.value.npos;
  if (!digits && !LooksRandom(hit.value)) return false;
  const bool temporary =
      HasTemporaryId(near) && !HasSessionNearby(Around(hit, kNearSession, kNearSession));
  if (temporary || HasBadIdNearby(near)) *level = Level::kWarning;
  return true;
}

// What could be a secret of AWS: forty characters of base 64 by themselves.
bool HasSecretNearby(std::string_view text) {
  std::size_t run = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const bool digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '/';
    if (digit) {
      ++run;
      continue;
    }
    if (run == 40 && Entropy(text.substr(i - run, run)) >= 4.0) return true;
    run = 0;
  }
  return false;
}

// The id alone opens nothing.
bool IsAwsId(const RuleHit& hit, Level* level) {
  constexpr std::size_t kNear = 400;
  if (!IsIssued(hit.value) || Entropy(hit.value) < 2.8) return false;
  const bool temporary =
      hit.value.starts_with("ASIA") && !HasSessionNearby(Around(hit, kNearSession, kNearSession));
  if (temporary || !HasSecretNearby(Around(hit, kNear, kNearSession))) *level = Level::kWarning;
  return true;
}

// Of an installed application, which cannot keep it, beside its user's token: Google does not treat
// it as a secret then.
bool IsGoogleClientSecret(const RuleHit& hit, Level* level) {
  constexpr std::size_t kNear = 400;
  const bool installed = Around(hit, kNear, kNear).find("\"authorized_user\"") != hit.text.npos;
  if (installed) *level = Level::kWarning;
  return MadeByChance(hit, level);
}

// Of an application in a browser, whose configuration names the project: everybody gets it.
bool IsOfFirebase(std::string_view near) {
  const auto holds = [near](std::string_view one, std::string_view other) {
    return near.find(one) != near.npos || near.find(other) != near.npos;
  };
  return holds("authDomain", "AUTH_DOMAIN") &&
         (holds("projectId", "PROJECT_ID") || holds("messagingSenderId", "MESSAGING_SENDER_ID"));
}

bool IsGoogleKey(const RuleHit& hit, Level* level) {
  return !IsOfFirebase(Around(hit, kNearProject, kNearProject)) && MadeByChance(hit, level);
}

}  // namespace

RuleRows CloudRules() {
  constexpr Level kError = Level::kError;
  return {
      {"aws-access-key-id", "cloud", "AWS access key id", kError, "AKIA ASIA",
       R"(A[KS]IA[A-Z2-7]{16})", IsAwsId, 0, 2400, Edge::kToken},
      {"aws-bearer-token-id", "cloud", "AWS bearer token id", kError, "ABIA", R"(ABIA[A-Z2-7]{16})",
       MadeByChance, 0, 32, Edge::kToken},
      {"aws-context-key-id", "cloud", "AWS context-specific key id", kError, "ACCA",
       R"(ACCA[A-Z2-7]{16})", MadeByChance, 0, 32, Edge::kToken},
      {"aws-secret-key", "cloud", "AWS secret access key", kError, "~secret SecretAc secretAc",
       R"((?i)secret[\w.-]{0,24}\\?["']?[\s:=,>(]{1,8}\\?["']?([A-Za-z0-9+/]{40})(?:[^A-Za-z0-9+/=]|$))",
       IsAwsSecret, 256, 2400},
      {"aws-secret-key", "cloud", "AWS secret access key", kError, "AKIA ASIA",
       R"(A[KS]IA[A-Z2-7]{16}[^A-Z0-9](?:[^+/]{0,100}?[^A-Za-z0-9+/])?([A-Za-z0-9+/]{40})(?:[^A-Za-z0-9+/=]|$))",
       IsAwsSecret, 0, 2400},
      {"aws-sts-token", "cloud", "AWS session token", kError, "IQoJb3Jp FwoGZXIv",
       R"((?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/]{100,}={0,2})", MadeByChance, 0, 4096,
       Edge::kClosed},
      {"aws-bedrock-key", "cloud", "Amazon Bedrock API key", kError, "ABSKQmVk",
       R"(ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/]{90,269}={0,2})", MadeByChance, 0, 320, Edge::kClosed},
      {"gcp-api-key", "cloud", "Google API key", kError, "AIza", R"(AIza[\w-]{35})", IsGoogleKey, 0,
       640, Edge::kToken},
      {"gcp-oauth-client-secret", "cloud", "Google OAuth client secret", kError, "GOCSPX-",
       R"(GOCSPX-[\w-]{28})", IsGoogleClientSecret, 0, 512, Edge::kToken},
      {"gcp-refresh-token", "cloud", "Google refresh token", kError, "1//0", R"(1//0[\w-]{60,})",
       MadeByChance, 0, 256, Edge::kClosed},
      {"digitalocean-token", "cloud", "DigitalOcean personal access token", kError, "dop_v1_",
       R"(dop_v1_[0-9a-f]{64})", MadeByChance, 0, 96, Edge::kToken},
      {"digitalocean-oauth-token", "cloud", "DigitalOcean OAuth token", kError, "doo_v1_",
       R"(doo_v1_[0-9a-f]{64})", MadeByChance, 0, 96, Edge::kToken},
      {"digitalocean-refresh-token", "cloud", "DigitalOcean refresh token", kError, "dor_v1_",
       R"(dor_v1_[0-9a-f]{64})", MadeByChance, 0, 96, Edge::kToken},
      {"databricks-token", "cloud", "Databricks token", kError, "dapi",
       R"(dapi[0-9a-f]{32}(?:-[0-9])?)", MadeByChance, 0, 64, Edge::kToken},
      {"heroku-key", "cloud", "Heroku API key", kError, "HRKU-AA", R"(HRKU-AA[\w-]{58})",
       MadeByChance, 0, 96, Edge::kToken},
      {"heroku-key-legacy", "cloud", "Heroku API key of the older form", kError, "~heroku",
       R"((?is)heroku.{0,100}?(?:key|password|token|secret)[\w]*["']?[\s:=,"']{1,8})"
       R"(([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
       MadeByChance, 0, 192},
      {"terraform-cloud-token", "cloud", "Terraform Cloud token", kError, ".atlasv1",
       R"([0-9A-Za-z]{14}\.atlasv1\.[\w-]{60,70})", MadeByChance, 14, 96, Edge::kToken},
  };
}

}  // namespace watertight
