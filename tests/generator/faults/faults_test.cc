// What faults do to bytes, and what is an error.
#include "generator/faults/faults.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <bit>

#include "generator/archives/json.h"
#include "generator/archives/sha256.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kBlock = 512;

struct Wanted {
  std::string archive = "docker-28";
  std::string seed = "seed";
  bool expected = true;
};

Archive Damaged(const std::string& faults, const Wanted& wanted = {}) {
  const std::string document =
      R"({"title": "t", "about": "a", "channel": "env", "tier": "exotic",
"faults": )" +
      faults + (wanted.expected ? R"(, "expect": {"verdict": "refused"}})" : "}");
  const PreparedFixture prepared = PrepareFixture(
      ParseFixture("c/n", "fixtures/c/n",
                   {{"fixture.json", document},
                    {"Dockerfile", "FROM scratch\nWORKDIR /app\nCOPY Dockerfile ./\n"}}),
      wanted.seed);
  const FixtureTarget target{.archive = wanted.archive, .names = {"app:ci"}};
  const FixtureImages images = BuildFixture(prepared, RequestOf(prepared, target));
  return WriteDamaged(prepared, images, wanted.archive, {}, wanted.seed);
}

std::string File(const std::string& faults, const Wanted& wanted = {}) {
  return ToTar(Damaged(faults, wanted)).ToString();
}

std::string ErrorOf(const std::string& faults, const Wanted& wanted = {}) {
  try {
    Damaged(faults, wanted);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string Member(const Archive& archive, const std::string& name) {
  const auto entry = std::ranges::find(archive.entries, name, &TarEntry::name);
  return entry == archive.entries.end() ? "" : entry->content.ToString();
}

std::string TopLayer(const Archive& archive) {
  return Member(archive, archive.images[0].layers.back().path);
}

TEST(Faults, NameThePlaceOfWhatIsWrong) {
  const std::string at = "fixtures/c/n/fixture.json:2:";
  EXPECT_EQ(ErrorOf(R"([{"fault": "file-truncatd"}])"),
            at + "22: unknown fault \"file-truncatd\" (did you mean file-truncated?)");
  EXPECT_EQ(
      ErrorOf(R"([{"fault": "file-truncated"}])", {.expected = false}),
      at + "12: a careful reader sees the fault \"file-truncated\", and no \"expect\" says what "
           "it does then");
  EXPECT_EQ(ErrorOf(R"([{"fault": "file-truncated", "percent": 100}])"),
            at + "51: \"percent\" is from 0 to 99");
  EXPECT_EQ(
      ErrorOf(R"([{"fault": "file-truncated", "percnt": 1}])"),
      at + "40: the fault file-truncated has no parameter \"percnt\" (did you mean percent?)");
  EXPECT_EQ(ErrorOf(R"([{"fault": "member-manifest-missing"}])", {.archive = "docker-20"}),
            at + "12: member-manifest-missing: the archive has no OCI manifest");
  EXPECT_EQ(ErrorOf(R"([{"fault": "file-truncated"}])", {.archive = "oci-dir"}),
            at + "12: file-truncated: the archive is no file");
}

TEST(Faults, LeaveAnArchiveAloneWithoutOne) {
  const std::string file = File("[]");
  EXPECT_EQ(file.size() % kBlock, 0U);
  EXPECT_EQ(file, File("[]"));
}

TEST(FileFaults, CutTheFile) {
  const std::string whole = File("[]");
  EXPECT_EQ(File(R"([{"fault": "file-truncated", "percent": 25}])"),
            whole.substr(0, whole.size() / 4));
  EXPECT_EQ(File(R"([{"fault": "file-cut-at", "bytes": 3}])"), whole.substr(0, 3));
  EXPECT_EQ(File(R"([{"fault": "file-gzip-truncated"}])").substr(0, 2), "\x1f\x8b");
}

std::size_t BitsThatDiffer(const std::string& a, const std::string& b) {
  std::size_t bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    bits += static_cast<std::size_t>(std::popcount(static_cast<unsigned char>(
        static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]))));
  }
  return bits;
}

TEST(FileFaults, FlipBitsWhereTheSeedSays) {
  const std::string one = R"([{"fault": "file-flipped-contents"}])";
  const std::string whole = File("[]");
  const std::string flipped = File(one);
  ASSERT_EQ(flipped.size(), whole.size());
  EXPECT_EQ(BitsThatDiffer(whole, flipped), 1U);
  EXPECT_EQ(File(one), flipped);
  EXPECT_NE(File(one, {.seed = "other"}), flipped);
  EXPECT_EQ(BitsThatDiffer(whole, File(R"([{"fault": "file-flipped-header"}])")), 1U);
}

// POSIX ustar: checksum at 148, size at 124.
TEST(MemberFaults, LieInHeaders) {
  const auto header_of_layer = [](const std::string& faults) {
    const std::string file = File(faults);
    const Archive archive = Damaged(faults);
    return file.substr(file.find(archive.images[0].layers.back().path + std::string(1, '\0')),
                       kBlock);
  };
  EXPECT_EQ(header_of_layer(R"([{"fault": "member-checksum-wrong"}])").substr(148, 7), "0000000");
  EXPECT_EQ(header_of_layer(R"([{"fault": "member-size-too-small"}])").substr(124, 11),
            "00000001000");
}

