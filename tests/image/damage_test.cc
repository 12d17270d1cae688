// Hostile and damaged layers, below the level of images: an error with a code and a byte, never a
// crash, a hang, or memory without bound.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "framework/image/decompress.h"
#include "framework/image/layer_reader.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/error.h"

namespace watertight::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Indexes the layer and reads every content. "ok N" with the number of entries, or the code and
// text of the error.
std::string Outcome(const std::string& layer, const Limits& limits = {}) {
  try {
    const LayerIndex index = IndexLayer(MemoryBytes(layer), limits, "L", nullptr);
    for (const Entry& entry : index.entries) {
      std::uint64_t bytes = 0;
      if (entry.size() < (std::uint64_t{1} << 24)) {
        entry.ReadTo([&](std::string_view piece) { bytes += piece.size(); });
        EXPECT_EQ(bytes, entry.size());
      }
      static_cast<void>(entry.pax());
      static_cast<void>(entry.xattrs());
    }
    return "ok " + std::to_string(index.entries.size());
  } catch (const Error& error) {
    return std::string(ToString(error.code())) + ": " + error.what();
  }
}

std::string Pax(const std::string& body) { return MakeTarMember({"pax", 'x', body}); }

const std::string& End() {
  static const std::string end(1024, '\0');
  return end;
}

std::string RichTar() {
  return Pax("20 path=a/long/name\n30 mtime=1646642700.123456789\n") +
         MakeTarMember({"short", '0', "content"}) +
         MakeTarMember({"././@LongLink", 'L', std::string(300, 'n')}) +
         MakeTarMember({"cut", '0', std::string(1500, 'c')}) +
         MakeTarMember({"link", '2', "", "target"}) +
         Pax("29 SCHILY.xattr.user.a=\x01\n\x02\x03\x04\n") + MakeTarMember({"x", '0', "y"}) +
         End();
}

TEST(Damage, EveryTruncationOfATarIsAnErrorOrAnEarlierEnd) {
  const std::string tar = RichTar();
  ASSERT_EQ(Outcome(tar), "ok 4");
  for (std::size_t size = 0; size < tar.size(); ++size) {
    const std::string outcome = Outcome(tar.substr(0, size));
    EXPECT_THAT(outcome, AnyOf(StartsWith("ok "), StartsWith("Truncated: L: tar ends at byte ")))
        << size;
    // Only the padding of the last content may be missing: zeros up to the next header or the end.
    if (!outcome.starts_with("ok ")) continue;
    const std::size_t next = tar.find_first_not_of('\0', size);
    EXPECT_TRUE(next == std::string::npos || next % 512 == 0) << size << ": " << outcome;
  }
}

TEST(Damage, EveryChangedByteIsAnErrorOrAnotherTar) {
  std::string tar = RichTar();
  std::mt19937 random(1);
  for (std::size_t at = 0; at < tar.size(); ++at) {
    const char before = tar[at];
    tar[at] = static_cast<char>(before ^ (1 + random() % 255));
    EXPECT_THAT(Outcome(tar), AnyOf(StartsWith("ok "), HasSubstr("byte "))) << at;
    tar[at] = before;
  }
}

// Changes that keep the checksum right reach what lies behind it.
std::string Resealed(std::string member, std::size_t at, const std::string& bytes) {
  member.replace(at, bytes.size(), bytes);
  member.replace(148, 8, std::string(8, ' '));
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(member[i]);
  char text[8];
  std::snprintf(text, sizeof(text), "%06o", sum);
  return member.replace(148, 7, std::string(text, 7));
}

TEST(Damage, EveryChangedHeaderByteWithARightChecksum) {
  const std::string member = MakeTarMember({"name", '0', "content"});
  for (std::size_t at = 0; at < 512; ++at) {
    for (const int value : {0, 1, 0x20, 0x37, 0x39, 0x53, 0x78, 0x7f, 0x80, 0xff}) {
      const std::string tar =
          Resealed(member, at, std::string(1, static_cast<char>(value))) + End();
      EXPECT_THAT(Outcome(tar), AnyOf(StartsWith("ok "), HasSubstr("byte "))) << at << " " << value;
    }
  }
}

