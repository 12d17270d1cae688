#include "framework/scan/text_rules.h"

#include <iterator>

namespace watertight {
namespace {

// A word of a command: \"quoted\", "quoted", 'quoted', user:"quoted" or plain.
#define W                                                             \
  R"((\\"[^"\\]+\\"|"(?:\\.|[^"\\])+"|'[^']+'|[\w.-]+[:,]"[^"\\]+"|)" \
  R"([\w.-]+[:,]'[^']+'|[^\s"'|&;<>()\\\x00]+))"
// The rest of a command up to an option; exec forms quote each word.
#define ARGS R"((?:[^|;&\n]|&[^&])*?[\s"])"
// Between an option and its value, in exec forms too: -p x, -p=x, "-p" "x", "-p","x".
#define GAP R"((?:\s+|=|\\?"[\s,]*))"
// What a command reads from its standard input: printf '%s' x |
#define SAYS R"(\b(?:echo|printf)\s+(?:-\w+\s+|["']%s(?:\\n)?["']\s+)*)"

// A quoted string.
#define QUOTED R"((\\"[^"\\]+\\"|"[^"\\]+"|'[^']+'))"
// The name of a setting, perhaps quoted.
#define KEY R"(\\?["']?([\w./:@\["\]-]*[\w\]])\\?["']?)"
// A mark that is to be replaced.
#define MARK R"(([A-Z][A-Z0-9_]{3,}|[_@%{<$\[(\\ ]{1,6}[A-Za-z][\w. -]*?[_@%}>\])\\ ]{1,6}))"

