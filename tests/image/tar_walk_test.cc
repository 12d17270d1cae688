// Our header walk beside libarchive, entry by entry and byte by byte, on what real writers make.

#include "framework/image/tar_walk.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <string>
#include <vector>

#include "framework/image/layer_reader.h"
#include "framework/image/path.h"
#include "framework/image/sha256.h"
#include "tests/support/command.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

std::string Row(std::string_view type, std::string_view name, std::string_view rest) {
  return std::string(type) + " " + Printable(name) + " " + std::string(rest);
}

std::string Attributes(unsigned mode, std::uint64_t uid, std::uint64_t gid, std::string_view uname,
                       std::string_view gname, std::int64_t seconds, std::int64_t nanoseconds) {
  return ToString(Mode{static_cast<std::uint16_t>(mode)}) + " " + std::to_string(uid) + ":" +
         std::to_string(gid) + " " + std::string(uname) + ":" + std::string(gname) + " " +
         std::to_string(seconds) + "." + std::to_string(nanoseconds);
}

std::string Content(std::uint64_t size, const std::string& bytes) {
  return " " + std::to_string(size) + " bytes " + Sha256Digest(bytes).substr(0, 16);
}

std::string Device(std::uint64_t high, std::uint64_t low) {
  return " device " + std::to_string(high) + "," + std::to_string(low);
}

// The same row from both readers: all that a tar states about an entry, and the hash of its
// content.
std::string OurRow(const Entry& entry) {
  std::string rest = Attributes(entry.mode().bits, entry.uid(), entry.gid(), entry.uname(),
                                entry.gname(), entry.mtime(), entry.mtime_nanoseconds());
  const EntryType type = entry.type();
  const bool device = type == EntryType::kCharDevice || type == EntryType::kBlockDevice;
  const bool file =
      type == EntryType::kFile || type == EntryType::kWhiteout || type == EntryType::kOpaque;
  if (device) rest += Device(entry.device_major(), entry.device_minor());
  if (file) rest += Content(entry.size(), entry.Read());
  if (!entry.link().empty()) rest += " -> " + Printable(entry.link());
  for (const auto& [name, value] : entry.xattrs())
    rest += " [" + name + "=" + Printable(value) + "]";
  return Row(file ? "file" : ToString(type), entry.stored_name(), rest);
}

std::vector<std::string> OurRows(const std::string& tar) {
  const LayerIndex index = IndexLayer(MemoryBytes(tar), Limits(), "test", nullptr);
  std::vector<std::string> rows;
  for (const Entry& entry : index.entries) rows.push_back(OurRow(entry));
  return rows;
}

std::string ReadEntry(archive* handle, std::size_t size) {
  std::string bytes;
  char buffer[65536];
  la_ssize_t got = 0;
  while ((got = archive_read_data(handle, buffer, sizeof(buffer))) > 0) {
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
  EXPECT_EQ(got, 0) << archive_error_string(handle);
  // The hole at the end of a sparse file is not read out.
  bytes.resize(size, '\0');
  return bytes;
}

const char* OrEmpty(const char* text) { return text == nullptr ? "" : text; }

// The PAX time "-1.5" is -2 seconds and half a second more; libarchive 3.6 gives -1 and a half.
std::pair<std::int64_t, std::int64_t> Mtime(archive_entry* entry) {
  std::int64_t seconds = archive_entry_mtime(entry);
  std::int64_t nanoseconds = archive_entry_mtime_nsec(entry);
  if (seconds < 0 && nanoseconds != 0) {
    seconds -= 1;
    nanoseconds = 1'000'000'000 - nanoseconds;
  }
  return {seconds, nanoseconds};
}

// Ids are 64 bits there; beyond 32 ours say "none".
std::uint64_t Id(std::int64_t id) {
  return id < 0 || id > UINT32_MAX ? UINT32_MAX : static_cast<std::uint64_t>(id);
}

std::string Xattrs(archive_entry* entry) {
  std::map<std::string, std::string> xattrs;
  archive_entry_xattr_reset(entry);
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
    xattrs[name] = std::string(static_cast<const char*>(value), size);
  }
  std::string text;
  for (const auto& [key, bytes] : xattrs) text += " [" + key + "=" + Printable(bytes) + "]";
  return text;
}

