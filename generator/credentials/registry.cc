#include <algorithm>

#include "generator/builders/base64.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

Kind Registry(std::string_view id, std::string_view title, std::string_view shape,
              std::string_view variable, std::vector<Form> forms) {
  return {.id = id,
          .credential_class = "registry",
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = std::move(forms)};
}

Kind MadeRegistry(std::string_view id, std::string_view title,
                  Credential (*make)(const Kind&, Drbg&, std::string_view),
                  std::string_view variable, std::vector<Form> forms) {
  Kind kind = Registry(id, title, "", variable, std::move(forms));
  kind.make = make;
  return kind;
}

// Fields of a version 2 macaroon: type, length, content.
std::string Field(char type, const std::string& content) {
  return std::string(1, type) + static_cast<char>(content.size()) + content;
}

// A version 2 macaroon: location, identifier, one caveat, signature. The signature, which ends the
// text, is drawn as text, but for the first or the last bits that it shares a character with.
Credential MakePypi(const Kind& kind, Drbg& random, std::string_view variant) {
  const std::string start = "\x02" + Field('\x01', std::string(kind.argument));
  const std::string caveat = Field('\x02', "{\"version\": 1, \"permissions\": \"user\"}");
  const std::size_t fixed = (start.size() + 2) * 4 / 3 + 1;
  const std::string quiet =
      DrawQuiet(fixed, [&] { return Base64Url(start + Field('\x02', DrawUuid(random))); });
  std::string text = Base64Url(Base64Decoded(quiet) + std::string(1, '\0') + caveat +
                               std::string(2, '\0') + Field('\x06', random.Bytes(32)));
  const std::string signature = DrawText(kBase64UrlDigits, 42, random);
  text.replace(text.size() - 43, 42, signature);
  if (variant == "wrong-alphabet") text[text.size() - 20] = '+';
  return {"pypi-" + (variant == "truncated" ? text.substr(0, 16) + "\u2026" : text)};
}

// The password of a user of a package index, in the file that names it.
Credential MakeUserPassword(const Kind& kind, Drbg& random, std::string_view variant) {
  const std::string password = DrawPassword(random);
  const std::string user = DrawUser(random);
  const std::string host = DrawHost(kind.argument, random);
  Credential credential{variant == "placeholder" ? "changeme" : password,
                        {{"user", user}, {"host", host}}};
  if (variant == "reference") credential.value = "${REGISTRY_PASSWORD}";
  return credential;
}

// base64(user:password)
Credential MakeDockerAuth(const Kind& kind, Drbg& random, std::string_view /*variant*/) {
  const std::string user = DrawUser(random);
  std::string password;
  const std::string text = DrawQuiet(Base64(user).size(), [&] {
    password = DrawPassword(random);
    return Base64(user + ":" + password);
  });
  return {text,
          {{"user", user},
           {"password", password},
           {"host", DrawHost(kind.argument, random)},
           {"identity", DrawUuid(random)}}};
}

Credential MakeNpmLegacy(const Kind& kind, Drbg& random, std::string_view variant) {
  std::string token = DrawUuid(random);
  Credential credential = MakeUserPassword(kind, random, "");
  credential.parts["password"] = credential.value;
  credential.parts["auth"] = Base64(credential.parts["user"] + ":" + credential.value);
  if (variant == "wrong-length") token.pop_back();
  if (variant == "wrong-alphabet") token[2] = 'g';
  credential.value = token;
  return credential;
}

// 54 bytes in base 58, whose first digits are always the same.
Credential MakeJfrogKey(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::size_t count = variant == "wrong-length" ? 68 : 69;
  std::string drawn = DrawText(kBase58Digits, count, random);
  if (variant == "wrong-alphabet") drawn[34] = '0';
  return {"AKCp" + drawn};
}

Credential MakeJfrogToken(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const auto draw = [&random] {
    const std::string expiry = "18" + DrawText(kDigits, 8, random);
    return Base64("reftkn:01:" + expiry + ":" + DrawText(kBase62Digits, 28, random) + "0");
  };
  std::string token = DrawQuiet(16, draw);
  if (variant == "wrong-alphabet") token[token.size() / 2] = '.';
  return {token};
}

std::string SettingsXml() {
  return "<settings>\n  <servers>\n    <server>\n      <id>releases</id>\n      "
         "<username>{{user}}</username>\n      <password>{{value}}</password>\n    </server>\n  "
         "</servers>\n</settings>\n";
}