struct Hostile {
  const char* name;
  std::string layer;
  const char* outcome;
};

std::string WithSize(const std::string& field) {
  return Resealed(MakeTarMember({"f", '0', "content"}), 124, field) + End();
}

std::string Sparse(const std::string& map, const std::string& real_size, char more) {
  std::string member = MakeTarMember({"s", 'S', std::string(512, 's')});
  member.replace(257, 8, std::string("ustar  \0", 8));
  member = Resealed(member, 386, map);
  member = Resealed(member, 482, std::string(1, more));
  return Resealed(member, 483, real_size);
}

// Blocks of a sparse map without pairs, each of which says that another follows.
std::string SparseBlocks(int count) {
  std::string blocks;
  for (int i = 0; i < count; ++i) {
    blocks += std::string(504, '\0') + '\1' + std::string(7, '\0');
  }
  return blocks;
}

const Hostile kHostile[] = {
    {"WrongChecksum", std::string(MakeTarMember({"f"})).replace(0, 1, "g") + End(),
     "Corrupt: L: tar header at byte 0 has a wrong checksum"},
    {"NegativeSize", WithSize(std::string(12, '\xff')),
     "Corrupt: L: tar header at byte 0 has a negative size"},
    {"SizeBeyond64Bits", WithSize("\x80\x01" + std::string(10, '\0')),
     "Corrupt: L: tar header at byte 0 has a damaged size field"},
    {"SizeInWords", WithSize("many bytes!!"),
     "Corrupt: L: tar header at byte 0 has a damaged size field"},
    {"SizeOfEightGigabytes", WithSize("77777777777 "),
     "Truncated: L: tar ends at byte 2048 inside the content of an entry of 8589934591 bytes"},
    {"SizeOfExabytes", WithSize("\x80" + std::string(3, '\0') + "\x7f" + std::string(7, '\xff')),
     "LimitExceeded: L: tar header at byte 0 claims 9223372036854775807 bytes"},
    {"PaxSizeOfExabytes", Pax("28 size=9223372036854775807\n") + MakeTarMember({"f"}) + End(),
     "LimitExceeded: L: tar header at byte 1024 claims 9223372036854775807 bytes"},
    {"PaxSizeBeyond64Bits", Pax("29 size=99999999999999999999\n") + MakeTarMember({"f"}) + End(),
     "Corrupt: L: tar header at byte 1024 has a damaged PAX size"},
    {"PaxSizeNegative", Pax("11 size=-1\n") + MakeTarMember({"f"}) + End(),
     "Corrupt: L: tar header at byte 1024 has a damaged PAX size"},
    {"PaxLengthLies", Pax("99 path=a\n") + MakeTarMember({"f"}) + End(),
     "Corrupt: L: tar header at byte 0 has a damaged PAX record"},
    {"PaxTimeInWords", Pax("15 mtime=never\n") + MakeTarMember({"f"}) + End(),
     "Corrupt: L: tar header at byte 1024 has a damaged PAX mtime"},
    {"PaxHeaderOfMegabytes", Pax(std::string(2 << 20, '9')) + MakeTarMember({"f"}) + End(),
     "LimitExceeded: L: PAX header at byte 0 has 2097152 bytes"},
    {"LongNameOfTerabytes",
     Resealed(MakeTarMember({"n", 'L', "n"}), 124,
              "\x80" + std::string(5, '\0') + "\x7f" + std::string(5, '\0')) +
         End(),
     "LimitExceeded: L: long name at byte 0 has 139637976727552 bytes"},
    {"NothingAfterAnExtension", Pax("6 a=b\n") + End(),
     "Truncated: L: tar ends at byte 1024 after an extension header"},
    {"SparseSizeNegative", Sparse("", std::string(12, '\xff'), '\0') + End(),
     "Corrupt: L: tar header at byte 0 has a negative sparse size"},
    {"SparseSizeOfExabytes",
     Sparse("", "\x80" + std::string(3, '\0') + "\x7f" + std::string(7, '\xff'), '\0') + End(),
     "LimitExceeded: L: tar header at byte 0 claims 9223372036854775807 bytes"},
    {"SparseMapWithoutEnd", Sparse("", "00000001000 ", '\1').substr(0, 512) + SparseBlocks(9),
     "Truncated: L: tar ends at byte 5120 inside a sparse map"},
    {"SparseMapRunsBack",
     Sparse("00000000400 00000000400 00000000000 00000000400 ", "00000001000 ", '\0') + End(),
     "Corrupt: L: tar header at byte 0 has a sparse map that runs back or beyond its size"},
    {"SparseMapBeyondTheSize", Sparse("00000010000 00000001000 ", "00000001000 ", '\0') + End(),
     "Corrupt: L: tar header at byte 0 has a sparse map that runs back or beyond its size"},
    {"SparseMapBeyondTheBytes", Sparse("00000000000 00000010000 ", "00000010000 ", '\0') + End(),
     "Corrupt: L: tar header at byte 0 has a sparse map of more bytes than are stored"},
};

