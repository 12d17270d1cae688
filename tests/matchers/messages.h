// Failure messages, and the commands in them.

#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "watertight/image.h"

namespace watertight::testing {

// What the matcher says of the image, whether or not it matches.
template <typename T>
std::string Explained(const T& value, const ::testing::Matcher<const T&>& matcher) {
  ::testing::StringMatchResultListener listener;
  matcher.MatchAndExplain(value, &listener);
  return listener.str();
}

// The lines that a person would paste into bash.
std::vector<std::string> CommandsIn(const std::string& message);

// A pattern that matches this path alone.
std::string ExactPattern(std::string_view path);

struct Pasted {
  std::vector<std::string> outputs;  // standard output of each command
  std::string errors;                // standard error of all
};

// Pastes each command into bash, in the given folder.
Pasted Paste(const std::vector<std::string>& commands, const std::string& folder);

}  // namespace watertight::testing