std::string NugetConfig(const std::string& name, const std::string& password) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<configuration>\n  <packageSources>\n    "
         "<add key=\"main\" value=\"https://{{host}}/v3/index.json\" />\n  </packageSources>\n  "
         "<packageSourceCredentials>\n    <main>\n      <add key=\"Username\" value=\"{{user}}\" "
         "/>\n      <add key=\"" +
         name + "\" value=\"" + password +
         "\" />\n    </main>\n  </packageSourceCredentials>\n</configuration>\n";
}

std::string DockerConfig(const std::string& registry, const std::string& members) {
  return "{\n\t\"auths\": {\n\t\t\"" + registry + "\": {\n\t\t\t" + members + "\n\t\t}\n\t}\n}\n";
}

std::vector<Form> NpmForms() {
  return {{"file:.npmrc", "//registry.npmjs.org/:_authToken={{value}}\n"},
          {"file:.npmrc.private",
           "registry=https://npm.core.internal/\n//npm.core.internal/:_authToken={{value}}\n"
           "always-auth=true\n"},
          {"file:.yarnrc.yml",
           "npmRegistryServer: \"https://npm.core.internal\"\nnpmAuthToken: \"{{value}}\"\n"}};
}

std::vector<Form> PypiForms() {
  return {{"file:.pypirc",
           "[distutils]\nindex-servers =\n    pypi\n\n[pypi]\nusername = __token__\npassword = "
           "{{value}}\n"},
          {"twine", "twine upload -u __token__ -p {{value}} dist/*"}};
}

std::vector<Kind> TokenKinds() {
  std::vector<Kind> kinds = {
      Registry("npm-token", "npm access token", "npm_[b62:30][=github-classic]", "NPM_TOKEN",
               NpmForms()),
      MadeRegistry(
          "npm-legacy-token", "npm access token of the older form", MakeNpmLegacy, "NPM_TOKEN",
          {{"file:.npmrc", "//{{host}}/:_authToken={{value}}\n"},
           {"file:.npmrc.auth", "registry=https://{{host}}/\n_auth={{auth}}\nalways-auth=true\n"}}),
      MadeRegistry("pypi-token", "PyPI API token", MakePypi, "TWINE_PASSWORD", PypiForms()),
      MadeRegistry("pypi-test-token", "API token of PyPI's trial instance", MakePypi,
                   "TWINE_PASSWORD", PypiForms()),
      Registry("dockerhub-pat", "Docker Hub personal access token", "dckr_pat_[b64u:27]",
               "DOCKERHUB_TOKEN",
               {{"login", "docker login -u platform -p {{value}}"},
                {"file:.docker/config.json",
                 DockerConfig("https://index.docker.io/v1/",
                              "\"auth\": \"{{#base64}}platform:{{value}}{{/base64}}\"")}}),
      Registry("dockerhub-org-token", "Docker Hub organization access token", "dckr_oat_[b64u:32]",
               "DOCKERHUB_TOKEN", {{"login", "docker login -u platform -p {{value}}"}}),
      Registry("rubygems-key", "RubyGems API key", "rubygems_[hex:48]", "GEM_HOST_API_KEY",
               {{"file:.gem/credentials", "---\n:rubygems_api_key: {{value}}\n"}}),
      Registry("crates-token", "crates.io API token", "cio[b62:32]", "CARGO_REGISTRY_TOKEN",
               {{"file:.cargo/credentials.toml", "[registry]\ntoken = \"{{value}}\"\n"}}),
      Registry("nuget-key", "NuGet API key", "oy2[b36:43]", "NUGET_API_KEY",
               {{"file:NuGet.Config",
                 "<configuration>\n  <apikeys>\n    <add key=\"https://www.nuget.org\" "
                 "value=\"{{value}}\" />\n  </apikeys>\n</configuration>\n"},
                {"push", "dotnet nuget push app.nupkg --api-key {{value}}"}}),
      MadeRegistry("jfrog-api-key", "JFrog API key", MakeJfrogKey, "ARTIFACTORY_API_KEY",
                   {{"file:gradle.properties",
                     "artifactory_user=platform\nartifactory_password={{value}}\n"},
                    {"curl", "curl -H 'X-JFrog-Art-Api: {{value}}' https://jfrog.core.internal/"}}),
      MadeRegistry(
          "jfrog-identity-token", "JFrog identity token", MakeJfrogToken, "JFROG_ACCESS_TOKEN",
          {{"file:pip.conf",
            "[global]\nindex-url = https://platform:{{value}}@jfrog.core.internal/simple\n"},
           {"file:.npmrc", "//jfrog.core.internal/api/npm/npm/:_authToken={{value}}\n"}}),
  };
  kinds[1].argument = "npm";
  kinds[1].parts = {{"auth", "npm-legacy-token", "made"}, {"password", "npm-legacy-token", "made"}};
  kinds[1].variants = {"wrong-length", "wrong-alphabet"};
  kinds[2].argument = "pypi.org";
  kinds[3].argument = "test.pypi.org";
  for (std::size_t i : {2U, 3U}) kinds[i].variants = {"wrong-alphabet", "truncated"};
  kinds[9].variants = {"wrong-length", "wrong-alphabet"};
  kinds[10].variants = {"wrong-alphabet"};
  return kinds;
}

