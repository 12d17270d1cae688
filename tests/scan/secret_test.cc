#include "watertight/secret.h"

#include <gtest/gtest.h>

#include "watertight/error.h"

namespace watertight {
namespace {

// The fingerprint is what sha256sum prints for the word.
TEST(Redacted, ShowsHeadLengthAndFingerprint) {
  EXPECT_EQ(Redacted("supersecretstring"), "supe… (17 bytes, 829d2bf2)");
}

TEST(Redacted, ShowsAQuarterAtMost) { EXPECT_EQ(Redacted("abcd").substr(0, 4), "a\xe2\x80\xa6"); }

TEST(Secret, RefusesShortValues) { EXPECT_THROW(Secret::Value("abc"), Error); }

TEST(Secret, NeverPrintsItself) {
  EXPECT_EQ(::testing::PrintToString(Secret::Value("supersecretstring")).find("secret"),
            std::string::npos);
}

}  // namespace
}  // namespace watertight
