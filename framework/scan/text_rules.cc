#include "framework/scan/text_rules.h"

#include <iterator>

namespace watertight {
namespace {

// A word of a command: \"quoted\", "quoted", 'quoted' or plain.
#define W R"((\\"[^"\\]+\\"|"(?:\\.|[^"\\])+"|'[^']+'|[^\s"'|&;<>()\\]+))"
// The rest of a command up to an option.
#define ARGS R"([^|;\n]*?\s)"

constexpr TextRule kTextRules[] = {
    {"generic-authorization-header", "uthorization",
     R"((?i)authorization(?:\\?["'])?\s*[:=]\s*(?:\\?["'])?(?:basic|bearer|token|digest|apikey|key)\s+)"
     R"(([^\s"'\\,]+))",
     "curl -H 'Authorization: Bearer «s3cr3t-value»' https://h/"},
    {"generic-authorization-header", "AUTHORIZATION",
     R"((?i)authorization(?:\\?["'])?\s*[:=]\s*(?:\\?["'])?(?:basic|bearer|token|digest|apikey|key)\s+)"
     R"(([^\s"'\\,]+))",
     "http h AUTHORIZATION:'Token «s3cr3t-value»'"},
    {"generic-basic-auth", "curl",
     R"(\bcurl\b)" ARGS
     R"((?:-\w*u|--user|-U|--proxy-user)(?:\s+|=|\b)\\?["']?[^\s"':\\/$]*:([^\s"'\\]+))",
     "curl -u deploy:«s3cr3t-value» https://h/"},
    {"generic-basic-auth", "http",
     R"(\bhttps?(?:\s[^|;\n]*?)?\s(?:-a|--auth)(?:\s+|=)\\?["']?[^\s"':\\/$]*:([^\s"'\\]+))",
     "http -a deploy:«s3cr3t-value» https://h/"},
    {"generic-password", "mysql",
     R"(\bmysql(?:dump|admin|import|pump|check|show|sh)?\b)" ARGS R"(-p)" W,
     "mysql -u root -p«s3cr3t-value» db"},
    {"generic-password", "maria", R"(\bmariadb(?:-\w+)?\b)" ARGS R"(-p)" W,
     "mariadb -u root -p«s3cr3t-value» db"},
    {"generic-password", "mysqladmin", R"(\bmysqladmin\b)" ARGS R"(password\s+)" W,
     "mysqladmin -u root password '«s3cr3t-value»'"},
    {"generic-password", "sshpass", R"(\bsshpass\s+(?:-[ve]+\s+)*-p\s*)" W,
     "sshpass -p «s3cr3t-value» ssh h"},
    {"generic-password", "login", R"(\blogin\b)" ARGS R"(-p[= ]*)" W,
     "docker login -u deploy -p «s3cr3t-value» registry.internal"},
    {"generic-password", "twine", R"(\btwine\s)" ARGS R"(-p\s+)" W,
     "twine upload -u deploy -p «s3cr3t-value» dist/*"},
    {"generic-password", "redis-cli", R"(\bredis-cli\b)" ARGS R"(-a\s*)" W,
     "redis-cli -h h -a «s3cr3t-value» ping"},
    {"generic-password", "ldap",
     R"(\bldap(?:add|modify|search|delete|passwd|whoami)\b)" ARGS R"(-w\s*)" W,
     "ldapsearch -x -D cn=admin -w «s3cr3t-value»"},
    {"generic-password", "sqlcmd", R"(\bsqlcmd\b)" ARGS R"(-P\s*)" W,
     "sqlcmd -S h -U sa -P «s3cr3t-value»"},
    {"generic-password", "mongo",
     R"(\bmongo(?:sh|dump|restore|import|export)?\b)" ARGS R"(-p\s+)" W,
     "mongosh -u root -p «s3cr3t-value»"},
    {"generic-password", "smbclient",
     R"(\bsmbclient\b)" ARGS R"(-U\s*\\?["']?[^\s"'%]+%([^\s"'\\]+))",
     "smbclient //h/share -U 'deploy%«s3cr3t-value»'"},
    {"generic-password", "lftp", R"(\blftp\b)" ARGS R"(-u\s*\\?["']?[^\s"',]+,([^\s"'\\]+))",
     "lftp -u deploy,«s3cr3t-value» sftp://h"},
    {"generic-password", "htpasswd", R"(\bhtpasswd\s+-\w*b\w*\s+(?:-\w+\s+)*\S+\s+\S+\s+)" W,
     "htpasswd -bc /etc/nginx/htpasswd deploy «s3cr3t-value»"},
    {"generic-password", "htpasswd", R"(\bhtpasswd\s+-\w*n\w*b\w*\s+(?:-\w+\s+)*[^\s-]\S*\s+)" W,
     "htpasswd -nb deploy «s3cr3t-value»"},
    {"generic-password", "passwd",
     R"(\b(?:echo|printf)\s+(?:-\w+\s+)*\\?["']?[\w.$-]+:([^\s"'|\\]+)(?:\\n)?\\?["']?\s*\|\s*(?:sudo\s+)?[\w/]*chpasswd)",
     "echo 'root:«s3cr3t-value»' | chpasswd"},
    {"generic-password", "chpasswd", R"(\bchpasswd\s*<<<\s*\\?["']?[\w.-]+:([^\s"'\\]+))",
     "chpasswd <<< \"root:«s3cr3t-value»\""},
    {"generic-password", "|",
     R"(\becho\s+(?:-\w+\s+)*)" W
     R"(\s*\|\s*[^|;&\n]*(?:--password-stdin|--with-token|\bpasswd\s+--stdin|\bsudo\s+-\w*S))",
     "echo «s3cr3t-value» | docker login -u deploy --password-stdin"},
    {"generic-password", "pass:", R"(-pass(?:in|out)?\s+\\?["']?pass:([^\s"'\\]+))",
     "openssl rsa -in k.pem -passin pass:«s3cr3t-value»"},
    {"generic-password", "add_user", R"(\brabbitmqctl\s+add_user\s+\S+\s+)" W,
     "rabbitmqctl add_user deploy «s3cr3t-value»"},
    {"generic-password", "change_password", R"(\bchange_password\s+\S+\s+)" W,
     "rabbitmqctl change_password deploy «s3cr3t-value»"},
    {"generic-password", "http-basic", R"(\bhttp-basic\.\S+\s+\S+\s+)" W,
     "composer config http-basic.repo.internal deploy «s3cr3t-value»"},
    {"generic-token", "oauth.", R"(\b\w+-oauth\.[\w.-]+\s+)" W,
     "composer config -g github-oauth.github.com «s3cr3t-value»"},
    {"generic-token", "vault", R"(\bvault\s+login\s+(?:-[\w-]+(?:=\S+)?\s+)*)" W,
     "vault login «s3cr3t-value»"},
    {"generic-token", "snyk", R"(\bsnyk\s+auth\s+)" W, "snyk auth «s3cr3t-value»"},
    // The names of these come from the text, and must be secret-like.
    {"", "set", R"(\bset(?:x|env)?\s+(?:(?:--?\w\S*|/\w)\s+)*([\w./:@-]+)\s+)" W,
     "npm config set //registry.internal/:_authToken «s3cr3t-value»"},
    {"", "config", R"(\bconfig\s+(?:--?\S+\s+)*([\w./:@-]+)\s+)" W,
     "poetry config pypi-token.pypi «s3cr3t-value»"},
    {"", "setProperty", R"(\bsetProperty\(\s*["']([\w.-]+)["']\s*,\s*)" W,
     "System.setProperty(\"db.password\", \"«s3cr3t-value»\")"},
    {"", "</", R"(<([\w.-]+)>\s*([^<>\s]+)\s*</)",
     "echo '<password>«s3cr3t-value»</password>' > settings.xml"},
    {"generic-password", "ssh-keygen", R"(\bssh-keygen\b)" ARGS R"(-[NP]\s*)" W,
     "ssh-keygen -t rsa -N «s3cr3t-value» -f key"},
    {"generic-password", "bundle",
     R"(\bbundle\s+config\s+(?:set\s+)?(?:--\S+\s+)*\S+\s+\\?["']?[^\s"':\\/$]+:([^\s"'\\/]+))",
     "bundle config gems.internal deploy:«s3cr3t-value»"},
    {"netrc", "machine",
     R"((?s)\bmachine\s.{0,200}?(?:\b|\\n)login\s.{0,200}?(?:\b|\\n)password(?:\s|\\n)+)" W,
     "echo 'machine git.internal login deploy password «s3cr3t-value»' > ~/.netrc"},
    {"docker-auth-config", "auth",
     R"(\\?["']auth\\?["']\s*:\s*\\?["']([A-Za-z0-9+/=_-]{8,})\\?["'])",
     "echo '{\"auths\":{\"registry.internal\":{\"auth\":\"«ZGVwbG95OnMzY3IzdA==»\"}}}'"},
    {"generic-password", "dentified",
     R"((?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?)"
     R"((\\"[^"\\]+\\"|"[^"\\]+"|'[^']+'))",
     "mysql -e \"CREATE USER app IDENTIFIED BY '«s3cr3t-value»'\""},
    {"generic-password", "DENTIFIED",
     R"((?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?)"
     R"((\\"[^"\\]+\\"|"[^"\\]+"|'[^']+'))",
     "mysql -e \"CREATE USER app IDENTIFIED BY '«s3cr3t-value»'\""},
    {"generic-password", "PASSWORD",
     R"(\b(?:WITH|USER\s+\S+|ROLE\s+\S+|ENCRYPTED|LOGIN|SUPERUSER|CREATEDB)\s+PASSWORD\s+)"
     R"((\\"[^"\\]+\\"|"[^"\\]+"|'[^']+'))",
     "psql -c \"ALTER USER app WITH PASSWORD '«s3cr3t-value»'\""},
    {"generic-password", "password",
     R"(\b(?:with|user\s+\S+|role\s+\S+|encrypted|login|superuser|createdb)\s+password\s+)"
     R"((\\"[^"\\]+\\"|"[^"\\]+"|'[^']+'))",
     "psql -c \"alter role app with password '«s3cr3t-value»'\""},
    {"generic-private-key", "PRIVATE KEY",
     R"((?s)(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.{32,}?(?:-----END [A-Z0-9 ]*PRIVATE KEY)"
     R"((?: BLOCK)?-----|\z)))",
     "echo '«-----BEGIN … PRIVATE KEY-----…-----END … PRIVATE KEY-----»' > id"},
};

#undef ARGS
#undef W

}  // namespace

const std::vector<TextRule>& TextRules() {
  static const std::vector<TextRule> rules(std::begin(kTextRules), std::end(kTextRules));
  return rules;
}

}  // namespace watertight
