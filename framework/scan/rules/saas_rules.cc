#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {

RuleRows SaasRules() {
  constexpr Level kError = Level::kError;
  return {
      {"grafana-service-account", "saas", "Grafana service account token", kError, "glsa_",
       R"(glsa_[0-9A-Za-z]{32}_[0-9a-f]{8})", HasGrafanaChecksum, 0, 64, Edge::kToken},
      {"grafana-cloud", "saas", "Grafana Cloud token", kError, "glc_eyJ",
       R"(glc_eyJ[A-Za-z0-9+/]{40,}={0,2})", IsBase64Json, 0, 512, Edge::kToken},
      {"atlassian-api-token", "saas", "Atlassian API token", kError, "ATATT3",
       R"(ATATT3[\w-]{150,220}(?:=|%3D)[0-9A-F]{8})", HasAtlassianChecksum, 0, 300, Edge::kToken},
      {"vault-service", "saas", "Vault service token", kError, "hvs.",
       R"(hvs\.(?:[\w-]{90,200}|[0-9A-Za-z]{24}))", MadeByChance, 0, 256, Edge::kClosed},
      {"vault-batch", "saas", "Vault batch token", kError, "hvb.", R"(hvb\.[\w-]{138,300})",
       MadeByChance, 0, 400, Edge::kClosed},
      {"vault-old", "saas", "Vault token of the older form", kError, "~vault",
       R"((?i:vault)[\w./ -]{0,40}["']?[\s:=,"']{1,8}(s\.[0-9A-Za-z]{24}))", MadeByChance, 0, 128,
       Edge::kToken},
      {"onepassword-service-account", "saas", "1Password service account token", kError, "ops_eyJ",
       R"(ops_eyJ[A-Za-z0-9+/_-]{250,}={0,2})", IsBase64Json, 0, 2048, Edge::kClosed},
      {"doppler", "saas", "Doppler token", kError, "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.",
       R"(dp\.(?:pt|ct|sa|st|scim|audit)\.(?:[\w-]{2,35}\.)?[0-9A-Za-z]{40,44})", MadeByChance, 0,
       128, Edge::kToken},
      {"tailscale", "saas", "Tailscale key", kError, "tskey-",
       R"(tskey-(?:auth|api|client|scim|webhook)-[0-9A-Za-z]{10,24}-[0-9A-Za-z]{24,40})",
       MadeByChance, 0, 128, Edge::kToken},
      {"flyio", "saas", "Fly.io token", kError, "FlyV1",
       R"(FlyV1 fm[12]\w?_[A-Za-z0-9+/]{80,}={0,2}(?:,fm[12]\w?_[A-Za-z0-9+/]{20,}={0,2})*)",
       MadeByChance, 0, 2048, Edge::kClosed},
      {"pulumi", "saas", "Pulumi access token", kError, "pul-", R"(pul-[0-9a-f]{40})", MadeByChance,
       0, 64, Edge::kToken},
      {"postman", "saas", "Postman API key", kError, "PMAK-", R"(PMAK-[0-9a-f]{24}-[0-9a-f]{34})",
       MadeByChance, 0, 96, Edge::kToken},
      {"linear", "saas", "Linear API key", kError, "lin_api_", R"(lin_api_[0-9A-Za-z]{40})",
       MadeByChance, 0, 64, Edge::kToken},
      {"notion", "saas", "Notion token", kError, "ntn_", R"(ntn_[0-9]{11}[0-9A-Za-z]{35})",
       MadeByChance, 0, 64, Edge::kToken},
  };
}

}  // namespace watertight
