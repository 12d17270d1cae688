// Every command in a failure message is run, and what it prints is compared with an independent
// reading of the image.

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "framework/scan/recovery.h"
#include "tests/matchers/messages.h"
#include "tests/matchers/recorded.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kTests = WATERTIGHT_MATCHERS_TESTS "/";

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// Path -> SHA-256 of what each layer stores under it, by tests/matchers/stored_bytes.py.
using StoredHashes = std::map<std::string, std::set<std::string>>;

StoredHashes ReadIndependently(const std::string& path, const std::string& tag) {
  const CommandResult read = RunCommand("python3 " + ShellQuoted(kTests + "stored_bytes.py") + " " +
                                        ShellQuoted(path) + " " + tag);
  EXPECT_EQ(read.exit_code, 0) << read.error;
  StoredHashes stored;
  std::istringstream lines(read.output);
  std::string layer, hex, hash;
  while (lines >> layer >> hex >> hash) stored[FromHex(hex)].insert(hash);
  return stored;
}

// Of a directory or symlink the message lists the entry instead.
bool PrintsBytes(const std::string& command) {
  return command.find(" -tv") == std::string::npos && command.find(" -tzv") == std::string::npos;
}

// For each stored path, the commands of the message that its leak would give print all its
// contents, and nothing else.
void ExpectFilesRecovered(const std::string& path, const std::string& tag = "") {
  const Image image = Image::Open(tag.empty() ? path : "oci-archive:" + path + ":" + tag);
  const StoredHashes expected = ReadIndependently(path, tag);
  std::vector<std::string> commands;
  std::vector<std::string> names;
  for (const auto& [name, hashes] : expected) {
    const std::string message = Explained<Image>(image, NeverStores(Glob(ExactPattern(name))));
    for (const std::string& command : CommandsIn(message)) {
      if (!PrintsBytes(command)) continue;
      commands.push_back(command);
      names.push_back(name);
    }
  }
  const Pasted pasted = Paste(commands, ".");
  EXPECT_EQ(pasted.errors, "");
  StoredHashes recovered;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    recovered[names[i]].insert(Sha256Hex(pasted.outputs[i]));
  }
  EXPECT_EQ(recovered, expected) << ::testing::PrintToString(commands);
}

// The string at "history[2].created_by" or "config.Labels[\"a.b\"]".
Json FieldOf(Json document, std::string field) {
  while (!field.empty()) {
    if (field[0] == '.') field.erase(0, 1);
    if (field.starts_with("[\"")) {
      std::size_t end = 2;
      while (field[end] != '"') end += field[end] == '\\' ? 2 : 1;
      document = document.at(Json::parse(field.substr(1, end)).get<std::string>());
      field.erase(0, end + 2);
    } else if (field[0] == '[') {
      document = document.at(std::stoul(field.substr(1)));
      field.erase(0, field.find(']') + 1);
    } else {
      const std::size_t end = std::min(field.find_first_of(".["), field.size());
      document = document.at(field.substr(0, end));
      field.erase(0, end);
    }
  }
  return document;
}

std::vector<Finding> LeaksOf(const Image& image) {
  std::vector<Finding> findings = FindHistoryLeaks(image);
  for (Finding& finding : FindConfigLeaks(image)) findings.push_back(std::move(finding));
  return findings;
}

// jq ends a string with a newline.
void ExpectFieldsRecovered(const Image& image) {
  const Json document = Json::parse(image.config().json);
  std::vector<std::string> commands;
  std::vector<std::string> expected;
  for (const Finding& finding : LeaksOf(image)) {
    const Json value = FieldOf(document, finding.field);
    if (!value.is_string()) continue;
    commands.push_back(RecoverCommand(image, finding));
    expected.push_back(value.get<std::string>() + "\n");
  }
  const Pasted pasted = Paste(commands, ".");
  EXPECT_EQ(pasted.errors, "");
  EXPECT_EQ(pasted.outputs, expected);
}

// The messages hold these very commands, up to their limit.
void ExpectMessagesNameFields(const Image& image) {
  std::set<std::string> known;
  for (const Finding& finding : LeaksOf(image)) known.insert(RecoverCommand(image, finding));
  for (const auto& matcher : {HasCleanHistory(), HasCleanConfig()}) {
    const std::string message = Explained<Image>(image, matcher);
    EXPECT_EQ(CommandsIn(message).empty(), matcher.Matches(image)) << message;
    for (const std::string& command : CommandsIn(message)) EXPECT_TRUE(known.count(command));
  }
}

