// Passwords in the places of commands, headers and settings in files: scripts, histories of shells,
// settings of servers. Expected is what a reader of the line would say.

#include <gtest/gtest.h>

#include <string>

#include "framework/scan/text_rules.h"
#include "tests/scan/rules_in.h"

namespace watertight::testing {
namespace {

constexpr const char* kSecrets[] = {
    "define('DB_PASSWORD', '{b62:12}');",
    "define( \"AUTH_SECRET\", \"{b62:12}\" );",
    "Authorization: Bearer {b62:24}",
    "Authorization: Basic ZGVwbG95OnExV2Q5M0tkOTJqZg==",
    "curl -H \"Authorization: Bearer {b62:16}\" https://api.internal/v1",
    "{\"name\": \"Authorization\", \"value\": \"Bearer {b62:16}\"}",
    "headers: { Authorization: 'Bearer {b62:20}' }",
    "proxy_set_header Authorization \"Basic ZGVwbG95OnExV2Q5M0tkOTJqZg==\";",
    "mysql -u root -p{b62:12} appdb",
    ": 1700000000:0;mysqldump -uroot -p'{b62:12}' app > x.sql",
    "mysql -uroot --password={b62:10} appdb",
    "PGPASSWORD={b62:10} psql -h db.internal -U app",
    "sshpass -p {b62:10} ssh root@10.1.2.3",
    "\t@curl -sSf -u deploy:{b62:12} https://nexus.internal/x",
    "    - docker login -u ci -p {b62:12} registry.internal",
    "echo {b62:12} | docker login -u ci --password-stdin registry.internal",
    "redis-cli -h r.internal -a {b62:12} ping",
    "wget --user=app --password={b62:10} https://x.internal/f",
    "smbclient //nas/share -U deploy%{b62:12}",
    "$s = ConvertTo-SecureString \"{b62:12}\" -AsPlainText -Force",
    "net use Z: \\\\nas\\share /user:deploy {b62:12}",
    "net use Z: \\\\nas\\share {b62:12} /user:deploy",
    "bindpw {b62:12}",
    "rootpw {b62:12}",
    "  psk=\"{b62:12}\"",
    "    passwd: {b62:12}",
    "chpasswd:\n  list: |\n    root:{b62:12}\n",
    "requirepass {b62:12}",
    "    user app insecure-password {b62:12}",
    "PWD={b62:12}\n",
    "//nas/share /mnt cifs username=app,password={b62:12},uid=0 0 0",
    "host=db.internal user=app password={b62:12} dbname=app",
    "ENV DB_PASSWORD {b62:12}",
    "ldap_default_authtok = {b62:12}",
    "smtp_sasl_password_maps = static:app:{b62:12}",
    "helm install x --set db.password={b62:12}",
    "kubectl create secret generic db --from-literal=conn={b62:12}",
    "OTP=otpauth://totp/acme:ops?secret={b32:32}&issuer=acme",
    "deploy --user app --password {b62:12} --host h",
    "deploy --token {b62:24}",
    "deploy --api-key '{b62:24}'",
    "deploy --client-secret {b62:24}",
    "aws rds create-db-instance --master-user-password {b62:14}",
    "gpg --batch --passphrase {b62:14} -d x.gpg",
    "keytool -list -keystore k.jks -storepass {b62:12}",
    "keytool -importkeystore -srckeystore k.jks -srcstorepass {b62:12}",
    "  command: [\"serve\", \"--password\", \"{b62:14}\"]",
    "args:\n  - \"--token\"\n  - \"{b62:24}\"",
    "Connect-Host -User app -Password {b62:14}",
    "curl -H \"X-API-Key: {b62:32}\" https://h.internal/",
    "dotnet nuget add source https://n.internal/x -n x -u app -p {b62:14}",
    "composer config http-basic.repo.internal deploy {b62:14}",
    "bundle config set --global gems.internal deploy:{b62:14}",
    "mvn verify -Dsonar.login={hex:40}",
    "sonar.login={b62:40}",
    "mvn -Dpassword={b62:12} deploy",
    "npm config set //registry.internal/:_authToken {b62:24}",
    "poetry config pypi-token.internal {b62:24}",
    "yarn config set npmAuthToken {b62:24}",
    "aws secretsmanager create-secret --name x --secret-string {b62:24}",
    "az keyvault secret set --name x --value {b62:24}",
    "echo '{b62:14}' | sudo -S apt-get update",
    "mosquitto_pub -h h -u app -P {b62:14} -t x",
    "setenv DB_PASSWORD {b62:14}",
    "SetEnv DB_PASSWORD {b62:14}",
    "setx API_TOKEN {b62:24}",
    "set -gx API_TOKEN {b62:24}",
    "proxy_set_header X-Api-Key \"{b62:24}\";",
    "os.Setenv(\"API_TOKEN\", \"{b62:24}\")",
    "conn = DriverManager.getConnection(\"jdbc:mysql://db/x\", \"app\", \"{b62:14}\");",
    "$pdo = new PDO($dsn, 'app', '{b62:14}');",
    "mysqli_connect(\"db\", \"app\", \"{b62:14}\", \"x\");",
    "credentials += Credentials(\"Realm\", \"nexus.internal\", \"ci\", \"{b62:14}\")",
    "d-i passwd/root-password password {b62:14}",
    "encrypt = \"{b64:43}=\"",
    "AuthLDAPBindPassword \"{b62:14}\"",
    "mysqli.default_pw = {b62:16}",
    "<property name=\"password\"><value>{b62:14}</value></property>",
    "<sonar.login>{hex:40}</sonar.login>",
    "  : PSK \"{b62:24}\"",
    "<credential store=\"x\" clear-text=\"{b62:14}\"/>",
    "account default\nuser app\npassword {b62:14}\n",
    "etcdctl --user root:{b62:14} get x",
};

TEST(CommandLines, WithAPasswordAreFound) {
  for (const char* text : kSecrets) EXPECT_TRUE(Fails(Filled(text))) << text;
}

TEST(CommandLines, OfEveryRuleThatReadsFilesAreFound) {
  const std::string sample = "s3cr3t-value";
  int rules = 0;
  for (const TextRule& rule : TextRules()) {
    if (rule.in_files == nullptr) continue;
    ++rules;
    std::string text = rule.example;
    std::size_t at = text.find("«" + sample + "»");
    ASSERT_NE(at, text.npos) << rule.example;
    text.replace(at, sample.size() + std::string("«»").size(), "{b62:14}");
    EXPECT_TRUE(Fails(Filled(text) + "\n")) << rule.example;
  }
  EXPECT_GE(rules, 30);
}

constexpr const char* kNone[] = {
    "define('DB_PASSWORD', 'database_password_here');",
    "define('DB_PASSWORD', getenv('DB_PASSWORD'));",
    "define(\"TOKEN_TYPE\", \"T_STRING\");",
    "Authorization: Bearer <token>",
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer ${GITHUB_TOKEN_2}",
    "Authorization: Basic dXNlcjpwYXNzd29yZA==",          // user:password
    "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",  // RFC 7617
    "Authorization: Basic 2ZkwP9qVtB0aXz7Rk1mWcg==",      // no text
    "Authorization: Bearer mytoken123",
    "authorization is required by the server",
    "mysql -u root -p appdb",
    "mysql -u root -p$MYSQL_ROOT_PASSWORD appdb",
    "mysql -u root -ppassword appdb",
    "mysql -h 127.0.0.1 -P3306 -u root",
    "sshpass -p \"$PASS\" ssh h",
    "sshpass -p mypassword ssh h",
    "curl -u user:password https://h/",
    "curl -u \"$USER:$TOKEN\" https://h/",
    "curl -u username https://h/",
    "curl -sSLo x9k2mq7w.tar.gz https://h/",
    "docker login -u user -p password registry",
    "echo \"$TOKEN\" | docker login --password-stdin",
    "login -p preserves the environment",
    "redis-cli -h localhost -p 6379 ping",
    "zip -P password x.zip y",
    "ConvertTo-SecureString $Password -AsPlainText -Force",
    "net use Z: \\\\server\\share /user:domain\\user *",
    "ENV PATH /usr/local/bin",
    "ARG TOKEN_VERSION v2beta3x",
    "PWD=/home/app",
    "psk=\"your-passphrase\"",
    "useradd -p encrypted-password deploy",
    "deploy --password \"$DB_PASSWORD\"",
    "deploy --password PASSWORD",
    "deploy --password mypassword1",
    "deploy --password-file /run/secrets/x9k2mq7w",
    "deploy --token <token>",
    "--token TOKEN2x   the token to use",
    "one-time-password x9k2mq7wTb is shown",
    "keytool -storepass changeit",
    "gpg --passphrase \"${PASSPHRASE_2}\"",
    "[\"--password\", \"$(DB_PASSWORD_2)\"]",
    "composer config http-basic.repo.internal user password",
    "bundle config gems.internal user:password",
    "sonar.login=${env.SONAR_TOKEN_2}",
    "npm config set //registry.internal/:_authToken ${NPM_TOKEN_2}",
    "poetry config pypi-token.internal my-token",
    "git config set-token-helper x9k2mq7wTb",
    "setenv PASSWORD_STORE x9k2mq7wTb",
    "setenv DB_PASSWORD $DB_PASSWORD_2",
    "proxy_set_header X-Api-Key $http_x_api_key2;",
    "proxy_set_header Host x9k2mq7wTb4Zp;",
    "getConnection(url1, user1, password1)",
    "new PDO($dsn, $user, 'secret-word')",
    "d-i passwd/root-password password r00tme",
    "encrypt = \"aes256\"",
    "the password password123 is weak",
    "echo \"$PASS2\" | sudo -S apt-get update",
    "otpauth://totp/acme:ops?secret={b32:12}0{b32:12}1{b32:12}&issuer=acme",
    "otpauth://totp/Example:alice@google.com?secret=JBSWY3DP"
    "EHPK3PXP&issuer=Example",
};

TEST(CommandLines, WithoutAPasswordAreLeft) {
  for (const char* text : kNone) EXPECT_FALSE(Fails(Filled(text))) << text;
}

}  // namespace
}  // namespace watertight::testing
