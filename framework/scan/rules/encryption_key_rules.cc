#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {
namespace {

// Fifty characters of Django's own alphabet, as its generator draws them.
bool IsDjangoKey(const RuleHit& hit, Level* /*level*/) {
  constexpr double kLeast = 4.0;
  return IsIssued(hit.value) && Entropy(hit.value) >= kLeast &&
         hit.value.find(' ') == std::string_view::npos;
}

// Without quotes, words of fifty characters are others' keys.
bool IsMarkedDjangoKey(const RuleHit& hit, Level* level) {
  return hit.value.find_first_of("!@#$%^&*(") != std::string_view::npos && IsDjangoKey(hit, level);
}

}  // namespace

RuleRows EncryptionKeyRules() {
  constexpr Level kError = Level::kError;
  return {
      {"age-secret-key", "encryption-key", "age secret key", kError, "AGE-SECR",
       R"(AGE-SECRET-KEY-1[0-9A-Z]{58})", IsAgeKey, 0, 96, Edge::kToken},
      {"rails-master-key", "encryption-key", "Rails master key", kError, "RAILS_MA",
       R"(RAILS_MASTER_KEY["']?\s*[:=]\s*["']?([0-9a-f]{32}))", MadeByChance, 0, 96},
      {"django-secret-key", "encryption-key", "Django secret key", kError, "SECRET_K",
       R"(SECRET_KEY\s*=\s*["']([a-z0-9!@#$%^&*(\-_=+)]{50,70})["'])", IsDjangoKey, 0, 128,
       Edge::kNone},
      {"django-secret-key", "encryption-key", "Django secret key", kError, "SECRET_K",
       R"(SECRET_KEY=([a-z0-9!@#$%^&*(\-_=+)]{50})(?:["'\s\x00]|\z))", IsMarkedDjangoKey, 0, 128,
       Edge::kNone},
      {"laravel-app-key", "encryption-key", "Laravel application key", kError, "APP_KEY",
       R"(APP_KEY["']?\s*[:=]\s*["']?(base64:[A-Za-z0-9+/]{43}=))", MadeByChance, 0, 96},
      {"wordpress-salts", "encryption-key", "WordPress keys and salts", kError, "AUTH_KEY",
       R"((?s)define\(\s*'AUTH_KEY',\s*'[^'\n]{40,}'\s*\);.*?define\(\s*'NONCE_SALT',\s*'[^'\n]{40,}'\s*\);)",
       nullptr, 24, 2048, Edge::kNone},
      {"symfony-secret", "encryption-key", "Symfony secret", kError, "APP_SECR",
       R"(APP_SECRET["']?\s*[:=]\s*["']?([0-9a-f]{32,64}))", MadeByChance, 0, 96},
  };
}

}  // namespace watertight
