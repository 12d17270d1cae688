#include "generator/credentials/draw.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

// A password with its user and host. `argument` is the host's service.
Credential MakeLogin(const Kind& kind, Drbg& random, std::string_view variant) {
  const std::string password = DrawPassword(random);
  const std::string user = DrawUser(random);
  const std::string host = DrawHost(kind.argument, random);
  Credential credential{password, {{"user", user}, {"host", host}}};
  if (variant == "placeholder") credential.value = "changeme";
  if (variant == "reference") credential.value = "${PASSWORD}";
  return credential;
}

Kind Login(std::string_view id, std::string_view title, std::string_view service,
           std::string_view variable, std::vector<Form> forms) {
  return {.id = id,
          .credential_class = "generic-password",
          .title = title,
          .make = MakeLogin,
          .variables = {variable},
          .forms = std::move(forms),
          .variants = {"placeholder", "reference"},
          .argument = service};
}

Kind Generic(std::string_view id, std::string_view title, std::string_view shape,
             std::string_view variable, std::vector<Form> forms) {
  return {
      .id = id,
      .credential_class = "generic-password",
      .title = title,
      .shape = shape,
      .variables = {variable},
      .forms = std::move(forms),
      .other_shapes = {{"placeholder", "changeme"}, {"reference", "${SECRET}"}, {"name-only", ""}}};
}

// The digests are drawn too: of passwords that nobody knows.
Kind PasswordHash(std::string_view id, std::string_view title, std::string_view shape,
                  std::vector<Form> forms, std::vector<Part> parts) {
  return {.id = id,
          .credential_class = "password-hash",
          .title = title,
          .shape = shape,
          .forms = std::move(forms),
          .parts = std::move(parts)};
}

const char* const kSecretYaml =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders-db\ntype: Opaque\ndata:\n"
    "  username: {{user >base64}}\n  password: {{value >base64}}\n";

const char* const kPullSecretYaml =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: pull\n"
    "type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: "
    "{{#base64}}{\"auths\": {\"{{host}}\": {\"auth\": "
    "\"{{#base64}}{{user}}:{{value}}{{/base64}}\"} } }{{/base64}}\n";

const char* const kShadow = "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n";

}  // namespace

std::vector<Kind> PasswordKinds() {
  return {
      Login("netrc", "Password in .netrc", "artifacts", "NETRC_PASSWORD",
            {{"file:.netrc", "machine {{host}}\n  login {{user}}\n  password {{value}}\n"},
             {"line", "machine {{host}} login {{user}} password {{value}}"}}),
      Login("pgpass", "Password in .pgpass", "db", "PGPASSWORD",
            {{"file:.pgpass", "{{host}}:5432:orders:{{user}}:{{value}}\n"}}),
      Login(
          "my-cnf", "Password in .my.cnf", "db", "MYSQL_PWD",
          {{"file:.my.cnf", "[client]\nhost = {{host}}\nuser = {{user}}\npassword = {{value}}\n"}}),
      Login("k8s-secret-yaml", "Value of a Kubernetes Secret", "registry", "SECRET_PASSWORD",
            {{"file:secret.yaml", kSecretYaml}, {"file:pull-secret.yaml", kPullSecretYaml}}),
      Generic("generic-password", "Password known by its name alone", "[b62:24]", "DB_PASSWORD",
              {{"file:config.ini", "[database]\nhost = db.core.internal\npassword = {{value}}\n"},
               {"line", "password={{value}}"}}),
      Generic("generic-api-key", "Key known by its name alone", "[b62:40]", "API_KEY",
              {{"file:config.yml",
                "service:\n  url: https://api.core.internal\n  api_key: {{value}}\n"},
               {"header", "X-Api-Key: {{value}}"}}),
      PasswordHash(
          "htpasswd", "Password hash of a web server", "$apr1$[crypt:8]$[crypt:21][{./01}:1]",
          {{"file:.htpasswd", "platform:{{value}}\nrelease:{{bcrypt}}\nbackend:{{sha}}\n"}},
          {{"bcrypt", "htpasswd", "$2y$10$[b62:21][{.Oeu}:1][b62:30][{.CGKOSW}:1]"},
           {"sha", "htpasswd", "{SHA}[b64:26][{AEIMQUYcgkosw048}:1]="}}),
      PasswordHash(
          "shadow", "Password hash of an account", "$6$[crypt:16]$[crypt:85][{./01}:1]",
          {{"file:etc/shadow", std::string(kShadow) + "app:{{value}}:19000:0:99999:7:::\n"},
           {"file:etc/shadow.yescrypt",
            std::string(kShadow) + "app:{{yescrypt}}:19000:0:99999:7:::\n"}},
          {{"yescrypt", "shadow", "$y$j9T$[crypt:21][{./01}:1]$[crypt:42][{./0123456789ABCD}:1]"}}),
  };
}

}  // namespace watertight::generator::credentials