void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }

class HostileLayers : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileLayers, AreRefusedWithThePlace) {
  EXPECT_THAT(Outcome(GetParam().layer), StartsWith(GetParam().outcome));
}

INSTANTIATE_TEST_SUITE_P(All, HostileLayers, ::testing::ValuesIn(kHostile),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Damage, ManyPaxRecordsTakeLittleTime) {
  std::string body;
  while (body.size() < 1'000'000)
    body += "6 " + std::string(1, static_cast<char>('a' + body.size() % 26)) + "=b\n";
  EXPECT_EQ(Outcome(Pax(body) + MakeTarMember({"f"}) + End()), "ok 1");
}

TEST(Damage, PaxHeadersInARowAreCountedTogether) {
  const std::string head = "1000000 a=";
  const std::string pax = Pax(head + std::string(1'000'000 - head.size() - 1, 'b') + "\n");
  const std::string entry = MakeTarMember({"f"});
  const std::string four = pax + pax + pax + pax;
  EXPECT_EQ(Outcome(four + entry + four + entry + End()), "ok 2");
  EXPECT_THAT(Outcome(four + pax + entry + End()),
              StartsWith("LimitExceeded: L: the extension headers before byte "));
}

TEST(Damage, MoreEntriesThanTheLimitAreRefused) {
  Limits limits;
  limits.entries = 2;
  const std::string entry = MakeTarMember({"f"});
  EXPECT_EQ(Outcome(entry + entry + End(), limits), "ok 2");
  EXPECT_THAT(Outcome(entry + entry + entry + End(), limits), StartsWith("LimitExceeded: L: "));
}

class CompressedDamage : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!HasProgram(GetParam())) GTEST_SKIP() << GetParam() << " is not installed";
  }
};

TEST_P(CompressedDamage, EveryTruncationIsAnError) {
  const std::string packed = Compressed(RichTar(), GetParam());
  ASSERT_EQ(Outcome(packed), "ok 4");
  for (std::size_t size = 6; size < packed.size(); ++size) {
    EXPECT_THAT(Outcome(packed.substr(0, size)),
                AnyOf(StartsWith("Truncated: L: "), StartsWith("Corrupt: L: ")))
        << size;
  }
}

TEST_P(CompressedDamage, NoChangedByteGoesThroughAsAnotherContent) {
  const std::string packed = Compressed(RichTar(), GetParam());
  std::mt19937 random(2);
  for (std::size_t at = 6; at < packed.size(); ++at) {
    std::string changed = packed;
    changed[at] = static_cast<char>(changed[at] ^ (1 << random() % 8));
    const std::string outcome = Outcome(changed);
    EXPECT_THAT(outcome, AnyOf("ok 4", HasSubstr("byte "), StartsWith("LimitExceeded"))) << at;
  }
}

