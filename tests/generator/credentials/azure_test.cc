#include "generator/credentials/azure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace watertight::generator::credentials {
namespace {

TEST(SignedAzureKey, EndsWithTheChecksumOfAllBefore) {
  const std::string key = SignedAzureKey(std::string(76, 'A'), "+ASt", 64, 0x44656661756c7430);
  EXPECT_EQ(key.size(), 88U);
  EXPECT_EQ(key.substr(76, 4), "+ASt");
  EXPECT_THAT(key, testing::EndsWith("vmNvzw=="));
}

// Where the signature ends within a byte, zeros fill up to the checksum.
TEST(SignedAzureKey, HasItsSignatureTenCharactersBeforeThePadding) {
  EXPECT_THAT(SignedAzureKey(std::string(33, 'x'), "AzCa", 32, 1),
              testing::MatchesRegex("x{33}AzCa[A-P][A-Za-z0-9+/]{5}="));
  EXPECT_THAT(SignedAzureKey(std::string(42, 'x'), "AzSe", 39, 1),
              testing::MatchesRegex("x{42}AzSe[A-D][A-Za-z0-9+/]{5}"));
}

}  // namespace
}  // namespace watertight::generator::credentials
