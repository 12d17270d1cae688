#include "generator/archives/archive_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "generator/error.h"
#include "tests/generator/archives/example_image.h"
#include "tests/support/command.h"

namespace watertight::generator {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::watertight::testing::ExampleImage;
using ::watertight::testing::ReadFile;
using ::watertight::testing::TemporaryFolder;
using ::watertight::testing::WriteFile;

std::size_t FilesIn(const std::string& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// The error's text; "" when there is none.
template <typename Action>
std::string ErrorOf(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ArchiveFile, IsMadeOrReplaced) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("app.tar");
  ReplaceFile(path, Rope("one"));
  EXPECT_EQ(ReadFile(path), "one");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  ReplaceFile(path, Rope("two"));
  EXPECT_EQ(ReadFile(path), "two");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(FilesIn(folder.path()), 1u);
}

TEST(ArchiveFile, MayHaveTheLongestName) {
  const TemporaryFolder folder;
  const std::string path = folder.Path(std::string(255, 'n'));
  ReplaceFile(path, Rope("x"));
  EXPECT_EQ(ReadFile(path), "x");
}

TEST(ArchiveFile, IsReplacedBehindASymlink) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("real"), "old");
  fs::create_symlink("real", folder.Path("link"));
  ReplaceFile(folder.Path("link"), Rope("new"));
  EXPECT_TRUE(fs::is_symlink(folder.Path("link")));
  EXPECT_EQ(ReadFile(folder.Path("real")), "new");
}

TEST(ArchiveFile, IsMadeBehindASymlinkThatLeadsNowhereYet) {
  const TemporaryFolder folder;
  fs::create_symlink("next", folder.Path("link"));
  fs::create_symlink(folder.Path("real"), folder.Path("next"));
  ReplaceFile(folder.Path("link"), Rope("new"));
  EXPECT_TRUE(fs::is_symlink(folder.Path("link")));
  EXPECT_TRUE(fs::is_symlink(folder.Path("next")));
  EXPECT_EQ(ReadFile(folder.Path("real")), "new");
}

TEST(ArchiveFile, RefusesAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(ErrorOf([&] { ReplaceFile(folder.path(), Rope("x")); }),
            folder.path() + ": is a folder; name a file");
}

TEST(ArchiveFile, IsWrittenIntoDevices) {
  EXPECT_EQ(ErrorOf([] { ReplaceFile("/dev/null", Rope("x")); }), "");
  EXPECT_EQ(ErrorOf([] { ReplaceFile("/dev/full", Rope("x")); }),
            "/dev/full: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(ArchiveFile, IsWrittenIntoPipes) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = ReadFile(path); });
  const std::string bytes(300'000, 'x');
  EXPECT_EQ(ErrorOf([&] { ReplaceFile(path, Rope(bytes)); }), "");
  reader.join();
  EXPECT_EQ(read, bytes);
  EXPECT_TRUE(fs::is_fifo(path));
}

// As a shell's > and a captured standard output are, of which the file may be gone already.
TEST(ArchiveFile, IsWrittenIntoDescriptorsThatAreOpen) {
  const TemporaryFolder folder;
  const int open_file = open(folder.Path("out").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_GE(open_file, 0);
  const std::string number = std::to_string(open_file);
  ASSERT_EQ(write(open_file, "before ", 7), 7);
  ReplaceFile("/proc/self/fd/" + number, Rope("one "));
  ASSERT_TRUE(fs::remove(folder.Path("out")));
  fs::create_symlink("/dev/fd/" + number, folder.Path("link"));
  ReplaceFile(folder.Path("link"), Rope("two "));
  ASSERT_EQ(write(open_file, "behind", 6), 6);
  char bytes[100] = {};
  EXPECT_EQ(pread(open_file, bytes, sizeof(bytes), 0), 21);
  EXPECT_STREQ(bytes, "before one two behind");
  close(open_file);
  EXPECT_TRUE(fs::is_symlink(folder.Path("link")));
  EXPECT_EQ(FilesIn(folder.path()), 1u);
}

TEST(ArchiveFile, NamesTheFileThatCannotBeMade) {
  EXPECT_EQ(ErrorOf([] { ReplaceFile("/no/such/folder/app.tar", Rope("x")); }),
            "/no/such/folder/app.tar: No such file or directory");
  EXPECT_THAT(ErrorOf([] { ReplaceFile("", Rope("x")); }), StartsWith("output: "));
}

// A file size limit fails a write as a full disk does.
TEST(ArchiveFile, LeavesTheOldFileWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("app.tar");
  WriteFile(path, "old");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string error = ErrorOf([&] { ReplaceFile(path, Rope(std::string(5000, 'x'))); });
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(error, path + ": File too large");
  EXPECT_EQ(ReadFile(path), "old");
  EXPECT_EQ(FilesIn(folder.path()), 1u);
}

TEST(ArchiveFile, NamesTheContextFileThatIsGoneOrShorter) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("context"), "12345");
  Rope rope;
  rope.AppendFile(folder.Path("context"), 0, 6);
  EXPECT_EQ(ErrorOf([&] { ReplaceFile(folder.Path("out"), rope); }),
            folder.Path("context") + ": became shorter while it was read");
  fs::remove(folder.Path("context"));
  EXPECT_EQ(ErrorOf([&] { ReplaceFile(folder.Path("out"), rope); }),
            folder.Path("context") + ": No such file or directory");
  EXPECT_EQ(FilesIn(folder.path()), 0u);
}

TEST(ArchiveFile, WritesALayoutIntoAFolder) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("layout");
  const Archive archive = WriteArchive("oci-dir", {ExampleImage({"app:ci"})}, {});
  SaveArchive(path, archive);
  EXPECT_EQ(ReadFile(path + "/oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}");
  // What was a layout is replaced as a whole.
  WriteFile(path + "/blobs/sha256/stale", "x");
  SaveArchive(path, archive);
  EXPECT_FALSE(fs::exists(path + "/blobs/sha256/stale"));
  EXPECT_EQ(FilesIn(path + "/blobs/sha256"), 4u);  // two layers, config, manifest
  EXPECT_EQ(FilesIn(folder.path()), 1u);
}

TEST(ArchiveFile, TouchesNoFolderThatIsNoLayout) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("precious"), "x");
  const Archive archive = WriteArchive("oci-dir", {ExampleImage({})}, {});
  EXPECT_EQ(ErrorOf([&] { SaveArchive(folder.path(), archive); }),
            folder.path() + ": is neither empty nor an OCI layout");
  EXPECT_EQ(ErrorOf([&] { SaveArchive(folder.Path("precious"), archive); }),
            folder.Path("precious") + ": is no folder; an OCI layout is one");
  EXPECT_EQ(ReadFile(folder.Path("precious")), "x");
}

TEST(ArchiveFile, ReadsRangesOfFiles) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("f"), "0123456789");
  Rope rope("<");
  rope.AppendFile(folder.Path("f"), 2, 3);
  rope.Append(">");
  rope.AppendZeros(3000);
  Rope twice = rope;
  twice.Append(rope);
  EXPECT_EQ(rope.ToString(), "<234>" + std::string(3000, '\0'));
  EXPECT_EQ(twice.ToString(), rope.ToString() + rope.ToString());
  EXPECT_EQ(twice.size(), 2 * 3005u);
}

}  // namespace
}  // namespace watertight::generator
