#include "generator/archives/json.h"

#include <gtest/gtest.h>

#include "generator/archives/clock.h"
#include "generator/archives/image_name.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

const std::string kOdd = "a<b>&\"\\\n\t\x01\xe2\x80\xa8\xc3\xa9\xf0\x9f\x98\x80";

TEST(Json, EscapesAsGoDoes) {
  EXPECT_EQ(Write(kOdd, kGoCompact),
            "\"a\\u003cb\\u003e\\u0026\\\"\\\\\\n\\t\\u0001\\u2028\xc3\xa9\xf0\x9f\x98\x80\"");
  EXPECT_EQ(Write(std::string("caf\xe9"), kGoCompact), "\"caf\\ufffd\"");
}

TEST(Json, EscapesAsPythonDoes) {
  EXPECT_EQ(Write(kOdd, kPythonCompact),
            "\"a<b>&\\\"\\\\\\n\\t\\u0001\\u2028\\u00e9\\ud83d\\ude00\"");
}

TEST(Json, SpacesAsTheToolDoes) {
  const Json value = ParseJson(R"({"b":[1,{"a":null}],"a":[],"c":{}})", "test");
  EXPECT_EQ(Write(value, kGoCompact), R"({"b":[1,{"a":null}],"a":[],"c":{}})");
  EXPECT_EQ(Write(value, kPythonCompact), R"({"b": [1, {"a": null}], "a": [], "c": {}})");
  EXPECT_EQ(
      Write(value, kGoIndented3),
      "{\n   \"b\": [\n      1,\n      {\n         \"a\": null\n      }\n   ],\n   \"a\": [],\n"
      "   \"c\": {}\n}");
}

TEST(Json, KeepsOrderAndNumbers) {
  const std::string text = R"({"z":5000000000,"a":-1,"m":true})";
  EXPECT_EQ(Write(ParseJson(text, "test"), kGoCompact), text);
}

TEST(Json, NamesWhatCannotBeParsed) {
  try {
    ParseJson("{", "config of the image");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("config of the image: "), 0u) << error.what();
  }
}

TEST(Clock, ReadsAndWritesTimes) {
  EXPECT_EQ(SecondsOf("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(SecondsOf("2026-11-23T20:42:52.32738036Z"), 1795466572);
  EXPECT_EQ(SecondsOf("2026-11-23T22:42:52+02:00"), 1795466572);
  EXPECT_EQ(SecondsOf("0001-01-01T00:00:00Z"), -62135596800);
  EXPECT_EQ(SecondsOf("yesterday"), std::nullopt);
  EXPECT_EQ(SecondsOf(""), std::nullopt);
  EXPECT_EQ(Rfc3339(1795466572), "2026-11-23T20:42:52Z");
  EXPECT_EQ(Rfc3339(-1), "1969-12-31T23:59:59Z");
}

TEST(ImageName, IsPrintedAsTheToolsDo) {
  struct Row {
    const char* given;
    const char* short_name;
    const char* full;
    const char* local;
  };
  const Row rows[] = {
      {"app", "app:latest", "docker.io/library/app:latest", "localhost/app:latest"},
      {"app:ci", "app:ci", "docker.io/library/app:ci", "localhost/app:ci"},
      {"team/app:ci", "team/app:ci", "docker.io/team/app:ci", "localhost/team/app:ci"},
      {"docker.io/library/app:ci", "app:ci", "docker.io/library/app:ci",
       "docker.io/library/app:ci"},
      {"docker.io/app:ci", "app:ci", "docker.io/library/app:ci", "docker.io/library/app:ci"},
      {"localhost/app", "localhost/app:latest", "localhost/app:latest", "localhost/app:latest"},
      {"reg.example.com:5000/ns/img:2.0", "reg.example.com:5000/ns/img:2.0",
       "reg.example.com:5000/ns/img:2.0", "reg.example.com:5000/ns/img:2.0"},
      {"reg.example.com:5000/img", "reg.example.com:5000/img:latest",
       "reg.example.com:5000/img:latest", "reg.example.com:5000/img:latest"}};
  for (const Row& row : rows) {
    EXPECT_EQ(ShortName(row.given), row.short_name) << row.given;
    EXPECT_EQ(FullName(row.given), row.full) << row.given;
    EXPECT_EQ(LocalName(row.given), row.local) << row.given;
  }
}

}  // namespace
}  // namespace watertight::generator
