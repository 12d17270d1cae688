// Tables: CSV under a line of names, INSERT and COPY of SQL. The forms are those of RFC 4180,
// pg_dump, mysqldump and psql.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "framework/scan/byte_search.h"
#include "tests/scan/rules_in.h"
#include "tests/support/image_maker.h"
#include "watertight/secrets.h"

namespace watertight::testing {
namespace {

// What the values of such a text are, by the rules.
std::vector<std::string> ValuesIn(const std::string& text, std::size_t piece = 4096) {
  LiteralSet::Scratch scratch;
  ByteSearch search(ValueSet::OfBuiltInRules(), &scratch, ByteSearch::Lines::kCounted, piece);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    search.Take(std::string_view(text).substr(at, piece));
  }
  search.Finish();
  std::vector<std::string> values;
  for (const FoundValue& found : search.found()) {
    if (found.level != Level::kError) continue;
    values.push_back(found.value);
    EXPECT_EQ(text.substr(found.offset, found.length), found.value);
    const std::string before = text.substr(0, found.offset);
    EXPECT_EQ(found.line, 1 + std::count(before.begin(), before.end(), '\n'));
    EXPECT_EQ(found.column, before.size() - (before.rfind('\n') + 1) + 1);
  }
  return values;
}

using Values = std::vector<std::string>;
const std::string kOne = std::string("q8Wdg3Kd92") + "jfHqpw71mZ";
const std::string kTwo = std::string("hT5vRk8sLx") + "2mQz9bNc4W";

TEST(Columns, OfLinesUnderTheirNames) {
  for (const std::string& text :
       {"id,name,password\n1,ada," + kOne + "\n2,bob," + kTwo + "\n",
        "id;password;name\r\n1;" + kOne + ";ada\r\n2;" + kTwo + ";bob\r\n",
        "name\tapi_key\nada\t" + kOne + "\nbob\t" + kTwo,
        "\"Name\",\"API Token\",\"Note\"\n\"a, b\",\"" + kOne + "\",\"say \"\"x\"\"\"\n\"c\",\"" +
            kTwo + "\",\"two\nlines\"\n",
        "\xef\xbb\xbfuser_password,user\n" + kOne + ",ada\n" + kTwo + ",bob\n",
        "name, url, username, password\nx, https://a.internal/, ada, " + kOne +
            "\ny, https://b.internal/, bob, " + kTwo + "\n",
        "# users\n| user | password |\n|------|----------|\n| ada | " + kOne + " |\n| bob | " +
            kTwo + " |\n",
        " id | password | name \n----+----------+------\n  1 | " + kOne + " | ada\n  2 | " + kTwo +
            " | bob\n(2 rows)\n"}) {
    EXPECT_EQ(ValuesIn(text), Values({kOne, kTwo})) << text;
    EXPECT_EQ(ValuesIn(std::string(512, '\0') + text + std::string(512, '\0')),
              Values({kOne, kTwo}))
        << "in a tar: " << text;
  }
}

TEST(Columns, OfStatements) {
  for (const std::string& text :
       {"INSERT INTO users (id, name, password) VALUES (1, 'ada', '" + kOne + "'), (2, 'bob', '" +
            kTwo + "');\n",
        "insert into `users` (`password`, `note`) values\n  ('" + kOne +
            "', 'it''s (a) note'),\n  ('" + kTwo + "', NULL);",
        "INSERT INTO public.users (\"id\", \"api_key\", \"at\") VALUES (1, N'" + kOne +
            "', now());\nINSERT INTO public.users (\"id\", \"api_key\", \"at\") VALUES (1, '" +
            kTwo + "', to_date('x', (1)));\n",
        "INSERT OR REPLACE INTO keys(secret,id) VALUES('" + kOne +
            "',1);\nREPLACE INTO keys(secret,id) "
            "VALUES(\"" +
            kTwo + "\",2);\n",
        "CREATE TABLE `users` (\n  `id` int NOT NULL,\n  `name` varchar(9) DEFAULT 'x',\n  "
        "`password` "
        "varchar(64) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n\nLOCK TABLES `users` "
        "WRITE;\nINSERT INTO `users` VALUES (1,'ada','" +
            kOne + "'),(2,'it\\'s',NULL);\nINSERT INTO `users` VALUES (3,'bob','" + kTwo +
            "');\nUNLOCK TABLES;\n",
        "CREATE TABLE IF NOT EXISTS `users` (\n  `id` int(11) NOT NULL,\n  `password` text\n);\n"
        "INSERT INTO `users` VALUES\n(1,'" +
            kOne + "'),\n(2,'x');\nINSERT INTO `users` VALUES\r\n(3,'" + kTwo + "');\n",
        "INSERT INTO users (id, password) VALUES -- ada's\n(1, /* it's (new), */ '" + kOne +
            "'), -- (3, 'x')\n/* bob's;\n */ (2,\n-- that one's\n'" + kTwo + "');\n",
        "COPY public.users (id, name, password) FROM stdin;\n1\tada\t" + kOne +
            "\n2\t\\N\t\\N\n3\tbob\t" + kTwo + "\n\\.\n",
        "COPY users (name, token) FROM stdin WITH (FORMAT csv);\nada," + kOne + "\n\"b,b\",\"" +
            kTwo + "\"\n\\.\n"}) {
    EXPECT_EQ(ValuesIn(text), Values({kOne, kTwo})) << text;
  }
}

TEST(Columns, OfStatementsThatReplaceOrIgnore) {
  for (const std::string verb : {"REPLACE", "INSERT IGNORE", "INSERT  IGNORE"}) {
    const std::string text = "CREATE TABLE `u` (\n  `id` int,\n  `password` text\n);\n" + verb +
                             " INTO `u` VALUES (1,'" + kOne + "');\n" + verb +
                             " INTO `u` VALUES (2,'" + kTwo + "');\n";
    EXPECT_EQ(ValuesIn(text), Values({kOne, kTwo})) << text;
  }
}

TEST(Columns, AreJudgedAsNamesAndValuesAre) {
  for (const char* value :
       {"changeme", "password", "********", "${PASSWORD}", "<password>", "?", "%s", ":password",
        "NULL", "your-password-here", "secret",
        "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
        "5f4dcc3b5aa765d61d8327deb882cf99", "e38ad214943daad1d64c102faec29de4afe9da3d",
        "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "pbkdf2_sha256$260000$abc$aGVsbG8gd29ybGQgaGVsbG8="}) {
    const std::string word = value;
    for (const std::string& text : {"id,name,password\n1,ada," + word + "\n",
                                    "COPY u (id, password) FROM stdin;\n1\t" + word + "\n\\.\n",
                                    "INSERT INTO u (id, password) VALUES (1, '" + word + "');"}) {
      EXPECT_EQ(ValuesIn(text), Values()) << text;
    }
  }
  EXPECT_EQ(ValuesIn("id,api_token\n1,5f4dcc3b5aa765d6" + std::string("1d8327deb882cf99\n")).size(),
            1U)
      << "a token in hexadecimal digits";
}

TEST(Columns, EndWhereTheirRowsDo) {
  for (const std::string& text :
       {"id,password\n1,2,3\nx," + kOne + "\n",  // another number of fields
        "id,password\n\nx," + kOne + "\n",       // an empty line
        "id,password_hash\n1," + kOne + "\n",    // no secret
        "id,password,\"unclosed\n1," + kOne + ",x\n", "f(user, password)\nx, " + kOne + "\n",
        "the user, the password.\nada, " + kOne + "\n",
        "INSERT INTO u (id, password) SELECT 1, '" + kOne + "';",
        "CREATE TABLE `u` (\n  `id` int,\n  `password` varchar(9)\n);\nINSERT INTO `v` VALUES "
        "(1,'" +
            kOne + "');\n",
        "CREATE TABLE `u` (\n  `id` int,\n  `password_hash` varchar(9)\n);\nINSERT INTO `u` VALUES "
        "(1,'" +
            kOne + "');\n",
        "INSERT INTO u (id, password) VALUES (1, 'x') /* (2, '" + kOne + "')",
        "INSERT INTO u (id, password) VALUES (1, 'x'); -- \n(2, '" + kOne + "');",
        "INSERT INTO u (id, password) VALUES (1, 'x');\n(2, '" + kOne + "');",
        "UPDATE u (id, password) VALUES (1, '" + kOne + "');",
        "COPY u (id, password) FROM stdin;\n1\tx\n\\.\n2\t" + kOne + "\n",
        "name\tversion\npam\t1.5\npasswd\tnew\nx\t" + kOne + "\n",  // words as well
        "passwd\t4.13\nx\t" + kOne + "\n", "password\n" + kOne + "\n"}) {
    EXPECT_EQ(ValuesIn(text), Values()) << text;
  }
}

// Rows of which one in a thousand has a value.
std::string LongTable(std::size_t rows, const std::string& begin, const std::string& between,
                      const std::string& end, const std::string& last) {
  std::string text = begin;
  for (std::size_t i = 1; i <= rows; ++i) {
    text += std::to_string(i) + between + (i % 1000 == 0 ? kOne : "changeme") +
            (i == rows ? last : end);
  }
  return text;
}

TEST(Columns, GoOnOverAllPieces) {
  const std::string lines = LongTable(20'000, "id,password\n", ",", "\n", "\n");
  const std::string tuples =
      LongTable(20'000, "INSERT INTO u (id, password) VALUES (", ",'", "'),\n(", "');\n");
  for (const std::string& text : {lines, tuples}) {
    EXPECT_EQ(ValuesIn(text, 256 << 10).size(), 20U);
    EXPECT_EQ(ValuesIn(text, 5000).size(), 20U);
  }
  // The head and the first rows, cut anywhere.
  const std::string created =
      "CREATE TABLE `u` (\n  `id` int,\n  `password` char(9)\n) X;\nINSERT INTO `u` "
      "VALUES (1,'" +
      kOne + "'), -- x\n/* y */ (3,'');\nINSERT INTO `u` VALUES\n(2,'" + kTwo + "');\n";
  for (std::size_t cut = 0; cut <= created.size(); ++cut) {
    EXPECT_EQ(ValuesIn(std::string(4095 - cut, 'x') + "\n" + created).size(), 2U) << cut;
  }
  const std::string head =
      "id,name,\"api key\"\r\n1,ada,\"" + kOne + "\"\r\n2,bob," + kTwo + "\r\n";
  for (std::size_t cut = 0; cut <= head.size(); ++cut) {
    EXPECT_EQ(ValuesIn(std::string(4095 - cut, 'x') + "\n" + head).size(), 2U) << cut;
  }
}

// The rows hold words that stand in names of columns.
TEST(Columns, KeepNoRowsThatWereRead) {
  constexpr std::size_t kPiece = 4096;
  std::string text = "id,password,note\n";
  for (std::size_t i = 0; i < 20'000; ++i) text += std::to_string(i) + ",x,the password\n";
  LiteralSet::Scratch scratch;
  ByteSearch search(ValueSet::OfBuiltInRules(), &scratch, ByteSearch::Lines::kCounted, kPiece);
  std::size_t most = 0;
  for (std::size_t at = 0; at < text.size(); at += kPiece) {
    search.Take(std::string_view(text).substr(at, kPiece));
    most = std::max(most, search.kept());
  }
  EXPECT_LT(most, text.size() / 20);
}

std::string Repeated(const std::string& part, std::size_t times) {
  std::string text;
  while (times-- > 0) text += part;
  return text;
}

// Lines, lists and statements that are none are not read again for each of their words.
TEST(Columns, AreLookedForOnce) {
  constexpr std::size_t kTimes = 5000;
  for (const std::string& text :
       {Repeated("password,", kTimes), Repeated("(password,", kTimes),
        Repeated("f(password,", kTimes), Repeated("insert into x (password,", kTimes),
        "insert into x (" + Repeated("password,", kTimes), Repeated("password,.\n", kTimes),
        Repeated("`password` text,\n", kTimes),
        "CREATE TABLE x (\n" + Repeated("`password` text,\n", kTimes),
        Repeated("CREATE TABLE x (\n`password` text,\n", kTimes),
        Repeated("CREATE TABLE x (\n`password` text\n);\n", kTimes)}) {
    RefusedWords refused;
    std::size_t words = 0;
    for (std::size_t at = text.find("password"); at != std::string::npos;
         at = text.find("password", at + 1)) {
      TableHead head;
      EXPECT_EQ(FindTableHead({text, true}, at, &refused, &head), Fit::kNo);
      ++words;
    }
    EXPECT_EQ(words, kTimes);
    EXPECT_GT(refused.looked, 0U);
    EXPECT_LT(refused.looked, 5 * text.size()) << text.substr(0, 100);
  }
}

TEST(Columns, BeginBehindWordsThatBeginNone) {
  for (const std::string& text :
       {"see (password, token)\nid,name,password\n1,ada," + kOne + "\n2,bob," + kTwo + "\n",
        "SELECT (password, x); INSERT INTO u (id, password) VALUES (1, '" + kOne + "'), (2, '" +
            kTwo + "');",
        "CREATE TABLE `v` (\n  `password` text\n);\n, password,\nCREATE TABLE `u` (\n"
        "  `id` int, -- password, token\n  `password` text\n);\nINSERT INTO `u` VALUES (1,'" +
            kOne + "'),(2,'" + kTwo + "');\n",
        "id,password," + Repeated("a_long_name_of_a_column,", 100) + "x\n" + "1," + kOne +
            Repeated(",", 101) + "\n2," + kTwo + Repeated(",", 101) + "\n"}) {
    EXPECT_EQ(ValuesIn(text), Values({kOne, kTwo})) << text;
    EXPECT_EQ(ValuesIn(text, 10), Values({kOne, kTwo})) << text;
  }
}

// Layers are searched in parts of 32 MiB.
TEST(Columns, GoOnOverThePartsOfALayer) {
  const std::string rows = LongTable(20'000, "id,password\n", ",", "\n", "\n");
  const MadeImage made = MakeImage(
      {{{"a", '0', std::string((32U << 20) - 50'000, 'x')}, {"srv/users.csv", '0', rows}}});
  const Image image = Image::OpenBytes("made.tar", MakeTar(DockerArchive(made)));
  EXPECT_EQ(FindSecrets(image).findings.size(), 20U);
}

// Identifiers of glibc, libidn2, elf.h and immintrin.h, as lists of words have them.
TEST(Columns, OfTokensAloneHoldWordsOfPrograms) {
  const std::string words[] = {"__USE_XOPEN2K8XSI",  "R_IA64_GPREL32MSB",   "idn2_to_unicode_8z8z",
                               "_mm512_insertf32x8", "GCRY_MD_BLAKE2B_384", "u8x16_t",
                               "e1000e_rx2"};
  for (const std::string name : {"token", "Tokens"}) {
    std::string count = name + ",count\n";
    std::string id = name + "\tid\n";
    for (const std::string& word : words) {
      count += word + ",3\n";
      id += word + "\t7\n";
    }
    EXPECT_EQ(ValuesIn(count), Values());
    EXPECT_EQ(ValuesIn(id), Values());
    EXPECT_EQ(ValuesIn(count + kOne + ",1\n"), Values({kOne}));
  }
}

}  // namespace
}  // namespace watertight::testing
