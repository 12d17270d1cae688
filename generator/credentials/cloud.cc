#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

Kind Cloud(std::string_view id, std::string_view title, std::string_view shape,
           std::string_view variable, std::vector<Form> forms = {}) {
  return {.id = id,
          .credential_class = "cloud",
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = std::move(forms)};
}

// In text that names the id and the secret.
std::vector<Form> AwsForms(const std::string& id, const std::string& secret,
                           const std::string& token) {
  const auto lines = [&](const std::string& indent, const std::string& equals,
                         const char* names[]) {
    std::string text = indent + names[0] + equals + id + "\n" + indent + names[1] + equals + secret;
    if (!token.empty()) text += "\n" + indent + names[2] + equals + token;
    return text + "\n";
  };
  const char* lower[] = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"};
  const char* upper[] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
  const char* terraform[] = {"access_key", "secret_key", "token"};
  std::vector<Form> forms = {
      {"file:.aws/credentials", "[default]\n" + lines("", " = ", lower)},
      {"file:.boto", "[Credentials]\n" + lines("", " = ", lower)},
      {"file:aws.env", lines("", "=", upper)},
      {"file:export.sh", "#!/bin/sh\n" + lines("export ", "=", upper)},
  };
  std::string block = "provider \"aws\" {\n  region     = \"eu-central-1\"\n";
  block += "  access_key = \"" + id + "\"\n  secret_key = \"" + secret + "\"\n";
  if (!token.empty()) block += std::string("  ") + terraform[2] + "      = \"" + token + "\"\n";
  forms.push_back({"file:main.tf", block + "}\n"});
  if (token.empty()) {
    forms.push_back({"file:.s3cfg", "[default]\nbucket_location = EU\naccess_key = " + id +
                                        "\nsecret_key = " + secret + "\nuse_https = True\n"});
  } else {
    forms.push_back({"file:.aws/cli/cache/session.json",
                     "{\"Credentials\": {\"AccessKeyId\": \"" + id + "\", \"SecretAccessKey\": \"" +
                         secret + "\", \"SessionToken\": \"" + token +
                         "\", \"Expiration\": \"2026-01-01T12:00:00Z\"}}\n"});
  }
  return forms;
}

Kind AwsId(std::string_view id, std::string_view title, std::string_view shape) {
  return Cloud(id, title, shape, "AWS_ACCESS_KEY_ID");
}

// The first 48 bits of the 80 hold an account number. The 7, in base 32, makes it one of those
// above 10^12 that the field can hold and no account has.
std::vector<Kind> AwsKinds() {
  Kind id = AwsId("aws-access-key-id", "AWS access key id", "AKIA7[b32:15]");
  id.forms = AwsForms("{{value}}", "{{secret}}", "");
  id.parts = {{"secret", "aws-secret-key"}};
  id.bundle = "aws";
  Kind secret = Cloud("aws-secret-key", "AWS secret access key", "[b64:40]",
                      "AWS_SECRET_ACCESS_KEY", AwsForms("{{id}}", "{{value}}", ""));
  secret.parts = {{"id", "aws-access-key-id"}};
  secret.bundle = "aws";
  Kind token = Cloud("aws-sts-token", "AWS session token of temporary credentials",
                     "IQoJb3JpZ2luX2Vj[b64:600]", "AWS_SESSION_TOKEN",
                     AwsForms("{{id}}", "{{secret}}", "{{value}}"));
  token.parts = {{"id", "aws-access-key-id", "ASIA7[b32:15]"},
                 {"secret", "aws-secret-key", "[b64:40]"}};
  return {
      id,
      AwsId("aws-bearer-token-id", "AWS STS service bearer token id", "ABIA7[b32:15]"),
      AwsId("aws-context-key-id", "AWS context-specific credential id", "ACCA7[b32:15]"),
      secret,
      token,
      // The start is "BedrockAPIKey-" in base 64.
      Cloud("aws-bedrock-key", "Amazon Bedrock API key", "ABSKQmVkcm9ja0FQSUtleS[b64:110]",
            "AWS_BEARER_TOKEN_BEDROCK"),
  };
}