std::string TheirRow(archive* handle, archive_entry* entry) {
  const char* hard = archive_entry_hardlink(entry);
  const unsigned type = archive_entry_filetype(entry);
  const std::string name = OrEmpty(archive_entry_pathname(entry));
  const auto [seconds, nanoseconds] = Mtime(entry);
  std::string rest = Attributes(archive_entry_perm(entry), Id(archive_entry_uid(entry)),
                                Id(archive_entry_gid(entry)), OrEmpty(archive_entry_uname(entry)),
                                OrEmpty(archive_entry_gname(entry)), seconds, nanoseconds);
  struct Kind {
    unsigned type;
    const char* name;
  };
  constexpr Kind kKinds[] = {{AE_IFDIR, "directory"}, {AE_IFLNK, "symlink"}, {AE_IFCHR, "char"},
                             {AE_IFBLK, "block"},     {AE_IFIFO, "fifo"},    {AE_IFREG, "file"}};
  std::string word = "?";
  for (const Kind& kind : kKinds) {
    if (kind.type == type) word = kind.name;
  }
  if (hard != nullptr) word = "hardlink";
  if (word == "char" || word == "block") {
    rest += Device(archive_entry_rdevmajor(entry), archive_entry_rdevminor(entry));
  }
  if (word == "file") {
    const auto size = static_cast<std::uint64_t>(archive_entry_size(entry));
    rest += Content(size, ReadEntry(handle, size));
  }
  const char* link = hard != nullptr ? hard : archive_entry_symlink(entry);
  if (link != nullptr) rest += " -> " + Printable(link);
  return Row(word, name, rest + Xattrs(entry));
}

std::vector<std::string> TheirRows(const std::string& tar) {
  const std::unique_ptr<archive, int (*)(archive*)> handle(archive_read_new(), archive_read_free);
  archive_read_support_format_tar(handle.get());
  archive_read_set_options(handle.get(), "hdrcharset=BINARY");
  EXPECT_EQ(archive_read_open_memory(handle.get(), tar.data(), tar.size()), ARCHIVE_OK);
  std::vector<std::string> rows;
  archive_entry* entry = nullptr;
  int result = ARCHIVE_OK;
  while ((result = archive_read_next_header(handle.get(), &entry)) >= ARCHIVE_WARN &&
         result != ARCHIVE_EOF) {
    rows.push_back(TheirRow(handle.get(), entry));
  }
  EXPECT_EQ(result, ARCHIVE_EOF) << OrEmpty(archive_error_string(handle.get()));
  return rows;
}

// The one exception: a regular file whose name ends with a slash is a directory to libarchive; the
// type byte decides here (docs/whiteouts.md).
void ExpectSameRows(const std::string& tar) {
  const std::vector<std::string> ours = OurRows(tar);
  const std::vector<std::string> theirs = TheirRows(tar);
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(ours[i], theirs[i]);
}

struct Writer {
  const char* name;
  const char* program;
  const char* command;  // after "cd TREE &&"; $OUT is the tar
};

constexpr const char* kPython =
    "python3 -c \"import sys,tarfile; t=tarfile.open(sys.argv[1],'w',format=getattr(tarfile,"
    "sys.argv[2]),errors='surrogateescape',encoding='utf-8'); t.add('.'); t.close()\" $OUT ";

const std::string kPythonGnu = std::string(kPython) + "GNU_FORMAT";
const std::string kPythonPax = std::string(kPython) + "PAX_FORMAT";

