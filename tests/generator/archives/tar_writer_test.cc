#include "generator/archives/tar_writer.h"

#include <gtest/gtest.h>

#include "tests/support/command.h"

namespace watertight::generator {
namespace {

using ::watertight::testing::CommandResult;
using ::watertight::testing::RunCommand;
using ::watertight::testing::ShellQuoted;
using ::watertight::testing::TemporaryFolder;

std::string Written(const TarEntry& entry, TarForm form = TarForm::kGo) {
  Rope tar;
  AppendTarEntry(tar, entry, form);
  return tar.ToString();
}

// A NUL-terminated field.
std::string Field(const std::string& header, std::size_t offset, std::size_t size) {
  const std::string field = header.substr(offset, size);
  return field.substr(0, field.find('\0'));
}

TarEntry Named(std::string name) {
  TarEntry entry;
  entry.name = std::move(name);
  return entry;
}

TEST(TarWriter, WritesUstar) {
  TarEntry entry = Named("app/secret.txt");
  entry.mode = 0600;
  entry.uid = 1000;
  entry.mtime = 1;
  entry.content = Rope("hunter2\n");
  const std::string tar = Written(entry);
  ASSERT_EQ(tar.size(), 1024u);
  EXPECT_EQ(Field(tar, 0, 100), "app/secret.txt");
  EXPECT_EQ(tar.substr(100, 8), std::string("0000600\0", 8));
  EXPECT_EQ(tar.substr(108, 8), std::string("0001750\0", 8));
  EXPECT_EQ(tar.substr(124, 12), std::string("00000000010\0", 12));
  EXPECT_EQ(tar.substr(136, 12), std::string("00000000001\0", 12));
  EXPECT_EQ(tar.substr(156, 1), "0");
  EXPECT_EQ(tar.substr(257, 8), std::string("ustar\00000", 8));
  EXPECT_EQ(tar.substr(329, 16), std::string("0000000\0000000000\0", 16));
  EXPECT_EQ(tar.substr(512, 9), std::string("hunter2\n\0", 9));
}

TEST(TarWriter, SplitsLongNamesAtTheLastSlashThatFits) {
  const std::string folder(90, 'd');
  const std::string name(95, 'n');
  const std::string tar = Written(Named(folder + "/" + name));
  EXPECT_EQ(tar.size(), 512u);
  EXPECT_EQ(Field(tar, 0, 100), name);
  EXPECT_EQ(Field(tar, 345, 155), folder);
}

TEST(TarWriter, PutsWhatUstarCannotHoldIntoRecords) {
  const std::string tar = Written(Named("t/caf\xc3\xa9"));
  ASSERT_EQ(tar.size(), 3 * 512u);
  EXPECT_EQ(Field(tar, 0, 100), "t/PaxHeaders.0/caf");
  EXPECT_EQ(tar.substr(156, 1), "x");
  EXPECT_EQ(Field(tar, 512, 512), "16 path=t/caf\xc3\xa9\n");
  EXPECT_EQ(Field(tar, 1024, 100), "t/caf");
}

TEST(TarWriter, WritesRecordsForBigAndNegativeNumbers) {
  TarEntry entry = Named("f");
  entry.uid = 3000000;
  entry.gid = 2147483000;
  entry.mtime = -5;
  const std::string tar = Written(entry);
  EXPECT_EQ(Field(tar, 512, 512), "18 gid=2147483000\n12 mtime=-5\n15 uid=3000000\n");
  EXPECT_EQ(tar.substr(1024 + 108, 8), std::string("0000000\0", 8));
  EXPECT_EQ(tar.substr(1024 + 136, 12), std::string("00000000000\0", 12));
}

// DIR/PaxHeaders.0/NAME, cleaned as by Go's path.Join; what is not ASCII goes after that.
TEST(TarWriter, CleansTheNamesOfRecordEntries) {
  const std::string e = "\xc3\xa9";
  const std::pair<std::string, std::string> rows[] = {{"a/" + e, "a/PaxHeaders.0"},
                                                      {"a/x" + e, "a/PaxHeaders.0/x"},
                                                      {"a//./b/x" + e, "a/b/PaxHeaders.0/x"},
                                                      {"a/../../x" + e, "../PaxHeaders.0/x"},
                                                      {"../../x" + e, "../../PaxHeaders.0/x"},
                                                      {"/../x" + e, "/PaxHeaders.0/x"},
                                                      {e + "/", "/PaxHeaders.0"},
                                                      {"d/" + e + "/", "d//PaxHeaders.0"}};
  for (const auto& [name, expected] : rows) {
    EXPECT_EQ(Field(Written(Named(name)), 0, 100), expected) << name;
  }
}

TEST(TarWriter, KeepsRecordsWithNulsAndNewlines) {
  TarEntry entry = Named("f");
  entry.pax["SCHILY.xattr.user.bin"] = std::string("a\0b\n=", 5);
  const std::string tar = Written(entry);
  EXPECT_EQ(tar.substr(512, 31), std::string("31 SCHILY.xattr.user.bin=a\0b\n=\n", 31));
}

TEST(TarWriter, CountsTheDigitsOfARecordsOwnLength) {
  // 97 bytes and two digits are 99; 98 bytes and two digits would be 100, which has three.
  TarEntry entry = Named("f");
  entry.pax["k"] = std::string(93, 'v');
  EXPECT_EQ(Field(Written(entry), 512, 200), "99 k=" + std::string(93, 'v') + "\n");
  entry.pax["k"] = std::string(94, 'v');
  EXPECT_EQ(Field(Written(entry), 512, 200), "101 k=" + std::string(94, 'v') + "\n");
}

TEST(TarWriter, WritesTypesAndDevices) {
  TarEntry entry = Named("dev/null");
  entry.type = '3';
  entry.device_major = 1;
  entry.device_minor = 3;
  EXPECT_EQ(Written(entry).substr(329, 16), std::string("0000001\0000000003\0", 16));
  EXPECT_EQ(WithTypeBits('0', 04755), 0104755u);
  EXPECT_EQ(WithTypeBits('5', 0755), 0040755u);
  EXPECT_EQ(WithTypeBits('2', 0777), 0120777u);
  EXPECT_EQ(WithTypeBits('3', 0666), 0020666u);
  EXPECT_EQ(WithTypeBits('6', 0644), 0010644u);
}

TEST(TarWriter, EndsWithTwoBlocksOrAWholeRecord) {
  EXPECT_EQ(WriteTar({}, {}).ToString(), std::string(1024, '\0'));
  EXPECT_EQ(WriteTar({Named("f")}, {TarForm::kGnu, 10240, true}).size(), 10240u);
  EXPECT_EQ(WriteTar({Named("f")}, {TarForm::kGo, 1024, false}).size(), 512u);
}

TEST(TarWriter, WritesHostileNamesAsTheyAre) {
  for (const std::string name : {"../../etc/passwd", "/etc/passwd", "a//b/./c", "x\ny", ""}) {
    const std::string tar = Written(Named(name));
    EXPECT_EQ(Field(tar, 0, 100), name);
    EXPECT_EQ(tar.size(), 512u);
  }
}

TEST(TarWriter, LiesAboutSizesOnRequest) {
  TarEntry entry = Named("f");
  entry.content = Rope("abc");
  entry.claimed_size = 077777777777;
  EXPECT_EQ(Written(entry).substr(124, 12), std::string("77777777777\0", 12));
  entry.claimed_size = 0100000000000;
  EXPECT_EQ(Field(Written(entry), 512, 512), "19 size=8589934592\n");
}

TEST(TarWriter, PatchesFieldsUnderAValidChecksum) {
  TarEntry entry = Named("f");
  entry.patches = {{257, "xxxxx"}};
  const TemporaryFolder folder;
  const std::string tar = Written(entry);
  EXPECT_EQ(tar.substr(257, 5), "xxxxx");
  unsigned sum = 8 * ' ';
  for (std::size_t i = 0; i < 512; ++i) {
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(tar[i]);
  }
  EXPECT_EQ(std::stoul(tar.substr(148, 6), nullptr, 8), sum);
  entry.patches = {{148, "0000000"}};
  EXPECT_EQ(Written(entry).substr(148, 7), "0000000");
}

// GNU tar's own files are what the GNU form is compared with.
TEST(TarWriter, WritesWhatGnuTarWrites) {
  const TemporaryFolder folder;
  const std::string in = ShellQuoted(folder.path());
  const CommandResult made = RunCommand(
      "cd " + in +
      " && mkdir t && n=$(printf 'n%.0s' $(seq 120)) && echo long > t/$n && echo u > t/big && "
      "ln -s $n$n t/link && ln t/big t/hard && touch -d @-5 t/old && mkfifo t/fifo && "
      "touch -d @15032385535 t/late && tar --format=gnu --sort=name --owner=root:3000000 "
      "--group=staff:50 -cf gnu.tar t");
  ASSERT_EQ(made.exit_code, 0) << made.error;
  const CommandResult same = RunCommand(
      "python3 " + ShellQuoted(WATERTIGHT_SOURCE_DIR "/tests/generator/archives/rewrite.py") + " " +
      ShellQuoted(WATERTIGHT_SAVE) + " --bare " + ShellQuoted(folder.Path("gnu.tar")));
  EXPECT_EQ(same.exit_code, 0) << same.output << same.error;
}

TEST(TarWriter, WritesWhatPythonWrites) {
  const TemporaryFolder folder;
  const CommandResult made =
      RunCommand("cd " + ShellQuoted(folder.path()) + R"( && python3 - <<'EOF'
import io, tarfile
with tarfile.open("python.tar", "w", format=tarfile.PAX_FORMAT) as tar:
    for name in ["a/layer.tar", "n" * 130, "b.json"]:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.uid = 3, 1600000000, 3000000 if name == "b.json" else 0
        tar.addfile(entry, io.BytesIO(b"abc"))
EOF)");
  ASSERT_EQ(made.exit_code, 0) << made.error;
  const CommandResult same = RunCommand(
      "python3 " + ShellQuoted(WATERTIGHT_SOURCE_DIR "/tests/generator/archives/rewrite.py") + " " +
      ShellQuoted(WATERTIGHT_SAVE) + " --bare " + ShellQuoted(folder.Path("python.tar")));
  EXPECT_EQ(same.exit_code, 0) << same.output << same.error;
}

}  // namespace
}  // namespace watertight::generator