std::vector<Kind> GoogleKinds() {
  Kind refresh =
      Cloud("gcp-refresh-token", "Google OAuth refresh token", "1//0[digits:1][b64u:98]",
            "GOOGLE_REFRESH_TOKEN",
            {{"file:.config/gcloud/application_default_credentials.json",
              "{\n  \"account\": \"\",\n  \"client_id\": \"{{client_id}}\",\n  \"client_secret\": "
              "\"{{client_secret}}\",\n  \"refresh_token\": \"{{value}}\",\n  \"type\": "
              "\"authorized_user\"\n}\n"}});
  refresh.parts = {{"client_secret", "gcp-oauth-client-secret"},
                   {"client_id", "", "9[digits:11]-[b36:32].apps.googleusercontent.com"}};
  refresh.bundle = "gcp-oauth";
  Kind client =
      Cloud("gcp-oauth-client-secret", "Google OAuth client secret", "GOCSPX-[b64u:28]",
            "GOOGLE_CLIENT_SECRET",
            {{"file:client_secret.json",
              "{\"installed\": {\"client_id\": \"{{client_id}}\", \"project_id\": \"platform-7\", "
              "\"auth_uri\": \"https://accounts.google.com/o/oauth2/auth\", \"token_uri\": "
              "\"https://oauth2.googleapis.com/token\", \"client_secret\": \"{{value}}\"} }\n"}});
  client.parts = {{"client_id", "", "9[digits:11]-[b36:32].apps.googleusercontent.com"}};
  client.bundle = "gcp-oauth";
  return {
      GcpServiceAccount(),
      Cloud("gcp-api-key", "Google API key", "AIzaSy[b64u:33]", "GOOGLE_API_KEY",
            {{"file:google-services.json",
              "{\"client\": [{\"api_key\": [{\"current_key\": \"{{value}}\"}]}]}\n"},
             {"file:config.js", "export const config = {\n  apiKey: '{{value}}',\n};\n"}}),
      client,
      refresh,
  };
}

std::vector<Kind> OtherKinds() {
  Kind heroku = Cloud("heroku-key", "Heroku API key", "HRKU-AA[b64u:58]", "HEROKU_API_KEY",
                      {{"file:.netrc",
                        "machine api.heroku.com\n  login platform@build.internal\n  password "
                        "{{value}}\nmachine git.heroku.com\n  login platform@build.internal\n  "
                        "password {{value}}\n"}});
  Kind old_heroku = heroku;
  old_heroku.id = "heroku-key-legacy";
  old_heroku.title = "Heroku API key of the older form";
  old_heroku.shape = "[hex:8]-[hex:4]-4[hex:3]-[{89ab}:1][hex:3]-[hex:12]";
  const std::vector<Form> doctl = {
      {"file:.config/doctl/config.yaml",
       "access-token: {{value}}\napi-url: \"\"\ncontext: default\noutput: text\n"}};
  return {
      Cloud("digitalocean-token", "DigitalOcean personal access token", "dop_v1_[hex:64]",
            "DIGITALOCEAN_ACCESS_TOKEN", doctl),
      Cloud("digitalocean-oauth-token", "DigitalOcean OAuth token", "doo_v1_[hex:64]",
            "DIGITALOCEAN_ACCESS_TOKEN", doctl),
      Cloud("digitalocean-refresh-token", "DigitalOcean OAuth refresh token", "dor_v1_[hex:64]",
            "DIGITALOCEAN_REFRESH_TOKEN"),
      Cloud("databricks-token", "Databricks personal access token", "dapi[hex:32]",
            "DATABRICKS_TOKEN",
            {{"file:.databrickscfg",
              "[DEFAULT]\nhost = https://dbc-7.cloud.databricks.com\ntoken = {{value}}\n"}}),
      heroku,
      old_heroku,
      Cloud("terraform-cloud-token", "Terraform Cloud API token", "[b62:14].atlasv1.[b64u:60-70]",
            "TF_TOKEN_app_terraform_io",
            {{"file:.terraform.d/credentials.tfrc.json",
              "{\n  \"credentials\": {\n    \"app.terraform.io\": {\n      \"token\": "
              "\"{{value}}\"\n    }\n  }\n}\n"},
             {"file:.terraformrc",
              "credentials \"app.terraform.io\" {\n  token = \"{{value}}\"\n}\n"}}),
      Cloud("terraform-state-secret", "Secret attribute of a Terraform state", "[b62:32]",
            "DB_PASSWORD",
            {{"file:terraform.tfstate",
              "{\n  \"version\": 4,\n  \"terraform_version\": \"1.5.7\",\n  \"serial\": 12,\n  "
              "\"resources\": [\n    {\n      \"mode\": \"managed\",\n      \"type\": "
              "\"aws_db_instance\",\n      \"name\": \"main\",\n      \"instances\": [\n        "
              "{\n          \"attributes\": {\n            \"engine\": \"postgres\",\n            "
              "\"password\": \"{{value}}\",\n            \"port\": 5432\n          }\n        "
              "}\n      ]\n    }\n  ]\n}\n"}}),
  };
}

}  // namespace

std::vector<Kind> CloudKinds() {
  std::vector<Kind> kinds;
  for (const auto family : {AwsKinds, GoogleKinds, OtherKinds}) {
    for (Kind& kind : family()) kinds.push_back(std::move(kind));
  }
  return kinds;
}

}  // namespace watertight::generator::credentials
