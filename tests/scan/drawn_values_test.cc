// Short values behind the name of a secret: how many of those that were drawn by chance are found,
// and what people and programs write there instead.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "framework/scan/rules/drawn.h"
#include "tests/scan/rules_in.h"

namespace watertight::testing {
namespace {

// Of how many draws in a hundred. «» stands for the value.
int Found(const std::string& place, const std::string& alphabet, int length) {
  constexpr int kDraws = 200;
  const std::string mark = "«»";
  int found = 0;
  for (int i = 0; i < kDraws; ++i) {
    // The line above makes each draw another one.
    std::string drawn = "{" + alphabet + ":" + std::to_string(length) + "}";
    std::string text = "# " + std::to_string(i) + "\n" + place;
    text.replace(text.find(mark), mark.size(), drawn);
    found += Fails(Filled(text)) ? 1 : 0;
  }
  return 100 * found / kDraws;
}

constexpr const char* kPlaces[] = {
    "DB_PASSWORD=«»\n",
    "export API_TOKEN=\"«»\"\n",
    "ENV ADMIN_PASSWORD=«»\n",
    "spring.datasource.password = «»\n",
    "  password: «»\n",
    "      - MYSQL_ROOT_PASSWORD=«»\n",
    "- name: DB_PASSWORD\n  value: '«»'\n",
    "\"clientSecret\": \"«»\",\n",
    "<password>«»</password>\n",
    "  'password' => '«»',\n",
    "const config = {user: 'app', password: '«»'};\n",
    "SMTP_PASSWORD=«» ./send\n",
};

TEST(DrawnValues, AreFoundInSettings) {
  for (const char* place : kPlaces) {
    for (const char* alphabet : {"b36", "b62"}) {
      EXPECT_GE(Found(place, alphabet, 8), 85) << place << alphabet;
      for (const int length : {10, 12, 16, 24}) {
        EXPECT_GE(Found(place, alphabet, length), length == 10 ? 95 : 97)
            << place << alphabet << length;
      }
    }
    EXPECT_GE(Found(place, "hex", 12), 95) << place;
    EXPECT_GE(Found(place, "let", 12), 95) << place;
  }
}

TEST(DrawnValues, AreToldFromWords) {
  for (const char* value : {"q7Rk2mWx", "8fk2n5xq", "Zt9!vPq3#w", "qGxZkWvTbR", "0f9a7c3e",
                            "xkqzvbwjtm", "pK-7wq.Z2d", "upNclZ1k%vQQ3OR"}) {
    EXPECT_TRUE(LooksDrawn(value)) << value;
  }
  for (const char* value :
       {"password1",        "p4ssw0rd",        "P@55w0rd!",      "changeit2",  "correcthorse",
        "Falcon-1024",      "oauth2client",    "V1SecretRef",    "admin1234",  "qwerty12",
        "jwt-oauth2-api",   "Passwort123",     "wachtwoord",     "salasanasi", "TestVet/6",
        "utf8mb4_general",  "myRegistryToken", "s3cr3tkey",      "2015-03-05", "1.302190",
        "12345678",         "________",        "aaaaaaaaaa",     "AES256-GCM", "sha256withrsa",
        "x509certificates", "base64urlencode", "kubernetes-dev", "a{}b{}c{}"}) {
    EXPECT_FALSE(LooksDrawn(value)) << value << " " << BitsAgainstWords(value);
  }
}

constexpr const char* kNone[] = {
    "PASSWORD=changeme1\n",
    "DB_PASSWORD=${DB_PASSWORD_V2}\n",
    "DB_PASSWORD=your-password-here\n",
    "password: <password>\n",
    "password: xxxxxxxxxx\n",
    "password=self.password2\n",
    "    password: passwordInput,\n",
    "PASSWORD=PromptForPassword\n",
    "password: \"Enter your password:\"\n",
    "\"passwordLabel\": \"Adgangskode\",\n",
    "password = getpass(prompt)\n",
    "  token: BertTokenizer2\n",
    "token = 'utf8_str2'\n",
    "const token = 'T_STRING2';\n",
    "  password: string8Chars;\n",
    "API_KEY_PREFIX = 'k8s-aws-v1.'\n",
    "TOKEN = -0x7f879679\n",
    "secret = secrets[idx2]\n",
    "password = \"%s:%s@%d\"\n",
    "token = 'key=%s%s'\n",
    "password: \"^[a-z0-9]{8,}$\"\n",
    "SECRET=/run/secrets/db2x9k\n",
    "password: !vault |\n",
    "token: \"2016-09-08T21:47:36Z\"\n",
    "password: md5sum9\n",
    "a{color:red;password:x9k2mq7w;top:0}\n",
    "if (password==x9k2mq7w) return;\n",
    "secret=x9k2mq7w&next=1\n",
    "  \"AWS::SecretsManager::Secret\": \"b84e190d9ebbbfe1\",\n",
    "\x01password\x02q7Rk2mWx\x03",
    // What a tool is to put in, and names of objects that hold a secret.
    "password: \"@DB_PASS2@\"\n",
    "password: \"@{DB_PASS2x}\"\n",
    "password: \"{DB_PASS2x}\"\n",
    "password: \"#DB_PASS2x#\"\n",
    "existingSecret: \"my-release-pg-1a2b\"\n",
    "passwordSecret: db-credentials-7f8d9c\n",
    "credentialName: ingress-cert-9d8e7f\n",
    "API_TOKEN=dckr_"
    "pat_00000000000000000000000000a\n",
    // Names of Rust, in programs.
    "aws_config::profile::credentials::exec/root/.cargo/registry/src/index-1949cf8c6b5b557f/"
    "exec.rs",
    "_ZN3url3Url12set_password17h0a1b2c3d4e5f6789E\n",
};

TEST(DrawnValues, AreNotSeenInOtherText) {
  for (const char* text : kNone) EXPECT_FALSE(Fails(text)) << text;
}

// Marks that end a value elsewhere are a part of what stands alone on its line.
TEST(DrawnValues, OfManyMarksAreFoundOnALineOfTheirOwn) {
  for (const char* text : {"DB_PASSWORD=x9&Kq2(m;Wz7\n", "password = k7,Qz|2p{X9r\n",
                           "  password: mK4;zq<9>Tw\n", "- API_TOKEN=Zk,8w(Qp2)x7\n"}) {
    EXPECT_TRUE(Fails(text)) << text;
  }
  for (const char* text : {"secret=x9k2mq7w&next=1\n", "    password: parse(a1b2),\n",
                           "token = Option<T1>::Some(x9)\n", "password: x9k2mq7w;\n"}) {
    EXPECT_FALSE(Fails(text)) << text;
  }
}

TEST(DrawnValues, MayHoldMarksOfVariables) {
  for (const char* text : {"CREATE USER a IDENTIFIED BY 'kJ4*vQ2mZ8rTT4';\n",
                           "DATABASE_URL=postgres://app:kJ4*vQ2mZ8rTT4@db.internal/app\n",
                           "requirepass kJ4<vQ2mZ8rTT4\n", "mysql -p'kJ4$vQ2mZ8rTT4' app\n",
                           "{\"password\":\"Kp[x9vQ2mZ8rTw7b\"}\n"}) {
    EXPECT_TRUE(Fails(text)) << text;
  }
  for (const char* text :
       {"url = postgres://u:${DB_PASS2}@h/db\n", "url = postgres://u:$PASS2@h/db\n",
        "url = postgres://u:<password2>@h/db\n", "password = cfg[key2]\n"}) {
    EXPECT_FALSE(Fails(text)) << text;
  }
}

// Well-known samples are none; what is drawn may hold their letters.
TEST(DrawnValues, MayHoldTheLettersOfASample) {
  for (const char* text : {"DB_PASSWORD=hunter2!X\n", "DB_PASSWORD=asdf1234\n",
                           "DB_PASSWORD=Testing123\n", "token = 'asdfoiw37850234lkj'\n"}) {
    EXPECT_FALSE(Fails(text)) << text;
  }
  EXPECT_TRUE(Fails("DB_PASSWORD=q7RkasdF2mWx9vTbZ3Lp8\n"));
}

TEST(DrawnValues, NeedNotStandInAUrlOfASetting) {
  for (const char* text : {"REPO=https://ci:wintersunset@nexus.internal/repo\n",
                           "url = https://ci:Winter-Sunset@nexus.internal/repo\n",
                           "  url: \"https://ci:letmein@nexus.internal/repo\"\n",
                           "export PIP_INDEX_URL='https://ci:wintersunset@pypi.internal/simple'\n",
                           "DATABASE_URL=postgres://app:winter-Sunset-42@db/app\n"}) {
    EXPECT_TRUE(Fails(text)) << text;
  }
  for (const char* text :
       {"    url = 'https://ci:wintersunset@nexus.internal/repo'\n",
        "see https://ci:wintersunset@nexus.internal/repo for more\n",
        "URL=https://user:wintersunset@nexus.internal/\n", "URL=https://ci:mypassword@nexus/\n",
        "URL=https://ci:wintersunset@example.com/\n", "URL=https://ci:wintersunset@localhost/\n",
        "http_proxy=http://username:wintersunset@proxy:3128\n"}) {
    EXPECT_FALSE(Fails(text)) << text;
  }
}

// "pass" alone, or at the end of a word.
TEST(DrawnValues, AreFoundBehindPass) {
  for (const char* place :
       {"auth:{user:'a',pass:'«»'}\n", "{\"user\":\"a\",\"pass\":\"«»\"}\n", "pass: «»\n",
        "pass=«»\n", "PASS=«»\n", "$pass = \"«»\";\n", "  'pass' => '«»',\n", "pass = «»\n",
        "dbpass=«»\n", "SSHPASS=«» sshpass -e ssh h\n", "PASS: \"«»\"\n", "{\"PASS\": \"«»\"}\n",
        "PASS = «»\n", "pass : «»\n"}) {
    for (const int length : {12, 16}) EXPECT_GE(Found(place, "b62", length), 95) << place << length;
  }
  EXPECT_GE(Found("  PASS: «»\n", "b62", 16), 90);
  for (const char* text :
       {"  PASS: ld-x86-64/PR18458a\n", "bypass=q7Rk2mWxv9Tb\n", "compass: q7Rk2mWxv9Tb\n",
        "pass: 3\n", "PASS: test_q7Rk2mWxv9\n", "PASS: q7Rk2mWxv9Tb\n", "--pass=yourpassword1\n",
        "pass=$PASS_1a2b3c\n", "pass = getpass2()\n", "{pass:n2x4k9q,fail:m3}\n",
        "first pass: 0x7ffd3a2b\n", "render pass=tonemap2_x\n"}) {
    EXPECT_FALSE(Fails(text)) << text;
  }
}

// Names that program text has too, in settings.
TEST(DrawnValues, AreFoundBehindNamesOfKeys) {
  std::size_t turn = 0;
  for (const char* name : {"ENCRYPTION_KEY", "MASTER_KEY",  "PRIVATE_KEY", "SIGNING_KEY",
                           "HMAC_KEY",       "ACCOUNT_KEY", "STORAGE_KEY", "SUBSCRIPTION_KEY",
                           "SHARED_KEY",     "SESSION_KEY", "LICENSE_KEY", "APP_KEY",
                           "ADMIN_PASSCODE", "AWS_CREDS",   "ADMIN_PW",    "ROOT_PSWD",
                           "BEARER",         "JWT",         "GITHUB_PAT",  "OAUTH",
                           "FERNET_KEY",     "DB_PASSWORT"}) {
    const std::string set = name;
    std::string lower = set;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::vector<std::string> places = {set + "=«»\n", "  " + lower + ": «»\n",
                                             "{\"" + lower + "\": \"«»\"}\n"};
    const std::string& place = places[turn++ % places.size()];
    EXPECT_GE(Found(place, "b62", 32), 95) << place;
  }
  for (const char* place : {"PrivateKey = «»\n", "fernet_key = «»\n", "  secret \"«»\";\n",
                            "<key>password</key>\n<string>«»</string>\n", "{:password \"«»\"}\n",
                            "  signingKey: '«»',\n"}) {
    EXPECT_GE(Found(place, "b62", 32), 95) << place;
  }
  for (const char* text :
       {"session_key = deriveSessionKeyV2(a1)\n", "APP_KEY=your-app-key-goes-here1\n",
        "PRIVATE_KEY=/run/secrets/key_1a2b3c4d5e\n", "  app_key: q7Rk2mWx\n",
        "STORAGE_KEY = 'chat.session.index2.editor'\n", "jwt: eyJ...\n",
        "const pat = /a-z0-9{8}/\n", "const char kKey[] = \"private_key\";\n",
        "shared_key: ${SHARED_KEY_2}\n", "say the secret \"open sesame 42\" aloud\n",
        "license_key: MIT-License-2.0-or-later\n", "x = session_key[q7Rk2mWxv9TbZ3Lp] + 1\n",
        "token \"expected_identifier2\"\n"}) {
    EXPECT_FALSE(Fails(text)) << text;
  }
}

TEST(DrawnValues, AreFoundBehindNamesAloneAndWithHyphens) {
  for (const char* place : {"PW=«»\n", "PSWD=«»\n", "PAT=«»\n", "pw: «»\n", "signing-key: «»\n",
                            "encryption-key: «»\n", "api-key: «»\n", "db-password: «»\n"}) {
    EXPECT_GE(Found(place, "b62", 24), 92) << place;
  }
  EXPECT_GE(Found("PW=«»\n", "b62", 16), 75);
  for (const char* text :
       {"compat=q7Rk2mWxv9TbZ3Lp\n", "PATH=q7Rk2mWxv9TbZ3Lp\n", "PAT: Mike-2024-review-notes\n",
        "pw: password-window-2\n", "signing-key: sha256-with-rsa-2048\n",
        "X-Auth-Token: 6d1b722e\n", "\"token\": \"d40d1e1e\",\n"}) {
    EXPECT_FALSE(Fails(text)) << text;
  }
}

// A file begins behind the header of its entry, which ends in NULs.
TEST(DrawnValues, AreFoundAtTheBeginningOfAFile) {
  const std::string header = "ustar" + std::string(255, '\0');
  EXPECT_TRUE(Fails("PGPASSWORD=k3Jx9vQ2 psql -h db\n"));
  EXPECT_TRUE(Fails(header + "PGPASSWORD=k3Jx9vQ2 psql -h db\n"));
  EXPECT_FALSE(Fails(std::string("x\0PGPASSWORD=k3Jx9vQ2 psql\n", 27)));
}

// What a person thinks up: an error in an environment, a warning in other settings.
TEST(ChosenPasswords, FailInAnEnvironment) {
  EXPECT_EQ(RulesIn("DB_PASSWORD=winter-Sunset-42\n"),
            std::vector<std::string>{"generic-password"});
  EXPECT_EQ(RulesIn("export DB_PASSWORD=\"Harbour2019!\"\n"),
            std::vector<std::string>{"generic-password"});
  EXPECT_EQ(RulesIn("  password: winter-Sunset-42\n"),
            std::vector<std::string>{"generic-password (warning)"});
  for (const char* text :
       {"DB_PASSWORD=My-Password-42\n", "DB_PASSWORD=Test-user-2024\n", "TOKEN=Falcon-Model-1024\n",
        "DB_PASSWORD=wintersunset\n", "the password was winter-Sunset-42 then\n"}) {
    EXPECT_EQ(RulesIn(text), std::vector<std::string>{}) << text;
  }
}

}  // namespace
}  // namespace watertight::testing
