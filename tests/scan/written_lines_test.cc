// Lines as people write them in settings, scripts and programs, with values of the shapes that
// providers document. Expected is what a reader of the line would say.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/scan/rules_in.h"

namespace watertight::testing {
namespace {

struct Line {
  const char* rule;  // of one finding at least; generic-… are taken for one another
  const char* text;
};

constexpr Line kSecrets[] = {
    // .env and shell
    {"github-pat", "GITHUB_TOKEN={ghp}"},
    {"github-pat", "export GH_TOKEN='{ghp}' # ci bot"},
    {"github-fine-grained-pat", "git clone https://oauth2:{fine}@github.com/acme/api.git"},
    {"github-pat", "curl -sSL -H \"Authorization: token {ghp}\" https://api.github.com/user"},
    {"gitlab-pat", "CI_JOB_TOKEN_OVERRIDE=glpat-{b64u:20}"},
    {"gitlab-deploy-token", "docker login -u gitlab+deploy -p gldt-{b64u:20} registry.gitlab.com"},
    {"gitlab-pipeline-trigger-token",
     "curl -X POST -F token=glptt-{hex:40} -F ref=main https://gl/"},
    {"bitbucket-app-password", "git remote add origin https://me:{ATBB}@bitbucket.org/a/b.git"},
    {"npm-token", "//registry.npmjs.org/:_authToken={npm}"},
    {"npm-legacy-token",
     "//npm.corp.internal/:_authToken={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}"},
    {"generic", "_password = \"{b62:24}\""},
    {"huggingface-token", "HUGGING_FACE_HUB_TOKEN=hf_{let:34}"},
    {"groq", "GROQ_API_KEY=gsk_{b62:52}"},
    {"xai", "XAI_API_KEY=\"xai-{b62:80}\""},
    {"replicate", "REPLICATE_API_TOKEN=r8_{b62:37}"},
    {"perplexity", "PPLX_API_KEY: pplx-{b62:48}"},
    {"openai-legacy", "openai.api_key = \"sk-{b62:20}T3BlbkFJ{b62:20}\""},
    {"openai-project", "OPENAI_API_KEY=sk-proj-{b64u:74}T3BlbkFJ{b64u:74}"},
    {"anthropic-api", "  - ANTHROPIC_API_KEY=sk-ant-api03-{b64u:93}AA"},
    {"stripe-live", "STRIPE_SECRET_KEY=sk_live_{b62:99}"},
    {"stripe-live", "Stripe.apiKey = \"sk_live_{b62:24}\";"},
    {"stripe-restricted", "key: rk_live_{b62:99}"},
    {"stripe-webhook", "STRIPE_WEBHOOK_SECRET=whsec_{b62:32}"},
    {"slack-bot", "SLACK_BOT_TOKEN=xoxb-{dec:12}-{dec:13}-{b62:24}"},
    {"slack-user", "token: xoxp-{dec:12}-{dec:12}-{dec:13}-{hex:32}"},
    {"slack-app", "SLACK_APP_TOKEN=\"xapp-1-A{b32:10}-{dec:13}-{hex:64}\""},
    {"slack-webhook",
     "slack_url = \"https://hooks.slack.com/services/T{b32:9}/B{b32:10}/{b62:24}\""},
    {"vault-service", "VAULT_TOKEN=hvs.{b62:24}"},
    {"vault-service", "export VAULT_TOKEN=hvs.{b64u:140}"},
    {"doppler", "DOPPLER_TOKEN=dp.scim.{b62:43}"},
    {"doppler", "DOPPLER_TOKEN=dp.st.prd.{b62:43}"},
    {"jdbc-url", "url=jdbc:oracle:thin:app/{b62:12}@db.internal:1521:orcl"},
    {"jdbc-url", "spring.datasource.url: jdbc:oracle:thin:app/{b62:14}@//db.internal/app"},
    {"discord-bot", "DISCORD_TOKEN=MTA4NzY1NDMyMTA5ODc2NTQzMg.G{b64u:5}.{b64u:38}"},
    {"telegram-bot", "TELEGRAM_BOT_TOKEN={dec:10}:AA{b64u:33}"},
    {"telegram-bot", "curl https://api.telegram.org/bot{dec:9}:AA{b64u:33}/getMe"},
    {"sendgrid", "spring.mail.password=SG.{b64u:22}.{b64u:43}"},
    {"mailgun", "MAILGUN_API_KEY=key-{hex:32}"},
    {"mailchimp", "MAILCHIMP_API_KEY={hex:32}-us14"},
    {"twilio", "TWILIO_AUTH_TOKEN={hex:32}"},
    {"twilio-api-key", "twilio_api_key: SK{hex:32}"},
    // cloud
    {"aws-secret-key", "AWS_SECRET_ACCESS_KEY={b64:40}"},
    {"aws-secret-key", "  secret_key = \"{b64:40}\"\n  access_key = \"AKIA{b32:16}\""},
    {"aws-access-key-id", "AKIA{b32:16},{b64:40}"},
    {"aws-secret-key", "new BasicAWSCredentials(\"AKIA{b32:16}\", \"{b64:40}\")"},
    {"aws-secret-key", "{\"AccessKeyId\": \"AKIA{b32:16}\", \"SecretAccessKey\": \"{b64:40}\"}"},
    {"aws-secret-key", "aws configure set aws_secret_access_key {b64:40}"},
    {"gcp-api-key", "const firebase = {apiKey: 'AIza{b64u:35}'};"},
    {"gcp-oauth-client-secret", "\"client_secret\":\"GOCSPX-{b64u:28}\""},
    {"digitalocean-token", "access-token: dop_v1_{hex:64}"},
    {"databricks-token", "token = dapi{hex:32}-3"},
    {"heroku-key", "HEROKU_API_KEY=HRKU-AA{b64u:58}"},
    {"terraform-cloud-token",
     "credentials \"app.terraform.io\" { token = \"{b62:14}.atlasv1.{b64u:67}\" }"},
    {"azure-storage-key-legacy", "AZURE_STORAGE_KEY={b64:85}A=="},
    {"azure-sas",
     "https://acme.blob.core.windows.net/c/"
     "x.zip?sv=2022-11-02&st=2024&se=2026&sr=b&sp=r&sig={b62:20}%2F{b62:22}%3D"},
    {"azure-entra-secret-legacy", "AZURE_CLIENT_SECRET={b62:3}7Q~{b62:31}"},
    // registries and saas
    {"dockerhub-pat", "docker login -u acme -p dckr_pat_{b64u:27}"},
    {"docker-auth-config",
     "{\"auths\":{\"registry.corp.internal\":{\"auth\":\"ZGVwbG95OnExV2Q5M0tkOTJqZg==\"}}}"},
    {"rubygems-key", ":rubygems_api_key: rubygems_{hex:48}"},
    {"crates-token", "token = \"cio{b62:32}\""},
    {"nuget-key", "nuget push a.nupkg -ApiKey oy2{b36:43}"},
    {"grafana-service-account", "GRAFANA_TOKEN={glsa}"},
    {"vault-service", "VAULT_TOKEN=hvs.{b64u:95}"},
    {"vault-old", "vault_token = \"s.{b62:24}\""},
    {"doppler", "DOPPLER_TOKEN=dp.pt.{b62:43}"},
    {"pulumi", "PULUMI_ACCESS_TOKEN=pul-{hex:40}"},
    {"postman", "POSTMAN_API_KEY=PMAK-{hex:24}-{hex:34}"},
    {"linear", "LINEAR_API_KEY=lin_api_{b62:40}"},
    {"notion", "NOTION_KEY=ntn_{dec:11}{b62:35}"},
    {"tailscale", "tailscale up --authkey tskey-auth-{b62:12}-{b62:32}"},
    // frameworks
    {"rails-master-key", "RAILS_MASTER_KEY={hex:32}"},
    {"laravel-app-key", "APP_KEY=base64:{b64:43}="},
    {"symfony-secret", "APP_SECRET={hex:32}"},
    {"django-secret-key", "SECRET_KEY = 'django-insecure-k&8{b36:20}^z(#p1{b36:18}=+q'"},
    {"generic", "secret_key_base: {hex:128}"},
    {"generic", "SECRET_KEY_BASE={hex:128}"},
    // URLs and connection strings
    {"database-url",
     "DATABASE_URL=postgresql://api:{b62:18}@db.core.internal:5432/api?sslmode=require"},
    {"database-url", "MONGO_URL=mongodb+srv://svc:{b62:16}@c0.a1b2c.mongodb.net/prod"},
    {"database-url", "broker_url = 'amqp://celery:{b62:20}@rabbit.internal:5672//'"},
    {"database-url", "REDIS_URL=redis://:{b62:22}@cache.internal:6379/0"},
    {"database-url", "SQLALCHEMY_DATABASE_URI = \"mysql+pymysql://root:{b62:12}@mysql/app\""},
    {"jdbc-url", "url=jdbc:postgresql://db.internal/app?user=api&password={b62:14}"},
    {"jdbc-url", "jdbc:sqlserver://sql.internal:1433;databaseName=app;user=sa;password={b62:14}"},
    {"adonet-string",
     "Server=tcp:sql.internal,1433;Database=app;User ID=sa;Password={b62:16};Encrypt=True"},
    {"adonet-string",
     "\"Default\": \"Host=db.internal;Database=app;Username=app;Password={b62:16}\""},
    {"generic", "pip install --extra-index-url https://ci:{b62:20}@pypi.corp.internal/simple acme"},
    {"generic", "deb https://bearer:{b62:24}@apt.corp.internal/debian bookworm main"},
    // names alone
    {"generic", "spring.datasource.password={b62:16}"},
    {"generic", "db_pass: \"{b62:16}\""},
    {"generic", "<password>{b62:16}</password>"},
    {"generic", "<add key=\"SmtpPassword\" value=\"{b62:18}\" />"},
    {"generic", "<entry key=\"db.password\">{b62:18}</entry>"},
    {"generic", "private static final String API_KEY = \"{b62:32}\";"},
    {"generic", "const jwtSecret = '{b62:40}';"},
    {"generic", "os.environ[\"API_TOKEN\"] = \"{b62:28}\""},
    {"generic", "config.setPassword(\"{b62:20}\");"},
    {"generic", "variable \"db_password\" {\n  type    = string\n  default = \"{b62:32}\"\n}"},
    {"generic", "MYSQL_ROOT_PASSWORD={b62:14}"},
    {"generic", "ENV ADMIN_PASSWORD={b62:14}"},
    {"generic", "    DB_PASSWORD: {b62:20}\n"},
    {"generic", "requirepass {b62:24}"},
    {"generic", "CREATE USER 'app'@'%' IDENTIFIED BY '{b62:14}';"},
    {"netrc", "machine git.corp.internal\n  login ci\n  password {b62:18}\n"},
    {"generic", "client-secret = {b64u:40}"},
    {"generic", "\"privateKeyPassword\" : \"{b62:16}\","},
    {"generic", "wpa_passphrase={b62:16}"},
    {"generic", "x-api-key: {b62:40}"},
    {"generic", "webhook_shared_secret: \"{hex:64}\""},
    {"generic", "NEXTAUTH_SECRET=\"{b62:43}\""},
    {"generic", "github_token = \"ci-{b62:36}\""},
    {"generic", "client_secret: \"app.{b36:8}.{b62:20}.{b62:12}\""},
    {"database-url", "mysql://kamailio:kamailio{b62:8}@db.internal/kamailio"},
    {"generic-url-password", "https://ci:Tr%40ub4dor3@apk.internal/main"},
    // Passwords as managers draw them.
    {"generic", "DB_PASSWORD=xK9vQm2$Lp-Zr8!tWq"},
    {"generic", "admin_password: 'Tr0ub%4dor-Zx!9kQ'"},
    {"generic", "\"smtpPassword\": \"pR4!nuQ.w8_Zk2@e\""},
    {"generic", "sudo -S <<< {b62:14} apt-get update"},
    {"generic", "sudo -S apt-get update <<< \"{b62:14}\""},
    {"generic", "createUser monitor SHA \"{b62:14}\" AES"},
    {"generic", "createUser -e 0x0102030405 monitor SHA-256 {b62:14}"},
    {"generic", "<User>ci</User><Pass encoding=\"base64\">cTFXZDkzS2Q5MmpmSHE=</Pass>"},
    {"generic", "url: https://discord.com/api/webhooks/{dec:18}/{b64u:68}"},
    {"generic", "HOOK=https://discordapp.com/api/v10/webhooks/{dec:19}/{b62:68}"},
    {"generic",
     "https://acme.webhook.office.com/webhookb2/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}@{hex:8}-"
     "{hex:4}-{hex:4}-{hex:4}-{hex:12}/IncomingWebhook/{hex:32}/{hex:8}-{hex:4}-{hex:4}-{hex:4}-"
     "{hex:12}"},
    {"generic", "SNYK_TOKEN={hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"},
    {"generic", "export CONSUL_HTTP_TOKEN=\"{hex:8}-{hex:4}-4{hex:3}-9{hex:3}-{hex:12}\""},
    {"generic", "HOST: smtp.internal\nPASS: {b62:8}xK7{b62:6}\n"},
    {"generic", "MODE: x\nPASS: {b62:8}xK7{b62:6}\nPORT: 25\n"},
    {"generic", "  stats auth admin:{b62:14}"},
    {"generic", "cache_peer proxy parent 3128 0 login=user:{b62:14}"},
    {"generic", "lftp -u ci,{b62:14} ftp.internal"},
    {"generic", "K 8\npassword\nV 14\n{b62:14}\nK 15\nsvn:realmstring\n"},
    {"generic",
     "kubeadm join 10.0.0.1:6443 --token {b36:6}.{b36:16} --discovery-token-ca-cert-hash x"},
    {"generic", "smtp.login(\"ci@corp.internal\", \"{b62:14}\")"},
    {"generic", "new NetworkCredential(\"ci\", \"{b62:14}\")"},
    {"generic", "{password, \"{b62:14}\"},"},
    {"generic",
     "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{b64u:43}\",\"y\":\"{b64u:43}\",\"d\":\"{b64u:43}"
     "\"}"},
    {"generic",
     "{\"n\": \"{b64u:342}\", \"e\": \"AQAB\", \"d\": \"{b64u:342}\", \"kty\": \"RSA\"}"},
    {"generic", "{\"kty\":\"oct\",\"k\":\"{b64u:43}\"}"},
    {"age-secret-key",
     "AGE-SECRET-KEY-"
     "1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ8H00W3"},
};

bool Fits(const std::string& found, const std::string& rule) {
  if (rule == "generic") return found.rfind("generic-", 0) == 0;
  return found == rule;
}

TEST(WrittenLines, WithASecretAreFound) {
  for (const Line& line : kSecrets) {
    const std::vector<std::string> rules = RulesIn(Filled(line.text));
    EXPECT_TRUE(std::any_of(rules.begin(), rules.end(),
                            [&](const std::string& found) { return Fits(found, line.rule); }))
        << line.text << "\nfound " << ::testing::PrintToString(rules) << ", not " << line.rule;
  }
}

constexpr const char* kNone[] = {
    // placeholders and references
    "GITHUB_TOKEN=ghp_your_token_here",
    "API_KEY=your-api-key-goes-here-1234",
    "PASSWORD=${DB_PASSWORD:-}",
    "password: {{ vault_db_password_2x9 }}",
    "token: ${{ secrets.GH_PAT_2024A1b2 }}",
    "password = \"<%= ENV['DB_PASSWORD_1A2b'] %>\"",
    "DB_PASSWORD=$(cat /run/secrets/db_password1)",
    "spring.datasource.password=ENC(Zk9xQ1mLr8Tt2vWyB4n6Pw==)",
    "password: !vault |",
    "apiKey: process.env.API_KEY_V2_PROD1,",
    "SECRET_KEY=op://vault/item1a2b/password",
    "secretKeyRef:\n  name: db-credentials-7f9c2\n  key: password",
    "-e POSTGRES_PASSWORD=password",
    "AWS_SECRET_ACCESS_KEY=xxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "aws_secret_access_key = wJalrXUtnFEMI"
    "/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "aws_access_key_id = AKIA"
    "IOSFODNN7EXAMPLE",
    "token = \"0123456789abcdef0123456789abcdef\"",
    "postgres://user:password@localhost/db",
    "postgres://postgres:postgres@db:5432/postgres",
    "mysql://${DB_USER}:${DB_PASS}@${DB_HOST}/app",
    "https://user:***@github.com/acme/api.git",
    "redis://default:<password>@cache:6379",
    "amqp://guest:guest@rabbit:5672/",
    "mongodb://localhost:27017/app",
    "https://hooks.slack.com/services/"
    "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "https://discord.com/api/webhooks/{webhook.id}/{webhook.token}",
    "https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz",
    "createUser admin SHA \"$SNMP_PASSWORD\" AES",
    "<Pass encoding=\"base64\">Y2hhbmdlbWU=</Pass>",
    "sudo -S <<< \"$PASSWORD\" apt-get update",
    "  encryptedData:\n    password: AgBqIp89"
    "WFtjpiUzuOeBXwVxt+{b64:400}==",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{b64u:43}\",\"y\":\"{b64u:43}\"}",
    "{\"kty\":\"RSA\",\"n\":\"{b64u:342}\",\"e\":\"AQAB\"}",
    "{\"d\":\"{b64u:43}\",\"k\":\"{b64u:43}\"}",
    "client.login(\"username\", \"password\")",
    "cl.connect(\"ftp.gnu.internal\").login(\"anonymous\", \"john.doe@mydomain.com\")",
    "{password, \"changeme\"}",
    "/login?login=user:password",
    // hashes and ids
    "TENANT_TOKEN_ID={hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
    "API_KEY_ID={hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
    "NEXT_PUBLIC_API_KEY={hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
    "token={hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
    "PASS: test_Foo2Bar9x\nPASS: testBar7Qux1Zz\nFAIL: testB4r7Qux1Zz\n",
    "PASS: kT8wq9ZrLm2x\n",
    "# TOTAL: 3\n# PASS:  3\nPASS: xK7Q2mW9vL4tR\nERROR: 0\n",
    "\"integrity\": \"sha512-{b64:86}==\"",
    "golang.org/x/net v0.17.0 h1:{b64:43}=",
    "commit_sha: {hex:40}",
    "image: acme/api@sha256:{hex:64}",
    "checksum = \"{hex:64}\"",
    "etag: \"{hex:32}\"",
    "token_id: {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    "request_id={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    "{hex:32}  usr/share/doc/passwd/changelog.gz",
    "GPG_KEY={HEX:40}",
    "ENV PYTHON_PIP_VERSION=23.0.1 PYTHON_GET_PIP_SHA256={hex:64}",
    "csrf_token = \"{b62:32}\"",
    "password_salt: {hex:32}",
    "integrity=\"sha384-{b64:64}\" crossorigin=\"anonymous\"",
    "x-amz-request-id: {b32:16}",
    // public by design
    "STRIPE_PUBLISHABLE_KEY=pk_live_{b62:99}",
    "NEXT_PUBLIC_MAPBOX_TOKEN=pk.eyJ{b64u:60}.{b64u:22}",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{b64:200} deploy@ci",
    "RECAPTCHA_SITE_KEY=6L{b64u:38}",
    "SENTRY_DSN=https://{hex:32}@o123456.ingest.sentry.io/7654321",
    "publicKeyToken=\"{hex:16}\"",
    // code and prose
    "password = getpass.getpass('Password for %s: ' % user)",
    "if (password !== confirmPassword1) throw new Error('passwords2differ');",
    "String token = request.getHeader(\"X-Auth-Token2\");",
    "const token = await fetchTokenV2(clientId, oauth2Client);",
    "this.apiKey = options.apiKey || DEFAULT_API_KEY1;",
    "secret = secrets.token_urlsafe(32)",
    "def reset_password(self, user_id, new_password2=None):",
    "passwordInput: 'form-control2-lg input-password3',",
    "let tokenType = TokenKind.Identifier2Name3Value;",
    "\"password.reset.email_sent2\": \"We have e-mailed your link!\"",
    "password_hash = bcrypt.hashpw(password, salt1)",
    "token = lexer.next_token(T2_IDENT, T3_STRING)",
    "accessKeySelector: '.btn-access-key2',",
    "PasswordAuthentication no",
    "# The secret key is stored in /etc/app/keys2/secret1.key",
    "tokenizer: cl100k_base_v2x3",
    "passwordPolicy: min8-upper1-digit1",
    "API_TOKEN_FILE=/run/secrets/api_token_1a2b3c",
    "AWS_ACCESS_KEY_ID=",
    "ARG NPM_TOKEN",
    "SecretManagerServiceClient client1 = SecretManagerServiceClient.create();",
    "secretName: db-credentials-7d9f8b6c5",
    "password: \"********\"",
    "kms_key_id = "
    "\"arn:aws:kms:eu-west-1:111122223333:key/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}\"",
    "JWT_ALG=HS256",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A{b64:200}\n-----END PUBLIC "
    "KEY-----",
    "private_key = \"-----BEGIN RSA PRIVATE"
    " KEY-----\" + body + \"-----END RSA PRIVATE KEY-----\"",
    "data:image/png;base64,iVBORw0KGgo{b64:200}",
    "\"version\": \"2.0.0-alpha.password3.1\"",
    "xoxb-not-a-real-token-for-slack1",
    "sk-test-key-for-unit-tests-12345",
    "key: \"user:{dec:12}:profile\"",
    "authorization: Bearer <access_token_1x>",
    "session.token.provider = oauth2-proxy-v7.4.0",
    "hf_model_name_with_underscores_v2",
    // What distributions and packages ship
    "t(\"unknown token \"+m);var a1=b2.c3?k[7]:null;if(x9&&y8)return e(\"end\")",
    "    token: Stripe.V2.Core.Accounts.TokenCreateParams;",
    "\"output_token\": \"Jobs[-1].JobId\",",
    "Secrets\x07SecretAprotobuf:\"bytes,1,opt,name=secret,proto3\" json:\"search,omitempty\"",
    "oauth2: cannot fetch token: %vopenapi.v2.ResponseDefinitions1",
    "Token: \"H\x89\x08I|$ H\x83\xc7\x08I9M\x89\xe7Iv8I^@I\"",
    "cvs://:pserver:anoncvs@sourceware.internal:/cvs/src",
    "http://someusername:p4ssw0rd@example.com/",
    "machine example.com login daniel password qwerty1x",
    "Failed to allocate token_info->tile_tok[0][0]",
    "token-exchangez-urn:ietf:params:oauth:token-type:access_tokenz8https://cloud.internal/v1",
    "https://storage.internal/b/o?x-goog-credential=test1a%40dev.internal%2F2019x2b3c%2Fasia&x=y",
    "String P11SecretKeyFactory = \"sun.security.pkcs11.P11SecretKeyFactory\";",
    "test_with_invalid_passwordz0TestSocks5Proxy.test_with2",
    "  password: 'bm90IG15"
    "IHJlYWwgcGFzc3dvcmQ=',",
    "'oauth_token': 'kjsdf8asdlk2jhgasd3'",
    "Next page token: {b62:24}",
    "<nextToken>{b64:64}</nextToken>",
    "\"ClientToken\": \"token-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}\"",
    "--sasl-password=projects/12345/secrets/sasl2/versions/7",
    "SECRET_PATTERN = 'projects/[^/]+/secrets/[a-zA-Z0-9-_]+'",
    "TOKEN: /_?[A-Z][_A-Z0-9]*/",
    "[![CI](https://ci.internal/gh/acme/api.svg?style=svg&circle-token={hex:40})]",
    "  https://docs.google.com/spreadsheet/ccc?key={b62:44}&usp=sharing",
    "    default login anonymous password user@site",
    "https://user:he%2F%2Fo@pypi.company.internal/simple",
    "secret: "
    "//iam.c2s.internalCreateServiceInputDeleteServiceInputAVX512UpdateServiceInputP256Curve",
    "var sessionKeyTests = []keyTest{\n\t{\n\t\t\"{b64:85}A==\",\n",
    "\"ikm\": \"{hex:64}\", \"pk\": \"{hex:66}\", \"enc\": \"{hex:130}\", \"shared_secret\": "
    "\"{hex:64}\"",
    "oauth_token=\"hh5s93j4hdidpola\"",
    "token = token_string[0:2]",
    "\"ARN\": \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:DatabaseSecret-a1b2c3\"",
    "tokenData:\"!R~!YOX$qXY,QYZ,QZ[$q[]&X]^,Q^p$qpq,Qqr-_rs3_sv-_vw3}wxHYx}-_}!OH{!O!P-_!P!Q$q!Q!["
    "-_![!]Mz\"",
    "https://user:P%40SSWORD@proxy.internal:8080",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrIjoidmFsdWUifQ"
    ".{b64u:43}",
    "postgres://someuser:somepassword@somehost:381/db",
    "\"Token\": \"... (KHTML, like Gecko) Some/158.0.0.0 Other/537.36\"",
    "token: V2Namespace2.Core.AccountTokenCreateParams;",
    "token=value%23still-query#first%23still-fragment",
    "https://user:key_1234@registry.internal/x",
    "\"SecretId\": \"region;:secret:MySecret1-a1b2c3\"",
    ":vartype credentials: ~azure.keyvault.v2016_10_01.models.IssuerCredentials",
    ":vartype secrets: list[~azure.mgmt.compute.v2018_10_01.models.VaultSecretGroup]",
    "Token: _ZN4core3ptr42drop_in_place$LT$proc_macro..TokenTree$GT$17h{hex:16}E",
    "token={hex:32}NonNull",
    "\"password-sent\": \"Ingat kata sandi dalam {{PLURAL:$1|$1 jam}} terakhir.\"",
    "password = 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password'",
    "ALTER USER foo IDENTIFIED BY 'something'",
    "mysql://kamailio:kamailiorw@localhost/kamailio",
    "{\"auths\":{\"h\":{\"auth\":\"am9lam9lOmhlbGxv\"}}}",
    "secret = testing123-1",
    "http://sri:V3ry_S3cret@10.0.0.1",
    "\"password\": \"md5$seasalt${hex:32}\"",
    "password: pbkdf2:sha256:600000$q8Wdg3Kd92jfHqpw${hex:64}",
    "password: scrypt:32768:8:1$q8Wdg3Kd92jfHqpw${hex:128}",
    "admin_password: \"sha256$q8Wdg3Kd${hex:64}\"",
    "password: '{cipher}{hex:64}'",
    "password: 'SCRAM-SHA-256$4096:{b64:22}==${b64:43}=:{b64:43}='",
    "token = data.tokens1[token1Index].offset",
    "TOKEN = 'Ansible-Acme-{0}-{1}-2x3'",
    "token:/^[A-Za-z0-9._~+/-]+=*$/",
    "$Secret = SafeHandleZeroOrMinusOneIsInvalid",
    "Bearer "
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwiaWF0IjoxNTE2MjM5MDIyfQ."
    "{b64u:43}",
    "aws_secret: SecretsManagerRDSMySQLRotationSingleUser",
    "pkcs11:token=Root%20CA%20Certificates;object=a",
    "Token=prefixstable:2002:da8:1::",
    "\"token\": \"amzn1.account.{b32:28}\"",
    "for realm 'w', username 'alice', and password '4x5is12'",
    "http://user:p4ssw0rd@db.internal/",
    "PasswordSaveUpdateView::kNotNowButtonElementId",
    "HistoryBackend::SetPasswordStateForVisitByVisitID",
    "https://1.2.3.4:50rm\x01\x02\x03z\x12"
    "foo:bar@1.2.3.4:50",
};

TEST(WrittenLines, WithoutASecretAreLeft) {
  for (const char* text : kNone) {
    std::vector<std::string> rules = RulesIn(Filled(text));
    std::erase_if(rules, [](const std::string& rule) { return rule.find(" (") != rule.npos; });
    EXPECT_TRUE(rules.empty()) << text << "\nfound " << ::testing::PrintToString(rules);
  }
}

}  // namespace
}  // namespace watertight::testing
