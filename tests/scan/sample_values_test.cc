// What people write in the place of a secret, and what looks like that and is one.

#include <gmock/gmock.h>

#include <string>

#include "framework/scan/rules/sample.h"
#include "tests/scan/rules_in.h"

namespace watertight::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SampleValues, AreSpelledInAnyWay) {
  for (const char* value :
       {"my_password", "mysecretpassword", "randompassword", "MySuperSecretToken", "Str0ngPa$$w0rd",
        "passw0rd1234", "s3cr3t-value", "Sup3rS3cr3tP@ssW0rd", "0ldP@ssW0rd1!", "the-api-key-2"}) {
    EXPECT_TRUE(IsSample(value)) << value;
  }
  for (const char* value : {"winter-Sunset-42", "correcthorse", "x9kpass2mq7", "pa55mQ7x2k",
                            "mysqladmin1", "Harbour2019!", "tokenring7x"}) {
    EXPECT_FALSE(IsSample(value)) << value;
  }
}

TEST(SampleValues, AreInOrderOrRepeated) {
  for (const char* value : {"abc123def456", "abc123def456ghi789", "Zx9mQ2XYZ123abc",
                            "peWcBiMOS9HrZG15"
                            "peWcBiMOS9HrZG15",
                            "xY3xY3xY3"}) {
    EXPECT_TRUE(IsSample(value)) << value;
  }
  for (const char* value : {"abc9mQ2x7Kw", "q7Rk123mWx9vTb", "8defZ2mq789x"}) {
    EXPECT_FALSE(IsSample(value)) << value;
  }
}

TEST(SampleValues, AreNamesOfAlgorithmsAndCharacterSets) {
  for (const char* value :
       {"argon2id", "pbkdf2_sha256", "utf8mb4_bin", "user6_pwd_utf8", "AES256-GCM"}) {
    EXPECT_TRUE(IsSample(value)) << value;
  }
  for (const char* value : {"sha256_x9k2mq7w", "md5x9k2mq7w", "aes-q7Rk2mWx"}) {
    EXPECT_FALSE(IsSample(value)) << value;
  }
}

TEST(SampleValues, AreNotFoundInFiles) {
  for (const char* text :
       {"DATABASE_URL=postgres://app:my_password@db.internal/app\n",
        "redis://:randompassword@cache.internal:6379/0\n", "  password: \"Str0ngPa$$w0rd\"\n",
        "DB_PASSWORD=passw0rd1234\n", "password: s3cr3t-value\n", "token: \"abc123def456\"\n",
        "password=user6_pwd_utf8\n", "password: argon2id\n", "password: pbkdf2_sha256\n",
        "password: utf8mb4_bin\n",
        "api_key: peWcBiMOS9HrZG15"
        "peWcBiMOS9HrZG15\n",
        "secret: OIUHF_CHANGE_THIS_12h88\n"}) {
    EXPECT_THAT(RulesIn(text), IsEmpty()) << text;
  }
}

// There they are set.
TEST(SampleValues, AreAWarningInSql) {
  for (const char* text : {"CREATE USER app IDENTIFIED BY 'mysecretpassword';\n",
                           "ALTER USER cassandra WITH PASSWORD 'cassandra2';\n",
                           "ALTER USER app WITH PASSWORD 'secret123';\n"}) {
    EXPECT_THAT(RulesIn(text), ElementsAre("generic-password (warning)")) << text;
  }
  EXPECT_TRUE(Fails("CREATE USER app IDENTIFIED BY 'kJ4vQ2mZ8rTT4';\n"));
}

// The key of an application in a browser is sent to everybody.
TEST(SampleValues, AreKeysOfFirebaseInABrowser) {
  const std::string key = "  apiKey: \"AIza{b64u:35}\",\n";
  EXPECT_THAT(RulesIn(Filled("const config = {\n" + key +
                             "  authDomain: \"shop-1.firebaseapp.com\",\n  projectId: \"shop-1\",\n"
                             "  messagingSenderId: \"520931764\"\n};\n")),
              IsEmpty());
  EXPECT_THAT(RulesIn(Filled("const config = {\n" + key + "  projectId: \"shop-1\",\n};\n")),
              Contains("gcp-api-key"));
}

}  // namespace
}  // namespace watertight::testing
