// Compressed layers, whose bytes come once: what is found in them is what is found in plain ones.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "framework/image/hash.h"
#include "framework/scan/recovery.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/image.h"
#include "watertight/known_values.h"
#include "watertight/secrets.h"

namespace watertight::testing {
namespace {

std::string Noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string noise(size, '\0');
  for (std::size_t at = 0; at + 4 <= size; at += 4) {
    const std::uint32_t word = static_cast<std::uint32_t>(random());
    std::memcpy(noise.data() + at, &word, 4);
  }
  return noise;
}

// Passwords that are drawn, of which no two are the same.
std::string Password(unsigned seed) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  std::mt19937 random(seed);
  std::string word;
  for (int i = 0; i < 24; ++i) word += kLetters[random() % kLetters.size()];
  return word;
}

std::string Settings(unsigned seed) {
  return "# made up\nhost = db\n  db_password = \"" + Password(seed) + "\"\n";
}

// Files of every kind that something is asked of when the layer has gone by.
std::vector<TarFile> MakeFiles() {
  std::vector<TarFile> files;
  unsigned seed = 0;
  for (int round = 0; round < 4; ++round) {
    const std::string folder = "srv/" + std::to_string(round) + "/";
    files.push_back({folder + "noise", '0', Noise(700'000, ++seed)});
    files.push_back({folder + "app.ini", '0', Settings(++seed)});
    files.push_back({folder + "db_password", '0', Password(++seed) + "\n"});
    files.push_back({folder + "large.ini", '0', std::string(900'000, '\n') + Settings(++seed)});
    files.push_back({folder + "app.ini.gz", '0', Compressed(Settings(++seed), "gzip")});
    files.push_back({folder + "large.gz", '0',
                     Compressed(Noise(1'200'000, ++seed) + "\n" + Settings(++seed), "gzip")});
    files.push_back({folder + "etc/shadow", '0', "ada:$6$" + Password(++seed) + ":1:2\n"});
  }
  const std::string shipped = Settings(++seed);
  Hash md5(HashKind::kMd5);
  md5.Update(shipped);
  files.push_back({"usr/share/app/default.ini", '0', shipped});
  files.push_back(
      {"var/lib/dpkg/info/app.md5sums", '0', md5.Hex() + "  usr/share/app/default.ini\n"});
  return files;
}

const std::vector<TarFile>& Files() {
  static const std::vector<TarFile> files = MakeFiles();
  return files;
}

std::string ArchiveOf(const std::string& program) {
  const MadeImage made = MakeImage({Files()});
  OciLayout layout;
  layout.SetIndex(
      {layout.AddImage(made, [&](const std::string& tar) { return Compressed(tar, program); })});
  return MakeTar(layout.files());
}

std::vector<std::string> FindingsOf(const std::string& archive, unsigned threads) {
  OpenOptions options;
  options.threads = threads;
  const ValueSearch search = FindSecrets(Image::OpenBytes("app.tar", archive, options));
  EXPECT_TRUE(search.unreadable.empty());
  std::vector<std::string> texts;
  for (const Finding& finding : search.findings) {
    std::string text = finding.path + ":" + std::to_string(finding.line) + ":" +
                       std::to_string(finding.column) + " " + finding.rule + " " +
                       std::to_string(static_cast<int>(finding.level)) + " " + finding.value + " " +
                       finding.package;
    for (const std::string& encoding : finding.encoding) text += " " + encoding;
    texts.push_back(text);
  }
  return texts;
}

TEST(CompressedLayers, GiveWhatPlainOnesGive) {
  const std::vector<std::string> plain = FindingsOf(ArchiveOf("none"), 1);
  EXPECT_GE(plain.size(), 4 * 6 + 1U) << "each file but noise has something";
  for (const char* program : {"gzip", "zstd"}) {
    const std::string archive = ArchiveOf(program);
    for (const unsigned threads : {1U, 2U, 4U}) {
      EXPECT_EQ(FindingsOf(archive, threads), plain) << program << " " << threads;
    }
  }
}

// Of a layer that ends in the middle, in which the last file is a container that is whole but for
// its end.
TEST(CompressedLayers, AreSearchedToTheByteThatCanBeRead) {
  const std::string value = Password(77);
  const std::string text = value + "\n" + Noise(300'000, 78);
  for (const std::size_t before : {std::size_t{10'000}, std::size_t{900'000}}) {
    const std::string tar = MakeTar({{"noise", '0', Noise(before, 79)},
                                     {"last.gz", '0', Compressed(text, "gzip")},
                                     {"more", '0', Noise(2'000'000, 80)}});
    const std::string packed = Compressed(tar, "gzip");
    for (const std::size_t left : {before + 40'000, before + 200'000}) {
      const MadeImage made = MakeImage({{}});
      OciLayout layout;
      layout.SetIndex({layout.AddImage(
          made, [&](const std::string& /*tar*/) { return packed.substr(0, left); })});
      const std::string archive = MakeTar(layout.files());
      for (const unsigned threads : {1U, 2U}) {
        OpenOptions options;
        options.threads = threads;
        const Image image = Image::OpenBytes("app.tar", archive, options);
        const ValueSearch search = FindKnownValues(image, {Secret::Value(value)});
        ASSERT_EQ(search.findings.size(), 1U) << before << " " << left << " " << threads;
        EXPECT_EQ(search.unreadable.size(), 1U);
        EXPECT_NE(RecoverCommand(image, search.findings[0]), "");
      }
    }
  }
}

// Of two lists that claim a file the first one names the package, whichever is at hand.
TEST(CompressedLayers, NameThePackageOfTheFirstList) {
  const std::string shipped = Settings(1);
  Hash md5(HashKind::kMd5);
  md5.Update(shipped);
  const std::string line = md5.Hex() + "  usr/share/app/default.ini\n";
  std::string large = line;
  while (large.size() < 5'000'000) large += line.substr(0, 32) + "  usr/share/other\n";
  const MadeImage made = MakeImage({{{"usr/share/app/default.ini", '0', shipped},
                                     {"var/lib/dpkg/info/aaa.md5sums", '0', large},
                                     {"var/lib/dpkg/info/bbb.md5sums", '0', line}}});
  OciLayout layout;
  layout.SetIndex(
      {layout.AddImage(made, [](const std::string& tar) { return Compressed(tar, "gzip"); })});
  const ValueSearch search = FindSecrets(Image::OpenBytes("app.tar", MakeTar(layout.files())));
  ASSERT_EQ(search.findings.size(), 1U);
  EXPECT_EQ(search.findings[0].package, "dpkg package aaa");
}

// Bytes that this process has read from files; 0 where the system does not tell.
std::uint64_t BytesRead() {
  std::ifstream file("/proc/self/io");
  std::string key;
  std::uint64_t value = 0;
  file >> key >> value;
  return key == "rchar:" ? value : 0;
}

TEST(CompressedLayers, AreReadOnce) {
  if (BytesRead() == 0) GTEST_SKIP() << "the system does not tell what was read";
  const TemporaryFolder folder;
  const std::string path = folder.Path("app.tar");
  std::ofstream(path, std::ios::binary) << ArchiveOf("gzip");
  const std::uint64_t size = std::filesystem::file_size(path);
  ASSERT_GT(size, 4'000'000U);
  const Image image = Image::Open(path);
  const std::uint64_t before = BytesRead();
  EXPECT_FALSE(FindSecrets(image).findings.empty());
  EXPECT_LT(BytesRead() - before, size + size / 10);
}

}  // namespace
}  // namespace watertight::testing