TEST_P(CompressedDamage, StreamsInARowAreOne) {
  const std::string tar = RichTar();
  const std::string half = tar.substr(0, 2000);
  EXPECT_EQ(Outcome(Compressed(half, GetParam()) + Compressed(tar.substr(2000), GetParam())),
            "ok 4");
}

TEST_P(CompressedDamage, ExpandsToTheLimitOnly) {
  Limits limits;
  limits.expanded_bytes = 1 << 20;
  const std::string bomb =
      Compressed(MakeTar({{"zeros", '0', std::string(4 << 20, '\0')}}), GetParam());
  EXPECT_THAT(Outcome(bomb, limits), StartsWith("LimitExceeded: L: "));
  limits = Limits();
  limits.expansion_grace = 1 << 20;
  limits.expansion_ratio = 20;
  EXPECT_THAT(Outcome(bomb, limits), StartsWith("LimitExceeded: L: expands to more than "));
}

INSTANTIATE_TEST_SUITE_P(Programs, CompressedDamage,
                         ::testing::Values("gzip", "zstd", "xz", "bzip2"),
                         [](const auto& each) { return std::string(each.param); });

std::string Gzipped(const std::string& tar) { return Compressed(tar, "gzip"); }

// RFC 1952: the header of a member with the optional fields of these flags.
std::string WithGzipHeader(const std::string& packed, int flags, const std::string& fields) {
  return packed.substr(0, 3) + static_cast<char>(flags) + packed.substr(4, 6) + fields +
         packed.substr(10);
}

TEST(GzipDamage, OptionalHeaderFieldsAreSkipped) {
  const std::string packed = Gzipped(RichTar());
  ASSERT_EQ(packed[3], '\0');
  EXPECT_EQ(Outcome(WithGzipHeader(packed, 8, std::string("name\0", 5))), "ok 4");
  EXPECT_EQ(Outcome(WithGzipHeader(packed, 16, std::string("comment\0", 8))), "ok 4");
  EXPECT_EQ(Outcome(WithGzipHeader(packed, 4, std::string("\4\0abcd", 6))), "ok 4");
  EXPECT_EQ(Outcome(WithGzipHeader(packed, 28, std::string("\2\0abname\0comment\0", 17))), "ok 4");
}

TEST(GzipDamage, ChecksumAndLengthAreChecked) {
  const std::string packed = Gzipped(RichTar());
  for (std::size_t back = 1; back <= 8; ++back) {
    std::string changed = packed;
    changed[changed.size() - back] ^= 1;
    EXPECT_THAT(Outcome(changed), StartsWith("Corrupt: L: gzip stream is damaged at byte "))
        << back;
  }
}

TEST(GzipDamage, ZerosMayFollowAndNothingElse) {
  const std::string packed = Gzipped(RichTar());
  EXPECT_EQ(Outcome(packed + std::string(1000, '\0')), "ok 4");
  EXPECT_THAT(Outcome(packed + "garbage"),
              StartsWith("Corrupt: L: gzip stream is followed by bytes that are no gzip member"));
  EXPECT_THAT(Outcome(packed + "\x1f"), StartsWith("Truncated: L: gzip stream ends at byte "));
}

TEST(ZstdDamage, SkippableFramesAreSkipped) {
  if (!HasProgram("zstd")) GTEST_SKIP() << "zstd is not installed";
  const std::string packed = Compressed(RichTar(), "zstd");
  const std::string skippable = std::string("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
  EXPECT_EQ(Outcome(skippable + packed + skippable), "ok 4");
}

TEST(ZstdDamage, AHugeWindowIsRefused) {
  if (!HasProgram("zstd")) GTEST_SKIP() << "zstd is not installed";
  // From a pipe, so that the frame states the window and no size.
  const CommandResult packed = RunCommand("cat | zstd --ultra --long=31 -q -c", RichTar());
  ASSERT_EQ(packed.exit_code, 0) << packed.error;
  EXPECT_THAT(Outcome(packed.output),
              StartsWith("LimitExceeded: L: zstd stream needs a window of more than 128 MiB"));
}

}  // namespace
}  // namespace watertight::testing
