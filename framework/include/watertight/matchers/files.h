// Files of the root filesystem, as the container sees them.
//
//   EXPECT_THAT(App(), HasFile("/app/server", AllOf(HasMode(0755), OwnedBy(0, 0))));
//   EXPECT_THAT(App(), HasSymlink("/etc/localtime", "/usr/share/zoneinfo/UTC"));
//   EXPECT_THAT(App(), LacksFile("**/*.map", "/usr/bin/curl"));
//
// HasFile and HasDirectory follow symlinks inside the image, as a program in the container would;
// HasSymlink does not. A path may begin with a slash or not. What a layer stores and a later one
// hides is the business of NeverStores (watertight/matchers/leaks.h).

#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "watertight/image.h"
#include "watertight/matchers/patterns.h"

namespace watertight {

namespace internal {
struct EntryClaim;
}

// Of an entry's attributes; works on RootfsEntry and on a layer's Entry.
class EntryMatcher {
 public:
  using is_gtest_matcher = void;

  explicit EntryMatcher(internal::EntryClaim claim);

  bool MatchAndExplain(const RootfsEntry& entry, std::ostream* out) const;
  bool MatchAndExplain(const Entry& entry, std::ostream* out) const;
  void DescribeTo(std::ostream* out) const;
  void DescribeNegationTo(std::ostream* out) const;

 private:
  std::shared_ptr<const internal::EntryClaim> claim_;
};

using RootfsEntryMatcher = ::testing::Matcher<const RootfsEntry&>;

// A regular file, or a hard link to one.
::testing::Matcher<const Image&> HasFile(std::string path);
::testing::Matcher<const Image&> HasFile(std::string path, RootfsEntryMatcher file);
::testing::Matcher<const Image&> HasDirectory(std::string path);
::testing::Matcher<const Image&> HasDirectory(std::string path, RootfsEntryMatcher directory);
// target: as stored.
::testing::Matcher<const Image&> HasSymlink(std::string path);
::testing::Matcher<const Image&> HasSymlink(std::string path,
                                            ::testing::Matcher<const std::string&> target);

// The rootfs has nothing of such a path, be it file, directory or link. A pattern without a
// wildcard also follows symlinks: /bin/sh where /bin leads to /usr/bin.
::testing::Matcher<const Image&> LacksFile(PathPatterns patterns);

template <typename... Patterns>
::testing::Matcher<const Image&> LacksFile(const Glob& first, const Patterns&... patterns) {
  return LacksFile(internal::Gather(first, patterns...));
}

// No regular file of the rootfs is setuid or setgid.
::testing::Matcher<const Image&> HasNoSetuidFiles(Exceptions exceptions = {});

// All of the twelve bits: 0755, 04755.
EntryMatcher HasMode(int bits);
// The whole content. A mismatch shows it redacted.
EntryMatcher HasContent(const ::testing::Matcher<const std::string&>& content);
EntryMatcher OwnedBy(std::uint32_t uid);
EntryMatcher OwnedBy(std::uint32_t uid, std::uint32_t gid);

}  // namespace watertight
