// gzip and zstd themselves unpack what our encoders wrote.

#include <gtest/gtest.h>

#include <random>

#include "generator/archives/gzip.h"
#include "generator/archives/zstd.h"
#include "tests/support/command.h"

namespace watertight::generator {
namespace {

using ::watertight::testing::CommandResult;
using ::watertight::testing::RunCommand;
using ::watertight::testing::ShellQuoted;
using ::watertight::testing::TemporaryFolder;
using ::watertight::testing::WriteFile;

// Sizes at the edges of blocks, headers and literal forms.
constexpr std::size_t kSizes[] = {0,     1,      2,      3,      4,      7,      8,     31,
                                  32,    33,     63,     64,     255,    256,    257,   1023,
                                  1024,  1025,   4095,   4096,   16383,  16384,  65535, 65536,
                                  65537, 131071, 131072, 131073, 262144, 262145, 400000};

// Bytes whose values thin out: `spread` says how many of them there are.
std::string Skewed(std::size_t size, double spread, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) {
    const double draw = static_cast<double>(random()) / 4294967296.0;
    bytes += static_cast<char>(static_cast<int>(draw * draw * draw * spread));
  }
  return bytes;
}

std::vector<std::string> Inputs() {
  std::vector<std::string> inputs;
  for (const std::size_t size : kSizes) {
    inputs.push_back(std::string(size, 'x'));
    inputs.push_back(Skewed(size, 8, 1));
    inputs.push_back(Skewed(size, 100, 2));
    inputs.push_back(Skewed(size, 256, 3));
    std::string noise;
    std::mt19937 random(static_cast<unsigned>(size));
    while (noise.size() < size) noise += static_cast<char>(random() & 0xff);
    inputs.push_back(noise);
    std::string text;
    while (text.size() < size) text += "line " + std::to_string(text.size()) + " of a text\n";
    inputs.push_back(text.substr(0, size));
  }
  return inputs;
}

void ExpectUnpacks(const std::string& program, Rope (*compress)(const Rope&)) {
  const TemporaryFolder folder;
  const std::vector<std::string> inputs = Inputs();
  std::string expected;
  std::string packed;
  for (const std::string& input : inputs) {
    packed += compress(Rope(input)).ToString();
    expected += input;
  }
  // Members one after the other are one stream for both programs, which also check each sum.
  WriteFile(folder.Path("packed"), packed);
  const CommandResult result = RunCommand(program + " -dc < " + ShellQuoted(folder.Path("packed")));
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_TRUE(result.output == expected) << result.output.size() << " of " << expected.size();
}

Rope GoGzip(const Rope& bytes) { return Gzip(bytes, GzipStyle::kGo); }

TEST(Compression, GzipUnpacks) { ExpectUnpacks("gzip", GoGzip); }
TEST(Compression, ZstdUnpacks) { ExpectUnpacks("zstd", Zstd); }

TEST(Compression, GzipBeginsAsTheToolsDo) {
  const auto head = [](GzipStyle style) { return Gzip(Rope("x"), style).ToString().substr(0, 10); };
  EXPECT_EQ(head(GzipStyle::kGo), std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
  EXPECT_EQ(head(GzipStyle::kGoFast), std::string("\x1f\x8b\x08\0\0\0\0\0\x04\xff", 10));
  EXPECT_EQ(head(GzipStyle::kContainers), std::string("\x1f\x8b\x08\0\0\x09\x6e\x88\0\xff", 10));
  EXPECT_EQ(head(GzipStyle::kJava), std::string("\x1f\x8b\x08\0\0\0\0\0\0\0", 10));
}

// A layer's text must not be readable in a compressed archive, as it is not in a real one.
TEST(Compression, HidesTextAsRealCompressorsDo) {
  std::string text = "token = correct-horse-battery-staple\n";
  for (int i = 0; i < 20; ++i)
    text += "setting" + std::to_string(i) + " = value " + text[static_cast<std::size_t>(i)] + "\n";
  const std::string tar = std::string(512, '\0') + text;
  EXPECT_EQ(GoGzip(Rope(tar)).ToString().find("correct"), std::string::npos);
  EXPECT_EQ(Zstd(Rope(tar)).ToString().find("correct"), std::string::npos);
}

TEST(Compression, ShrinksWhatRepeats) {
  const std::string zeros(1 << 20, '\0');
  EXPECT_LT(GoGzip(Rope(zeros)).size(), 6000u);
  EXPECT_LT(Zstd(Rope(zeros)).size(), 200u);
}

}  // namespace
}  // namespace watertight::generator