class SampleRecovery : public ::testing::TestWithParam<std::string> {};

TEST_P(SampleRecovery, EveryFileAndField) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : SamplesOf(GetParam())) {
    // Refused: see the tests of damaged images.
    if (sample == "hist-inputs/diffsshort.tar") continue;
    SCOPED_TRACE(sample);
    const std::string path = SamplePath(sample);
    // The one archive of several images.
    if (sample == "umoci047-repack-oci.tar") {
      for (const char* tag : {"v1", "v2"}) ExpectFilesRecovered(path, tag);
      continue;
    }
    ExpectFilesRecovered(path);
    ExpectFieldsRecovered(Image::Open(path));
    ExpectMessagesNameFields(Image::Open(path));
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, SampleRecovery, ::testing::ValuesIn(SampleGroups()),
                         [](const auto& test) { return TestNameOf(test.param); });

// Sparse files and long names, as five tar writers store them.
TEST(TarFormRecovery, EveryFile) {
  REQUIRE_SAMPLES();
  const TemporaryFolder folder;
  for (const std::string& form : SamplesIn("tarforms")) {
    SCOPED_TRACE(form);
    const std::string image = folder.Path(TestNameOf(form) + ".tar");
    const CommandResult made =
        RunCommand("python3 " + ShellQuoted(kTests + "../differential/wrap_layers.py") + " " +
                   ShellQuoted(image) + " " + ShellQuoted(SamplePath(form)));
    ASSERT_EQ(made.exit_code, 0) << made.error;
    ExpectFilesRecovered(image);
  }
}

TEST(RecordedRecovery, EveryFileAndField) {
  for (const auto& file : std::filesystem::directory_iterator(WATERTIGHT_RECORDED_IMAGES)) {
    SCOPED_TRACE(file.path().string());
    ExpectFilesRecovered(file.path().string());
    ExpectFieldsRecovered(Image::Open(file.path().string()));
    ExpectMessagesNameFields(Image::Open(file.path().string()));
  }
}

class MadeRecovery : public ::testing::Test {
 protected:
  // The commands of the message for a path, pasted.
  Pasted Recover(const Image& image, const std::string& path) {
    return Paste(CommandsIn(Explained<Image>(image, NeverStores(Glob(ExactPattern(path))))),
                 folder_.path());
  }
  std::string Write(const std::string& name, const std::vector<TarFile>& files) {
    WriteFile(folder_.Path(name), MakeTar(files));
    return folder_.Path(name);
  }

  void TearDown() override { std::filesystem::current_path(before_); }

  const std::filesystem::path before_ = std::filesystem::current_path();
  TemporaryFolder folder_;
};

TEST_F(MadeRecovery, NamesThatAShellOrTarWouldMisread) {
  const std::vector<std::string> names = {
      "a b",         "it's",    "$HOME",  "`id`",  "new\nline", "tab\there", "back\\slash",
      "back\\nx",    "-rf",     "--help", "st*r?", "[br]{ac}",  "caf\xe9",   "\xe2\x80\xaereversed",
      "\x1b[31mred", "a;b&c|d", "!event", "~user", "#x",        "dq\"dq",    "café",
      "trailing\\",  "x=y"};
  std::vector<TarFile> files;
  for (const std::string& name : names) files.push_back({name, '0', "bytes of " + name});
  const Image image = Image::Open(Write("odd.tar", DockerArchive(MakeImage({files}))));
  for (const std::string& name : names) {
    const Pasted pasted = Recover(image, name);
    EXPECT_EQ(pasted.errors, "") << name;
    EXPECT_THAT(pasted.outputs, ElementsAre("bytes of " + name)) << name;
  }
}

TEST_F(MadeRecovery, NamesAsTheyAreStored) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"/abs/x", "abs/x"}, {"./dot/x", "dot/x"}, {"../up/x", "up/x"},
      {"a/../b/x", "b/x"}, {"c//d", "c/d"},      {"./-dash", "-dash"}};
  std::vector<TarFile> files;
  for (const auto& [stored, path] : names) files.push_back({stored, '0', "bytes of " + path});
  const Image image = Image::Open(Write("stored.tar", DockerArchive(MakeImage({files}))));
  for (const auto& [stored, path] : names) {
    const Pasted pasted = Recover(image, path);
    EXPECT_EQ(pasted.errors, "") << stored;
    EXPECT_THAT(pasted.outputs, ElementsAre("bytes of " + path)) << stored;
  }
}

