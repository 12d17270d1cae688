// What the checks share.

#pragma once

#include <gmock/gmock.h>

#include <cstddef>
#include <string>
#include <vector>

#include "cli/checks.h"
#include "watertight/image.h"

namespace watertight::cli {

// The answer of a matcher, with the message that GoogleTest would print.
struct Answer {
  bool matches = false;
  std::string message;
  std::string reason;  // what it says of the image first: "has 3 layers", "its user is …"
};

Answer Ask(const Image& image, const testing::Matcher<const Image&>& matcher,
           const std::string& claim);
std::string ClaimOf(const testing::Matcher<const Image&>& matcher);

// ", and 2 more", of three; empty for one.
std::string AndMore(std::size_t count);

// The words of a check for those of its claims that fail it.
void TellClaims(CheckResult* result);

// Makes notes of what the policy allows, and counts it.
void ApplyAllow(const Policy& policy, CheckResult* result);
// "2 findings allowed"; empty when none is.
std::string AllowedText(const std::vector<CheckFinding>& findings);
// "1 finding below an error, 2 findings allowed"; empty when there is none of either.
std::string BelowErrorText(const std::vector<CheckFinding>& findings);

bool IsError(const CheckFinding& found);
std::size_t CountErrors(const std::vector<CheckFinding>& findings);

// No layer stores a file of such a name.
CheckResult CheckFiles(ImageRun& run);
// No carrier holds a value that the policy knows.
CheckResult CheckValues(ImageRun& run);
// No carrier holds what a rule takes for a secret.
CheckResult CheckSecrets(ImageRun& run);

}  // namespace watertight::cli
