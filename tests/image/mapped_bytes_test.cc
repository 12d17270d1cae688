// Files that are looked at in place. Each test allows it for its whole process.

#include "framework/image/mapped_bytes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "framework/image/bytes.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/error.h"
#include "watertight/image.h"
#include "watertight/known_values.h"

namespace watertight::testing {
namespace {

constexpr std::size_t kPage = 4096;

std::string Numbers(std::size_t size) {
  std::string bytes;
  for (int i = 0; bytes.size() < size; ++i) bytes += std::to_string(i) + "\n";
  bytes.resize(size);
  return bytes;
}

class MappedFile : public ::testing::Test {
 protected:
  void Write(const std::string& bytes) {
    WriteFile(path_, bytes);
    bytes_ = OpenFileBytes(open(path_.c_str(), O_RDONLY | O_CLOEXEC), bytes.size(), "the file");
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/file";
  SharedBytes bytes_;
};

TEST_F(MappedFile, GivesTheBytesOfAnyPart) {
  MappedBytes::Allow();
  const std::string all = Numbers(5'000'000);
  Write(all);
  for (const auto& [offset, size] :
       std::vector<std::pair<std::size_t, std::size_t>>{{0, all.size()},
                                                        {1, 10},
                                                        {kPage - 1, 2},
                                                        {kPage, kPage},
                                                        {4'999'999, 1},
                                                        {777, 4'000'000}}) {
    const auto mapped = PartOf(bytes_, offset, size)->Map(0, size);
    ASSERT_NE(mapped, nullptr);
    std::string read;
    for (std::string_view next = mapped->Next(300'000); !next.empty();
         next = mapped->Next(300'000)) {
      read += next;
    }
    EXPECT_EQ(read, all.substr(offset, size));
    EXPECT_NO_THROW(mapped->Check());
  }
  EXPECT_EQ(bytes_->Map(all.size(), 1), nullptr);
}

TEST_F(MappedFile, TellsOfAFileThatBecomesShorter) {
  MappedBytes::Allow();
  const std::string all = Numbers(10 * kPage);
  for (const std::size_t left : {std::size_t{0}, std::size_t{10}, 3 * kPage, 10 * kPage - 1}) {
    Write(all);
    const auto mapped = bytes_->Map(0, all.size());
    ASSERT_NE(mapped, nullptr);
    ASSERT_EQ(truncate(path_.c_str(), static_cast<off_t>(left)), 0);
    const std::string read(mapped->Next(all.size()));
    EXPECT_EQ(read, all.substr(0, left) + std::string(all.size() - left, '\0'));
    try {
      mapped->Check();
      ADD_FAILURE() << "nothing is said of " << left << " bytes";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "the file became shorter while it was read");
    }
  }
}

TEST_F(MappedFile, LeavesOtherSignalsToOthers) {
  std::signal(SIGBUS, [](int) { _exit(7); });
  MappedBytes::Allow();
  EXPECT_EXIT(std::raise(SIGBUS), ::testing::ExitedWithCode(7), "");
}

class ShortenedImage : public MappedFile, public ::testing::WithParamInterface<bool> {};

TEST_P(ShortenedImage, IsNotSearchedWhole) {
  if (GetParam()) MappedBytes::Allow();
  const MadeImage made = MakeImage({{{"a", '0', Numbers(300'000)}, {"b", '0', "tok-5f0aQ-9zX"}}});
  const std::string archive = MakeTar(DockerArchive(made));
  WriteFile(path_, archive);
  const Image image = Image::Open(path_);
  const std::vector<Secret> values = {Secret::Value("tok-5f0aQ-9zX")};
  ASSERT_EQ(FindKnownValues(image, values).findings.size(), 1U);
  ASSERT_EQ(truncate(path_.c_str(), 200'000), 0);
  const ValueSearch search = FindKnownValues(image, values);
  ASSERT_FALSE(search.unreadable.empty());
  EXPECT_NE(search.unreadable[0].find("layer 0"), std::string::npos) << search.unreadable[0];
  EXPECT_NE(search.unreadable[0].find("it became shorter while it was read"), std::string::npos)
      << search.unreadable[0];
}

INSTANTIATE_TEST_SUITE_P(, ShortenedImage, ::testing::Bool(),
                         [](const auto& one) { return one.param ? "Mapped" : "Read"; });

}  // namespace
}  // namespace watertight::testing