TEST_F(MadeRecovery, EntriesThatShareAName) {
  const Image image =
      Image::Open(Write("twice.tar", DockerArchive(MakeImage({{{"twice", '0', "first"},
                                                               {"twice", '0', "second"},
                                                               {"d", '5', "", "", 0755},
                                                               {"d/below", '0', "below"},
                                                               {"d", '0', "a file now"}}}))));
  EXPECT_THAT(Recover(image, "twice").outputs, ElementsAre("first", "second"));
  EXPECT_EQ(Recover(image, "d").outputs[0], "a file now");
}

TEST_F(MadeRecovery, HardLinksGiveTheBytesOfTheirTarget) {
  const Image image =
      Image::Open(Write("links.tar", DockerArchive(MakeImage({{{"low", '0', "low bytes"}},
                                                              {{"f", '0', "f bytes"},
                                                               {"one", '1', "", "f"},
                                                               {"two", '1', "", "./one"},
                                                               {"far", '1', "", "low"}}}))));
  EXPECT_THAT(Recover(image, "one").outputs, ElementsAre("f bytes"));
  EXPECT_THAT(Recover(image, "two").outputs, ElementsAre("f bytes"));
  EXPECT_THAT(Recover(image, "far").outputs, ElementsAre("low bytes"));
}

TEST_F(MadeRecovery, WhatHoldsNoBytesIsListed) {
  const Image image = Image::Open(Write(
      "list.tar", DockerArchive(MakeImage({{{"d/", '5', "", "", 0750}, {"l", '2', "", "../x"}}}))));
  EXPECT_THAT(Recover(image, "l").outputs, ElementsAre(HasSubstr("l -> ../x")));
  EXPECT_THAT(Recover(image, "d").outputs, ElementsAre(::testing::StartsWith("drwxr-x---")));
}

TEST_F(MadeRecovery, BytesInMemoryAreReadFromStandardInput) {
  const std::string tar = MakeTar(DockerArchive(MakeImage({{{"key", '0', "key bytes"}}})));
  const Image image = Image::OpenBytes("made", tar);
  const std::string message = Explained<Image>(image, NeverStores("key"));
  EXPECT_THAT(message, HasSubstr("To see it, save the bytes that were opened from memory and give "
                                 "them to this command on standard input:"));
  ASSERT_EQ(CommandsIn(message).size(), 1U);
  const CommandResult recovered = RunCommand(CommandsIn(message)[0], tar);
  EXPECT_EQ(recovered.error, "");
  EXPECT_EQ(recovered.output, "key bytes");
}

TEST_F(MadeRecovery, NamesOfArchives) {
  const MadeImage made = MakeImage({{{"x", '0', "bytes"}}});
  for (const char* name :
       {"app:v1.tar", "host:8080:app.tar", "it's $HOME.tar", "-x.tar", "a b.tar"}) {
    Write(name, DockerArchive(made));
    // As given: relative, and told from a tag by its transport.
    std::filesystem::current_path(folder_.path());
    const Image image = Image::Open(name);
    const Pasted pasted = Recover(image, "x");
    EXPECT_EQ(pasted.errors, "") << name;
    EXPECT_THAT(pasted.outputs, ElementsAre("bytes")) << name;
  }
}

TEST_F(MadeRecovery, EveryCompressionOfLayersAndArchives) {
  const MadeImage made = MakeImage({{{"x", '0', "bytes"}}});
  for (const char* program : {"none", "gzip", "zstd", "xz", "bzip2"}) {
    if (std::string(program) != "none" && !HasProgram(program)) continue;
    OciLayout layout;
    layout.SetIndex(
        {layout.AddImage(made, [&](const std::string& tar) { return Compressed(tar, program); })});
    const std::string tar = MakeTar(layout.files());
    WriteFile(folder_.Path("layers.tar"), tar);
    WriteFile(folder_.Path("whole.tar"), Compressed(tar, program));
    for (const auto& file : layout.files()) {
      const std::filesystem::path path = folder_.Path(std::string(program) + "/" + file.name);
      std::filesystem::create_directories(path.parent_path());
      if (file.type == '0') WriteFile(path, file.content);
    }
    for (const std::string& name :
         {std::string("layers.tar"), std::string("whole.tar"), std::string(program)}) {
      const Pasted pasted = Recover(Image::Open(folder_.Path(name)), "x");
      EXPECT_EQ(pasted.errors, "") << program << " " << name;
      EXPECT_THAT(pasted.outputs, ElementsAre("bytes")) << program << " " << name;
    }
  }
}

