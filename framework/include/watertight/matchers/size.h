// HasSize of a file, a layer or a whole image, in bytes.
//
//   EXPECT_THAT(App(), HasSize(Le(200 * 1000 * 1000)));
//   EXPECT_THAT(App(), HasFile("/app/server", HasSize(Gt(0))));

#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <ostream>

#include "watertight/image.h"

namespace watertight {

class SizeMatcher {
 public:
  using is_gtest_matcher = void;

  explicit SizeMatcher(::testing::Matcher<std::int64_t> bytes);

  // All uncompressed layers.
  bool MatchAndExplain(const Image& image, std::ostream* out) const;
  // The uncompressed tar.
  bool MatchAndExplain(const Layer& layer, std::ostream* out) const;
  bool MatchAndExplain(const RootfsEntry& entry, std::ostream* out) const;
  bool MatchAndExplain(const Entry& entry, std::ostream* out) const;
  void DescribeTo(std::ostream* out) const;
  void DescribeNegationTo(std::ostream* out) const;

 private:
  ::testing::Matcher<std::int64_t> bytes_;
};

SizeMatcher HasSize(::testing::Matcher<std::int64_t> bytes);

}  // namespace watertight
