#include "generator/credentials/draw.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"
#include "generator/credentials/pem.h"
#include "generator/credentials/rsa_key.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::string_view kLabel = "PRIVATE KEY";

std::string EscapedLines(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '\n' ? "\\n" : std::string(1, c);
  return escaped;
}

// As the console writes it. Projects begin with a letter, so none is called "9…".
Credential Make(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string project = "9" + DrawText(kBase36Digits, 11, random);
  const std::string user = DrawUser(random);
  const std::string host = project + ".iam.gserviceaccount.com";
  const std::string key_id = DrawText("0123456789abcdef", 40, random);
  const std::string client_id = "9" + DrawText(kDigits, 20, random);
  const std::string key = DrawKept([&random] { return Pem(kLabel, DrawRsaKey(random).Pkcs8()); },
                                   [](const std::string& pem) { return pem; });
  const std::string shown = variant == "pem-marker" ? PemMarkers(kLabel) : key;
  return {"{\n  \"type\": \"service_account\",\n  \"project_id\": \"" + project +
              "\",\n  \"private_key_id\": \"" + key_id + "\",\n  \"private_key\": \"" +
              EscapedLines(shown) + "\\n\",\n  \"client_email\": \"" + user + "@" + host +
              "\",\n  \"client_id\": \"" + client_id +
              "\",\n  \"auth_uri\": \"https://accounts.google.com/o/oauth2/auth\",\n  "
              "\"token_uri\": \"https://oauth2.googleapis.com/token\",\n  "
              "\"auth_provider_x509_cert_url\": \"https://www.googleapis.com/oauth2/v1/certs\",\n"
              "  \"client_x509_cert_url\": "
              "\"https://www.googleapis.com/robot/v1/metadata/x509/" +
              user + "%40" + host + "\",\n  \"universe_domain\": \"googleapis.com\"\n}",
          {{"key", key}}};
}

}  // namespace

Kind GcpServiceAccount() {
  return {.id = "gcp-service-account",
          .credential_class = "cloud",
          .title = "Google Cloud service account key",
          .make = Make,
          .variables = {"GOOGLE_CREDENTIALS", "GCP_SA_KEY"},
          .forms = {{"file:service-account.json", "{{value}}\n"},
                    {"file:.config/gcloud/application_default_credentials.json", "{{value}}\n"}},
          .parts = {{"key", "gcp-service-account", "made"}},
          .variants = {"pem-marker"},
          .appearance = Appearance::kLines};
}

}  // namespace watertight::generator::credentials