const Writer kWriters[] = {
    {"GnuTarGnu", "tar", "tar --format=gnu --sort=name -cf $OUT ."},
    {"GnuTarGnuSparse", "tar", "tar --format=gnu -S --sort=name -cf $OUT ."},
    {"GnuTarOldGnu", "tar", "tar --format=oldgnu -S --sort=name -cf $OUT ."},
    {"GnuTarPosix", "tar", "tar --format=posix --xattrs --sort=name -cf $OUT ."},
    {"GnuTarPosixSparse00", "tar",
     "tar --format=posix -S --sparse-version=0.0 --sort=name -cf $OUT ."},
    {"GnuTarPosixSparse01", "tar",
     "tar --format=posix -S --sparse-version=0.1 --sort=name -cf $OUT ."},
    {"GnuTarPosixSparse10", "tar",
     "tar --format=posix -S --sparse-version=1.0 --sort=name -cf $OUT ."},
    {"GnuTarPosixAllTimes", "tar",
     "tar --format=posix --pax-option='delete=comment,globexthdr.name=g,mtime:=1.5' --sort=name "
     "-cf $OUT ."},
    {"GnuTarUstar", "tar", "tar --format=ustar --sort=name -cf $OUT ."},
    {"GnuTarV7", "tar", "tar --format=v7 --sort=name -cf $OUT ."},
    {"BsdTarPax", "bsdtar", "bsdtar --format=pax -cf $OUT ."},
    {"BsdTarRestrictedPax", "bsdtar", "bsdtar --format=paxr -cf $OUT ."},
    {"BsdTarGnu", "bsdtar", "bsdtar --format=gnutar -cf $OUT ."},
    {"BsdTarUstar", "bsdtar", "bsdtar --format=ustar -cf $OUT ."},
    {"BsdTarV7", "bsdtar", "bsdtar --format=v7 -cf $OUT ."},
    {"PythonGnu", "python3", kPythonGnu.c_str()},
    {"PythonPax", "python3", kPythonPax.c_str()},
};

void PrintTo(const Writer& writer, std::ostream* out) { *out << writer.name; }

class TarWalkWriters : public ::testing::TestWithParam<Writer> {};

TEST_P(TarWalkWriters, AgreesWithLibarchive) {
  const Writer& writer = GetParam();
  if (!HasProgram(writer.program)) GTEST_SKIP() << writer.program << " is not installed";
  if (!HasProgram("python3")) GTEST_SKIP() << "python3 is not installed";
  const TemporaryFolder folder;
  const std::string tree = folder.Path("tree");
  const std::string out = folder.Path("out.tar");
  const CommandResult made =
      RunCommand("python3 " + ShellQuoted(WATERTIGHT_TAR_TREE) + " " + ShellQuoted(tree));
  ASSERT_EQ(made.exit_code, 0) << made.error;
  // What a form cannot hold its writer leaves out, and ends with an error.
  RunCommand("cd " + ShellQuoted(tree) + " && OUT=" + ShellQuoted(out) + " && LC_ALL=C.UTF-8 && " +
             "export LC_ALL && " + writer.command);
  const std::string tar = ReadFile(out);
  ASSERT_GT(OurRows(tar).size(), 30U);
  ExpectSameRows(tar);
}

INSTANTIATE_TEST_SUITE_P(All, TarWalkWriters, ::testing::ValuesIn(kWriters),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(TarWalkSamples, AgreesWithLibarchiveOnBareLayers) {
  REQUIRE_SAMPLES();
  for (const std::string& name : SamplesIn("tarforms")) {
    SCOPED_TRACE(name);
    ExpectSameRows(ReadFile(SamplePath(name)));
  }
}

TEST(TarWalkSamples, AgreesWithLibarchiveOnLayersOfRealImages) {
  REQUIRE_SAMPLES();
  std::size_t compared = 0;
  for (const std::string& name : RealSamples()) {
    SCOPED_TRACE(name);
    try {
      const Image image = Image::Open(SamplePath(name));
      for (const Layer& layer : image.layers()) {
        if (!layer.present()) continue;
        std::string tar;
        layer.ReadTo([&tar](std::string_view piece) { tar += piece; });
        ExpectSameRows(tar);
        ++compared;
      }
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kSeveralImages) << error.what();
    }
  }
  EXPECT_GT(compared, 100U);
}

}  // namespace
}  // namespace watertight::testing
