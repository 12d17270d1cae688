// Files whose name says what the one word in them is.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/image_maker.h"
#include "watertight/image.h"
#include "watertight/secrets.h"

namespace watertight::testing {
namespace {

std::size_t CountIn(const std::string& path, const std::string& content) {
  const MadeImage made = MakeImage({{{path, '0', content}}});
  const std::string tar = MakeTar(DockerArchive(made));
  return FindSecrets(Image::OpenBytes("app.tar", tar)).findings.size();
}

TEST(FilesByName, HoldASecretAsTheirOneWord) {
  const std::string word = std::string("q8Wdg3Kd92") + "jfHqpw71mZ";
  for (const char* path :
       {"run/db_password", "srv/api-key.txt", "etc/app/TOKEN", "secrets/jwt_secret.key"}) {
    EXPECT_EQ(CountIn(path, word + "\n"), 1U) << path;
    EXPECT_EQ(CountIn(path, "changeme\n"), 0U) << path;
  }
  EXPECT_EQ(CountIn("srv/notes.txt", word + "\n"), 0U);
}

TEST(FilesByName, HaveAGrammarOfTheirOwn) {
  const std::string word = std::string("q8Wdg3Kd92") + "jfHqpw71mZ";
  for (const auto& [path, line] : std::vector<std::pair<std::string, std::string>>{
           {"etc/ppp/chap-secrets", "# client server secret\nvpn pptpd " + word + " *\n"},
           {"etc/ppp/pap-secrets", "\"a user\" * \"" + word + "\"\n"},
           {"etc/pgbouncer/userlist.txt", "\"app\" \"" + word + "\"\n"},
           {"etc/openvpn/client/auth.txt", "ada\n" + word + "\n"},
           {"etc/openvpn/auth-user-pass.txt", "ada\r\n" + word + "\r\n"},
           {"srv/vpn/login.conf", "ada\n" + word},
           {"etc/davfs2/secrets", "# hosts\nhttps://dav.internal/ ada \"" + word + "\"\n"},
           {"root/.mbsyncrc", "User ci\nPass " + word + "\n"},
           {"etc/postfix/sasl_passwd", "# relay\n[smtp.internal]:587 ci:" + word + "\n"}}) {
    EXPECT_EQ(CountIn(path, line), 1U) << path;
    EXPECT_EQ(CountIn("srv/notes.txt", line), 0U) << path;
  }
  for (const auto& [path, line] : std::vector<std::pair<std::string, std::string>>{
           {"etc/ppp/chap-secrets", "# client\tserver\tsecret\t\tIP addresses\n"},
           {"etc/openvpn/client/auth.txt", "ada\nchangeme\n"},
           {"etc/openvpn/auth.conf", "auth SHA256\nauth-user-pass /etc/openvpn/auth.txt\n"},
           {"srv/vpn/login.txt", "hello\nwelcome-everybody\n"},
           {"srv/vpn/login.txt", "ada\n" + word + "\nmore\n"},
           {"etc/davfs2/secrets", "# https://dav.internal/ user password\n"},
           {"etc/ppp/pap-secrets", "#*\tpassword\t\"\"\t*\nguest\thostname\t\"*\"\t-\n"},
           {"etc/postfix/sasl_passwd",
            "[smtp.internal]:587 ci:changeme\n# relay user:password\n"}}) {
    EXPECT_EQ(CountIn(path, line), 0U) << path;
  }
}

TEST(FilesByName, AreNoneWithTheLineOfAnAccount) {
  for (const auto& [path, line] : std::vector<std::pair<std::string, std::string>>{
           {"etc/passwd", "root:x:0:0:root:/root:/bin/ash\n"},
           {"etc/passwd", "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin"},
           {"etc/passwd-", "root:x:0:0:root:/root:/bin/sh\n"},
           {"opt/rootfs/passwd", "app:!:1000:1000::/home/app:/bin/sh\n"}}) {
    EXPECT_EQ(CountIn(path, line), 0U) << path << ": " << line;
  }
}

// In a tar, NULs stand before the first line and behind the last.
TEST(FirstAndLastLine, OfAFileAreLinesToo) {
  const std::string word = std::string("q8Wdg3Kd92") + "jfHq";
  for (const std::string& line :
       {"password " + word, "ENV DB_PASSWORD " + word, "PWD=" + word,
        "createUser monitor SHA " + word, "setenv DB_PASSWORD " + word, "DB_PASSWORD=" + word,
        "sudo -S <<< " + word, "requirepass " + word,
        "machine a.internal login ci password " + word}) {
    EXPECT_EQ(CountIn("srv/a", line), 1U) << line;
    EXPECT_EQ(CountIn("srv/a", line + "\n"), 1U) << line;
    EXPECT_EQ(CountIn("srv/a", "# a\n" + line), 1U) << line;
  }
  EXPECT_EQ(CountIn("srv/a", "PASS: " + word + "\nHOST: a.internal"), 1U);
  EXPECT_EQ(CountIn("srv/a", "PASS: " + word + "\nPASS: another\n"), 0U);
}

}  // namespace
}  // namespace watertight::testing