constexpr TextRule kTextRules[] = {
    {"generic-authorization-header", "uthorization",
     R"((?i)authorization(?:\\?["'])?\s*[:=]\s*(?:\\?["'])?(?:basic|bearer|token|digest|apikey|)"
     R"(key)\s+)"
     R"(([^\s"'\\,]+))",
     "curl -H 'Authorization: Bearer «s3cr3t-value»' https://h/", '\0', "uthorization", 1},
    {"generic-authorization-header", "AUTHORIZATION",
     R"((?i)authorization(?:\\?["'])?\s*[:=]\s*(?:\\?["'])?(?:basic|bearer|token|digest|apikey|)"
     R"(key)\s+)"
     R"(([^\s"'\\,]+))",
     "http h AUTHORIZATION:'Token «s3cr3t-value»'", '\0', "UTHORIZATION", 1},
    {"generic-basic-auth", "curl",
     R"(\bcurl\b)" ARGS R"((?:-\w*u|--user|-U|--proxy-user))" GAP "?" W,
     "curl -u deploy:«s3cr3t-value» https://h/", ':', "!curl_ curl.exe"},
    {"generic-basic-auth", "http", R"(\bhttps?(?:\s[^|;\n]*?)?\s(?:-a|--auth))" GAP W,
     "http -a deploy:«s3cr3t-value» https://h/", ':'},
    {"generic-password", "mysql",
     R"(\bmysql(?:dump|admin|import|pump|check|show|sh)?\b)" ARGS R"(-p)" W,
     "mysql -u root -p«s3cr3t-value» db", '\0', "!mysql_ mysqldump mysqladmin mysqlimport"},
    {"generic-password", "maria", R"(\bmariadb(?:-\w+)?\b)" ARGS R"(-p)" W,
     "mariadb -u root -p«s3cr3t-value» db", '\0', "!mariadb_ mariadb-dump mariadb-admin"},
    {"generic-password", "mysqladmin", R"(\bmysqladmin\b)" ARGS R"(password\s+)" W,
     "mysqladmin -u root password '«s3cr3t-value»'", '\0', "mysqladmin"},
    {"generic-password", "sshpass", R"(\bsshpass)" GAP R"((?:-[ve]+\s+)*-p)" GAP "?" W,
     "sshpass -p «s3cr3t-value» ssh h", '\0', "!sshpass_"},
    {"generic-password", "login", R"(\blogin\b)" ARGS "-p" GAP "?" W,
     "docker login -u deploy -p «s3cr3t-value» registry.internal", '\0', "!login_-"},
    {"generic-password", "-p",
     R"(\b(?:twine|beeline|rdesktop|cqlsh|cypher-shell|ncftp\w*|elasticsearch-users|useradd|usermod|)"
     R"(add-user[\w-]*\.sh|)"
     R"(az\s+sql|nuget\s+\w+\s+source)\b)" ARGS "-p" GAP W,
     "twine upload -u deploy -p «s3cr3t-value» dist/*", '\0',
     "!twine_ !cqlsh_ cypher-shell ncftp elasticsearch-users !useradd_ !usermod_ add-user "
     "!nuget_add_ !nuget_update_ !beeline_ !rdesktop_"},
    {"generic-password", "-P", R"(\b(?:un)?zip\b)" ARGS "-P" GAP "?" W,
     "unzip -q -P «s3cr3t-value» x.zip", '\0', "!zip_-", 3},
    {"generic-password", "7z",
     R"(\b7z[arz]?\s+\w+\s)"
     R"((?:[^|;\n]*?\s)?-p)" W,
     "7z x -p«s3cr3t-value» x.7z", '\0', "!7z_ !7za_ !7zr_"},
    {"generic-password", "redis-cli", R"(\bredis-cli\b)" ARGS "-a" GAP "?" W,
     "redis-cli -h h -a «s3cr3t-value» ping", '\0', "!redis-cli_"},
    {"generic-password", "ldap",
     R"(\bldap(?:add|modify|search|delete|passwd|whoami)\b)" ARGS "-w" GAP "?" W,
     "ldapsearch -x -D cn=admin -w «s3cr3t-value»", '\0',
     "ldapadd ldapmodify ldapsearch ldapdelete ldappasswd ldapwhoami"},
    {"generic-password", "-P",
     R"(\b(?:sqlcmd|osql|bcp|mosquitto_[ps]ub|ipmitool)\b)" ARGS "-P" GAP "?" W,
     "sqlcmd -S h -U sa -P «s3cr3t-value»", '\0',
     "!sqlcmd_ !osql_ !bcp_ mosquitto_pub mosquitto_sub !ipmitool_"},
    {"generic-password", "mongo", R"(\bmongo(?:sh|dump|restore|import|export)?\b)" ARGS "-p" GAP W,
     "mongosh -u root -p «s3cr3t-value»", '\0',
     "!mongo_ !mongosh_ !mongodump_ !mongorestore_ !mongoimport_ !mongoexport_"},
    {"generic-password", "-U", R"(\b(?:smbclient|rpcclient|winexe)\b)" ARGS "-U" GAP "?" W,
     "smbclient //h/share -U 'deploy%«s3cr3t-value»'", '%', "!smbclient_ !rpcclient_ !winexe_"},
    {"generic-password", "etcdctl", R"(\betcdctl\b)" ARGS "--user" GAP W,
     "etcdctl --user root:«s3cr3t-value» get x", ':', "!etcdctl_"},
    {"generic-password", "lftp", R"(\blftp\b)" ARGS "-u" GAP "?" W,
     "lftp -u deploy,«s3cr3t-value» sftp://h", ',', "!lftp_"},
    {"generic-password", "sqlplus",
     R"(\bsqlplus\s+(?:-\w+\s+)*\\?["']?[\w.$-]+/([^\s"'@\\/][^\s"'@\\]*))",
     "sqlplus app/«s3cr3t-value»@db:1521/x", '\0', "!sqlplus_"},
    {"generic-password", "passwd",
     R"(\b(?:ht|mosquitto_)passwd\s+(?:-\w+\s+)*?-[A-Za-mo-z0-9]*b[A-Za-mo-z0-9]*\s+(?:-\w+)"
     R"(\s+)*[^\s-]\S*\s+\S+\s+)" W,
     "htpasswd -bc /etc/nginx/htpasswd deploy «s3cr3t-value»", '\0',
     "!htpasswd_- !mosquitto_passwd_-"},
    {"generic-password", "htpasswd",
     R"(\bhtpasswd\s+(?:-\w+\s+)*?-\w*(?:n\w*b|b\w*n)\w*\s+(?:-\w+\s+)*[^\s-]\S*\s+)" W,
     "htpasswd -nb deploy «s3cr3t-value»", '\0', "!htpasswd_-"},
    {"generic-password", "chpasswd", SAYS W R"(\s*\|\s*(?:sudo\s+)?[\w/]*chpasswd)",
     "echo 'root:«s3cr3t-value»' | chpasswd", ':', "chpasswd", 160},
    {"generic-password", "chpasswd", R"(\bchpasswd\s*<<<\s*)" W,
     "chpasswd <<< \"root:«s3cr3t-value»\"", ':', "chpasswd"},
    {"generic-password", "chpasswd",
     R"((?:<<[^\n]*\bchpasswd|\bchpasswd\s*<<[^\n]*)\n[\w.-]+:([^\n]+))",
     "chpasswd <<EOF\nroot:«s3cr3t-value»\nEOF", '\0', "chpasswd", 80},
    {"generic-password", "|",
     SAYS W
     R"(\s*\|\s*[^|;&\n]*(?:--password-stdin|--passwd-on-stdin|--with-token|\bpasswd\s[^|;&\n]*-stdin|)"
     R"(--passphrase-fd\s+0|\bcryptsetup\s|\bvncpasswd\s|\bkinit\s|\bsecret\s+(?:put|set)\s|)"
     R"(\belasticsearch-(?:keystore|reset-password|users)\b|_stdin|\bsudo\s+-\w*S))",
     "echo «s3cr3t-value» | docker login -u deploy --password-stdin", '\0',
     "-password-stdin -passwd-on-stdin -with-token !sudo_-S", 160},
    {"generic-password", "<<<",
     R"((?:--password-stdin|--with-token|\b(?:smb)?passwd|\bkinit|\bcryptsetup|)"
     R"(\belasticsearch-(?:keystore|reset-password|users)\b|_stdin|\bsudo\s+-\w*S|)"
     R"(\bsecret\s+(?:put|set)\s)[^|;&<\n]*<<<\s*)" W,
     "docker login -u deploy --password-stdin <<< «s3cr3t-value»", '\0',
     "-password-stdin -with-token !sudo_-S", 1},
    // The new password twice.
    {"generic-password", "passwd",
     SAYS R"(("[^"\n]+\\n[^"\n]+"|'[^'\n]+\\n[^'\n]+'))"
          R"(\s*\|\s*(?:sudo\s+)?(?:smb)?passwd\b)",
     "echo -e '«s3cr3t-value\\ns3cr3t-value»' | passwd root"},
    {"generic-password", "passwd",
     R"([({]\s*echo\s+)" W R"(\s*;\s*echo\s[^|]*[)}]\s*\|\s*(?:sudo\s+)?(?:smb)?passwd\b)",
     "(echo «s3cr3t-value»; echo $X) | passwd app"},
    {"generic-password", "pass:",
     R"(-pass(?:in|out)?)" GAP R"((\\"pass:[^"\\]+|"pass:[^"]+"|'pass:[^']+'|pass:[^\s"'\\]+))",
     "openssl rsa -in k.pem -passin pass:«s3cr3t-value»", ':', "!_pass:", 10},
    {"generic-password", "openssl", R"(\bopenssl\s+(?:enc|aes|des)\b)" ARGS "-k" GAP W,
     "openssl enc -d -aes-256-cbc -k «s3cr3t-value» -in x", '\0', "!openssl_enc_"},
    {"generic-password", "openssl", R"(\bopenssl\s+passwd\s+(?:-salt\s+\S+\s+|-\w+\s+)*)" W,
     "useradd -m -p $(openssl passwd -6 «s3cr3t-value») app", '\0', "!openssl_passwd_"},
    {"generic-password", "crypt(", R"(\bcrypt\(\s*)" W R"(\s*[,)])",
     "perl -e 'print crypt(\"«s3cr3t-value»\", \"aa\")'"},
    {"generic-password", ".pgpass",
     R"(\b(?:echo|printf)\s+(?:-\w+\s+)*\\?["']?(?:[^\s"':|]*:){4}([^\s"'|\\]+)(?:\\n)?\\?["']?)"
     R"(\s*>>?\s*\S*\.pgpass)",
     "echo 'db:5432:app:app:«s3cr3t-value»' > ~/.pgpass"},
    {"generic-password", "pass", R"((?:^|[^-\w])requirepass\s+\\?["']?([^\s"'|/.\\][^\s"'|/\\]*))",
     "echo 'requirepass «s3cr3t-value»' >> /etc/redis.conf"},
    {"generic-password", "pw", R"((?:^|[^-\w])(?:bindpw|rootpw)\s+(?:--plaintext\s+)?)" W,
     "echo 'bindpw «s3cr3t-value»' >> /etc/ldap.conf", '\0', "!bindpw_ !rootpw_", 1},
    {"generic-password", "masterauth", R"((?:^|[^-\w])masterauth\s+)" W,
     "echo 'masterauth «s3cr3t-value»' >> /etc/redis.conf"},
    {"generic-password", "AUTH", R"(\bredis-cli\b)" ARGS R"(AUTH\s+)" W,
     "redis-cli AUTH «s3cr3t-value»"},
    {"generic-password", "-pw", R"(\b(?:plink|pscp|psftp)\b)" ARGS "-pw" GAP W,
     "plink -pw «s3cr3t-value» deploy@h", '\0', "!plink_ !pscp_ !psftp_"},
    {"generic-secret", "encrypt_string", R"(\bencrypt_string\s+)" W,
     "ansible-vault encrypt_string '«s3cr3t-value»' --name x", '\0', "encrypt_string"},
    {"generic-secret", "secret",
     R"(\bsecret\s+set\s+\S+\s)"
     R"((?:[^|;&\n]*?\s)?(?:-b|--body|--value))" GAP W,
     "gh secret set X --body «s3cr3t-value»", '\0', "!secret_set_"},
    {"generic-token", "unseal", R"(\bvault\s+operator\s+unseal\s+)" W,
     "vault operator unseal «s3cr3t-value»", '\0', "!vault_operator_unseal"},
    {"generic-token", "set-agent-token", R"(\bset-agent-token\s+\S+\s+)" W,
     "consul acl set-agent-token default «s3cr3t-value»", '\0', "set-agent-token"},
    {"generic-password", "slappasswd", R"(\bslappasswd\b)" ARGS "-s" GAP W,
     "slappasswd -s «s3cr3t-value»", '\0', "!slappasswd_"},
    {"generic-password", "debconf",
     R"(/\S*pass\S*\s+password\s+)" W R"(["'\s;}]*\|\s*debconf-set-selections)",
     "echo 'x x/root_password password «s3cr3t-value»' | debconf-set-selections"},
    {"generic-password", "reset-", R"(\breset-(?:\w+-)?password\s+)" W,
     "grafana-cli admin reset-admin-password «s3cr3t-value»", '\0', "!reset-admin-password_"},
    {"generic-password", "add-user", R"(\badd-user\.sh\s+[^-\s]\S*\s+)" W,
     "add-user.sh deploy «s3cr3t-value» --silent"},
    {"generic-password", "/p", R"(\b(?:signtool|xfreerdp)\b)" ARGS R"(/p(?::|\s+))" W,
     "signtool sign /f x.pfx /p «s3cr3t-value» x.exe", '\0', "!signtool_ !xfreerdp_"},
    {"generic-password", "auth=", R"(\bauth=\(\s*["'][^"']*["']\s*,\s*)" QUOTED,
     "requests.get(url, auth=('deploy', '«s3cr3t-value»'))", '\0', "auth=("},
    {"generic-api-key", "key",
     R"(\\?"username\\?"\s*:\s*\\?"[^"]*"\s*,\s*\\?"key\\?"\s*:\s*)" QUOTED,
     "echo '{\"username\":\"deploy\",\"key\":\"«s3cr3t-value»\"}' > ~/.kaggle/kaggle.json"},
    {"generic-password", "user",
     R"(\bnet\s+user\s+(?:/\w+\s+)*[\w.%$-]+\s+([^\s"'/][^\s"']*|"[^"]+"))",
     "net user deploy «s3cr3t-value» /add", '\0', "!net_user_"},
    {"generic-password", "SecureString",
     R"((?i)\bConvertTo-SecureString\s+(?:-(?:String|AsPlainText|Force)\s+)*)" W,
     "ConvertTo-SecureString '«s3cr3t-value»' -AsPlainText -Force", '\0', "ConvertTo-SecureString"},
    {"generic-password", "pwd", R"([{,;]\s*\\?["']?pwd\\?["']?\s*[:=]\s*)" W,
     "mongosh --eval \"db.createUser({user: 'app', pwd: '«s3cr3t-value»'})\""},
    {"generic-secret", "--from-literal",
     R"(\bsecret\b[^|;&\n]*?--from-literal[=\s]+\\?["']?[\w.-]+=)" W,
     "kubectl create secret generic x --from-literal=conn=«s3cr3t-value»", '\0', "-from-literal",
     120},
    {"generic-secret", "user-secrets", R"(\buser-secrets\s+set\s+(?:--?\w+\s+\S+\s+)*\S+\s+)" W,
     "dotnet user-secrets set Db:Conn «s3cr3t-value»", '\0', "!user-secrets_set_"},
    {"generic-password", "add_user", R"(\brabbitmqctl\s+add_user\s+\S+\s+)" W,
     "rabbitmqctl add_user deploy «s3cr3t-value»", '\0', "rabbitmqctl"},
    {"generic-password", "change_password", R"(\bchange_password\s+\S+\s+)" W,
     "rabbitmqctl change_password deploy «s3cr3t-value»", '\0',
     "!change_password_ change_password"},
    {"generic-password", "http-basic", R"(\bhttp-basic\.\S+\s+\S+\s+)" W,
     "composer config http-basic.repo.internal deploy «s3cr3t-value»", '\0', "http-basic."},
    {"generic-token", "config",
     R"(\bcomposer\s+config\s+(?:--?\S+\s+)*(?:\w+-oauth|\w+-token|bearer)\.[\w.-]+\s+)" W,
     "composer config -g github-oauth.github.com «s3cr3t-value»", '\0', "!composer_config_"},
    {"generic-token", "login",
     R"(\b(?:vault|cargo|wandb)\s+login\s+(?:--registry[= ]\S+\s+|-[\w-]+(?:=\S+)?\s+)*\\?["']?)"
     R"(([^\s"'=|&;<>\\]+)(?:[\s"'\\;]|$))",
     "vault login «s3cr3t-value»", '\0', "!vault_login_ !cargo_login_ !wandb_login_"},
    {"generic-token", "auth", R"(\b(?:snyk\s+auth|ngrok\s+authtoken)\s+)" W,
     "snyk auth «s3cr3t-value»", '\0', "!snyk_auth_ !ngrok_authtoken_"},
    {"generic-token", "-t", R"(\b(?:doctl\s+auth\s+init|codecov)\b)" ARGS "-t" GAP W,
     "doctl auth init -t «s3cr3t-value»", '\0', "!doctl_auth_ !codecov_"},
    {"generic-token", "conda", R"(\bconda\b[^|;\n]*?://[^\s"'/]+/t/([^\s"'/]+)/)",
     "conda config --add channels https://conda.internal/t/«s3cr3t-value»/x"},
    {"generic-token", "sig=", R"([?&]sig=([A-Za-z0-9%+/=_-]{16,}))",
     "curl 'https://x.blob.internal/a?sv=2023&sig=«q8wdg3Kd92jfhqpw71%3D»'"},
    {"generic-token", "ignature=", R"([?&](?:X-\w+-)?Signature=([A-Za-z0-9%+/=_-]{16,}))",
     "curl 'https://s3.internal/a?X-Amz-Signature=«q8wdg3Kd92jfhqpw71»&x=y'"},
    {"generic-api-key", "nuget",
     R"(\bnuget\s+(?:push\b)"
     R"([^|;\n]*?\s-k|setapikey))" GAP W,
     "dotnet nuget push x.nupkg -k «s3cr3t-value»", '\0', "!nuget_push_ !nuget_setapikey_"},
    {"generic-api-key", "mc ", R"(\bmc\s+(?:alias\s+set|config\s+host\s+add)\s+(?:\S+\s+){3})" W,
     "mc alias set x https://s3.internal deploy «s3cr3t-value»", '\0',
     "!mc_alias_set_ !mc_config_host_"},
    // The names of these come from the text, and must be secret-like.
    {"", "set", R"(\bset(?:x|env)?\s+(?:(?:--?\w\S*|/\w)\s+)*)" KEY R"(\s+)" W,
     "npm config set //registry.internal/:_authToken «s3cr3t-value»"},
    {"", "config", R"(\bconfig\s+(?:--?\S+\s+)*)" KEY R"(\s+)" W,
     "poetry config pypi-token.pypi «s3cr3t-value»"},
    {"", "rclone",
     R"(\brclone\s+config\s+\w+\s[^|;&\n]*?\s(\w*(?:pass|password|secret|token|key))[ =])" W,
     "rclone config create x s3 secret_access_key «s3cr3t-value»", '\0', "!rclone_config_"},
    {"", "read", R"(\bread\s+(?:-\w+\s+)*(\w+)\s*<<<\s*)" W, "read -r TOKEN <<< «s3cr3t-value»"},
    {"", "-", R"(\s(?:-H|--header)(?:\s+|=)([\w-]+):\s*([^\s"'\\]+))",
     "curl -H X-Vault-Token:«s3cr3t-value» https://h/"},
    {"", "crudini", R"(\bcrudini\s+--set\s+\S+\s+\S+\s+)" KEY R"(\s+)" W,
     "crudini --set /etc/x.conf db password «s3cr3t-value»", '\0', "!crudini_--set_"},
    {"", "-Item",
     R"(\b(?:Set|New)-Item\s+(?:-Path\s+)?["']?[Ee]nv:\\?(\w+)["']?\s+(?:-Value\s+)?)" W,
     "Set-Item Env:API_TOKEN «s3cr3t-value»", '\0', "!Set-Item_ !New-Item_"},
    {"", "${", R"(\$\{(\w+):?[-=]([^}$"'\s][^}$"']*)\})", "make ${TOKEN:=«s3cr3t-value»}"},
    {"", "(",
     R"(\b(?:define|setProperty|SetEnvironmentVariable|[Ss]etenv)\(\s*\\?["']([\w.-]+)\\?["']\s*,)"
     R"(\s*)" W,
     "System.setProperty(\"db.password\", \"«s3cr3t-value»\")", '\0',
     "define( setProperty( SetEnvironmentVariable( setenv( Setenv("},
    {"", "]", R"(\[\s*\\?["']([\w.:-]+)\\?["']\s*\]\s*=\s*)" QUOTED,
     "os.environ['API_TOKEN'] = '«s3cr3t-value»'"},
    {"", "value=", R"(\b(?:key|name)=\\?["']([\w.:-]+)\\?["']\s+value=)" QUOTED,
     "echo '<add key=\"Password\" value=\"«s3cr3t-value»\" />'"},
    {"", "</", R"(<([\w.-]+)>\s*([^<>\s](?:[^<>]*[^<>\s])?)\s*</)",
     "echo '<password>«s3cr3t-value»</password>' > settings.xml"},
    // sed puts the value in the place of a mark: __TOKEN__, @TOKEN@, {{token}}, TOKEN_HERE.
    {"", "s/", R"(\bs/)" MARK R"(/([^/"'\n]+)/)", "sed -i s/__TOKEN__/«s3cr3t-value»/ x"},
    {"", "s/", R"(\bs/[^/\n]*/[^/\n]*?([\w.-]+):\s*([^/"'\n]+)/)",
     "sed -i 's/token: .*/token: «s3cr3t-value»/' x.yml"},
    {"", "s|", R"(\bs\|)" MARK R"(\|([^|"'\n]+)\|)", "sed -i 's|@TOKEN@|«s3cr3t-value»|g' x"},
    {"", "s#", R"(\bs#)" MARK R"(#([^#"'\n]+)#)", "sed -i 's#{{ token }}#«s3cr3t-value»#' x"},
    {"generic-password", "ssh-keygen", R"(\bssh-keygen\b)" ARGS R"(-[NP]\s*)" W,
     "ssh-keygen -t rsa -N «s3cr3t-value» -f key", '\0', "!ssh-keygen_"},
    {"generic-password", "bundle",
     R"(\bbundle\s+config\s+(?:set\s+)?(?:--\S+\s+)*\S+\s+\\?["']?[^\s"':\\/$]+:([^\s"'\\/]+))",
     "bundle config gems.internal deploy:«s3cr3t-value»", '\0', "!bundle_config_"},
    {"netrc", "machine",
     R"((?s)\bmachine\s.{0,200}?(?:\b|\\n)login\s.{0,200}?(?:\b|\\n)password(?:\s|\\n)+)" W,
     "echo 'machine git.internal login deploy password «s3cr3t-value»' > ~/.netrc"},
    {"netrc", "x-oauth-basic",
     R"(\blogin(?:\s|\\n)+([^\s"'\\]+)(?:\s|\\n)+password(?:\s|\\n)+x-oauth-basic)",
     "echo 'machine git.internal login «s3cr3t-value» password x-oauth-basic' > ~/.netrc"},
    {"docker-auth-config", "auth",
     R"(\\?["']auth\\?["']\s*:\s*\\?["']([A-Za-z0-9+/=_-]{8,})\\?["'])",
     "echo '{\"auths\":{\"registry.internal\":{\"auth\":\"«ZGVwbG95OnMzY3IzdA==»\"}}}'"},
    {"generic-password", "dentified",
     R"((?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?)" QUOTED,
     "mysql -e \"CREATE USER app IDENTIFIED BY '«s3cr3t-value»'\""},
    {"generic-password", "DENTIFIED",
     R"((?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?)" QUOTED,
     "mysql -e \"CREATE USER app IDENTIFIED BY '«s3cr3t-value»'\""},
    {"generic-password", "PASSWORD(", R"(=\s*PASSWORD\(\s*)" QUOTED,
     "mysql -e \"SET PASSWORD = PASSWORD('«s3cr3t-value»')\"", '\0', "PASSWORD(", 4},
    {"generic-password", "PASSWORD",
     R"(\b(?:WITH|USER\s+\S+|ROLE\s+\S+|ENCRYPTED|LOGIN|SUPERUSER|CREATEDB)\s+PASSWORD\s+)" QUOTED,
     "psql -c \"ALTER USER app WITH PASSWORD '«s3cr3t-value»'\""},
    {"generic-password", "password",
     R"(\b(?:with|user\s+\S+|role\s+\S+|encrypted|login|superuser|createdb)\s+password\s+)" QUOTED,
     "psql -c \"alter role app with password '«s3cr3t-value»'\""},
    {"generic-private-key", "PRIVATE KEY",
     R"((?s)(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.{32,}?(?:-----END [A-Z0-9)"
     R"( ]*PRIVATE KEY)"
     R"((?: BLOCK)?-----|\z)))",
     "echo '«-----BEGIN … PRIVATE KEY-----…-----END … PRIVATE KEY-----»' > id"},
    // A message to people: letters and digits in turns are no word.
    {"generic-password", "assword ",
     R"re((?i)\bpassword(?:\s+is|\s+was)?\s+([A-Z]{0,20}[0-9][^\s"'|&;<>()\\$]{8,}))re",
     "moved from the old host, console password «s3cr3t-value»"},
};

#undef MARK
#undef KEY
#undef QUOTED
#undef SAYS
#undef GAP
#undef ARGS
#undef W

}  // namespace

const std::vector<TextRule>& TextRules() {
  static const std::vector<TextRule> rules(std::begin(kTextRules), std::end(kTextRules));
  return rules;
}

}  // namespace watertight
