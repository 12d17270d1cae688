// What a container of the image is started with.
//
//   EXPECT_THAT(App().config(), RunsAs("node"));
//   EXPECT_THAT(App().config(), AllOf(HasEnv("NODE_ENV", "production"), Exposes(8080)));
//
// Every matcher works on an Image, its Config, and a RuntimeConfig such as container_config. Values
// that look like secrets are redacted in messages.

#pragma once

#include <gmock/gmock.h>

#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "watertight/image.h"

namespace watertight {

namespace internal {
struct ConfigClaim;
}

class ConfigMatcher {
 public:
  using is_gtest_matcher = void;

  explicit ConfigMatcher(internal::ConfigClaim claim);

  bool MatchAndExplain(const RuntimeConfig& config, std::ostream* out) const;
  bool MatchAndExplain(const Image& image, std::ostream* out) const;
  void DescribeTo(std::ostream* out) const;
  void DescribeNegationTo(std::ostream* out) const;

 private:
  std::shared_ptr<const internal::ConfigClaim> claim_;
};

using StringMatcher = ::testing::Matcher<const std::string&>;
using WordsMatcher = ::testing::Matcher<const std::vector<std::string>&>;

// "node" or "1000": that user, with any group. "1000:1000": that user and group. No user, "0" and
// "root" are the same.
ConfigMatcher RunsAs(const std::string& user);
// The user is stated, and neither root nor 0.
ConfigMatcher RunsAsNonRoot();

ConfigMatcher HasEnv(const std::string& name);
ConfigMatcher HasEnv(const std::string& name, const StringMatcher& value);
ConfigMatcher HasLabel(const std::string& name);
ConfigMatcher HasLabel(const std::string& name, const StringMatcher& value);

// {"/app/server", "--port", "8080"}, or a matcher of such a list. One that is not stated is empty.
ConfigMatcher HasEntrypoint(std::initializer_list<std::string> words);
ConfigMatcher HasEntrypoint(const std::vector<std::string>& words);
ConfigMatcher HasEntrypoint(const WordsMatcher& words);
ConfigMatcher HasCmd(std::initializer_list<std::string> words);
ConfigMatcher HasCmd(const std::vector<std::string>& words);
ConfigMatcher HasCmd(const WordsMatcher& words);

// "/" when none is stated.
ConfigMatcher HasWorkdir(const StringMatcher& path);
// "8080" is "8080/tcp".
ConfigMatcher Exposes(const std::string& port);
ConfigMatcher Exposes(int port);
ConfigMatcher HasVolume(const std::string& path);
ConfigMatcher HasStopSignal(const StringMatcher& signal);
// A command that is run: `HEALTHCHECK NONE` is none.
ConfigMatcher HasHealthcheck();
ConfigMatcher HasHealthcheck(const ::testing::Matcher<const Healthcheck&>& healthcheck);

}  // namespace watertight
