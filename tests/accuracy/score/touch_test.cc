#include "bench/accuracy/score/touch.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/accuracy/score/labelled.h"

namespace watertight::bench {
namespace {

std::optional<Evidence> Touch(const std::string& finding, std::size_t leak) {
  const LabelledImage image = SmallImage();
  return Touches(FindingOf(finding), image.leaks[leak], LayerRule::kMustAgree);
}

// Where the second password stands.
const std::string kLine = "'carrier': 'file', 'layer': 2, 'path': 'srv/b.env', 'line': 3";

TEST(Touches, ByTheValueOrAPartOfItOrMore) {
  EXPECT_EQ(Touch("{" + kLine + ", 'value': 'second-secret-2'}", 2), Evidence::kValue);
  EXPECT_EQ(Touch("{" + kLine + ", 'value': 'second-s'}", 2), Evidence::kValue);
  EXPECT_EQ(Touch("{" + kLine + ", 'value': 'PASSWORD=second-secret-2'}", 2), Evidence::kValue);
  EXPECT_EQ(Touch("{" + kLine + ", 'value': 'second-'}", 2), std::nullopt) << "seven bytes";
}

TEST(Touches, NotByTheLineWhenTheValueIsAnother) {
  EXPECT_EQ(Touch("{" + kLine + ", 'value': 'third-secret-33'}", 2), std::nullopt);
  EXPECT_EQ(Touch("{" + kLine + ", 'value': 'third-secret-33'}", 3), Evidence::kValue);
}

TEST(Touches, AnotherPathOrLayerNever) {
  EXPECT_EQ(Touch("{'path': 'srv/b.txt', 'line': 3, 'value': 'second-secret-2'}", 2), std::nullopt);
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'layer': 1, 'value': 'second-secret-2'}", 2),
            std::nullopt);
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'diff_id': 'sha256:l1', 'value': 'second-secret-2'}", 2),
            std::nullopt);
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'diff_id': 'sha256:l2', 'value': 'second-secret-2'}", 2),
            Evidence::kValue);
}

TEST(Touches, BelowAFolderByTheValueAlone) {
  EXPECT_EQ(Touch("{'carrier': 'file', 'path': 'srv', 'value': 'second-secret-2'}", 2),
            Evidence::kValue);
  EXPECT_EQ(Touch("{'carrier': 'file', 'path': 'srv', 'line': 3, 'family': 'password'}", 2),
            std::nullopt);
  EXPECT_EQ(Touch("{'carrier': 'file', 'path': 'sr', 'value': 'second-secret-2'}", 2),
            std::nullopt);
}

TEST(Touches, ByAHash) {
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'value_sha256': '5c1e'}", 2), Evidence::kHash);
  // printf %s second-secret-2 | sha1sum
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'line': 9, 'value_sha1': "
                  "'10fc22d1af3be22589b2a260a5275372bfd05248'}",
                  2),
            Evidence::kHash);
}

TEST(Touches, OfADifferentHashByLineAndFamily) {
  const std::string other = "{" + kLine + ", 'value_sha1': 'ffff', 'family': ";
  EXPECT_EQ(Touch(other + "'password'}", 2), Evidence::kLine);
  EXPECT_EQ(Touch(other + "'generic'}", 2), std::nullopt);
}

TEST(Touches, OfAMaskedValueByTheSpanOrTheLine) {
  const std::string masked = "{" + kLine + ", 'value': 'third-secret-33', 'masked': true";
  EXPECT_EQ(Touch(masked + "}", 2), Evidence::kLine);
  EXPECT_EQ(Touch(masked + ", 'column': 1, 'end_column': 6}", 2), Evidence::kSpan);
  EXPECT_EQ(Touch(masked + ", 'column': 1, 'end_column': 5}", 2), std::nullopt) << "ends before it";
  EXPECT_EQ(Touch(masked + ", 'column': 20, 'end_column': 30}", 2), std::nullopt) << "behind it";
  EXPECT_EQ(Touch(masked + ", 'offset': 118, 'length': 1}", 2), Evidence::kSpan);
  EXPECT_EQ(Touch(masked + ", 'offset': 119, 'length': 1}", 2), std::nullopt);
}

TEST(Touches, WithThePathAloneByTheFamily) {
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'family': 'password'}", 2), Evidence::kPlace);
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'family': 'generic-password'}", 2), Evidence::kPlace);
  EXPECT_EQ(Touch("{'path': 'srv/b.env', 'family': 'github-pat'}", 2), std::nullopt);
  EXPECT_EQ(Touch("{'path': 'srv/b.env'}", 2), std::nullopt);
}

TEST(Touches, OfNamesAloneByThePlace) {
  const LabelledImage image = SmallImage();
  Finding finding = FindingOf("{'carrier': 'file', 'path': 'srv/b.env', 'family': 'generic'}");
  EXPECT_EQ(Touches(finding, image.leaks[2], LayerRule::kMustAgree), std::nullopt);
  finding.tells_name_alone = true;
  EXPECT_EQ(Touches(finding, image.leaks[2], LayerRule::kMustAgree), Evidence::kPlace);
}

