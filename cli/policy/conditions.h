// What a text, a count or a size of the image must be, as a policy writes it.

#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/policy/map_reader.h"

namespace watertight::cli {

using TextCondition = testing::Matcher<const std::string&>;
using NumberCondition = testing::Matcher<std::int64_t>;

// A text alone is the whole text; or a map of equals, contains, starts_with, ends_with, matches
// (RE2, of the whole text), one at least, all of which must hold.
TextCondition ReadText(const Reading& reading, const std::string& what, const YamlNode& node);
// A number alone is the number; or a map of at_least, at_most.
NumberCondition ReadCount(const Reading& reading, const std::string& what, const YamlNode& node);
// The same of bytes: 4096, "200 MB", "1 GiB".
NumberCondition ReadSize(const Reading& reading, const std::string& what, const YamlNode& node);

// Of 4096, "200 MB", "1 GiB" the bytes; nothing when it is no size.
std::optional<std::int64_t> ParseSize(const std::string& text);
std::int64_t Bytes(const Reading& reading, const std::string& what, const YamlNode& node);
std::int64_t Count(const Reading& reading, const std::string& what, const YamlNode& node);

// "8080", "53/udp", "8000-8010/tcp".
bool IsPort(const std::string& text);
std::string Port(const Reading& reading, const std::string& what, const YamlNode& node);

// For the test of the schema.
std::vector<MapKeys> ConditionMaps();

}  // namespace watertight::cli
