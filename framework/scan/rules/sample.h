// What people write in the place of a secret: words that say what belongs there, characters in the
// order of the alphabet or the keyboard, names of algorithms.

#pragma once

#include <string_view>

namespace watertight {

// "mysecretpassword", "Str0ngPa$$w0rd", "s3cr3t-value", "abc123def456", "pbkdf2_sha256",
// "aXb9aXb9".
bool IsSample(std::string_view value);

// "key" of "key1234", "cassandra" of "cassandra2": without one digit, or digits that count from 1.
std::string_view WithoutCount(std::string_view value);

}  // namespace watertight
