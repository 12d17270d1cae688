#include "generator/credentials/certificate.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/ec_key.h"
#include "generator/credentials/families.h"
#include "generator/credentials/pem.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::string_view kLabel = "EC PRIVATE KEY";

// The key of a client's certificate.
Credential Make(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string user = DrawUser(random);
  const EcKey key = DrawKept([&random] { return DrawEcKey(random); },
                             [](const EcKey& drawn) { return Pem(kLabel, drawn.Sec1()); });
  const std::string certificate = Pem("CERTIFICATE", SelfSignedCertificate(key, user, random));
  return {variant == "public-key" ? certificate : Pem(kLabel, key.Sec1()),
          {{"user", user},
           {"host", DrawHost("k8s", random)},
           {"certificate", certificate},
           {"password", DrawPassword(random)}}};
}

std::string Config(const std::string& user) {
  return "apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    certificate-authority-data: "
         "{{#base64}}{{certificate}}\n{{/base64}}\n    server: https://{{host}}:6443\n  name: "
         "main\ncontexts:\n- context:\n    cluster: main\n    user: {{user}}\n  name: main\n"
         "current-context: main\nusers:\n- name: {{user}}\n  user:\n" +
         user;
}

}  // namespace

Kind Kubeconfig() {
  return {.id = "kubeconfig",
          .credential_class = "private-key",
          .title = "Client key or password of a kubeconfig",
          .make = Make,
          .variables = {"KUBE_CLIENT_KEY"},
          .forms = {{"file:.kube/config",
                     Config("    client-certificate-data: {{#base64}}{{certificate}}\n{{/base64}}"
                            "\n    client-key-data: {{#base64}}{{value}}\n{{/base64}}\n")},
                    {"file:.kube/config.password",
                     Config("    username: {{user}}\n    password: {{password}}\n")}},
          .parts = {{"password", "generic-password", "made"}},
          .variants = {"public-key"},
          .appearance = Appearance::kLines};
}

}  // namespace watertight::generator::credentials
