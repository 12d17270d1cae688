#include "framework/scan/credential_content.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "watertight/credential_files.h"
#include "watertight/glob.h"

namespace watertight {
namespace {

struct File {
  const char* path;
  std::string content;  // @ stands where the secret does
};

std::string With(const std::string& content, std::string_view value) {
  std::string with;
  for (const char c : content) {
    if (c == '@') {
      with += value;
    } else {
      with += c == '\x01' ? '@' : c;
    }
  }
  return with;
}

// Each holds one secret, and what such files hold beside it; \x01 is an at sign.
const std::vector<File>& Files() {
  static const std::vector<File> files = {
      {"root/.npmrc", "//registry.npmjs.org/:_authToken=@\n"},
      {"root/.npmrc",
       "registry=https://npm.core.internal/\n\x01platform:registry=https://npm.core.internal/\n"
       "//npm.core.internal/:_password=@\n//npm.core.internal/:username=ci\nalways-auth=true\n"
       "fetch-retries=5\ncafile=/etc/ssl/certs/ca.pem\n"},
      {"root/.npmrc", "registry=https://npm.core.internal/\n_auth = \"@\"\n"},
      {"app/.yarnrc.yml",
       "nodeLinker: node-modules\nnpmRegistryServer: \"https://npm.core.internal\"\n"
       "npmAuthToken: \"@\"\n"},
      {"root/.pypirc",
       "[distutils]\nindex-servers =\n    pypi\n    private\n\n[pypi]\nusername = __token__\n"
       "password = @\n\n[private]\nrepository: https://pypi.core.internal/\nusername: ci\n"},
      {"root/.cargo/credentials.toml", "[registries.private]\ntoken = \"@\"\n"},
      {"root/.gem/credentials", "---\n:rubygems_api_key: @\n"},
      {"root/.gradle/gradle.properties",
       "org.gradle.daemon=false\nrepoUser=platform\nrepoPassword=@\n"},
      {"root/.m2/settings.xml",
       "<?xml version=\"1.0\"?>\n<settings xmlns=\"http://maven.apache.org/SETTINGS/1.0.0\">\n"
       "  <servers>\n    <server>\n      <id>releases</id>\n      <username>platform</username>\n"
       "      <password>@</password>\n    </server>\n  </servers>\n</settings>\n"},
      {"root/.nuget/NuGet/NuGet.Config",
       "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<configuration>\n"
       "  <packageSources>\n    <add key=\"main\" "
       "value=\"https://nuget.core.internal/v3/index.json\""
       " />\n  </packageSources>\n  <packageSourceCredentials>\n    <main>\n"
       "      <add key=\"Username\" value=\"platform\" />\n"
       "      <add key=\"ClearTextPassword\" value=\"@\" />\n    </main>\n"
       "  </packageSourceCredentials>\n</configuration>\n"},
      {"root/.docker/config.json",
       "{\"auths\": {\"registry.core.internal\": {\"auth\": \"@\"}}, \"credsStore\": \"desktop\"}"},
      {"root/.docker/config.json",
       "{\"auths\": {\"registry.core.internal:5000\": {}}, \"credHelpers\": {\"gcr.io\": "
       "\"gcloud\"},"
       " \"HttpHeaders\": {\"User-Agent\": \"Docker-Client/19.03.5 (linux)\", \"X-Token\": "
       "\"@\"}}"},
      {"root/.composer/auth.json",
       "{\"http-basic\": {\"repo.core.internal\": {\"username\": \"ci\", \"password\": \"@\"}}}"},
      {"root/.composer/auth.json", "{\"github-oauth\": {\"github.com\": \"@\"}}"},
      {"root/.pulumi/credentials.json",
       "{\"current\": \"https://api.pulumi.com\","
       " \"accessTokens\": {\"https://api.pulumi.com\": \"@\"}}"},
      {"root/.terraform.d/credentials.tfrc.json",
       "{\"credentials\": {\"app.terraform.io\": {\"token\": \"@\"}}}"},
      {"root/.kube/config",
       "apiVersion: v1\nkind: Config\npreferences: {}\nclusters:\n- cluster:\n"
       "    server: https://k8s.core.internal:6443\n  name: main\ncontexts:\n- context:\n"
       "    cluster: main\n    user: deploy\n  name: main\ncurrent-context: main\nusers:\n"
       "- name: deploy\n  user:\n    exec:\n      apiVersion: "
       "client.authentication.k8s.io/v1beta1\n"
       "      command: aws\n      args:\n      - --region\n      - eu-central-1\n      - eks\n"
       "      - get-token\n      env:\n      - name: AWS_PROFILE\n        value: build\n"
       "- name: other\n  user:\n    token: @\n"},
      {"root/.config/gh/hosts.yml",
       "github.com:\n    user: ci\n    oauth_token: @\n    git_protocol: https\n"},
      {"root/.config/rclone/rclone.conf", "[archive]\ntype = s3\nprovider = AWS\nkey = @\n"},
      {"root/.aws/credentials",
       "[default]\nregion = eu-central-1\naws_access_key_id = ${AWS_ID}\naws_secret_access_key = "
       "@\n"},
      {"root/.my.cnf", "[client]\nhost = db.core.internal\nuser = platform\npassword = '@'\n"},
      {"root/.netrc",
       "machine api.core.internal login ci password @\ndefault login a password @\n"},
      {"etc/apt/auth.conf.d/corp.conf", "machine deb.core.internal\n  login ci\n  password @\n"},
      {"root/.pgpass", "db.core.internal:5432:orders:platform:@\n*:*:*:platform:@\n"},
      {"root/.git-credentials", "https://platform:@\x01git.core.internal\n"},
  };
  return files;
}

// Made at run time: none of them stands in this file.
std::vector<std::string> Secrets() {
  const std::string digits = "0123456789abcdef";
  return {"hunter2",
          "postgres",
          "example",
          "admin",
          "localhost",
          "true",
          "secret",
          "123456",
          "correct-horse",
          std::string("gh") + "p_" + digits + digits + "0000",
          std::string("np") + "m_" + "H6cUWC4yKJ6J663zZJWI" + "ZGVtDNdCs60VTvkr",
          std::string("ey") + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiJhIn0." + digits,
          std::string("ci") + digits.substr(0, 4) + "052a85cb-aef3-464c-938d-4b6da5a4f129",
          "Sommer" + digits.substr(0, 5),
          "${TOKEN:-" + digits + "}",
          "${TOKEN:hunter2}",
          "${TOKEN}hunter2",
          "hunter2${TOKEN}",
          "$(echo hunter2)",
          "pa$$word",
          "$uper-secret",
          "<hunter2>",
          "your-hunter2-key",
          "changeme1",
          "Zm9vOmh1bnRlcjI",
          std::string("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t") + "TUlJRXZnSUJBREFOQmdrcWhraUc5",
          "https://ci:hunter2\x01"
          "core.internal",
          "https://core.internal/?sig=hunter2"};
}

TEST(CredentialContent, OfReferencesAndPlaceholdersIsNoSecret) {
  for (const File& file : Files()) {
    for (const char* value : {"${TOKEN}", "${NPM_TOKEN}", "$DB_PASSWORD", "changeme", "CHANGE_ME",
                              "YOUR_TOKEN", "xxxx"}) {
      EXPECT_EQ(WhyNoSecret(file.path, With(file.content, value)),
                "names a variable or placeholder in place of a secret")
          << file.path << ": " << With(file.content, value);
    }
  }
}

TEST(CredentialContent, WithOneSecretAmongOthersIsNotProven) {
  for (const File& file : Files()) {
    for (const std::string& secret : Secrets()) {
      EXPECT_EQ(WhyNoSecret(file.path, With(file.content, With(secret, "@"))), "")
          << file.path << ": " << With(file.content, With(secret, "@"));
    }
  }
}

// What stands under a name of no secret is held to what such a value looks like.
TEST(CredentialContent, WithASecretUnderAnotherNameIsNotProven) {
  const std::vector<File> files = {
      {"root/.npmrc", "registry=@\n"},
      {"root/.npmrc", "//@/:_authToken=${TOKEN}\n"},
      {"root/.my.cnf", "[client]\nuser = @\npassword = ${TOKEN}\n"},
      {"root/.pypirc", "[@]\nusername: ci\n"},
      {"root/.kube/config", "args:\n- @\n"},
      {"root/.kube/config", "users:\n- name: @\n"},
      {"root/.docker/config.json", "{\"credHelpers\": {\"a.b\": \"@\"}}"},
      {"root/.docker/config.json", "{\"auths\": {\"@\": {}}}"},
      {"root/.m2/settings.xml", "<a><url>@</url></a>"},
      {"root/.nuget/NuGet/NuGet.Config", "<a><add key='Username' value='@'/></a>"},
      {"root/.netrc", "machine @\n"},
      {"root/.netrc", "machine a.b login @ password ${TOKEN}\n"},
      {"root/.pgpass", "a.b:5432:@:ci:changeme\n"},
      {"root/.git-credentials", "https://@:${TOKEN}\x01git.core.internal\n"}};
  const std::string digits = "0123456789abcdef";
  for (const std::string& secret :
       {std::string("https://ci:swordfish\x01"
                    "core.internal/"),
        std::string("https://swordfish\x01"
                    "core.internal/"),
        std::string("ci:swordfish"),
        std::string("ci:swordfish\x01"
                    "core.internal"),
        std::string("https://core.internal/?sig=swordfish"),
        std::string("gh") + "p_" + "H6cUWC4yKJ6J663zZJWI" + "ZGVtDNdCs60VTvkr",
        std::string("np") + "m_" + digits + digits, std::string("qzkvxwjqpfzmbvtr"),
        "4f" + digits + "9c", std::string("4f1ac09b-7d52-4e0a-9b1c-2a6d3e8f5071"),
        std::string("TWlybDpRdWl4b3RpYw=="), std::string("Xk29sLq8Zr41")}) {
    for (const File& file : files) {
      const std::string text = With(file.content, With(secret, "@"));
      EXPECT_EQ(WhyNoSecret(file.path, text), "") << file.path << ": " << text;
    }
  }
  for (const File& file : files) {
    EXPECT_NE(WhyNoSecret(file.path, With(file.content, "main")), "") << file.content;
  }
}

TEST(CredentialContent, WithASecretInACommentIsNotProven) {
  for (const File& file : Files()) {
    const std::string text = With(file.content, "${TOKEN}");
    if (text.find('{') == 0 || text.find("git.core") != text.npos) continue;  // no comments
    const bool xml = text.find("<?xml") != text.npos;
    const auto comment = [&](const std::string& words) {
      return xml ? text + "<!-- " + words + " -->\n" : text + "# " + words + "\n";
    };
    EXPECT_NE(WhyNoSecret(file.path, comment("Read by the build, see https://core.internal/docs.")),
              "")
        << file.path;
    for (const char* words :
         {"hunter2", "token: abc", "password is swordfish",
          "//registry.npmjs.org/:_authToken=hunter2", "was Sommer2024", "qzkvxwjqpfzmbvtr"}) {
      EXPECT_EQ(WhyNoSecret(file.path, comment(words)), "") << file.path << ": " << words;
    }
  }
}

TEST(CredentialContent, CutOffIsNotProven) {
  for (const File& file : Files()) {
    const std::string text = With(file.content, "${TOKEN}");
    if (text.find("<?xml") == text.npos && text.front() != '{') continue;
    for (std::size_t i = 8; i + 1 < text.size(); ++i) {
      const std::string head = text.substr(0, i);
      EXPECT_EQ(WhyNoSecret(file.path, head), "") << file.path << ": " << head;
    }
  }
}

TEST(CredentialContent, WithFurtherTextIsNotProven) {
  for (const File& file : Files()) {
    const std::string text = With(file.content, "${TOKEN}");
    for (const std::string& more :
         {std::string("hunter2\n"), std::string("\0", 1), std::string("\xc3\xa4"),
          std::string("\x1b[0m"), std::string("\xff")}) {
      EXPECT_EQ(WhyNoSecret(file.path, text + more), "") << file.path;
      EXPECT_EQ(WhyNoSecret(file.path, more + text), "") << file.path;
    }
    EXPECT_EQ(WhyNoSecret(file.path, text + std::string(std::size_t{64} << 10, '\n')), "")
        << file.path;
    std::string wide = "\xff\xfe";
    for (const char c : text) wide += {c, '\0'};
    EXPECT_EQ(WhyNoSecret(file.path, wide), "") << file.path;
  }
}

TEST(CredentialContent, MayHaveLineEndsOfWindows) {
  for (const File& file : Files()) {
    std::string text;
    for (const char c : With(file.content, "${TOKEN}")) text += c == '\n' ? "\r\n" : std::string{c};
    EXPECT_NE(WhyNoSecret(file.path, text), "") << file.path;
    std::string old;
    for (const char c : With(file.content, "${TOKEN}")) old += c == '\n' ? '\r' : c;
    if (file.content.find('\n') + 1 == file.content.size()) continue;   // one line
    if (old.find('{') == 0 || old.find("<?xml") != old.npos) continue;  // where CR is a blank
    EXPECT_EQ(WhyNoSecret(file.path, old), "") << file.path;
  }
}

TEST(CredentialContent, ThatIsEmptyIsNoSecretWhateverTheName) {
  for (const char* path : {"root/.netrc", "root/.vault-token", "root/.ssh/id_rsa", "a/b.kdbx"}) {
    EXPECT_EQ(WhyNoSecret(path, ""), "is empty");
    EXPECT_EQ(WhyNoSecret(path, "\n \r\n\t"), "is empty");
  }
  EXPECT_EQ(WhyNoSecret("root/.npmrc", "# The build mounts this file.\n"), "holds comments alone");
  EXPECT_EQ(WhyNoSecret("root/.vault-token", "# The build mounts this file.\n"), "");
}

TEST(CredentialContent, OfATokenFileMayBeAVariableAlone) {
  for (const char* path : {"root/.vault-token", "root/.huggingface/token", "app/secret.txt"}) {
    EXPECT_EQ(WhyNoSecret(path, "${VAULT_TOKEN}\n"), "names a variable in place of a secret");
    for (const char* text : {"changeme\n", "hunter2", "${A}\nhunter2\n", "user = ci\n", "true"}) {
      EXPECT_EQ(WhyNoSecret(path, text), "") << text;
    }
  }
}

TEST(CredentialContent, OfSettingsAloneIsNoSecret) {
  for (const File& file : std::vector<File>{
           {"root/.docker/config.json", "{\"credHelpers\": {\"r.core.internal\": \"ecr-login\"}}"},
           {"root/.docker/config.json", "{\"auths\": {}}"},
           {"root/.npmrc", "fund=false\nregistry=https://registry.npmjs.org/\nprefix=~/.npm\n"},
           {"root/.kube/config",
            "users:\n- name: ci\n  user:\n    tokenFile: /var/run/secrets/token\n"},
           {"root/.my.cnf", "[client]\nuser = root\npassword =\n"}}) {
    EXPECT_EQ(WhyNoSecret(file.path, file.content), "holds no value that could be a secret")
        << file.content;
  }
}

TEST(CredentialContent, ThatHidesASecretInItsStructureIsNotProven) {
  for (const File& file : std::vector<File>{
           // A key that stands twice, of which readers take the last; a truncated document.
           {"root/.docker/config.json",
            "{\"auths\": {\"a.b\": {\"auth\": \"aHVudGVyMg\", \"auth\": \"\"}}}"},
           {"root/.docker/config.json", "{\"credsStore\": \"desktop\"} hunter2"},
           {"root/.docker/config.json", "[\"hunter2\"]"},
           {"root/.docker/config.json", "\"hunter2\""},
           {"root/.docker/config.json", "{\"auths\": {\"a.b\": {\"auth\": 123456}}}"},
           {"root/.dockercfg", "{\"my.registry\": \"swordfish\"}"},
           // Values of several lines
           {"root/.pypirc", "[pypi]\npassword =\n    swordfish\n"},
           {"root/.my.cnf", "[client]\npassword\nswordfish\n"},
           {"root/.cargo/credentials.toml", "token = \"\"\"\nswordfish\n\"\"\"\n"},
           {"root/.gradle/gradle.properties", "repoPassword=\\\nswordfish\n"},
           {"root/.yarnrc.yml", "npmAuthToken: >\n  swordfish\n"},
           {"root/.yarnrc.yml", "npmAuthToken:\n  swordfish\n"},
           {"root/.yarnrc.yml", "npmAuthToken:\n  - swordfish\n"},
           {"root/.yarnrc.yml", "npmAuthToken: &a swordfish\nregistry: *a\n"},
           {"root/.yarnrc.yml", "{npmAuthToken: swordfish}\n"},
           {"root/.yarnrc.yml", "? npmAuthToken\n: swordfish\n"},
           {"root/.kube/config", "passwords:\n- name: ci\n  user:\n- swordfish\n"},
           {"root/.kube/config", "- name: USER\nvalue: swordfish\n"},
           {"root/.yarnrc.yml", "my.registry: swordfish\n"},
           {"root/.yarnrc.yml", "registry: \"a\\u0062c\"\n"},
           // Options of a program, which may be anything
           {"root/.kube/config", "args:\n- --password\n- swordfish\n"},
           {"root/.kube/config", "args:\n- -p\n- swordfish\n"},
           {"root/.kube/config", "args:\n- -pswordfish\n"},
           {"root/.kube/config", "args:\n- --token=swordfish\n"},
           {"root/.kube/config", "env:\n- name: DB_PASSWORD\n  value: swordfish\n"},
           {"root/.kube/config", "command: login --password swordfish\n"},
           // XML that is not what it looks like
           {"root/.m2/settings.xml", "<a><password>&#104;unter</password></a>"},
           {"root/.m2/settings.xml", "<a><password><![CDATA[swordfish]]></password></a>"},
           {"root/.m2/settings.xml", "<!DOCTYPE a [<!ENTITY b 'swordfish'>]><a><id>b</id></a>"},
           {"root/.m2/settings.xml", "<?xml password='swordfish'?><a><id>ci</id></a>"},
           {"root/.m2/settings.xml", "<a><id>ci</id></b>"},
           {"root/.m2/settings.xml", "<a><id>ci</id></a>swordfish"},
           {"root/.m2/settings.xml", "<a password='swordfish'/>"},
           {"root/.nuget/NuGet/NuGet.Config", "<a><add value='swordfish' key='Username'/></a>"},
           {"root/.nuget/NuGet/NuGet.Config",
            "<a><add key='https://my.registry' value='swordfish'/></a>"},
           // A token where a user name stands
           {"root/.netrc", "machine github.com login swordfish password x-oauth-basic\n"},
           {"root/.netrc", "machine a.b login ci password ${A} macdef init\nswordfish\n"},
           {"root/.netrc", "machine a.b login ci password\n"},
           {"root/.git-credentials", "https://swordfish\x40git.core.internal\n"},
           {"root/.git-credentials", "https://swordfish:x-oauth-basic\x40git.core.internal\n"},
           {"root/.pgpass", "swordfish\n"},
           {"root/.pgpass", "db:5432:orders:platform:changeme:swordfish\n"},
           // The secret of a webhook is in its path.
           {"root/.npmrc", "registry=https://hooks.core.internal/T00/B00/Xk29sLq8Zr41\n"}}) {
    EXPECT_EQ(WhyNoSecret(file.path, file.content), "") << file.path << ": " << file.content;
  }
}

// Made with ssh-keygen and openssl.
const std::string& Ed25519() {
  static const std::string key =
      "AAAAC3NzaC1lZDI1NTE5AAAAIGnC8h5E33lFCEIozbVoVUwA3a50aYdFlb5ZpnNlMu/8";
  return key;
}
constexpr const char* kEcPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBhV2Zr6rPE91rLQsQ2maOF2ozfUR\n"
    "BZqXk7wy2rGlrNLiZLMa8gFTqqr5rqGJBby4s3WLkeQqqc0GX8s6E5ifGw==\n"
    "-----END PUBLIC KEY-----\n";

TEST(CredentialContent, OfPublicKeysAloneIsNoSecret) {
  const std::string line = "ssh-ed25519 " + Ed25519() + " ci@core.internal\n";
  const std::string ssh2 = "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"ci@core.internal\"\n" +
                           Ed25519() + "\n---- END SSH2 PUBLIC KEY ----\n";
  for (const std::string& text : {line, line + line, ssh2, std::string(kEcPem), kEcPem + line}) {
    EXPECT_EQ(WhyNoSecret("root/.ssh/id_ed25519", text), "holds public keys alone") << text;
  }
}

TEST(CredentialContent, WithAPrivateKeyBesideAPublicOneIsNotProven) {
  const std::string line = "ssh-ed25519 " + Ed25519() + " ci@core.internal\n";
  const std::string dashes = "-----";
  const std::string key = dashes + "BEGIN " + "PRIVATE KEY" + dashes +
                          "\nMC4CAQAwBQYDK2VwBCIEIA\n" + dashes + "END " + "PRIVATE KEY" + dashes +
                          "\n";
  // PKCS#8 of an Ed25519 key: version, algorithm, octets (RFC 8410, 7).
  const std::string pkcs8 = "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
  for (const std::string& text :
       {line + key, key + line, kEcPem + key, line + "hunter2\n", line + "# hunter2\n",
        "ssh-rsa " + Ed25519() + "\n", "ssh-ed25519 " + Ed25519().substr(4) + "\n",
        "ssh-ed25519 " + Ed25519() + " hunter2x9Qk81\n",
        dashes + "BEGIN PUBLIC KEY" + dashes + "\n" + pkcs8 + "\n" + dashes + "END PUBLIC KEY" +
            dashes + "\n",
        std::string(kEcPem).substr(0, 120)}) {
    EXPECT_EQ(WhyNoSecret("root/.ssh/id_ed25519", text), "") << text;
  }
}

// A pattern that no file of the table has would be dead.
TEST(CredentialContent, ReadsTheSettingsOfNoOtherFiles) {
  for (const char* path : {"srv/app.conf", "root/.npmrc.bak", "etc/passwd"}) {
    EXPECT_EQ(WhyNoSecret(path, "user = ci\n"), "");
  }
  for (const File& file : Files()) {
    bool known = false;
    for (const CredentialFile& row : CredentialFiles()) {
      known |= Glob(row.pattern).Matches(file.path);
    }
    EXPECT_TRUE(known) << file.path;
  }
}

}  // namespace
}  // namespace watertight
