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

TEST(FilesByName, AreNoneWithTheLineOfAnAccount) {
  for (const auto& [path, line] : std::vector<std::pair<std::string, std::string>>{
           {"etc/passwd", "root:x:0:0:root:/root:/bin/ash\n"},
           {"etc/passwd", "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin"},
           {"etc/passwd-", "root:x:0:0:root:/root:/bin/sh\n"},
           {"opt/rootfs/passwd", "app:!:1000:1000::/home/app:/bin/sh\n"}}) {
    EXPECT_EQ(CountIn(path, line), 0U) << path << ": " << line;
  }
}

}  // namespace
}  // namespace watertight::testing
