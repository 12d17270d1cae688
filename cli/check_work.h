// What the checks share.

#pragma once

#include <gmock/gmock.h>

#include <cstddef>
#include <string>
#include <vector>

#include "cli/checks.h"
#include "watertight/image.h"

namespace watertight::cli {

// What a check works with, beside the image.
struct Work {
  const Policy& policy;
  PolicyUse* use;
};

// The answer of a matcher, with the message that GoogleTest would print.
struct Answer {
  bool matches = false;
  std::string message;
};

Answer Ask(const Image& image, const testing::Matcher<const Image&>& matcher,
           const std::string& claim);
std::string ClaimOf(const testing::Matcher<const Image&>& matcher);

// ", and 2 more", of three; empty for one.
std::string AndMore(std::size_t count);

// Adds each to its place of all.
void AddCounts(const std::vector<std::size_t>& counts, std::vector<std::size_t>* all);

// Makes notes of what the policy allows, and counts it.
void ApplyAllow(const Work& work, std::vector<CheckFinding>* findings);
// "2 findings allowed"; empty when none is.
std::string AllowedText(const std::vector<CheckFinding>& findings);

bool IsError(const CheckFinding& found);
std::size_t CountErrors(const std::vector<CheckFinding>& findings);

// No layer stores a file of such a name.
CheckResult CheckFiles(const Image& image, const Work& work);

}  // namespace watertight::cli
