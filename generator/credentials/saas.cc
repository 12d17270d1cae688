#include "generator/builders/base64.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

Kind Saas(std::string_view id, std::string_view title, std::string_view shape,
          std::string_view variable, std::vector<Form> forms = {}) {
  return {.id = id,
          .credential_class = "saas",
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = std::move(forms)};
}

Credential MakeGrafanaCloud(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const auto draw = [&random] {
    const std::string organization = "9" + DrawText(kDigits, 6, random);
    return Base64("{\"o\":\"" + organization + "\",\"n\":\"stack-" + organization +
                  "-alloy-agent\",\"k\":\"" + DrawText(kBase62Digits, 24, random) +
                  "\",\"m\":{\"r\":\"eu\"}}");
  };
  std::string token = draw();
  while (ReadsLikeText(token.substr(68, 28))) token = draw();
  if (variant == "wrong-alphabet") token[token.size() / 2] = '.';
  return {"glc_" + token};
}

// JSON in base 64: how to sign in, and with which keys.
Credential MakeOnepassword(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string upper = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";
  const auto group = [&](std::size_t count) { return DrawText(upper, count, random); };
  const std::string account = group(6);
  std::string secret = "A3-" + account;
  for (const std::size_t count : {6U, 5U, 5U, 5U, 5U}) secret += "-" + group(count);
  const std::string hex = "0123456789abcdef";
  std::string json = "{\"signInAddress\":\"vault.my.1password.com\",\"userAuth\":{\"method\":";
  json += "\"SRPg-4096\",\"alg\":\"PBES2g-HS256\",\"iterations\":650000,\"salt\":\"";
  json += DrawText(kBase64UrlDigits, 22, random) + "\"},\"email\":\"" +
          DrawText(kBase36Digits, 13, random) + "@1passwordserviceaccounts.com\",\"srpX\":\"" +
          DrawText(hex, 64, random) + "\",\"muk\":{\"alg\":\"A256GCM\",\"ext\":true,\"k\":\"" +
          DrawText(kBase64UrlDigits, 42, random) + "A\",\"key_ops\":[\"encrypt\",\"decrypt\"],";
  json += "\"kty\":\"oct\",\"kid\":\"mp\"},\"secretKey\":\"" + secret + "\",\"throttleSecret\":";
  json += "{\"seed\":\"" + DrawText(hex, 64, random) + "\",\"uuid\":\"" +
          DrawText("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26, random) + "\"},\"deviceUuid\":\"" +
          DrawText(kBase36Digits, 26, random) + "\"}";
  std::string token = Base64Url(json);
  if (variant == "wrong-alphabet") token[token.size() / 2] = '.';
  return {"ops_" + (variant == "truncated" ? token.substr(0, 8) + "\u2026" : token),
          {{"secret_key", secret}}};
}

std::vector<Kind> VaultKinds() {
  const std::vector<Form> forms = {
      {"file:.vault-token", "{{value}}"},
      {"curl",
       "curl -H 'X-Vault-Token: {{value}}' https://vault.core.internal:8200/v1/secret/data/app"}};
  return {
      Saas("vault-service", "Vault service token", "hvs.[b64u:90-120]", "VAULT_TOKEN", forms),
      Saas("vault-batch", "Vault batch token", "hvb.[b64u:138-300]", "VAULT_TOKEN", forms),
      Saas("vault-old", "Vault token of the older form", "s.[b62:24]", "VAULT_TOKEN", forms),
  };
}

}  // namespace

std::vector<Kind> SaasKinds() {
  Kind grafana = Saas("grafana-cloud", "Grafana Cloud access policy token", "", "GRAFANA_TOKEN");
  grafana.make = MakeGrafanaCloud;
  grafana.variants = {"wrong-alphabet"};
  Kind onepassword = Saas("onepassword-service-account", "1Password service account token", "",
                          "OP_SERVICE_ACCOUNT_TOKEN");
  onepassword.make = MakeOnepassword;
  onepassword.variants = {"wrong-alphabet", "truncated"};
  std::vector<Kind> kinds = {
      Saas("grafana-service-account", "Grafana service account token",
           "glsa_[b62:32]_[=grafana-glsa]", "GRAFANA_TOKEN",
           {{"curl",
             "curl -H 'Authorization: Bearer {{value}}' https://grafana.core.internal/api/org"}}),
      grafana,
      Saas("atlassian-api-token", "Atlassian API token", "ATATT3xFfGF0[b64u:171]=[=atlassian-crc]",
           "ATLASSIAN_API_TOKEN",
           {{"url", "https://platform%40core.internal:{{value >percent}}@jira.core.internal/"}}),
  };
  for (Kind& kind : VaultKinds()) kinds.push_back(std::move(kind));
  const std::vector<Kind> rest = {
      onepassword,
      Saas("doppler", "Doppler personal token", "dp.pt.[b62:43]", "DOPPLER_TOKEN"),
      Saas("tailscale", "Tailscale auth key", "tskey-auth-k[b62:11]CNTRL-[b62:32]", "TS_AUTHKEY",
           {{"up", "tailscale up --authkey={{value}}"}}),
      Saas("flyio", "Fly.io API token", "FlyV1 fm2_lJPE[b64:596]", "FLY_API_TOKEN"),
      Saas("pulumi", "Pulumi access token", "pul-[hex:40]", "PULUMI_ACCESS_TOKEN",
           {{"file:.pulumi/credentials.json",
             "{\n    \"current\": \"https://api.pulumi.com\",\n    \"accessTokens\": {\n        "
             "\"https://api.pulumi.com\": \"{{value}}\"\n    }\n}\n"}}),
      Saas("postman", "Postman API key", "PMAK-[hex:24]-[hex:34]", "POSTMAN_API_KEY"),
      Saas("linear", "Linear API key", "lin_api_[b62:40]", "LINEAR_API_KEY"),
      Saas("notion", "Notion integration token", "ntn_9[digits:10][b62:35]", "NOTION_TOKEN"),
  };
  kinds.insert(kinds.end(), rest.begin(), rest.end());
  return kinds;
}

}  // namespace watertight::generator::credentials