// Whoever names a damaged document names it by what it is now.
TEST(ConfigFaults, KeepAllReferencesRight) {
  for (const char* writer : {"docker-28", "docker-28-containerd", "oci", "crane", "docker-20"}) {
    const Archive archive = Damaged(R"([{"fault": "config-history-absent"}])", {.archive = writer});
    const std::string config = Member(archive, archive.images[0].config_path);
    ASSERT_THAT(config, StartsWith("{")) << writer;
    EXPECT_EQ(config.find("\"history\""), config.npos);
    const std::string digest = Sha256Hex(config);
    EXPECT_THAT(archive.images[0].config_path, HasSubstr(digest)) << writer;
    bool named = false;
    for (const TarEntry& entry : archive.entries) {
      const std::string content = entry.content.ToString();
      if (entry.name.starts_with("blobs/sha256/") && !content.empty()) {
        EXPECT_EQ(entry.name, "blobs/sha256/" + Sha256Hex(content)) << writer;
      }
      named = named || content.find(digest) != content.npos;
      const std::string descriptor = "\"sha256:" + digest + "\",";
      const std::size_t at = content.find("\"config\":{\"mediaType\"");
      if (at == content.npos) continue;
      EXPECT_THAT(content.substr(at, 250),
                  HasSubstr(descriptor + "\"size\":" + std::to_string(config.size())));
    }
    EXPECT_TRUE(named) << writer;
  }
}

TEST(ConfigFaults, NestAsDeepAsTheyAreAsked) {
  const Archive archive = Damaged(R"([{"fault": "config-deep", "depth": 3}])");
  EXPECT_THAT(Member(archive, archive.images[0].config_path), StartsWith("{\"x\":[[[]]],\""));
}

TEST(ManifestFaults, MakeACycle) {
  const Archive archive = Damaged(R"([{"fault": "index-cyclic"}])", {.archive = "oci"});
  const std::string zeros(64, '0');
  EXPECT_THAT(Member(archive, "index.json"), HasSubstr("sha256:" + zeros));
  EXPECT_THAT(Member(archive, "blobs/sha256/" + zeros), HasSubstr("sha256:" + zeros));
}

TEST(LayerFaults, AgreeWithTheirDocuments) {
  const Archive archive = Damaged(R"([{"fault": "layer-pax-length-wrong"}])");
  const std::string layer = TopLayer(archive);
  EXPECT_EQ(layer[156], 'x');
  EXPECT_THAT(layer.substr(kBlock), StartsWith("99 comment=shorter than it says\n"));
  EXPECT_THAT(Member(archive, archive.images[0].config_path), HasSubstr(Sha256Hex(layer)));
}

// GNU tar: sparse structures from 386 on, the real size at 483.
TEST(LayerFaults, LieAboutSparseFiles) {
  const std::string layer = TopLayer(Damaged(R"([{"fault": "layer-sparse-size-lies"}])"));
  EXPECT_EQ(layer[156], 'S');
  EXPECT_EQ(layer.substr(386, 11), "00004000000");  // 1 MiB
  EXPECT_EQ(layer.substr(398, 11), "00000001000");
  EXPECT_EQ(layer.substr(483, 11), "00000001000");
}

// RFC 8878: magic, no content size, a window of 128 KiB; raw block of 512 bytes, then 8 blocks of
// 128 KiB of zeros for each mebibyte and one of 1024 at the end.
TEST(StreamFaults, MakeABombOfZstd) {
  const std::string frame =
      TopLayer(Damaged(R"([{"fault": "stream-zstd-bomb", "mebibytes": 2}])", {.archive = "oci"}));
  EXPECT_EQ(frame.substr(0, 6), std::string("\x28\xb5\x2f\xfd\0\x38", 6));
  EXPECT_EQ(frame.substr(6, 3), std::string("\0\x10\0", 3));
  EXPECT_EQ(frame.substr(9 + 124, 11), "00010000000");  // 2 MiB in octal
  EXPECT_EQ(frame.size(), 6U + 3 + 512 + 17 * 4);
  EXPECT_EQ(frame.substr(521, 4), std::string("\x02\0\x10\0", 4));
  EXPECT_EQ(frame.substr(frame.size() - 4), std::string("\x03\x20\0\0", 4));
}

TEST(StreamFaults, CutAndFlipStreams) {
  const Wanted oci{.archive = "oci"};
  const std::string cut = TopLayer(Damaged(R"([{"fault": "stream-gzip-truncated"}])", oci));
  const std::string wrong = TopLayer(Damaged(R"([{"fault": "stream-gzip-length-wrong"}])", oci));
  EXPECT_EQ(cut.substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(wrong.substr(wrong.size() - 4), std::string(4, '\0'));
  EXPECT_EQ(cut, wrong.substr(0, wrong.size() / 2));
}

}  // namespace
}  // namespace watertight::generator