Kind Password(std::string_view id, std::string_view title, std::string_view service,
              std::string_view variable, std::vector<Form> forms) {
  Kind kind = MadeRegistry(id, title, MakeUserPassword, variable, std::move(forms));
  kind.argument = service;
  kind.variants = {"placeholder", "reference"};
  return kind;
}

std::vector<Kind> LoginKinds() {
  const std::string pip = "https://{{user}}:{{value}}@{{host}}/simple";
  Kind docker = MadeRegistry(
      "docker-auth-config", "Login of a container registry", MakeDockerAuth, "DOCKER_AUTH",
      {{"file:.docker/config.json", DockerConfig("{{host}}", "\"auth\": \"{{value}}\"")},
       {"file:.docker/config.json.hub",
        DockerConfig("https://index.docker.io/v1/", "\"auth\": \"{{value}}\"")},
       {"file:.docker/config.json.identity",
        DockerConfig("{{host}}", "\"auth\": \"\",\n\t\t\t\"identitytoken\": \"{{identity}}\"")},
       {"file:.dockercfg",
        "{\"{{host}}\": {\"auth\": \"{{value}}\", \"email\": \"{{user}}@core.internal\"} }\n"},
       {"login", "docker login -u {{user}} -p {{password}} {{host}}"}});
  docker.argument = "registry";
  docker.parts = {{"password", "docker-auth-config", "made"},
                  {"identity", "docker-auth-config", "made"}};
  return {
      docker,
      Password("pip-index-password", "Password of a Python package index", "pypi",
               "PIP_INDEX_PASSWORD",
               {{"file:pip.conf", "[global]\nindex-url = " + pip + "\n"},
                {"file:requirements.txt", "--extra-index-url " + pip + "\nrequests==2.31.0\n"},
                {"env-url", "PIP_INDEX_URL=" + pip + "\n"}}),
      Password("maven-password", "Password of a Maven repository", "maven", "MAVEN_PASSWORD",
               {{"file:.m2/settings.xml", SettingsXml()}}),
      Password("nuget-password", "Password of a NuGet source", "nuget", "NUGET_PASSWORD",
               {{"file:NuGet.Config", NugetConfig("ClearTextPassword", "{{value}}")}}),
      Password("composer-auth", "Password of a Composer repository", "composer",
               "COMPOSER_PASSWORD",
               {{"file:auth.json",
                 "{\n    \"http-basic\": {\n        \"{{host}}\": {\n            \"username\": "
                 "\"{{user}}\",\n            \"password\": \"{{value}}\"\n        }\n    }\n}\n"}}),
      Password("gradle-password", "Password in gradle.properties", "maven",
               "ORG_GRADLE_PROJECT_repoPassword",
               {{"file:gradle.properties",
                 "org.gradle.daemon=false\nrepoUser={{user}}\nrepoPassword={{value}}\n"}}),
      Password("yarn-auth", "Login of an npm registry in Yarn's settings", "npm", "YARN_PASSWORD",
               {{"file:.yarnrc.yml",
                 "npmRegistries:\n  \"//{{host}}\":\n    npmAlwaysAuth: true\n    npmAuthIdent: "
                 "\"{{user}}:{{value}}\"\n"}}),
  };
}

}  // namespace

std::vector<Kind> RegistryKinds() {
  std::vector<Kind> kinds = TokenKinds();
  for (Kind& kind : LoginKinds()) kinds.push_back(std::move(kind));
  return kinds;
}

}  // namespace watertight::generator::credentials