TEST(Touches, AConfigurationByFieldAndByValueOrFamily) {
  EXPECT_EQ(Touch("{'carrier': 'history', 'field': 'history[2]', 'value': 'fourth-secret-4'}", 4),
            Evidence::kValue);
  EXPECT_EQ(Touch("{'carrier': 'history', 'field': 'history[20]', 'value': 'fourth-secret-4'}", 4),
            std::nullopt);
  EXPECT_EQ(Touch("{'carrier': 'history', 'field': 'history[2]', 'family': 'password'}", 4),
            Evidence::kPlace);
  // Lines of a configuration are the scanner's own.
  EXPECT_EQ(
      Touch("{'carrier': 'config', 'path': 'config.json', 'line': 31, 'family': 'password'}", 4),
      Evidence::kPlace);
  EXPECT_EQ(Touch("{'path': 'blobs/sha256/cc', 'value': 'fourth-secret-4'}", 4), Evidence::kValue);
  EXPECT_EQ(Touch("{'carrier': 'file', 'path': 'x', 'value': 'fourth-secret-4'}", 4), std::nullopt);
}

// The fourth leak is in bytes 8 to 23 of history[2].created_by.
TEST(Touches, AConfigurationByTheOffsetInTheSameField) {
  LabelledImage image = SmallImage();
  Label& leak = image.leaks[4];
  leak.offset = 8;
  leak.length = 15;
  const auto touch = [&leak](const std::string& field, const std::string& offset) {
    return Touches(FindingOf("{'carrier': 'history', 'field': '" + field +
                             "', 'offset': " + offset + ", 'length': 1, 'family': 'cloud'}"),
                   leak, LayerRule::kMustAgree);
  };
  EXPECT_EQ(touch(leak.field, "8"), Evidence::kSpan);
  EXPECT_EQ(touch(leak.field, "22"), Evidence::kSpan);
  EXPECT_EQ(touch(leak.field, "23"), std::nullopt) << "behind it";
  EXPECT_EQ(touch(leak.field, "7"), std::nullopt) << "before it";
  EXPECT_EQ(touch("history[3].created_by", "8"), std::nullopt);
}

TEST(Touches, OfAnEncodedValueByTheLineOfWhatItReads) {
  LabelledImage image = SmallImage();
  Label& leak = image.leaks[2];
  const Finding finding = FindingOf("{" + kLine + ", 'value': 'c2Vjb25kLXNlY3JldC0y'}");
  EXPECT_EQ(Touches(finding, leak, LayerRule::kMustAgree), std::nullopt);
  leak.encoding = {"base64"};
  EXPECT_EQ(Touches(finding, leak, LayerRule::kMustAgree), Evidence::kLine);
}

// Base64 of a value has another SHA-256 than the value: no rule for the kind is asked for, as it is
// not for the text itself.
TEST(Touches, OfAnEncodedValuesHashByTheLineOfWhatItReads) {
  LabelledImage image = SmallImage();
  Label& leak = image.leaks[2];
  const auto touch = [&leak](const std::string& line) {
    return Touches(FindingOf("{'carrier': 'file', 'layer': 2, 'path': 'srv/b.env', 'line': " +
                             line + ", 'value_sha256': 'ffff', 'family': 'generic'}"),
                   leak, LayerRule::kMustAgree);
  };
  EXPECT_EQ(touch("3"), std::nullopt) << "plain";
  leak.encoding = {"base64"};
  EXPECT_EQ(touch("3"), Evidence::kLine);
  EXPECT_EQ(touch("4"), std::nullopt);
}

TEST(Touches, AMemberOfWhatIsAFileInTheLabelByTheValue) {
  LabelledImage image = SmallImage();
  Label& leak = image.leaks[2];
  const auto touch = [&leak](const std::string& nested, const std::string& more) {
    return Touches(FindingOf("{'carrier': 'file', 'layer': 2, 'path': 'srv/b.env', 'nested': [" +
                             nested + "]" + more + "}"),
                   leak, LayerRule::kMustAgree);
  };
  const std::string value = ", 'value': 'second-secret-2'";
  EXPECT_EQ(touch("'settings.js'", value), Evidence::kValue);
  EXPECT_EQ(touch("'settings.js'", ", 'value_sha256': '5c1e'"), Evidence::kHash);
  EXPECT_EQ(touch("'settings.js'", ", 'line': 3, 'family': 'password'"), std::nullopt);
  EXPECT_EQ(touch("'settings.js'", ", 'value': 'third-secret-33'"), std::nullopt);
  leak.nested = {"a.zip"};
  EXPECT_EQ(touch("'a.zip', 'settings.js'", value), Evidence::kValue);
  EXPECT_EQ(touch("'b.zip', 'settings.js'", value), std::nullopt) << "beside it";
}

TEST(Touches, WithoutAnyPlaceByTheValueAlone) {
  EXPECT_EQ(Touch("{'value': 'second-secret-2'}", 2), Evidence::kValue);
  EXPECT_EQ(Touch("{'family': 'password'}", 2), std::nullopt);
}

TEST(Touches, AnyNameOfAHardLinkByTheValue) {
  LabelledImage image = SmallImage();
  image.leaks[2].channel = "links";
  const auto touch = [&image](const std::string& more) {
    return Touches(FindingOf("{'carrier': 'file', 'layer': 2, 'path': 'srv/other'" + more + "}"),
                   image.leaks[2], LayerRule::kMustAgree);
  };
  EXPECT_EQ(touch(", 'value': 'second-secret-2'"), Evidence::kValue);
  EXPECT_EQ(touch(", 'family': 'password'"), std::nullopt);
}

}  // namespace
}  // namespace watertight::bench
