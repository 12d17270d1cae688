// Every damaged or ambiguous fixture, as our own reader takes it: what must be refused is refused
// with a line that names the place, what must be noted has the stated notes and no others.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <set>

#include "generator/archives/archive_file.h"
#include "generator/faults/faults.h"
#include "tests/support/command.h"
#include "watertight/error.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using generator::Fixture;
using generator::Verdict;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::vector<const Fixture*> DamagedFixtures() {
  std::vector<const Fixture*> damaged;
  for (const Fixture& fixture : generator::OwnFixtures()) {
    if (fixture.id.starts_with("faults/")) damaged.push_back(&fixture);
  }
  return damaged;
}

// "faults/config-key-twice" is FaultsConfigKeyTwice.
std::string UpperCamel(const std::string& id) {
  std::string name;
  bool upper = true;
  for (const char c : id) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (letter) name += upper ? static_cast<char>(std::toupper(c)) : c;
    upper = !letter;
  }
  return name;
}

void WriteFixture(const Fixture& fixture, const std::string& path) {
  const generator::PreparedFixture prepared = PrepareFixture(fixture, generator::kDefaultSeed);
  generator::FixtureTarget target;
  target.builder = fixture.builders.at(0);
  target.archive = fixture.archives.at(0);
  target.names = {"fault:ci"};
  const auto images = BuildFixture(prepared, RequestOf(prepared, target));
  SaveArchive(path, WriteDamaged(prepared, images, target.archive, {}, generator::kDefaultSeed));
}

// What the library says, without which the program says nothing.
struct Reading {
  std::string refusal;  // of Open
  std::vector<Violation> violations;
  std::set<std::string> notes;
};

Reading Read(const std::string& path) {
  Reading reading;
  try {
    const Image image = Image::Open(path);
    reading.violations = image.Validate();
    for (const Note& note : image.notes()) reading.notes.insert(note.code);
  } catch (const Error& error) {
    reading.refusal = error.what();
  }
  return reading;
}

std::string Summary(const Reading& reading) {
  std::string text = "refusal: " + reading.refusal + "\n";
  for (const Violation& violation : reading.violations) {
    text += "violation: " + violation.place + ": " + violation.text + "\n";
  }
  for (const std::string& note : reading.notes) text += "note: " + note + "\n";
  return text;
}

std::set<std::string> Expected(const Fixture& fixture) {
  if (!fixture.expect) return {};
  return {fixture.expect->notes.begin(), fixture.expect->notes.end()};
}

class FaultyFixture : public ::testing::TestWithParam<const Fixture*> {
 protected:
  void SetUp() override { WriteFixture(*GetParam(), path_); }

  CommandResult Watertight(const std::string& arguments) const {
    return RunCommand(ShellQuoted(WATERTIGHT_PROGRAM) + " " + arguments + " " + ShellQuoted(path_));
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.Path("faulty.tar");
};

TEST_P(FaultyFixture, IsReadAsItSays) {
  const Fixture& fixture = *GetParam();
  const Reading reading = Read(path_);
  SCOPED_TRACE(Summary(reading));
  const std::string verdict = fixture.expect ? fixture.expect->verdict : "";
  const bool refused = !reading.refusal.empty() || !reading.violations.empty();
  EXPECT_EQ(refused, verdict == "refused");
  EXPECT_EQ(reading.notes, Expected(fixture));
}

// 2: the image cannot be opened. 1: it fails its checks. Else all is well but for a note.
TEST_P(FaultyFixture, EndsTheProgramAsItSays) {
  const Fixture& fixture = *GetParam();
  const bool refused = fixture.expect && fixture.expect->verdict == "refused";
  const CommandResult check = Watertight("check");
  SCOPED_TRACE(check.output + check.error);
  if (!refused) {
    EXPECT_EQ(check.exit_code, 0);
    EXPECT_EQ(Watertight("inspect").exit_code, 0);
    return;
  }
  if (check.exit_code == 1) {
    EXPECT_THAT(check.output, HasSubstr("FAIL  Intact"));
    return;
  }
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_THAT(check.error, HasSubstr(path_ + ": "));
  EXPECT_EQ(std::ranges::count(check.error, '\n'), 1);
  const CommandResult inspect = Watertight("inspect");
  EXPECT_EQ(inspect.exit_code, 2);
  EXPECT_EQ(inspect.error, check.error);
}

INSTANTIATE_TEST_SUITE_P(All, FaultyFixture, ::testing::ValuesIn(DamagedFixtures()),
                         [](const auto& test) { return UpperCamel(test.param->id); });

TEST(Faults, HaveAFixtureEach) {
  std::set<std::string> used;
  for (const Fixture* fixture : DamagedFixtures()) {
    for (const auto& fault : fixture->faults) used.insert(fault.Find("fault")->text);
  }
  for (const generator::Fault& fault : generator::Faults()) {
    EXPECT_EQ(used.count(fault.name), 1U) << fault.name;
  }
}

TEST(Faults, AgreeWithTheirFixtures) {
  for (const Fixture* fixture : DamagedFixtures()) {
    if (fixture->faults.size() != 1) continue;
    const std::string name = fixture->faults[0].Find("fault")->text;
    const auto fault = std::ranges::find(generator::Faults(), name, &generator::Fault::name);
    ASSERT_NE(fault, generator::Faults().end()) << name;
    EXPECT_EQ(fixture->expect.has_value(), fault->verdict != Verdict::kUnseen) << name;
    if (!fixture->expect) continue;
    EXPECT_EQ(fixture->expect->verdict == "refused", fault->verdict == Verdict::kRefused) << name;
    const std::set<std::string> notes(fault->notes.begin(), fault->notes.end());
    EXPECT_EQ(Expected(*fixture), notes) << name;
  }
}

}  // namespace
}  // namespace watertight::testing