TEST_F(MadeRecovery, MembersSpelledWithADotSlashOrLinked) {
  const MadeImage made = MakeImage({{{"x", '0', "bytes"}}});
  std::vector<TarFile> files = DockerArchive(made);
  const std::string layer = files[0].name;
  files.push_back({"link/layer.tar", '2', "", "../" + layer});
  Json manifest = Json::parse(files[2].content);
  manifest[0]["Layers"][0] = "link/layer.tar";
  files[2].content = manifest.dump();
  for (TarFile& file : files) file.name = "./" + file.name;
  const Image image = Image::Open(Write("dot.tar", files));
  const Pasted pasted = Recover(image, "x");
  EXPECT_EQ(pasted.errors, "");
  EXPECT_THAT(pasted.outputs, ElementsAre("bytes"));
}

// As `tar -r` leaves them: the last one counts.
TEST_F(MadeRecovery, MembersStoredTwice) {
  std::vector<TarFile> files = DockerArchive(MakeImage({{{"x", '0', "bytes"}}}));
  files.insert(files.begin(), {files[0].name, '0', MakeTar({{"x", '0', "older"}})});
  const Image image = Image::Open(Write("twice.tar", files));
  const Pasted pasted = Recover(image, "x");
  EXPECT_EQ(pasted.errors, "");
  EXPECT_THAT(pasted.outputs, ElementsAre("bytes"));
}

// What came through a pipe has to come again.
TEST_F(MadeRecovery, StandardInput) {
  const std::string tar = MakeTar(DockerArchive(MakeImage({{{"x", '0', "bytes"}}})));
  const std::string path = folder_.Path("piped.tar");
  WriteFile(path, tar);
  const int saved = dup(STDIN_FILENO);
  ASSERT_NE(freopen(path.c_str(), "r", stdin), nullptr);
  const std::string message = Explained<Image>(Image::Open("-"), NeverStores("x"));
  dup2(saved, STDIN_FILENO);
  close(saved);
  EXPECT_THAT(message, HasSubstr("on standard input again:"));
  const std::vector<std::string> commands = CommandsIn(message);
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_EQ(RunCommand("bash -c " + ShellQuoted(commands[0]), tar).output, "bytes");
}

TEST_F(MadeRecovery, FieldsWithOddKeys) {
  MadeImage made = MakeImage({{{"x", '0', "bytes"}}});
  made.config["config"]["Labels"] = {{"a.b", "https://u:plantedword@example.invalid/"},
                                     {"it's \"quoted\"", "https://u:plantedword@example.invalid/"}};
  made.config["odd.key"] = "https://u:plantedword@example.invalid/";
  made.config["history"][0]["author"] = "https://u:plantedword@example.invalid/";
  const Image image = Image::Open(Write("fields.tar", DockerArchive(made)));
  EXPECT_THAT(image, Not(HasCleanConfig()));
  ExpectFieldsRecovered(image);
  ExpectMessagesNameFields(image);
}

TEST(ShellQuote, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(ShellQuote("app/secret.txt"), "app/secret.txt");
  EXPECT_EQ(ShellQuote(""), "''");
  EXPECT_EQ(ShellQuote("a b"), "'a b'");
  EXPECT_EQ(ShellQuote("it's"), "'it'\\''s'");
  EXPECT_EQ(ShellQuote("a\nb'"), "\"$(printf 'a\\012b\\047')\"");
  EXPECT_EQ(ShellQuote("caf\xe9"), "\"$(printf 'caf\\351')\"");
  EXPECT_EQ(ShellQuote("a\n\n"), "\"$(printf 'a')\n\n\"");
}

}  // namespace
}  // namespace watertight::testing
