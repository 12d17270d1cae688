#include "generator/credentials/drbg.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "generator/credentials/digests.h"
#include "generator/credentials/encodings.h"

namespace watertight::generator::credentials {
namespace {

TEST(Drbg, IsTheSameForTheSameSeedAlone) {
  const auto first = [](const char* seed, const char* kind, const char* name) {
    return Drbg(seed, kind, name).Bytes(48);
  };
  const std::string bytes = first("s", "kind", "name");
  EXPECT_EQ(bytes, first("s", "kind", "name"));
  std::set<std::string> all = {bytes, first("t", "kind", "name"), first("s", "kin", "dname"),
                               first("s", "kind", "nam"), first("", "skind", "name")};
  EXPECT_EQ(all.size(), 5U);
}

TEST(Drbg, GivesOneStreamHoweverItIsRead) {
  Drbg whole("s", "k", "n");
  Drbg parts("s", "k", "n");
  std::string read;
  for (const std::size_t size : {1U, 255U, 3U, 341U}) read += parts.Bytes(size);
  EXPECT_EQ(whole.Bytes(600), read);
}

TEST(Drbg, DrawsEvenly) {
  Drbg random("s", "k", "n");
  std::array<int, 62> counts{};
  for (int i = 0; i < 62 * 1000; ++i) ++counts[random.Below(62)];
  for (const int count : counts) EXPECT_NEAR(count, 1000, 160);  // five standard deviations
}

// RFC 4231, test case 2; FIPS 180.
TEST(Digests, HaveTheirPublishedValues) {
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 4231, test case 6.
TEST(Digests, LongKeysAreHashed) {
  EXPECT_EQ(Hex(HmacSha256(std::string(131, '\xaa'),
                           "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace watertight::generator::credentials
